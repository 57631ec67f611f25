import Link
import Modems
import Primitives
import Testing

@testable import ModemSimulator

/// The proof of a `yes` to TLS: a server is trusted for a stored certificate, and not without.
extension FamilyProofTests {
  func secure(_ profile: ModuleProfile) throws {
    let form = try #require(profile.secureSocket?.security?.certificates)
    guard let name = Self.certificate(form) else { return try unchecked(profile) }
    let trust = TLSTrust.certificate(try #require(CertificateName(name)))

    // By its address and by its name, bytes go both ways; nothing of them is taken for text.
    for host in [NetworkHost.ipv4(FamilyBench.address), .name(try #require(Self.name))] {
      var bench = try secureBench(profile, name)
      try goesOnline(&bench, host, .tls(trust))
      try exchanges(&bench)
      // And again after a rest, which may have forgotten all that was set.
      _ = bench.rests(after: .release)
      try goesOnline(&bench, host, .tls(trust))
      try echoes(&bench, Array("again".utf8))
    }

    // Another's certificate, one that isn't stored, and one for somebody else.
    try fails(profile, trust, by: try secureBench(profile, name) { $0.0 = .selfSigned })
    try fails(
      profile, trust,
      by: try secureBench(profile, name) { $0.0 = .trusted(by: [Array("other".utf8)]) })
    try fails(profile, trust, by: try secureBench(profile, name) { $0.1 = [] })
    if !isBlindToNames(profile) {
      try fails(
        profile, trust, by: try secureBench(profile, name) { $0.2 = [Array("other.desk".utf8)] })
    }
    try anyone(profile, name)
  }

  /// Families of which the table says that they don't, or not all, compare the server's name.
  private func isBlindToNames(_ profile: ModuleProfile) -> Bool {
    profile.notes.contains { $0.feature == .tls && "\($0.text)".contains("server's name") }
  }

  /// Whoever trusts nobody in particular takes any certificate.
  private func anyone(_ profile: ModuleProfile, _ name: [UInt8]) throws {
    var bench = try secureBench(profile, name) { $0 = (.selfSigned, [], nil) }
    try goesOnline(&bench, .ipv4(FamilyBench.address), .tls(.nobody))
    try exchanges(&bench)
  }

  /// A family that checks nothing says so when a certificate is wanted, before it says anything.
  private func unchecked(_ profile: ModuleProfile) throws {
    var bench = try secureBench(profile, Array("1".utf8))
    let trust = TLSTrust.certificate(try #require(CertificateName(Array("1".utf8))))
    let isOnline = bench.goesOnline(.ipv4(FamilyBench.address), .tls(trust))
    #expect(!isOnline)
    #expect(bench.failure == .trustUnsupported)
    #expect(bench.opened.isEmpty)
    try anyone(profile, Array("1".utf8))
  }

  private func exchanges(_ bench: inout FamilyBench) throws {
    for text in ["\r\nOK\r\n", "\r\nERROR\r\n> ", "+CEREG: 0\r\n", "\u{1A}\u{1B}+++ATH\r"] {
      try echoes(&bench, Array(text.utf8))
    }
    try echoes(&bench, (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    #expect(bench.opened.last?.transport == .tls)
    #expect(bench.modem.counters.violations.total == 0)
  }

  private func fails(
    _ profile: ModuleProfile, _ trust: TLSTrust, by bench: consuming FamilyBench
  ) throws {
    var bench = bench
    let isOnline = bench.goesOnline(.name(try #require(Self.name)), .tls(trust))
    #expect(!isOnline, "\(bench.story)")
    switch bench.failure {
    case .serverUntrusted, .secureSocketRefused, .certificateRefused: break
    default: Issue.record("\(bench.story)")
    }
    #expect(!bench.events.contains(.online))
  }

  /// What a server shows, which certificates the module stores, and which names the server has.
  private typealias Trusted = (SimulatedNetwork.ServerCertificate, [[UInt8]], [[UInt8]]?)

  private func secureBench(
    _ profile: ModuleProfile, _ name: [UInt8], change: (inout Trusted) -> Void = { _ in }
  ) throws -> FamilyBench {
    var trusted: Trusted = (.trusted(by: [name]), [name], [Array("collector.desk".utf8)])
    change(&trusted)
    return try bench(profile) {
      $0.network.serverCertificate = trusted.0
      $0.stored.certificates = trusted.1
      $0.network.serverNames = trusted.2
    }
  }

  /// A name that the family can take; nil where it takes none.
  private static func certificate(_ form: CertificateForm) -> [UInt8]? {
    switch form {
    case .none: nil
    case .name: Array("ca.pem".utf8)
    case .slot(let slots): Array("\(slots.upperBound)".utf8)
    }
  }
}
