import Primitives

/// One look-up at the configured servers, over a UDP socket. Performs no IO and reads no clock.
///
/// Each server is asked in turn, each question under a new random number, so that an answer to an
/// earlier one counts for nothing.
public struct DNSLookup: Sendable {
  public enum Input: Equatable, Sendable {
    case start
    /// The question has gone out: its time runs from here.
    case sent
    case received([UInt8])
    case deadline
  }

  public enum Effect: Equatable, Sendable {
    /// Send to that server's `port`, from a port that the module chooses; say `.sent` then.
    case ask(server: IPv4Address, [UInt8])
    /// The last effect.
    case finished(Outcome)
  }

  public enum Outcome: Equatable, Sendable {
    /// Only addresses that the rule allows, at least one.
    case found(DNSAnswer)
    /// A server said that the name or its address doesn't exist.
    case noSuchName
    /// What servers gave isn't allowed: the first such address.
    case forbidden(DNSAddress)
    /// No server gave a usable answer.
    case failed
  }

  public static let port: UInt16 = 53
  /// From a question to the next; a mobile network's round trip takes up to some seconds.
  public static let timeout = Duration.seconds(5)
  /// Rounds over all servers.
  public static let rounds = 2
  /// Servers that are asked.
  public static let serverLimit = 3
  /// Datagrams that aren't the answer, per question: more are an attempt to guess it.
  public static let foreignLimit = 8

  private let name: HostName
  private let type: DNSRecordType
  private let servers: [IPv4Address]
  private let rule: AddressRule
  private var random: SeededRandom
  private var asked = 0
  private var query: DNSQuery?
  private var foreign = 0
  public private(set) var deadline: Instant?

  /// - Parameter seed: from the kernel's random source.
  public init(
    _ name: HostName, type: DNSRecordType = .a, servers: [IPv4Address], rule: AddressRule,
    seed: UInt64
  ) {
    self.name = name
    self.type = type
    self.servers = Array(servers.prefix(Self.serverLimit))
    self.rule = rule.applied(to: name)
    random = SeededRandom(seed: seed)
  }

  public mutating func handle(_ input: Input, now: Instant) -> [Effect] {
    switch input {
    case .start: return asked == 0 ? ask(now: now) : []
    case .sent:
      if query != nil, deadline == nil { deadline = now + Self.timeout }
      return []
    case .deadline:
      guard let deadline, deadline <= now else { return [] }
      return ask(now: now)
    case .received(let bytes): return query.map { take(bytes, $0, now: now) } ?? []
    }
  }

  private mutating func ask(now: Instant) -> [Effect] {
    guard asked < servers.count * Self.rounds else { return finish(.failed) }
    let question = DNSQuery(
      id: UInt16(truncatingIfNeeded: random.next()), name: name, type: type)
    let server = servers[asked % servers.count]
    asked += 1
    foreign = 0
    query = question
    deadline = nil
    return [.ask(server: server, question.bytes)]
  }

  private mutating func take(_ bytes: [UInt8], _ query: DNSQuery, now: Instant) -> [Effect] {
    do throws(DNSFault) {
      var answer = try DNSResponse.read(bytes, of: query)
      let allowed = answer.addresses.filter { rule.allows($0) }
      guard !allowed.isEmpty else { return finish(.forbidden(answer.addresses[0])) }
      answer.addresses = allowed
      return finish(.found(answer))
    } catch {
      switch error {
      case .foreign:
        foreign += 1
        return foreign > Self.foreignLimit ? ask(now: now) : []
      case .noSuchName, .noAddress: return finish(.noSuchName)
      case .malformed, .truncated, .refused: return ask(now: now)
      }
    }
  }

  private mutating func finish(_ outcome: Outcome) -> [Effect] {
    query = nil
    deadline = nil
    asked = servers.count * Self.rounds
    return [.finished(outcome)]
  }
}
