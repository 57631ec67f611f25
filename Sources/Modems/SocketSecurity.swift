import AT
import Cellular
import Primitives

/// How a module is told whom to trust, before a TLS socket is opened.
public struct SocketSecurity: Sendable {
  /// Which certificates it can check a server against. A trust that it can't express is refused
  /// before anything is sent.
  public var certificates: CertificateForm
  /// Whether it can be told to leave the dates of certificates alone. Then its clock is read first,
  /// and they are left alone only while it isn't set.
  public var asksClock: Bool
  /// The security profile, in order, in front of each opening. Each must end in OK, unless it may
  /// fail: one that may never decides about whom is trusted.
  public var setUp: @Sendable (SecureTarget) -> [Exchange]

  public init(
    _ certificates: CertificateForm, asksClock: Bool = false,
    setUp: @escaping @Sendable (SecureTarget) -> [Exchange]
  ) {
    self.certificates = certificates
    self.asksClock = asksClock
    self.setUp = setUp
  }

  public func allows(_ trust: TLSTrust) -> Bool {
    switch trust {
    case .nobody: true
    case .certificate(let name): certificates.holds(name)
    }
  }
}

/// How a family tells its certificates apart.
public enum CertificateForm: Equatable, Sendable {
  /// It checks none, or nobody knows how: it can trust `nobody` only.
  case none
  case name
  case slot(ClosedRange<Int>)

  public func holds(_ name: CertificateName) -> Bool {
    switch self {
    case .none: false
    case .name: true
    case .slot(let slots): name.slot.map { slots.contains($0) } ?? false
    }
  }
}

/// What a security profile depends on.
public struct SecureTarget: Sendable {
  public var host: NetworkHost
  public var trust: TLSTrust
  /// Whether the module's clock shows a time that can be right.
  public var isClockSet: Bool
  /// Of the data session.
  public var accessPoint: AccessPoint?

  public init(
    host: NetworkHost, trust: TLSTrust, isClockSet: Bool, accessPoint: AccessPoint? = nil
  ) {
    self.host = host
    self.trust = trust
    self.isClockSet = isClockSet
    self.accessPoint = accessPoint
  }

  public var certificate: CertificateName? {
    if case .certificate(let name) = trust { return name }
    return nil
  }

  /// 1 where the server has a name, which can be asked for (SNI, RFC 6066 §3: no address may) and
  /// compared with that of the certificate.
  public var hasName: Int {
    if case .name = host { return 1 }
    return 0
  }

  /// 1 where a certificate's dates can't be told from wrong ones.
  public var ignoresDates: Int { isClockSet ? 0 : 1 }
}

extension OpenStep {
  /// One command, whose OK is followed by `.socketOpened`.
  static func command(
    _ exchange: @autoclosure () -> Exchange, then limit: Duration, _ progress: SocketProgress
  ) -> OpenStep {
    switch progress.step {
    case 0: .run(exchange())
    case 1: .await(limit)
    default: .open
    }
  }
}

extension SocketCommands {
  /// The same, through a security profile.
  func secured(_ security: SocketSecurity) -> SocketCommands {
    var commands = self
    commands.security = security
    return commands
  }
}
