import Primitives

/// What may be changed from afar.
public enum RemoteSetting: UInt8, CaseIterable, Sendable {
  case apn, user, password, authentication, roaming, chosenOperator, blockedOperators, rats
  case dns, privateAddresses, powerSaving, periodicTAU, activeTime, edrx, rest
  case server, interval, senders, window, windowInterval
  /// The device's key, which is in no configuration: the vault has it.
  case key

  /// How a command names it.
  public var name: StaticString {
    switch self {
    case .apn: "apn"
    case .user: "user"
    case .password: "password"
    case .authentication: "authentication"
    case .roaming: "roaming"
    case .chosenOperator: "operator"
    case .blockedOperators: "blocked-operators"
    case .rats: "rats"
    case .dns: "dns"
    case .privateAddresses: "private-addresses"
    case .powerSaving: "psm"
    case .periodicTAU: "periodic-tau"
    case .activeTime: "active-time"
    case .edrx: "edrx"
    case .rest: "rest"
    case .server: "server"
    case .interval: "interval"
    case .senders: "senders"
    case .window: "window"
    case .windowInterval: "window-interval"
    case .key: "key"
    }
  }

  /// Its row in `SettingTable`; nil for the key.
  public var setting: Setting? {
    let section: SettingSection
    switch self {
    case .server: return SettingTable.setting(.server, Array("url"))
    case .interval: section = .report
    case .senders, .window, .windowInterval: section = .sms
    case .key: return nil
    default: section = .network
    }
    return SettingTable.setting(section, Array(name))
  }

  /// `network.apn`; of the key, `key`.
  public var path: [UInt8] {
    guard let setting else { return Array(name) }
    return Array(setting.section.name) + Array(".") + Array(setting.key)
  }

  /// Whether its value is never told.
  public var isSecret: Bool { setting?.isSecret ?? true }

  /// Whether a wrong value can cut the device off, so that it must be tried first.
  public var needsTrial: Bool {
    switch self {
    case .powerSaving, .periodicTAU, .activeTime, .edrx, .rest, .interval: false
    default: true
    }
  }

  /// What shows that a new value works.
  public var proof: Proof {
    switch self {
    case .key, .senders, .window, .windowInterval: .command
    default: .report
    }
  }

  public enum Proof: Equatable, Sendable {
    /// A report that was confirmed through the new values, after a cold start.
    case report
    /// A command that came in under the new values.
    case command
  }

  /// Those that this version has.
  static var available: [RemoteSetting] { allCases.filter { $0 == .key || $0.setting != nil } }

  static func named(_ word: [UInt8]) -> RemoteSetting? { available.first { word.equals($0.name) } }

  static var words: [[UInt8]] { available.map { Array($0.name) } }
}

/// A setting's other value, checked by its row in the table.
public struct SettingChange: Equatable, Sendable {
  public let setting: RemoteSetting
  /// In the configuration's own text; empty where an optional setting is to be taken out. The key's
  /// is hexadecimal.
  public let value: [UInt8]

  public init(_ setting: RemoteSetting, _ value: [UInt8]) throws(ValueProblem) {
    self.setting = setting
    if setting == .key {
      do throws(DeviceKeyFault) {
        self.value = try DeviceKey(value).bytes.hex
      } catch {
        throw .deviceKey
      }
      return
    }
    guard let row = setting.setting else { throw .empty }
    if value.isEmpty, row.isOptional {
      self.value = []
      return
    }
    var draft = SettingDraft.blank
    try row.store(value, &draft)
    self.value = row.show(draft) ?? value
  }

  /// `apn=em`; a secret's value isn't shown.
  public var shown: [UInt8] {
    let value = setting.isSecret && !value.isEmpty ? Array("***") : value
    return Array(setting.name) + Array("=") + value.withCommas
  }
}

extension Configuration {
  /// A setting's value in its own text; nil where it isn't set, or is a secret.
  public func value(of setting: RemoteSetting) -> [UInt8]? {
    setting.isSecret ? nil : setting.setting?.show(SettingDraft(over: self))
  }

  /// The configuration with the changes, the key's left out.
  ///
  /// - Throws: what doesn't go together. Then none of them holds.
  public func changed(by changes: [SettingChange]) throws(ConfigurationError) -> Configuration {
    var reading = ConfigurationReading(over: self)
    for change in changes where change.setting != .key {
      guard let setting = change.setting.setting else { continue }
      reading.apply(setting, change.value)
    }
    reading.check()
    if let error = reading.error { throw error }
    return reading.draft.whole
  }
}

extension [UInt8] {
  /// A list's blanks as commas: so a value is one word of a command.
  var withCommas: [UInt8] { map { $0 == 0x20 ? UInt8(ascii: ",") : $0 } }
}
