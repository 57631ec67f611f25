import DNS
import Link
import Modems
import Primitives
import Settings
import Uplink

/// The server's name, where the module can't look it up: it is asked for over a socket of the module,
/// and the answer is kept over its sleeps.
extension Agent where S: ~Copyable {
  /// Where the report goes: to the address that the device has looked up, as long as it leads to the
  /// server, its life being over or not; or to the pinned one, for a while after the name wasn't found.
  func knownTarget(now: Instant) -> LinkTarget {
    if let nameFailed, now < nameFailed + Self.pinnedSpan, let address = pinnedAddress {
      return plan.target(at: .ipv4(address))
    }
    guard case .name(let name) = plan.server.host,
      !addresses.needsLookup(name, now: now), let known = addresses.addresses(of: name, now: now),
      let address = known.addresses.firstIPv4
    else { return plan.target }
    return plan.target(at: .ipv4(address))
  }

  mutating func lookUp(now: Instant) {
    guard case .connecting = cycle, case .name(let name) = plan.server.host else { return }
    if plan.nameServers.isEmpty { return nameNotFound(.noServers, now: now) }
    let lookup = DNSLookup(
      name, servers: plan.nameServers, rule: plan.addressRule, seed: random.next())
    cycle = .resolving(lookup, question: [])
    lookUp(.start, now: now)
  }

  mutating func lookUp(_ input: DNSLookup.Input, now: Instant) {
    guard case .resolving(var lookup, let question) = cycle else { return }
    let steps = lookup.handle(input, now: now)
    cycle = .resolving(lookup, question: question)
    for step in steps {
      switch step {
      case .ask(let server, let bytes):
        cycle = .resolving(lookup, question: bytes)
        let target = LinkTarget(host: .ipv4(server), port: DNSLookup.port, transport: .udp)
        drive(.connect(target, allowance(now: now)), now: now)
      case .finished(let outcome): lookedUp(outcome, now: now)
      }
    }
  }

  mutating func sendQuestion(now: Instant) {
    guard case .resolving(_, let question) = cycle else { return }
    drive(.send(question, expectsAnswer: true), now: now)
    lookUp(.sent, now: now)
  }

  mutating func lookUpDue(now: Instant) {
    guard case .resolving(let lookup, _) = cycle, let due = lookup.deadline, due <= now else {
      return
    }
    lookUp(.deadline, now: now)
  }

  /// An address that is past its life is better than none; after a plain no it is wrong.
  private mutating func lookedUp(_ outcome: DNSLookup.Outcome, now: Instant) {
    guard case .name(let name) = plan.server.host else { return }
    switch outcome {
    case .found(let answer):
      addresses.keep(answer, of: name, now: now)
      guard let address = answer.addresses.firstIPv4 else { break }
      log("dns", "the server is \(address.bytes.printable)", now)
      return connect(to: address, now: now)
    case .noSuchName:
      addresses.forget(name)
      return nameNotFound(.noSuchName, now: now)
    case .forbidden(let address): return nameNotFound(.forbidden(address), now: now)
    case .failed:
      guard let address = addresses.addresses(of: name, now: now)?.addresses.firstIPv4 else {
        break
      }
      log("dns", "no name server answers; the server was \(address.bytes.printable)", now)
      return connect(to: address, now: now)
    }
    nameNotFound(.noAnswer, now: now)
  }

  /// It belongs to the configuration's server: it says nothing of another one, and proves none.
  private var pinnedAddress: IPv4Address? {
    if trialRun != nil, trial?.concernsServer == true { return nil }
    if let file = plan.commands?.file {
      let configured = try? ServerURL(file.server.url.bytes)
      if configured?.host != plan.server.host { return nil }
    }
    return plan.pinnedAddress
  }

  /// The last resort, where there is one.
  private mutating func nameNotFound(_ failure: NameFailure, now: Instant) {
    guard let address = pinnedAddress else { return fail(.name(failure), now: now) }
    nameFailed = now
    log("dns", "\(failure.text); the pinned address \(address.bytes.printable) is taken", now)
    connect(to: address, now: now)
  }

  /// The module didn't find the name: the next attempt goes to the pinned address.
  mutating func moduleFoundNoName(now: Instant) {
    guard case .name = plan.server.host, pinnedAddress != nil else { return }
    nameFailed = now
    log("dns", "the module doesn't find the server's name; the pinned address is taken", now)
  }

  private mutating func connect(to address: IPv4Address, now: Instant) {
    cycle = .connecting
    drive(.connect(plan.target(at: .ipv4(address)), allowance(now: now)), now: now)
  }

  /// The server wasn't reached: it may have moved.
  mutating func doubtAddress() {
    nameFailed = nil
    if case .name(let name) = plan.server.host { addresses.doubt(name) }
  }
}

extension [DNSAddress] {
  /// Modules are given IPv4 addresses only.
  fileprivate var firstIPv4: IPv4Address? {
    for case .ipv4(let address) in self { return address }
    return nil
  }
}
