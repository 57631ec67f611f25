import Primitives

/// What is asked: the type of the records that are wanted (RFC 1035 §3.2.2, RFC 3596 §2.1).
public enum DNSRecordType: UInt16, Sendable {
  case a = 1
  case aaaa = 28
}

/// A question as it goes into a datagram. RFC 1035 §4.1.
public struct DNSQuery: Equatable, Sendable {
  /// Random, so that an answer can't be made by somebody who hasn't seen the question.
  public let id: UInt16
  public let name: HostName
  public let type: DNSRecordType

  public init(id: UInt16, name: HostName, type: DNSRecordType = .a) {
    self.id = id
    self.name = name
    self.type = type
  }

  /// One question, recursion desired.
  public var bytes: [UInt8] {
    [UInt8(id >> 8), UInt8(id & 0xFF), 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0] + question
  }

  var question: [UInt8] {
    var bytes: [UInt8] = []
    for label in name.bytes.split(separator: UInt8(ascii: ".")) {
      bytes.append(UInt8(label.count))
      bytes += label
    }
    return bytes + [0, 0, UInt8(type.rawValue), 0, 1]
  }
}

/// Addresses of a name and for how long they hold.
public struct DNSAnswer: Equatable, Sendable {
  /// In the server's order, at most `DNSResponse.addressLimit`.
  public var addresses: [DNSAddress]
  /// The shortest of the chain, at most `DNSResponse.longestLife`.
  public var timeToLive: Duration

  public init(addresses: [DNSAddress], timeToLive: Duration) {
    self.addresses = addresses
    self.timeToLive = timeToLive
  }
}

public enum DNSAddress: Hashable, Sendable {
  case ipv4(IPv4Address)
  case ipv6(IPv6Address)
}

/// Why a response gives no address.
public enum DNSFault: Error, Equatable, Sendable {
  /// It isn't the answer to this question: to be ignored, for the right one may still come.
  case foreign
  /// It is damaged, or a loop.
  case malformed
  /// Too long for a datagram: ask over TCP, or another server.
  case truncated
  /// There is no such name, said by a server (RFC 1035 §4.1.1).
  case noSuchName
  /// The name has no record of that type.
  case noAddress
  /// The server can't or won't: its response code.
  case refused(code: UInt8)
}

/// Reads responses. Bounded in everything, since whoever sits in between may have made them.
public enum DNSResponse {
  /// The longest datagram that is read (RFC 1035 §2.3.4).
  public static let sizeLimit = 512
  /// Records looked at; what comes behind is passed over.
  static let recordLimit = 32
  /// Pointers followed in one name. Each must point backwards besides, so that no loop is possible.
  static let pointerLimit = 8
  /// Names that lead from one to another.
  static let chainLimit = 8
  public static let addressLimit = 4
  /// A longer life is cut to a week (RFC 8767 §4).
  public static let longestLife = Duration.seconds(7 * 86_400)

  /// The answer to `query`.
  public static func read(_ bytes: [UInt8], of query: DNSQuery) throws(DNSFault) -> DNSAnswer {
    var reader = DNSReader(bytes)
    guard bytes.count <= sizeLimit, let id = reader.number(2), id == UInt64(query.id),
      let flags = reader.number(2), flags & 0x8000 != 0, flags & 0x7800 == 0,
      let questions = reader.number(2), let count = reader.number(2), reader.skip(4),
      questions == 1, reader.repeats(query)
    else { throw .foreign }
    switch UInt8(flags & 0xF) {
    case 0: break
    case 3: throw .noSuchName
    default: throw .refused(code: UInt8(flags & 0xF))
    }
    if flags & 0x0200 != 0 { throw .truncated }
    var records: [DNSRecord] = []
    for _ in 0..<min(Int(count), recordLimit) {
      guard let record = reader.record() else { throw .malformed }
      records.append(record)
    }
    return try answer(to: query, records)
  }

