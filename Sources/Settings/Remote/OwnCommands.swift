import Primitives

/// Godwit's own commands: `get [KEY …]`, `set KEY=VALUE …`, `status`, `report now`, `reboot`,
/// `rollback` and `factory-reset`. Words have blanks between; a list's items have commas; an empty
/// value takes an optional setting out. Case counts but for the command's own word, which phones
/// like to begin with a capital.
public enum OwnCommands {
  static let verbs: [[UInt8]] = [
    Array("get"), Array("set"), Array("status"), Array("report now"), Array("reboot"),
    Array("rollback"), Array("factory-reset"),
  ]

  /// What is wrong with a command, for whoever is about to sign it; nil for nothing.
  ///
  /// - Parameter configuration: the device's, which changes must go together with; nil: that is for the
  ///   device to say.
  public static func problem(in text: [UInt8], for configuration: Configuration? = nil) -> String? {
    if let configuration, !configuration.sms.obeysCommands {
      return "its configuration has no commands = on in [sms]"
    }
    do throws(CommandFault) {
      _ = try action(text, configuration ?? ConfigurationReading().draft.whole)
      return nil
    } catch {
      if case .together = error, configuration == nil { return nil }
      return error.text
    }
  }

  static func action(
    _ text: [UInt8], _ configuration: Configuration
  ) throws(CommandFault) -> RemoteAction {
    let words = text.words
    let verb = (words.first ?? []).map { $0.isASCIILetter ? $0 | 0x20 : $0 }
    let rest = Array(words.dropFirst())
    if verb.equals("get") { return .get(try settings(rest)) }
    if verb.equals("set") { return try change(rest, configuration) }
    if verb.equals("report"), rest.first?.equals("now") == true {
      return try alone(.report, "report now", Array(rest.dropFirst()))
    }
    if verb.equals("status") { return try alone(.status, "status", rest) }
    if verb.equals("reboot") { return try alone(.reboot, "reboot", rest) }
    if verb.equals("rollback") { return try alone(.rollback, "rollback", rest) }
    if verb.equals("factory-reset") { return try alone(.factoryReset, "factory-reset", rest) }
    throw .verb(words.first ?? [])
  }

  private static func alone(
    _ action: RemoteAction, _ verb: StaticString, _ rest: [[UInt8]]
  ) throws(CommandFault) -> RemoteAction {
    if !rest.isEmpty { throw .surplus(verb) }
    return action
  }

  /// None named: all that may be told.
  static func settings(_ words: [[UInt8]]) throws(CommandFault) -> [RemoteSetting] {
    if words.isEmpty { return RemoteSetting.available.filter { !$0.isSecret } }
    var list: [RemoteSetting] = []
    for word in words {
      guard let setting = RemoteSetting.named(word) else { throw .setting(word) }
      if list.contains(setting) { throw .twice(setting) }
      if setting.isSecret { throw .secret(setting) }
      list.append(setting)
    }
    return list
  }

  private static func change(
    _ words: [[UInt8]], _ configuration: Configuration
  ) throws(CommandFault) -> RemoteAction {
    if words.isEmpty { throw .noSettings }
    var wish = SettingWish(configuration)
    for word in words {
      guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else { throw .noValue(word) }
      let name = Array(word[..<equals])
      guard let setting = RemoteSetting.named(name) else { throw .setting(name) }
      var value = Array(word[(equals + 1)...])
      // Credentials have no blanks, and may have commas.
      if !setting.isSecret, setting != .user {
        value = value.map { $0 == UInt8(ascii: ",") ? 0x20 : $0 }
      }
      try wish.set(setting, value)
    }
    return try wish.action()
  }
}

/// The changes that one message asks for, checked one by one and then together.
struct SettingWish {
  private let configuration: Configuration
  private var changes: [SettingChange] = []

  init(_ configuration: Configuration) { self.configuration = configuration }

  mutating func set(_ setting: RemoteSetting, _ value: [UInt8]) throws(CommandFault) {
    if changes.contains(where: { $0.setting == setting }) { throw .twice(setting) }
    if setting != .key, setting.setting == nil { throw .setting(Array(setting.name)) }
    do throws(ValueProblem) {
      changes.append(try SettingChange(setting, value))
    } catch {
      throw .value(setting, shown: setting.isSecret ? nil : value, error)
    }
  }

  func has(_ setting: RemoteSetting) -> Bool { changes.contains { $0.setting == setting } }

  /// What differs from what holds.
  func action() throws(CommandFault) -> RemoteAction {
    if has(.key), changes.count > 1 { throw .keyAlone }
    let others = changes.filter { ($0.setting == .key || holding($0.setting) != $0.value) }
    do throws(ConfigurationError) {
      _ = try configuration.changed(by: others)
    } catch {
      throw .together(error.problems[0])
    }
    return others.isEmpty ? .nothing : .set(others)
  }

  /// As it holds, secrets too.
  private func holding(_ setting: RemoteSetting) -> [UInt8] {
    setting.setting?.show(SettingDraft(over: configuration)) ?? []
  }
}
