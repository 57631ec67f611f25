import Primitives

/// One AT command line, without the CR that ends it. ITU-T V.250 §5.2.1.
///
/// It can be made of literals, integers and checked types only: there is no way to put a `String`
/// or bytes into it, so no value from an SMS or a configuration can end a quoted string or add a
/// command.
public struct CommandLine: ExpressibleByStringInterpolation, Equatable, Sendable {
  /// Longest line in bytes, CR not counted. The modules' own limits are not documented;
  /// the longest line that the rooms above make is a socket opened by a name of 253 bytes.
  public static let limit = 512

  /// What is written, from `AT` on.
  public let bytes: [UInt8]
  /// The same with every secret replaced by `***`, for traces.
  public let shown: [UInt8]

  @inline(never)
  public init(stringLiteral text: StaticString) {
    let bytes = [UInt8](text)
    self.init(bytes, shown: bytes)
  }

  public init(stringInterpolation text: StringInterpolation) {
    self.init(text.bytes, shown: text.shown)
  }

  @inline(never)
  init(_ bytes: [UInt8], shown: [UInt8]) {
    precondition(bytes.hasPrefix("AT"), "a command line begins with AT")
    precondition(bytes.count <= Self.limit, "the command line is too long")
    self.bytes = bytes
    self.shown = shown
  }

  /// This line and `other` as one (V.250 §5.4.4): the other's `AT` becomes a semicolon.
  ///
  /// - Returns: nil when the two don't fit on one line.
  public func joined(with other: CommandLine, limit: Int = Self.limit) -> CommandLine? {
    guard bytes.count + other.bytes.count - 1 <= min(limit, Self.limit) else { return nil }
    let separator: [UInt8] = [UInt8(ascii: ";")]
    return CommandLine(
      bytes + separator + other.bytes.dropFirst(2),
      shown: shown + separator + other.shown.dropFirst(2))
  }

  /// Collects literals, integers and checked types.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var bytes: [UInt8] = []
    fileprivate var shown: [UInt8] = []

    @inline(never)
    public init(literalCapacity: Int, interpolationCount: Int) {
      bytes.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    @inline(never)
    public mutating func appendLiteral(_ literal: StaticString) {
      append([UInt8](literal))
    }

    /// A literal that was given a name.
    public mutating func appendInterpolation(_ literal: StaticString) {
      append([UInt8](literal))
    }

    /// A number in decimal.
    public mutating func appendInterpolation(_ number: some FixedWidthInteger) {
      append(Array("\(number)".utf8))
    }

    /// A value whose type sees to it that it is harmless between quotes.
    public mutating func appendInterpolation<Text: CommandText>(_ text: Text) {
      append(text.commandText, shown: Text.isSecret ? [UInt8]("***") : nil)
    }

    @inline(never)
    private mutating func append(_ text: [UInt8], shown: [UInt8]? = nil) {
      bytes += text
      self.shown += shown ?? text
    }
  }
}

/// A checked type whose text is harmless inside a quoted string of a command line.
///
/// Whoever conforms promises: only bytes 0x20 to 0x7E, and neither `"` nor `\` among them
/// (V.250 §5.4.2.2).
public protocol CommandText {
  var commandText: [UInt8] { get }
  /// Whether traces and logs must not show it.
  static var isSecret: Bool { get }
}

extension CommandText {
  public static var isSecret: Bool { false }
}

extension NetworkHost: CommandText {
  public var commandText: [UInt8] { bytes }
}

extension IPv4Address: CommandText {
  public var commandText: [UInt8] { bytes }
}
