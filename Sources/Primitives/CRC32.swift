/// The checksum CRC-32/ISO-HDLC: polynomial 0x04C11DB7 reflected, start and final XOR all ones, as in
/// Ethernet (IEEE 802.3 §3.2.9), gzip (RFC 1952 §8) and every language's `crc32`.
public struct CRC32: Sendable {
  /// The polynomial with its bits reversed.
  private static let polynomial: UInt32 = 0xEDB8_8320

  private var remainder = UInt32.max

  public init() {}

  /// The checksum of all bytes so far.
  public var value: UInt32 { ~remainder }

  /// The checksum of these bytes alone.
  public static func of(_ bytes: [UInt8]) -> UInt32 {
    var checksum = CRC32()
    checksum.update(bytes)
    return checksum.value
  }

  /// Takes the next bytes. Bit by bit: what is checked here is some hundred bytes an hour, and a
  /// table costs 1 kB.
  public mutating func update(_ bytes: [UInt8]) {
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 {
        remainder = remainder & 1 == 1 ? remainder >> 1 ^ Self.polynomial : remainder >> 1
      }
    }
  }
}
