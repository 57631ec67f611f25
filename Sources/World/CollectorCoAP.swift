/// A CoAP message as a server reads it (RFC 7252 §3).
struct CollectorMessage {
  enum Kind: UInt8 { case confirmable, nonConfirmable, acknowledgement, reset }

  var type: Kind
  var code: UInt8
  var messageID: UInt16
  var token: [UInt8]
  var options: [(number: Int, value: [UInt8])] = []
  var payload: [UInt8] = []

  /// - Returns: nil when the bytes are no message.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4, bytes[0] >> 6 == 1, bytes[0] & 15 <= 8,
      let type = Kind(rawValue: bytes[0] >> 4 & 3)
    else { return nil }
    self.type = type
    code = bytes[1]
    messageID = UInt16(bytes[2]) << 8 + UInt16(bytes[3])
    let tokenEnd = 4 + Int(bytes[0] & 15)
    guard tokenEnd <= bytes.count else { return nil }
    token = Array(bytes[4..<tokenEnd])
    if code == 0 && bytes.count > 4 { return nil }
    if [1, 3, 6, 7].contains(code >> 5) { return nil }
    guard readOptions(bytes[tokenEnd...]) else { return nil }
  }

  var isRequest: Bool { code >> 5 == 0 && code != 0 }
  var reset: [UInt8] { [0x70, 0, UInt8(messageID >> 8), UInt8(messageID & 0xFF)] }
  var emptyAcknowledgement: [UInt8] { [0x60, 0, UInt8(messageID >> 8), UInt8(messageID & 0xFF)] }

  /// The Reset that a malformed Confirmable message gets (§4.2).
  static func reset(for bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count >= 4, bytes[0] >> 4 == 4 else { return nil }
    return [0x70, 0, bytes[2], bytes[3]]
  }

  func texts(_ number: Int) -> [String] {
    options.filter { $0.number == number }.map { String(decoding: $0.value, as: UTF8.self) }
  }

  /// The first option of that number as an unsigned integer of up to two bytes.
  func uint(_ number: Int) -> Int? {
    guard let option = options.first(where: { $0.number == number }), option.value.count <= 2
    else { return nil }
    return option.value.reduce(0) { $0 * 256 + Int($1) }
  }

  private mutating func readOptions(_ rest: ArraySlice<UInt8>) -> Bool {
    var rest = rest
    var number = 0
    while let head = rest.popFirst() {
      if head == 0xFF {
        payload = Array(rest)
        return !payload.isEmpty
      }
      guard let delta = Self.extended(head >> 4, &rest),
        let length = Self.extended(head & 15, &rest), length <= rest.count
      else { return false }
      number += delta
      if number > 65_535 { return false }
      options.append((number, Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return true
  }

  private static func extended(_ nibble: UInt8, _ rest: inout ArraySlice<UInt8>) -> Int? {
    switch nibble {
    case 13: return rest.popFirst().map { Int($0) + 13 }
    case 14:
      guard let high = rest.popFirst(), let low = rest.popFirst() else { return nil }
      return Int(high) * 256 + Int(low) + 269
    case 15: return nil
    default: return Int(nibble)
    }
  }
}

/// A response before it has a type, a message ID and a token.
struct CollectorResponse {
  var code: UInt8
  var maxAge: UInt32?
  /// Diagnostic text (RFC 7252 §5.5.2).
  var payload: [UInt8] = []

  static let changed = CollectorResponse(code: 0x44)

  static func refused(_ detail: UInt8, _ reason: String) -> CollectorResponse {
    CollectorResponse(code: 4 << 5 | detail, payload: Array(reason.utf8))
  }

  /// Its text keeps it apart from a confirmation, which has none, whatever becomes of the code.
  static func unavailable(maxAge: UInt32?) -> CollectorResponse {
    CollectorResponse(code: 5 << 5 | 3, maxAge: maxAge, payload: Array("busy".utf8))
  }

  func encoded(
    _ type: CollectorMessage.Kind, messageID: UInt16, to request: CollectorMessage
  ) -> [UInt8] {
    var bytes = [
      0x40 | type.rawValue << 4 | UInt8(request.token.count), code, UInt8(messageID >> 8),
      UInt8(messageID & 0xFF),
    ]
    bytes += request.token
    if let maxAge {
      let value = [24, 16, 8, 0].map { UInt8(maxAge >> UInt32($0) & 0xFF) }.drop { $0 == 0 }
      bytes += [0xD0 | UInt8(value.count), 1] + value  // Max-Age is option 14 = 13 + 1.
    }
    if !payload.isEmpty { bytes += [0xFF] + payload }
    return bytes
  }
}
