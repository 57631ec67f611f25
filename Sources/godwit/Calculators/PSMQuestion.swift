import Cellular
import Primitives

/// What `godwit psm` is asked: what becomes of some times, or what some bit patterns mean.
enum PSMQuestion: Equatable {
  case wish(periodicTAU: TimerWish<PeriodicTAU>?, activeTime: TimerWish<ActiveTime>?)
  /// As `+CPSMS` has them: T3412 extended, then T3324.
  case both(PeriodicTAU, ActiveTime)
  /// One alone says nothing of which of the two it is.
  case either(TimerOctet)

  init(_ split: SplitWords) throws(ArgumentError) {
    let (tau, active) = (split.value(of: .tau), split.value(of: .active))
    if tau != nil || active != nil {
      if let word = split.words.first { throw .badWord(.psm, word, .mixed) }
      self = .wish(
        periodicTAU: try tau.map { (text) throws(ArgumentError) in
          try TimerWish(text, Self.periodicTAUs) { PeriodicTAU(atLeast: $0) }
        },
        activeTime: try active.map { (text) throws(ArgumentError) in
          try TimerWish(text, Self.activeTimes) { ActiveTime(atLeast: $0) }
        })
      return
    }
    try split.takesNoWords(beyond: 2)
    var octets: [TimerOctet] = []
    for word in split.words { octets.append(try Self.octet(word)) }
    switch octets.count {
    case 0: throw .missingWord(.psm, Array("TIME or BITS"))
    case 1: self = .either(octets[0])
    default: self = .both(PeriodicTAU(octets[0]), ActiveTime(octets[1]))
    }
  }

  /// As the configuration takes them.
  static let periodicTAUs: ClosedRange<Duration> = .seconds(2)...PeriodicTAU.longest
  static let activeTimes: ClosedRange<Duration> = .zero...ActiveTime.longest

  private static func octet(_ word: [UInt8]) throws(ArgumentError) -> TimerOctet {
    guard let octet = TimerOctet(bits: word) else {
      throw .badWord(.psm, word, .bits(count: 8, in: word))
    }
    return octet
  }
}

/// A wished time and the timer that comes up to it.
struct TimerWish<Timer: Equatable & Sendable>: Equatable, Sendable {
  let wish: Duration
  let timer: Timer

  init(
    _ text: [UInt8], _ range: ClosedRange<Duration>, _ code: (Duration) -> Timer?
  ) throws(ArgumentError) {
    guard let wish = Duration(wish: text) else { throw .badWord(.psm, text, .time) }
    guard range.contains(wish), let timer = code(wish) else {
      throw .badWord(.psm, text, .timeRange(range))
    }
    self.wish = wish
    self.timer = timer
  }
}

extension WordFault {
  /// What is wrong with a word that isn't `count` digits of 0 and 1.
  static func bits(count: Int, in word: [UInt8]) -> WordFault {
    let position = word.firstIndex { $0 != UInt8(ascii: "0") && $0 != UInt8(ascii: "1") }
    return .bits(count: count, badPosition: position.map { $0 + 1 })
  }
}
