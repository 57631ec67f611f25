import Primitives

/// Godwit's own commands: `get KEY…`, `set KEY=VALUE …`, `status`, `report now`, `reboot`, `rollback`,
/// `factory-reset`. One a message. A value with blanks, like a list, goes on until the next `KEY=`.
public enum OwnCommands {
  /// Settings in one message.
  static let settingLimit = 8

  public static func parse(_ text: [UInt8]) throws(RemoteRefusal) -> RemoteAction {
    let words = text.split(separator: UInt8(ascii: " ")).map { Array($0) }
    guard let first = words.first else { throw .unknownCommand }
    let rest = Array(words.dropFirst())
    if first.equals("get") { return .get(try names(rest)) }
    if first.equals("set") { return .set(try changes(rest)) }
    for (command, action) in plain where Array(words.joined(separator: [0x20])).equals(command) {
      return action
    }
    throw .unknownCommand
  }

  private static let plain: [(StaticString, RemoteAction)] = [
    ("status", .status), ("report now", .report), ("reboot", .reboot), ("rollback", .rollback),
    ("factory-reset", .factoryReset),
  ]

  private static func names(_ words: [[UInt8]]) throws(RemoteRefusal) -> [RemoteSetting] {
    guard (1...settingLimit).contains(words.count) else { throw .unknownCommand }
    var settings: [RemoteSetting] = []
    for word in words { settings.append(try setting(word)) }
    return settings
  }

  private static func changes(_ words: [[UInt8]]) throws(RemoteRefusal) -> [SettingChange] {
    var changes: [SettingChange] = []
    for word in words {
      if let equals = word.firstIndex(of: UInt8(ascii: "=")),
        let setting = RemoteSetting(name: Array(word[..<equals]))
      {
        if changes.contains(where: { $0.setting == setting }) {
          throw .value(setting, .repeated(Array(setting.name)))
        }
        changes.append(SettingChange(setting, Array(word[(equals + 1)...])))
      } else if let last = changes.indices.last, !changes[last].value.isEmpty {
        changes[last].value += [UInt8(ascii: " ")] + word
      } else {
        throw .unknownSetting(Array(word.prefix { $0 != UInt8(ascii: "=") }))
      }
    }
    guard (1...settingLimit).contains(changes.count) else { throw .unknownCommand }
    return changes
  }

  private static func setting(_ word: [UInt8]) throws(RemoteRefusal) -> RemoteSetting {
    guard let setting = RemoteSetting(name: word) else { throw .unknownSetting(word) }
    return setting
  }
}
