import Primitives
import Telemetry

/// What turns the contents of a file into a value: which word of it, and what is done to it.
public struct SensorDefinition: Equatable, Sendable {
  public let name: ReadingName
  public let file: [UInt8]
  /// Which of the blank-separated words, from 1.
  public let field: Int
  /// What the number is multiplied by.
  public let scale: DecimalNumber
  /// What is added after scaling.
  public let offset: DecimalNumber
  public let unit: ReadingUnit?
  /// Time between two readings; above 0.
  public let interval: Duration
  /// After scaling; nil for no limit.
  public let minimum: DecimalNumber?
  /// After scaling; nil for no limit.
  public let maximum: DecimalNumber?

  /// The longest contents that are looked at, in bytes.
  public static let contentsLimit = 4096

  public init(
    name: ReadingName, file: [UInt8], field: Int = 1, scale: DecimalNumber = DecimalNumber(1),
    offset: DecimalNumber = DecimalNumber(0), unit: ReadingUnit? = nil, interval: Duration,
    minimum: DecimalNumber? = nil, maximum: DecimalNumber? = nil
  ) {
    precondition(field >= 1 && interval > .zero)
    self.name = name
    self.file = file
    self.field = field
    self.scale = scale
    self.offset = offset
    self.unit = unit
    self.interval = interval
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The value that the file's contents stand for, exactly: word × scale + offset.
  public func value(in contents: [UInt8]) throws(SensorError) -> DecimalNumber {
    if contents.count > Self.contentsLimit { throw .tooLong(lengthBytes: contents.count) }
    let word = try word(in: contents)
    guard let number = DecimalNumber(word) else { throw .notNumber(SensorError.shown(word)) }
    guard let scaled = number.multiplied(by: scale), let value = scaled.adding(offset) else {
      throw .doesNotFit(number)
    }
    if let minimum, value.isLess(than: minimum) { throw .belowMinimum(value, minimum: minimum) }
    if let maximum, maximum.isLess(than: value) { throw .aboveMaximum(value, maximum: maximum) }
    return value
  }

  private func word(in contents: [UInt8]) throws(SensorError) -> ArraySlice<UInt8> {
    let words = contents.split(maxSplits: field) { byte in
      byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
    }
    if words.isEmpty { throw .empty }
    guard words.count >= field else { throw .fieldMissing(field, found: words.count) }
    return words[field - 1]
  }
}

/// Why a sensor gave no value.
public enum SensorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file couldn't be read; the board knows why.
  case unreadable
  case empty
  case fieldMissing(Int, found: Int)
  /// With the word, cut to `shownLimit` bytes.
  case notNumber([UInt8])
  case tooLong(lengthBytes: Int)
  /// Scale and offset make a number that has more digits than are kept.
  case doesNotFit(DecimalNumber)
  case belowMinimum(DecimalNumber, minimum: DecimalNumber)
  case aboveMaximum(DecimalNumber, maximum: DecimalNumber)

  /// The most bytes of a word that are shown.
  public static let shownLimit = 32

  public var description: String {
    switch self {
    case .unreadable: "the file can't be read; check its path and driver"
    case .empty: "the file is empty; check the driver behind it"
    case .fieldMissing(let field, let found):
      "there is no word \(field), only \(found); choose another field"
    case .notNumber(let word): "'\(word.printable)' isn't a number; choose another field"
    case .tooLong(let count):
      "the file has \(count) bytes; choose one of at most \(SensorDefinition.contentsLimit)"
    case .doesNotFit(let number):
      "\(number.text) can't be scaled exactly; choose a scale and an offset of fewer digits"
    case .belowMinimum(let value, let minimum):
      "\(value.text) is below the minimum \(minimum.text); check the sensor"
    case .aboveMaximum(let value, let maximum):
      "\(value.text) is above the maximum \(maximum.text); check the sensor"
    }
  }

  /// Whether both are of one kind, whatever their values.
  public func isSameKind(as other: SensorError) -> Bool { kind == other.kind }

  private var kind: Int {
    switch self {
    case .unreadable: 0
    case .empty: 1
    case .fieldMissing: 2
    case .notNumber: 3
    case .tooLong: 4
    case .doesNotFit: 5
    case .belowMinimum: 6
    case .aboveMaximum: 7
    }
  }

  static func shown(_ word: ArraySlice<UInt8>) -> [UInt8] { Array(word.prefix(shownLimit)) }
}
