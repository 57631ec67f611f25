import DNS
import Glibc
import Primitives

/// `godwit-bench resolve`: the device's own look-up, against name servers of this machine.
enum ResolveCommand {
  private static let datagramLimit = 65_507

  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words,
      Arguments.Grammar(
        flags: ["--aaaa", "--allow-private"], options: ["--port", "--name", "--seed"]))
    var ports: [UInt16] = []
    for text in arguments.values("--port") {
      guard let port = UInt16(text), port > 0 else {
        throw .usage("--port \(text): a port of 127.0.0.1")
      }
      ports.append(port)
    }
    guard (1...DNSLookup.serverLimit).contains(ports.count) else {
      throw .usage("--port is wanted once for each name server, 1 to \(DNSLookup.serverLimit)")
    }
    let seed =
      try arguments.number("--seed", in: 0...Int.max).map { UInt64($0) }
      ?? SystemRandomNumberGenerator.one
    for text in arguments.values("--name") {
      guard case .name(let name) = NetworkHost(Array(text.utf8)) else {
        throw .usage("--name \(text): a host name")
      }
      var lookup = DNSLookup(
        name, type: arguments.has("--aaaa") ? .aaaa : .a,
        servers: ports.indices.map(server),
        rule: AddressRule(allowsPrivate: arguments.has("--allow-private")), seed: seed)
      let outcome = try resolve(&lookup, ports: ports)
      Terminal.say(json(text, outcome))
    }
    return 0
  }

  /// What stands for the server of a port: one of the range for documentation (RFC 5737).
  private static func server(_ index: Int) -> IPv4Address {
    IPv4Address(192, 0, 2, UInt8(1 + index))
  }

  private static func resolve(
    _ lookup: inout DNSLookup, ports: [UInt16]
  ) throws(BenchError) -> DNSLookup.Outcome {
    var socket = Socket(try Loopback.boundUDP(port: 0))
    var effects = lookup.handle(.start, now: BenchClock.now)
    while true {
      for effect in effects {
        switch effect {
        case .finished(let outcome): return outcome
        case .ask(let address, let bytes):
          // Another socket, and so another port, for each question.
          socket = Socket(try Loopback.boundUDP(port: 0))
          guard let index = ports.indices.first(where: { server($0) == address }) else { continue }
          Loopback.send(bytes, from: socket.descriptor.number, to: ports[index])
          _ = lookup.handle(.sent, now: BenchClock.now)
        }
      }
      var set = PollSet()
      set.addReadable(socket.descriptor.number)
      set.wait(until: lookup.deadline, now: BenchClock.now)
      if let (bytes, _) = Loopback.receive(socket.descriptor.number, limit: datagramLimit) {
        effects = lookup.handle(.received(bytes), now: BenchClock.now)
      } else {
        effects = lookup.handle(.deadline, now: BenchClock.now)
      }
    }
  }

  private final class Socket {
    let descriptor: Descriptor
    init(_ number: Int32) { descriptor = Descriptor(number) }
  }

  private static func json(_ name: String, _ outcome: DNSLookup.Outcome) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.member("name", name)
    switch outcome {
    case .found(let answer):
      json.member("outcome", "found")
      json.key("addresses")
      json.beginArray()
      for address in answer.addresses { json.value(text(address)) }
      json.endArray()
      json.member("timeToLiveSeconds", answer.timeToLive.wholeSeconds)
    case .noSuchName: json.member("outcome", "noSuchName")
    case .forbidden(let address):
      json.member("outcome", "forbidden")
      json.member("address", text(address))
    case .failed: json.member("outcome", "failed")
    }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func text(_ address: DNSAddress) -> String {
    switch address {
    case .ipv4(let address): address.bytes.printable
    case .ipv6(let address): address.text
    }
  }
}

extension SystemRandomNumberGenerator {
  fileprivate static var one: UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
