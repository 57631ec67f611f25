import DNS
import Primitives
import Testing

/// A response put together by hand, as RFC 1035 §4 has it.
struct Response {
  var id: UInt16 = 0x1234
  var flags: UInt16 = 0x8180
  var question: [UInt8] = Response.name("a.example") + [0, 1, 0, 1]
  var records: [[UInt8]] = []
  var count: UInt16?

  var bytes: [UInt8] {
    let count = count ?? UInt16(records.count)
    let header = [id, flags, 1, count, 0, 0].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    return header + question + records.flatMap { $0 }
  }

  static func name(_ text: String) -> [UInt8] {
    text.utf8.split(separator: UInt8(ascii: ".")).flatMap { [UInt8($0.count)] + $0 } + [0]
  }

  static func record(
    _ name: [UInt8], type: UInt16, life: UInt32 = 300, kind: UInt16 = 1, _ data: [UInt8]
  ) -> [UInt8] {
    let fields = [type, kind, UInt16(life >> 16), UInt16(life & 0xFFFF), UInt16(data.count)]
    return name + fields.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } + data
  }

  /// A pointer to the name in the question.
  static let asked: [UInt8] = [0xC0, 12]
}

private let host = HostName(Array("a.example".utf8))!
private let query = DNSQuery(id: 0x1234, name: host)
private func answerTo(_ last: UInt8) -> DNSAddress { .ipv4(IPv4Address(192, 0, 2, last)) }

@Suite("A DNS query") struct DNSQueryTests {
  @Test("is one question with recursion desired") func bytes() {
    #expect(
      query.bytes.hex
        == Array("1234010000010000000000000161076578616D706C650000010001".utf8))
  }
}

@Suite("A DNS response") struct DNSResponseTests {
  @Test("gives the addresses in their order and the shortest life") func addresses() throws {
    var response = Response()
    response.records = [
      Response.record(Response.asked, type: 1, life: 300, [192, 0, 2, 1]),
      Response.record(Response.name("A.EXAMPLE"), type: 1, life: 60, [192, 0, 2, 2]),
      Response.record(Response.name("other.example"), type: 1, life: 1, [192, 0, 2, 3]),
    ]
    let answer = try DNSResponse.read(response.bytes, of: query)
    #expect(answer.addresses == [answerTo(1), answerTo(2)])
    #expect(answer.timeToLive == .seconds(60))
  }

  @Test("is followed through aliases, in any order of the records") func aliases() throws {
    var response = Response()
    response.records = [
      Response.record(Response.name("c.example"), type: 1, life: 500, [192, 0, 2, 9]),
      Response.record(Response.name("b.example"), type: 5, life: 20, Response.name("c.example")),
      Response.record(Response.asked, type: 5, life: 90, Response.name("b.example")),
    ]
    let answer = try DNSResponse.read(response.bytes, of: query)
    #expect(answer.addresses == [answerTo(9)])
    #expect(answer.timeToLive == .seconds(20))
  }

