import Primitives

/// Where one of the modem's control lines is.
public enum PinSource: Equatable, Sendable {
  /// A line of a GPIO chip. Active low means that the line's low level is "on", because there is
  /// an inverting transistor between.
  case line(chip: ChipName, offset: Int, isActiveLow: Bool)
  /// The simulated pins of the desk, behind this socket.
  case desk(FilePath)

  /// The lines that a chip may have here.
  public static let offsets: ClosedRange<Int64> = 0...1023

  public init(_ text: [UInt8]) throws(ValueProblem) {
    let words = text.split { $0 == 0x20 || $0 == 0x09 }.map { Array($0) }
    if words.isEmpty { throw .empty }
    if words[0].equals("desk") {
      guard words.count == 2 else { throw .pin }
      self = .desk(try FilePath(words[1]))
      return
    }
    guard words.count == 2 || (words.count == 3 && words[2].equals("active-low")) else {
      throw .pin
    }
    guard let offset = words[1].asciiWholeNumber else { throw .pin }
    guard Self.offsets.contains(offset) else { throw .wholeNumberRange(Self.offsets) }
    let chip = try ChipName(words[0])
    self = .line(chip: chip, offset: Int(offset), isActiveLow: words.count == 3)
  }

  public var bytes: [UInt8] {
    switch self {
    case .line(let chip, let offset, let isActiveLow):
      chip.bytes + Array(" \(offset)".utf8) + (isActiveLow ? Array(" active-low") : [])
    case .desk(let path): Array("desk ") + path.bytes
    }
  }
}

/// A GPIO chip's device name under `/dev`: `gpiochip` and a number of up to 4 digits.
public struct ChipName: Equatable, Sendable {
  public let bytes: [UInt8]

  public init(_ text: [UInt8]) throws(ValueProblem) {
    guard text.hasPrefix("gpiochip") else { throw .chip }
    let number = text.dropFirst(8)
    guard (1...4).contains(number.count), number.asciiWholeNumber != nil else { throw .chip }
    bytes = text
  }
}
