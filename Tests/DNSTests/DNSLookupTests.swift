import DNS
import Primitives
import Testing

private let host = HostName(Array("a.example".utf8))!
private let first = IPv4Address(9, 9, 9, 9)
private let second = IPv4Address(1, 1, 1, 1)

private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }

@Suite("A look-up") struct DNSLookupTests {
  private func lookup(
    _ servers: [IPv4Address] = [first, second], rule: AddressRule = AddressRule()
  ) -> DNSLookup {
    DNSLookup(host, servers: servers, rule: rule, seed: 1)
  }

  /// Has the look-up ask, and sends its question at once.
  private func ask(
    _ lookup: inout DNSLookup, _ input: DNSLookup.Input, now: Instant
  ) -> (server: IPv4Address, id: UInt16)? {
    let question = asked(lookup.handle(input, now: now))
    #expect(lookup.handle(.sent, now: now) == [])
    return question
  }

  /// The server and the number of the question.
  private func asked(_ effects: [DNSLookup.Effect]) -> (server: IPv4Address, id: UInt16)? {
    guard effects.count == 1, case .ask(let server, let bytes) = effects[0] else { return nil }
    return (server, UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
  }

  private func answer(_ id: UInt16, _ address: [UInt8]) -> [UInt8] {
    var response = Response()
    response.id = id
    response.records = [Response.record(Response.asked, type: 1, address)]
    return response.bytes
  }

  @Test("asks one server and takes its answer") func found() throws {
    var lookup = lookup()
    let question = try #require(asked(lookup.handle(.start, now: at(0))))
    #expect(question.server == first)
    #expect(lookup.deadline == nil, "a socket may take its time")
    #expect(lookup.handle(.sent, now: at(1)) == [])
    #expect(lookup.deadline == at(6))
    let effects = lookup.handle(.received(answer(question.id, [192, 0, 2, 1])), now: at(1))
    let address = DNSAddress.ipv4(IPv4Address(192, 0, 2, 1))
    #expect(
      effects
        == [.finished(.found(DNSAnswer(addresses: [address], timeToLive: .seconds(300))))])
    #expect(lookup.deadline == nil)
    #expect(lookup.handle(.start, now: at(2)) == [])
    #expect(lookup.handle(.received(answer(question.id, [192, 0, 2, 2])), now: at(2)) == [])
  }

  @Test("asks the servers in turn, twice each, always under another number") func rounds() throws {
    var lookup = lookup()
    var effects = lookup.handle(.start, now: at(0))
    var servers: [IPv4Address] = []
    var numbers: Set<UInt16> = []
    var now: Int64 = 0
    while let question = asked(effects) {
      servers.append(question.server)
      numbers.insert(question.id)
      #expect(lookup.handle(.sent, now: at(now)) == [])
      #expect(lookup.handle(.deadline, now: at(now + 4)) == [])
      now += 5
      effects = lookup.handle(.deadline, now: at(now))
    }
    #expect(servers == [first, second, first, second])
    #expect(numbers.count == 4)
    #expect(effects == [.finished(.failed)])
  }

  @Test("takes no late answer for the next question's") func late() throws {
    var lookup = lookup()
    let one = try #require(ask(&lookup, .start, now: at(0)))
    let two = try #require(ask(&lookup, .deadline, now: at(5)))
    #expect(lookup.handle(.received(answer(one.id, [192, 0, 2, 1])), now: at(6)) == [])
    let effects = lookup.handle(.received(answer(two.id, [192, 0, 2, 2])), now: at(7))
    let address = DNSAddress.ipv4(IPv4Address(192, 0, 2, 2))
    #expect(
      effects
        == [.finished(.found(DNSAnswer(addresses: [address], timeToLive: .seconds(300))))])
  }

  @Test("goes on to the next server when somebody is guessing") func guessing() throws {
    var lookup = lookup()
    let one = try #require(ask(&lookup, .start, now: at(0)))
    for number in 1...8 {
      let forged = answer(one.id &+ UInt16(number), [192, 0, 2, 66])
      #expect(lookup.handle(.received(forged), now: at(1)) == [])
    }
    let forged = answer(one.id &+ 9, [192, 0, 2, 66])
    #expect(ask(&lookup, .received(forged), now: at(1))?.server == second)
  }

  @Test("drops addresses that the rule forbids, and says so when none is left") func rule() throws {
    var lookup = lookup()
    let one = try #require(ask(&lookup, .start, now: at(0)))
    #expect(
      lookup.handle(.received(answer(one.id, [127, 0, 0, 1])), now: at(1))
        == [.finished(.forbidden(.ipv4(IPv4Address(127, 0, 0, 1))))])
    var inside = self.lookup(rule: AddressRule(allowsPrivate: true))
    let two = try #require(ask(&inside, .start, now: at(0)))
    let effects = inside.handle(.received(answer(two.id, [10, 0, 0, 1])), now: at(1))
    let address = DNSAddress.ipv4(IPv4Address(10, 0, 0, 1))
    #expect(
      effects
        == [.finished(.found(DNSAnswer(addresses: [address], timeToLive: .seconds(300))))])
  }

  @Test("fails at once without a server") func nobody() {
    var lookup = lookup([])
    #expect(lookup.handle(.start, now: at(0)) == [.finished(.failed)])
  }
}

@Suite("The cache of addresses") struct DNSCacheTests {
  private let answer = DNSAnswer(
    addresses: [.ipv4(IPv4Address(192, 0, 2, 1))], timeToLive: .seconds(300))

  @Test("keeps an answer for its life, and for a week more as a stale one") func lives() {
    var cache = DNSCache()
    #expect(cache.needsLookup(host, now: at(0)))
    cache.keep(answer, of: host, now: at(0))
    let week: Int64 = 7 * 86_400
    for (second, freshness) in [
      (Int64(0), DNSCache.Freshness.fresh), (299, .fresh), (300, .stale), (299 + week, .stale),
    ] {
      #expect(cache.addresses(of: host, now: at(second))?.freshness == freshness)
      #expect(!cache.needsLookup(host, now: at(second)))
    }
    #expect(cache.addresses(of: host, now: at(300 + week)) == nil)
    #expect(cache.needsLookup(host, now: at(300 + week)))
  }

  @Test("asks again after a failure, and uses what it has until then") func doubt() {
    var cache = DNSCache()
    cache.keep(answer, of: host, now: at(0))
    cache.doubt(host)
    #expect(cache.needsLookup(host, now: at(1)))
    #expect(cache.addresses(of: host, now: at(1))?.freshness == .stale)
    cache.keep(answer, of: host, now: at(2))
    #expect(!cache.needsLookup(host, now: at(3)))
    cache.forget(host)
    #expect(cache.addresses(of: host, now: at(3)) == nil)
  }

  @Test("holds four names, of which the oldest goes") func limit() throws {
    var cache = DNSCache()
    let names = try ["a", "b", "c", "d", "e"].map {
      try #require(HostName(Array("\($0).example".utf8)))
    }
    for name in names { cache.keep(answer, of: name, now: at(0)) }
    let known = names.map { cache.addresses(of: $0, now: at(1)) != nil }
    #expect(known == [false, true, true, true, true])
  }
}
