import Primitives

/// What may be changed from afar, under the name that a message uses for it. Each is a row of the
/// setting table, which says what a value must look like.
public enum RemoteSetting: UInt8, CaseIterable, Sendable {
  case apn, user, password, authentication, roaming, rats, dns
  case server, interval
  case window

  /// As it stands in `get` and `set`.
  public var name: StaticString {
    switch self {
    case .apn: "apn"
    case .user: "user"
    case .password: "password"
    case .authentication: "authentication"
    case .roaming: "roaming"
    case .rats: "rats"
    case .dns: "dns"
    case .server: "server"
    case .interval: "interval"
    case .window: "window"
    }
  }

  var section: SettingSection {
    switch self {
    case .apn, .user, .password, .authentication, .roaming, .rats, .dns: .network
    case .server: .server
    case .interval: .report
    case .window: .sms
    }
  }

  var key: StaticString { self == .server ? "url" : name }

  /// Whether a wrong value could cut the device off: then it is tried before it is kept.
  public var needsTrial: Bool { self != .interval }

  /// What shows that a new value works.
  public var proof: Proof {
    switch self {
    case .window: .command
    default: .report
    }
  }

  public enum Proof: Equatable, Sendable {
    /// A report that was confirmed through the new values, after a cold start.
    case report
    /// A command that came in under the new values.
    case command
  }

  /// - Returns: nil for a name that no setting has.
  public init?(name: [UInt8]) {
    guard let found = Self.allCases.first(where: { name.equals($0.name) }) else { return nil }
    self = found
  }

  var row: Setting? {
    SettingTable.all.first { $0.section == section && Array($0.key) == Array(key) }
  }
}

/// One setting and its new value, in the configuration's own text form.
public struct SettingChange: Equatable, Sendable {
  public var setting: RemoteSetting
  public var value: [UInt8]

  public init(_ setting: RemoteSetting, _ value: [UInt8]) {
    self.setting = setting
    self.value = value
  }
}
