import DNS
import Primitives

/// Feeds the reader of name servers' answers, and the look-up that waits for one.
enum DNSFuzz {
  private static let name: HostName = {
    guard let name = HostName(Array("collector.example".utf8)) else {
      preconditionFailure("a good name")
    }
    return name
  }()
  private static let query = DNSQuery(id: 0x1234, name: name)

  /// Addresses, aliases in front of one, no such name, an answer that is cut off.
  static let answers: [[UInt8]] = [
    answer([record([0xC0, 0x0C], 1, [203, 0, 113, 5]), record([0xC0, 0x0C], 1, [10, 0, 0, 1])]),
    answer([
      record([0xC0, 0x0C], 5, [1, 0x61, 0xC0, 0x16]),
      record([1, 0x61, 0xC0, 0x16], 1, [9, 9, 9, 9]),
    ]),
    answer([record([0xC0, 0x0C], 28, [UInt8](repeating: 0x20, count: 16))]),
    answer([], flags: (0x81, 0x83)), answer([], flags: (0x83, 0x80)),
    answer([], flags: (0x81, 0x82)),
  ]

  /// RFC 1035 §4.1: the question comes back in front of the records.
  private static func answer(
    _ records: [[UInt8]], flags: (UInt8, UInt8) = (0x81, 0x80)
  ) -> [UInt8] {
    let question = query.bytes
    let head = [0x12, 0x34, flags.0, flags.1, 0, 1, 0, UInt8(records.count), 0, 0, 0, 0]
    return head + question.dropFirst(12) + records.joined()
  }

  private static func record(_ owner: [UInt8], _ type: UInt8, _ data: [UInt8]) -> [UInt8] {
    owner + [0, type, 0, 1, 0, 0, 1, 0x2C, 0, UInt8(data.count)] + data
  }

  static func feed(_ bytes: [UInt8], _ choice: inout SeededRandom) -> String? {
    // Most cases get the number that is waited for, else nearly all of them would end there.
    var bytes = bytes
    if bytes.count > 1, choice.next(below: 8) > 0 { bytes[0...1] = [0x12, 0x34] }
    for type in [DNSRecordType.a, .aaaa] {
      let query = DNSQuery(id: 0x1234, name: name, type: type)
      guard let answer = try? DNSResponse.read(bytes, of: query) else { continue }
      if !(1...DNSResponse.addressLimit).contains(answer.addresses.count) {
        return "\(answer.addresses.count) addresses"
      }
      if answer.timeToLive < .zero || answer.timeToLive > DNSResponse.longestLife {
        return "a life of \(answer.timeToLive.text)"
      }
    }
    return lookUp(bytes, &choice)
  }

  /// A look-up ends, once, and with nothing that the rule forbids, whatever comes.
  private static func lookUp(_ bytes: [UInt8], _ choice: inout SeededRandom) -> String? {
    let rule = AddressRule()
    var lookup = DNSLookup(
      name, servers: [IPv4Address(9, 9, 9, 9), IPv4Address(1, 1, 1, 1)], rule: rule,
      seed: choice.next())
    var now = Instant.start
    var effects = lookup.handle(.start, now: now)
    var (asked, finished) = (0, 0)
    for _ in 0..<200 {
      for effect in effects {
        switch effect {
        case .ask(_, let question):
          asked += 1
          var reply = bytes
          // Half of the time it is the answer to the question that was just asked.
          if reply.count > 1, choice.next(below: 2) == 0 { reply[0...1] = question[0...1] }
          _ = lookup.handle(.sent, now: now)
          effects = lookup.handle(.received(reply), now: now)
        case .finished(let outcome):
          finished += 1
          effects = []
          if case .found(let answer) = outcome, !answer.addresses.allSatisfy({ rule.allows($0) }) {
            return "an address that isn't allowed"
          }
        }
      }
      if finished > 0 { break }
      if effects.isEmpty {
        guard let deadline = lookup.deadline else { return "it waits for nothing" }
        now = max(now, deadline)
        effects = lookup.handle(.deadline, now: now)
      }
    }
    if asked > DNSLookup.rounds * 2 { return "\(asked) questions" }
    return finished == 1 ? nil : "it ended \(finished) times"
  }
}
