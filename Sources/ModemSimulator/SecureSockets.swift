import Primitives

/// What a module asks of a server before it takes a TLS connection for good.
///
/// The encryption itself isn't played: after the handshake the plain bytes go through the same
/// effects as TCP's.
struct TLSDemand: Equatable, Sendable {
  enum Trust: Equatable, Sendable {
    /// Any certificate will do.
    case everyone
    /// The settings name a certificate, or ought to, that the module hasn't.
    case missing
    /// The server's certificate must be signed by one of these.
    case authorities([[UInt8]])
  }

  var trust = Trust.everyone
  /// The module's clock must lie within the certificate's validity.
  var checksDates = false
  /// A name that the certificate must be for.
  var expectedName: [UInt8]?
  /// Servers refuse what is older than TLS 1.2 (RFC 8996).
  var reachesVersion12 = true
  /// The handshake must be over within so long.
  var limit = Duration.seconds(120)
}

/// Why a handshake failed, for families that tell.
enum TLSRefusal: Equatable, Sendable {
  case missingCertificate, oldVersion, untrusted, outdated, wrongName
}

/// What a handshake costs beyond the TCP connection.
enum TLSHandshake {
  /// TLS 1.2 without resumption (RFC 5246 §7.3).
  static let roundTrips = 2
  /// The server's certificates and key exchange, and the module's answers, in bytes.
  static let bytesDown = 5000
  static let bytesUp = 1000
  /// What one grant of the network carries (assumed): each takes a datagram's time.
  static let bytesPerGrant = 1000
}

/// Settings of TLS contexts, by number and key, as text; each family says how long they last.
struct TLSSettings: Sendable {
  private var values: [Int: [ConfigurationValue]] = [:]

  subscript(context: Int, key: StaticString) -> [UInt8]? {
    get { values[context]?.first { $0.key == Array(key) }?.value }
    set {
      values[context]?.removeAll { $0.key == Array(key) }
      guard let newValue else { return }
      values[context, default: []].append(ConfigurationValue(key: Array(key), value: newValue))
    }
  }

  func number(_ context: Int, _ key: StaticString, otherwise: Int) -> Int {
    self[context, key]?.asciiWholeNumber.map { Int($0) } ?? otherwise
  }

  mutating func reset(_ context: Int) { values[context] = nil }
}

extension SimulatedModem {
  /// The trust in one stored certificate; an empty name is none.
  func trust(in name: [UInt8]) -> TLSDemand.Trust {
    !name.isEmpty && stored.certificates.contains(name) ? .authorities([name]) : .missing
  }

  /// The trust in whatever is stored, for families that don't name it.
  var trustInStored: TLSDemand.Trust {
    stored.certificates.isEmpty ? .missing : .authorities(stored.certificates)
  }

  /// The TCP connection is there.
  mutating func beginHandshake(_ id: SocketID) {
    agenda.cancel(.socket(.timedOut(id)))
    schedule(.socket(.timedOut(id)), after: sockets[id]?.security?.limit ?? .seconds(120))
    request(.handshake(id))
  }

  /// How long a handshake takes, and how much of that the transmitter is on.
  mutating func handshakeTime() -> (total: Duration, onAir: Duration) {
    let grantsUp = TLSHandshake.roundTrips + TLSHandshake.bytesUp / TLSHandshake.bytesPerGrant
    let grantsDown = TLSHandshake.roundTrips + TLSHandshake.bytesDown / TLSHandshake.bytesPerGrant
    var (up, down) = (Duration.zero, Duration.zero)
    for _ in 0..<grantsUp { up += sample(network.timing.uplink) }
    for _ in 0..<grantsDown { down += sample(network.timing.downlink) }
    return (up + down, up)
  }

  /// A refusal closes the connection and is told as a connection that failed.
  mutating func endHandshake(_ id: SocketID) {
    guard let socket = sockets[id], socket.phase == .opening, socket.isReal else { return }
    if let refusal = refusal(of: socket.security ?? TLSDemand()) {
      sockets[id]?.refusal = refusal
      return openFailed(id, .connectFailed)
    }
    perform(SocketEvent.established(id))
  }

  /// A certificate that isn't there is noticed before anything goes over the air.
  mutating func lacksCertificate(_ id: SocketID) -> Bool {
    guard sockets[id]?.security?.trust == .missing else { return false }
    sockets[id]?.refusal = .missingCertificate
    schedule(
      .socket(.result(id, .connectFailed)), after: sample(.milliseconds(10) ... .milliseconds(80)))
    return true
  }

  private func refusal(of demand: TLSDemand) -> TLSRefusal? {
    if !demand.reachesVersion12 { return .oldVersion }
    switch (demand.trust, network.serverCertificate) {
    case (.everyone, _): break
    case (.missing, _): return .missingCertificate
    case (.authorities, .selfSigned): return .untrusted
    case (.authorities(let stored), .trusted(let names)):
      if !stored.contains(where: { names.contains($0) }) { return .untrusted }
    }
    if demand.checksDates, let validity = network.serverValidity, !validity.contains(localTime) {
      return .outdated
    }
    if let name = demand.expectedName, let names = network.serverNames,
      !names.contains(where: { $0.lowercased == name.lowercased })
    {
      return .wrongName
    }
    return nil
  }
}
