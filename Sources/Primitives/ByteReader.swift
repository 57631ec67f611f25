/// Reads hostile bytes front to back. Every read says with nil that the bytes ended too soon.
public struct ByteReader: Sendable {
  private let bytes: [UInt8]
  public private(set) var offset = 0

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public var remaining: Int { bytes.count - offset }

  public mutating func byte() -> UInt8? {
    guard remaining > 0 else { return nil }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// The next `count` bytes; nil, and nothing consumed, when fewer are left.
  public mutating func take(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= remaining else { return nil }
    defer { offset += count }
    return Array(bytes[offset..<offset + count])
  }

  /// An unsigned number of `width` bytes (1 to 8), most significant first.
  public mutating func bigEndian(_ width: Int) -> UInt64? {
    precondition((1...8).contains(width))
    guard let part = take(width) else { return nil }
    return part.reduce(0) { $0 << 8 | UInt64($1) }
  }

  public mutating func rest() -> [UInt8] { take(remaining) ?? [] }
}
