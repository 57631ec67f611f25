import Primitives

/// What stands behind the name and the colon of an information line: values between commas.
/// ITU-T V.250 §5.4.2.2, TS 27.007 §4.
///
/// Real modules put blanks around the colon and after commas, leave values out, and quote what
/// they shouldn't or don't quote what they should: all of that is taken.
public struct ParameterList: Equatable, Sendable {
  /// One value.
  public struct Value: Equatable, Sendable {
    public let bytes: [UInt8]
    public let isQuoted: Bool
  }

  /// Most values read; the rest of the line is left alone.
  public static let limit = 64

  public let values: [Value]

  /// - Parameters:
  ///   - line: a whole information line, `+NAME: a,"b",,c`.
  ///   - wanted: how many values are read, `limit` at most.
  public init(_ line: [UInt8], first wanted: Int = limit) {
    let wanted = min(wanted, Self.limit)
    let start = line.firstIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? line.count
    var scan = Scan()
    for byte in line[start...] {
      if scan.values.count >= wanted { break }
      scan.take(byte)
    }
    if scan.values.count < wanted { scan.end() }
    values = scan.values
  }

  public var count: Int { values.count }

  /// The value at `index`, counted from 0; empty where the line has none.
  public func text(_ index: Int) -> [UInt8] {
    values.indices.contains(index) ? values[index].bytes : []
  }

  /// Whether there is a value at `index` and it isn't empty.
  public func has(_ index: Int) -> Bool { !text(index).isEmpty }

  public func isQuoted(_ index: Int) -> Bool {
    values.indices.contains(index) && values[index].isQuoted
  }

  /// A whole number; nil for anything else, and for more than 9 digits.
  public func integer(_ index: Int) -> Int? {
    let digits = text(index)
    guard digits.count <= 9, let value = digits.asciiWholeNumber else { return nil }
    return Int(value)
  }

  /// A hexadecimal number of at most 8 digits.
  public func hexadecimal(_ index: Int) -> UInt32? {
    let digits = text(index)
    guard (1...8).contains(digits.count) else { return nil }
    var value: UInt32 = 0
    for digit in digits {
      guard let nibble = digit.hexDigitValue else { return nil }
      value = value << 4 | UInt32(nibble)
    }
    return value
  }

  private struct Scan {
    var values: [Value] = []
    private var bytes: [UInt8] = []
    private var isQuoted = false
    private var isInside = false

    mutating func take(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "\""):
        isInside.toggle()
        isQuoted = true
      case UInt8(ascii: ",") where !isInside: end()
      case UInt8(ascii: " ") where !isInside && (bytes.isEmpty || isQuoted): break
      default: bytes.append(byte)
      }
    }

    mutating func end() {
      while !isQuoted, bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
      values.append(Value(bytes: bytes, isQuoted: isQuoted))
      (bytes, isQuoted, isInside) = ([], false, false)
    }
  }
}
