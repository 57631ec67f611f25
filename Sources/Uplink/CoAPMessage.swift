import Primitives

/// One CoAP message (RFC 7252 §3).
public struct CoAPMessage: Equatable, Sendable {
  /// Longest message that is read, in bytes: more than any answer to a report needs, and what a
  /// modem hands over at once.
  public static let sizeLimit = 1500
  /// Longest token, in bytes (§3).
  public static let tokenLimit = 8

  public var type: CoAPType
  public var code: CoAPCode
  public var messageID: UInt16
  /// 0 to 8 bytes.
  public var token: [UInt8]
  public var options: [CoAPOption]
  public var payload: [UInt8]

  public init(
    type: CoAPType, code: CoAPCode, messageID: UInt16, token: [UInt8] = [],
    options: [CoAPOption] = [], payload: [UInt8] = []
  ) {
    precondition(token.count <= Self.tokenLimit)
    self.type = type
    self.code = code
    self.messageID = messageID
    self.token = token
    self.options = options
    self.payload = payload
  }

  /// The message's bytes; options come out in the order of their numbers, equal ones as given.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = [
      1 << 6 | type.rawValue << 4 | UInt8(token.count), code.rawValue,
      UInt8(messageID >> 8), UInt8(truncatingIfNeeded: messageID),
    ]
    bytes += token
    var previous: UInt16 = 0
    for number in distinctNumbers {
      for option in options where option.number == number {
        option.append(to: &bytes, after: previous)
        previous = number
      }
    }
    if !payload.isEmpty {
      bytes.append(0xFF)
      bytes += payload
    }
    return bytes
  }

  /// Reads one datagram.
  ///
  /// - Throws: what makes it no message; `CoAPMessage.rejection(of:)` says how to answer that.
  public init(_ datagram: [UInt8]) throws(CoAPFormatError) {
    guard datagram.count <= Self.sizeLimit else { throw .tooLong }
    var reader = ByteReader(datagram)
    guard let first = reader.byte(), let code = reader.byte(), let id = reader.bigEndian(2) else {
      throw .truncated
    }
    guard first >> 6 == 1 else { throw .unknownVersion }
    let tokenLength = Int(first & 15)
    guard tokenLength <= Self.tokenLimit else { throw .badTokenLength }
    self.code = CoAPCode(rawValue: code)
    type = CoAPType(rawValue: first >> 4 & 3) ?? .confirmable
    messageID = UInt16(truncatingIfNeeded: id)
    if self.code == .empty && datagram.count > 4 { throw .emptyWithContent }
    guard !self.code.isReserved else { throw .reservedCode }
    guard let token = reader.take(tokenLength) else { throw .truncated }
    self.token = token
    (options, payload) = try CoAPOption.readAll(from: &reader)
  }

  /// The Reset that answers a Confirmable message that can't be read or isn't wanted (§4.2), ping
  /// included (§4.3); nil for what is silently ignored: other types, other versions (§3), stubs.
  public static func rejection(of datagram: [UInt8]) -> [UInt8]? {
    guard datagram.count >= 4, datagram[0] >> 6 == 1,
      datagram[0] >> 4 & 3 == CoAPType.confirmable.rawValue
    else { return nil }
    return [1 << 6 | CoAPType.reset.rawValue << 4, 0, datagram[2], datagram[3]]
  }

  /// The values of an option, in order.
  public func values(of number: UInt16) -> [[UInt8]] {
    var values: [[UInt8]] = []
    for option in options where option.number == number { values.append(option.value) }
    return values
  }

  private var distinctNumbers: [UInt16] {
    var numbers: [UInt16] = []
    for option in options where !numbers.contains(option.number) { numbers.append(option.number) }
    return numbers.sorted()
  }
}

/// How a message takes part in reliability (RFC 7252 §3, T).
public enum CoAPType: UInt8, Sendable {
  case confirmable = 0
  case nonConfirmable = 1
  case acknowledgement = 2
  case reset = 3
}

/// Why bytes are no CoAP message (RFC 7252 §3).
public enum CoAPFormatError: Error, Equatable, Sendable, CustomStringConvertible {
  case tooLong
  case truncated
  case unknownVersion
  case badTokenLength
  case emptyWithContent
  case reservedCode
  case reservedOptionNibble
  case optionNumberTooHigh
  case emptyPayload

  public var description: String {
    switch self {
    case .tooLong: "is longer than \(CoAPMessage.sizeLimit) bytes"
    case .truncated: "ends too soon"
    case .unknownVersion: "is of an unknown version"
    case .badTokenLength: "has a token length above 8"
    case .emptyWithContent: "is an Empty message with content"
    case .reservedCode: "has a code of a reserved class"
    case .reservedOptionNibble: "has an option delta or length of 15"
    case .optionNumberTooHigh: "has an option number above 65535"
    case .emptyPayload: "has a payload marker and no payload"
    }
  }
}
