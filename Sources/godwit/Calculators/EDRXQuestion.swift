import Cellular
import Primitives

/// What `godwit edrx` is asked: a cycle and perhaps a paging window of one kind of cell, each as a
/// time or as the bits that AT commands have.
struct EDRXQuestion: Equatable {
  let mode: EDRXMode
  let cycle: Part
  let window: Part?

  struct Part: Equatable {
    let code: EDRXCode
    /// nil where bits were given.
    let wish: Duration?
  }

  init(_ split: SplitWords) throws(ArgumentError) {
    try split.takesNoWords()
    let text: [UInt8]
    switch (split.value(of: .lteM), split.value(of: .nbIoT)) {
    case (let given?, nil): (mode, text) = (.wideband, given)
    case (nil, let given?): (mode, text) = (.narrowband, given)
    case (_?, _?): throw .conflict(.edrx, .lteM, .nbIoT)
    case (nil, nil): throw .missingWord(.edrx, Array("CYCLE"))
    }
    let mode = mode
    cycle = try Part(text, mode.shortestCycle ... .seconds(365 * 86_400)) { mode.code(cycle: $0) }
    window = try split.value(of: .window).map { (text) throws(ArgumentError) in
      try Part(text, .milliseconds(1)...mode.longestPagingWindow) { mode.code(pagingWindow: $0) }
    }
  }
}

extension EDRXQuestion.Part {
  fileprivate init(
    _ text: [UInt8], _ range: ClosedRange<Duration>, _ code: (Duration) -> EDRXCode?
  ) throws(ArgumentError) {
    if let wish = Duration(wish: text) {
      guard range.contains(wish), let code = code(wish) else {
        throw .badWord(.edrx, text, .timeRange(range))
      }
      self.init(code: code, wish: wish)
    } else if let code = EDRXCode(bits: text) {
      self.init(code: code, wish: nil)
    } else if text.allSatisfy({ $0.isASCIIDigit }) {
      throw .badWord(.edrx, text, .bits(count: 4, in: text))
    } else {
      throw .badWord(.edrx, text, .time)
    }
  }
}
