/// The check of a request, `c` in its query: eight hexadecimal digits, the CRC-32 (as in gzip) of
/// `POST /<path>?<query> <content format>`, a line feed, and the payload; the query without `c`.
///
/// A server needs it because UDP's checksum is made in the device's modem, behind a UART.
enum CollectorCheck {
  /// Request codes by number (RFC 7252 §12.1.1, RFC 8132 §6).
  private static let methods = ["", "GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH"]

  /// The request's `c=…`, as it came.
  ///
  /// - Returns: nil when it isn't there exactly once, or isn't right.
  static func proof(_ message: CollectorMessage) -> [UInt8]? {
    let queries = message.options.filter { $0.number == 15 }.map(\.value)
    let checks = queries.filter { $0.starts(with: "c=".utf8) }
    guard checks.count == 1, checks[0] == Array("c=\(sum(of: message))".utf8) else { return nil }
    return checks[0]
  }

  private static func sum(of message: CollectorMessage) -> String {
    let code = Int(message.code)
    var text = Array((code < methods.count ? methods[code] : "\(code)").utf8)
    let path = message.options.filter { $0.number == 11 }.map(\.value)
    text += Array(" /".utf8) + path.joined(separator: "/".utf8)
    let query = message.options.filter { $0.number == 15 && !$0.value.starts(with: "c=".utf8) }
    if !query.isEmpty { text += Array("?".utf8) }
    text += query.map(\.value).joined(separator: "&".utf8)
    text += Array(" \(message.uint(12).map(String.init) ?? "none")\n".utf8) + message.payload
    let digits = String(crc32(text), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// CRC-32 of RFC 1952 §8, by its table.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    return crc ^ 0xFFFF_FFFF
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 != 0 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }
}