  /// Follows the aliases (CNAME) from the name that was asked for, and from no other.
  private static func answer(
    to query: DNSQuery, _ records: [DNSRecord]
  ) throws(DNSFault) -> DNSAnswer {
    var name = query.name.bytes
    var life = longestLife
    for _ in 0...chainLimit {
      let found = records.filter { $0.name == name && $0.type == query.type.rawValue }
      if !found.isEmpty {
        var addresses: [DNSAddress] = []
        for record in found.prefix(addressLimit) {
          guard let address = record.address else { throw .malformed }
          addresses.append(address)
          life = min(life, record.timeToLive)
        }
        return DNSAnswer(addresses: addresses, timeToLive: life)
      }
      guard let alias = records.first(where: { $0.name == name && $0.type == DNSRecord.alias }),
        let target = alias.target
      else { throw .noAddress }
      life = min(life, alias.timeToLive)
      name = target
    }
    throw .malformed
  }
}

/// One resource record (RFC 1035 §4.1.3).
struct DNSRecord {
  static let alias: UInt16 = 5

  /// In lower case, dots between the labels.
  let name: [UInt8]
  let type: UInt16
  let timeToLive: Duration
  let data: [UInt8]
  /// Where an alias leads.
  let target: [UInt8]?

  var address: DNSAddress? {
    switch (DNSRecordType(rawValue: type), data.count) {
    case (.a, 4): .ipv4(IPv4Address(data[0], data[1], data[2], data[3]))
    case (.aaaa, 16): IPv6Address(octets: data).map { .ipv6($0) }
    default: nil
    }
  }
}

/// Reads a message front to back; every read says with nil that it ended too soon.
private struct DNSReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func number(_ width: Int) -> UInt64? {
    guard bytes.count - index >= width else { return nil }
    var value: UInt64 = 0
    for byte in bytes[index..<(index + width)] { value = value << 8 | UInt64(byte) }
    index += width
    return value
  }

  mutating func skip(_ count: Int) -> Bool { number(min(count, 8)) != nil }

  /// Whether the question comes back as it was asked, in whatever case.
  mutating func repeats(_ query: DNSQuery) -> Bool {
    guard let name = name(), let type = number(2), let kind = number(2) else { return false }
    return name == query.name.bytes && type == UInt64(query.type.rawValue) && kind == 1
  }

  mutating func record() -> DNSRecord? {
    guard let name = name(), let type = number(2), let kind = number(2), let life = number(4),
      let length = number(2), bytes.count - index >= Int(length)
    else { return nil }
    let begin = index
    let end = begin + Int(length)
    var target: [UInt8]?
    if type == UInt64(DNSRecord.alias) {
      guard let alias = self.name(), index == end else { return nil }
      target = alias
    }
    index = end
    // A life with its highest bit set is none (RFC 2181 §8). Classes besides Internet are skipped.
    let seconds = life > UInt64(Int32.max) ? 0 : Int64(life)
    return DNSRecord(
      name: kind == 1 ? name : [], type: UInt16(type),
      timeToLive: min(.seconds(seconds), DNSResponse.longestLife),
      data: Array(bytes[begin..<end]), target: target)
  }

  /// A name, pointers followed (RFC 1035 §4.1.4), in lower case.
  private mutating func name() -> [UInt8]? {
    var name: [UInt8] = []
    var place = index
    var isAway = false
    var pointers = 0
    while place < bytes.count {
      let length = Int(bytes[place])
      switch length {
      case 0:
        if !isAway { index = place + 1 }
        return name
      case 1...63:
        guard place + length < bytes.count, name.count + length + 1 <= 254 else { return nil }
        if !name.isEmpty { name.append(UInt8(ascii: ".")) }
        for byte in bytes[(place + 1)...(place + length)] {
          name.append(byte.isASCIILetter ? byte | 0x20 : byte)
        }
        place += length + 1
      case 0xC0...0xFF:
        guard place + 1 < bytes.count else { return nil }
        let pointer = (length & 0x3F) << 8 | Int(bytes[place + 1])
        pointers += 1
        guard pointer < place, pointers <= DNSResponse.pointerLimit else { return nil }
        if !isAway { index = place + 2 }
        isAway = true
        place = pointer
      default: return nil
      }
    }
    return nil
  }
}
