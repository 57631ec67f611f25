import Primitives

/// Which port of this machine stands for each server that the device names.
///
/// What isn't in the table isn't reachable: the bench sends no packet to another machine.
struct SocketMap: Equatable, Sendable {
  /// One rule: a server's name or address, with one of its ports or with all of them.
  struct Rule: Equatable, Sendable {
    var host: NetworkHost
    var port: UInt16?
    var localPort: UInt16
  }

  /// Rules at most; a test bench with more is a mistake.
  static let limit = 64

  private(set) var rules: [Rule] = []

  /// Adds a rule. The first that fits is taken.
  mutating func add(_ rule: Rule) throws(BenchError) {
    guard rules.count < Self.limit else {
      throw .usage("more than \(Self.limit) servers are mapped")
    }
    rules.append(rule)
  }

  /// Adds, for every rule that goes by a name, the address that the network's name servers give.
  mutating func addAddresses() throws(BenchError) {
    for (index, rule) in rules.enumerated() {
      guard case .name = rule.host else { continue }
      try add(
        Rule(host: .ipv4(ModemSetup.address(index)), port: rule.port, localPort: rule.localPort))
    }
  }

  /// Reads `NAME=127.0.0.1:PORT` or `NAME:PORT=127.0.0.1:PORT`; NAME may be an IPv4 address.
  mutating func add(text: String) throws(BenchError) {
    let sides = Array(text.utf8).split(
      separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
    guard sides.count == 2, let (name, port) = Self.hostAndPort(Array(sides[0])),
      let (local, localPort) = Self.hostAndPort(Array(sides[1])), let localPort
    else { throw .usage("--map \(text): write NAME=127.0.0.1:PORT or NAME:PORT=127.0.0.1:PORT") }
    guard local == .ipv4(IPv4Address(127, 0, 0, 1)) else {
      throw .usage("--map \(text): only 127.0.0.1 may stand for a server")
    }
    try add(Rule(host: name, port: port, localPort: localPort))
  }

  /// The port on 127.0.0.1 that stands for a server, or nil when none does.
  func localPort(host: [UInt8], port: UInt16) -> UInt16? {
    guard let host = NetworkHost(host) else { return nil }
    return rules.first { $0.host == host && ($0.port ?? port) == port }?.localPort
  }

  private static func hostAndPort(_ text: [UInt8]) -> (NetworkHost, UInt16?)? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else {
      guard let host = NetworkHost(text) else { return nil }
      return (host, nil)
    }
    guard let host = NetworkHost(Array(text[..<colon])),
      let number = text[(colon + 1)...].asciiWholeNumber, let port = UInt16(exactly: number),
      port > 0
    else { return nil }
    return (host, port)
  }
}