  @Test("may hold addresses of version 6") func version6() throws {
    let query = DNSQuery(id: 0x1234, name: host, type: .aaaa)
    var response = Response()
    response.question = Response.name("a.example") + [0, 28, 0, 1]
    let octets: [UInt8] = [0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    response.records = [Response.record(Response.asked, type: 28, octets)]
    let address = try #require(IPv6Address(octets: octets))
    #expect(address.text == "2001:db8::1")
    #expect(try DNSResponse.read(response.bytes, of: query).addresses == [.ipv6(address)])
  }

  @Test("never holds longer than a week, and not at all with a negative life") func life() throws {
    for (life, seconds) in [
      (UInt32(999_999_999), Int64(604_800)), (0x8000_0000, 0), (0xFFFF_FFFF, 0), (0, 0),
    ] {
      var response = Response()
      response.records = [Response.record(Response.asked, type: 1, life: life, [192, 0, 2, 1])]
      let answer = try DNSResponse.read(response.bytes, of: query)
      #expect(answer.timeToLive == .seconds(seconds))
    }
  }

  @Test("to another question counts for nothing") func foreign() {
    var wrongID = Response()
    wrongID.id = 0x1235
    var query2 = Response()
    query2.flags = 0x0100
    var otherName = Response()
    otherName.question = Response.name("b.example") + [0, 1, 0, 1]
    var otherType = Response()
    otherType.question = Response.name("a.example") + [0, 28, 0, 1]
    var otherClass = Response()
    otherClass.question = Response.name("a.example") + [0, 1, 0, 3]
    for response in [wrongID, query2, otherName, otherType, otherClass] {
      #expect(throws: DNSFault.foreign) { try DNSResponse.read(response.bytes, of: query) }
    }
    #expect(throws: DNSFault.foreign) { try DNSResponse.read([], of: query) }
    let long = Response().bytes + [UInt8](repeating: 0, count: 512)
    #expect(throws: DNSFault.foreign) { try DNSResponse.read(long, of: query) }
  }

  @Test(
    "says why there is no address",
    arguments: [
      (UInt16(0x8183), DNSFault.noSuchName), (0x8182, .refused(code: 2)),
      (0x8185, .refused(code: 5)), (0x8380, .truncated), (0x8180, .noAddress),
    ])
  func reasons(flags: UInt16, fault: DNSFault) {
    var response = Response()
    response.flags = flags
    #expect(throws: fault) { try DNSResponse.read(response.bytes, of: query) }
  }

  @Test("that is damaged or leads in a circle is refused") func damaged() {
    let aliasToItself = Response.record(Response.asked, type: 5, Response.asked)
    let pointsAtItself = Response.record([0xC0, 27], type: 1, [192, 0, 2, 1])
    let pointsForward = Response.record([0xC0, 40], type: 1, [192, 0, 2, 1])
    let shortAddress = Response.record(Response.asked, type: 1, [192, 0, 2])
    let badLabel = Response.record([0x80, 1, 0], type: 1, [192, 0, 2, 1])
    for record in [aliasToItself, pointsAtItself, pointsForward, shortAddress, badLabel] {
      var response = Response()
      response.records = [record]
      #expect(throws: DNSFault.malformed) { try DNSResponse.read(response.bytes, of: query) }
    }
    var cutOff = Response()
    cutOff.count = 3
    #expect(throws: DNSFault.malformed) { try DNSResponse.read(cutOff.bytes, of: query) }
  }

  @Test("of any bytes is read or refused, never trapped on") func hostile() {
    var random = SeededRandom(seed: 3)
    var response = Response()
    response.records = [
      Response.record(Response.asked, type: 5, Response.name("b.example")),
      Response.record(Response.name("b.example"), type: 1, [192, 0, 2, 1]),
    ]
    var found = 0
    for _ in 0..<30_000 {
      var bytes = response.bytes
      for _ in 0...Int(random.next(below: 4)) {
        let index = 12 + Int(random.next(below: UInt64(bytes.count - 12)))
        bytes[index] = UInt8(truncatingIfNeeded: random.next())
      }
      bytes.removeLast(Int(random.next(below: 3)) * Int(random.next(below: 8)))
      if (try? DNSResponse.read(bytes, of: query)) != nil { found += 1 }
    }
    #expect(found > 100)
  }
}

@Suite("Which addresses are believed") struct AddressRuleTests {
  @Test(
    "none that lead to the device itself, to nobody or, unless allowed, to a private network",
    arguments: [
      ("0.1.2.3", false, false), ("127.0.0.1", false, false), ("224.0.0.1", false, false),
      ("255.255.255.255", false, false), ("240.0.0.1", false, false),
      ("169.254.1.1", false, false), ("192.0.0.8", false, false), ("10.1.2.3", false, true),
      ("172.16.0.1", false, true), ("172.31.255.1", false, true), ("192.168.1.1", false, true),
      ("100.64.0.1", false, true), ("100.128.0.1", true, true), ("172.32.0.1", true, true),
      ("9.9.9.9", true, true), ("192.0.2.1", true, true), ("192.0.0.9", true, true),
    ])
  func version4(text: String, isPublic: Bool, isPrivate: Bool) throws {
    let address = try #require(IPv4Address(Array(text.utf8)))
    #expect(AddressRule().allows(address) == isPublic)
    #expect(AddressRule(allowsPrivate: true).allows(address) == isPrivate)
  }

  @Test("the same of version 6, an address of version 4 inside judged by its own rule")
  func version6() throws {
    let zeros = [UInt8](repeating: 0, count: 10)
    for (octets, isPublic, isPrivate) in [
      (zeros + [0, 0, 0, 0, 0, 1], false, false), (zeros + [0, 0, 0, 0, 0, 0], false, false),
      (zeros + [0xFF, 0xFF, 127, 0, 0, 1], false, false),
      (zeros + [0xFF, 0xFF, 10, 0, 0, 1], false, true),
      (zeros + [0xFF, 0xFF, 9, 9, 9, 9], true, true),
      ([0xFE, 0x80] + [UInt8](repeating: 1, count: 14), false, false),
      ([0xFD, 0x00] + [UInt8](repeating: 1, count: 14), false, true),
      ([0xFF, 0x02] + [UInt8](repeating: 1, count: 14), false, false),
      ([0x20, 0x01] + [UInt8](repeating: 1, count: 14), true, true),
    ] {
      let address = DNSAddress.ipv6(try #require(IPv6Address(octets: octets)))
      #expect(AddressRule().allows(address) == isPublic)
      #expect(AddressRule(allowsPrivate: true).allows(address) == isPrivate)
    }
  }

  @Test(
    "a private name leads to a private address, and never to this machine",
    arguments: [
      ("collector.internal", true), ("a.b.INTERNAL", true), ("collector", true),
      ("collector.home.arpa", true), ("home.arpa", true), ("internal.example", false),
      ("10.in-addr.arpa", false), ("arpa", true), ("xinternal", true), ("a.xinternal", false),
    ])
  func privateNames(text: String, isPrivate: Bool) throws {
    let rule = AddressRule().applied(to: try #require(HostName(Array(text.utf8))))
    #expect(rule.allows(IPv4Address(10, 1, 2, 3)) == isPrivate)
    #expect(!rule.allows(IPv4Address(127, 0, 0, 1)))
    #expect(rule.allows(IPv4Address(9, 9, 9, 9)))
  }

  @Test(
    "an address of version 6 is shown in its canonical form (RFC 5952)",
    arguments: [
      ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "::"),
      ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "::1"),
      ([0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], "2001:0:0:1::1"),
      ([0x20, 1, 0xD, 0xB8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], "2001:db8:0:1:1:1:1:1"),
      ([0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "fe80::"),
    ] as [([UInt8], String)])
  func text(octets: [UInt8], text: String) {
    #expect(IPv6Address(octets: octets)?.text == text)
  }
}
