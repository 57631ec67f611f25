import Primitives

/// Changed settings as they stand in the vault: each by the name that messages use for it, which no
/// later version takes for another.
public enum HeldSettings {
  private static let version: UInt8 = 1

  /// - Returns: nil for what can't be read, which counts as lost.
  public static func settings(kept bytes: [UInt8]) -> [SettingChange]? {
    guard bytes.first == version else { return nil }
    return list(bytes.dropFirst())
  }

  /// - Returns: nil for a value longer than a message can have.
  public static func kept(_ settings: [SettingChange]) -> [UInt8]? {
    bytes(settings).map { [version] + $0 }
  }

  /// Each with a byte for the length in front of name and value.
  static func bytes(_ settings: [SettingChange]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for one in settings {
      guard let count = UInt8(exactly: one.value.count) else { return nil }
      let name = Array(one.setting.name)
      bytes += [UInt8(name.count)] + name + [count] + one.value
    }
    return bytes
  }

  static func list(_ bytes: ArraySlice<UInt8>) -> [SettingChange]? {
    var rest = bytes
    var settings: [SettingChange] = []
    while !rest.isEmpty {
      guard let name = take(&rest), let value = take(&rest) else { return nil }
      guard let setting = RemoteSetting.named(name) else { return nil }
      do throws(ValueProblem) {
        settings.append(try SettingChange(setting, value))
      } catch {
        return nil
      }
    }
    return settings
  }

  static func take(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard let count = rest.popFirst(), rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return Array(rest.prefix(Int(count)))
  }

  /// A later value of a setting takes the place of an earlier one.
  public static func merged(
    _ old: [SettingChange], _ new: [SettingChange]
  ) -> [SettingChange] {
    var merged = old
    for change in new {
      merged.removeAll { $0.setting == change.setting }
      merged.append(change)
    }
    return merged
  }

  /// The settings whose value is another one in `new` than in `old`, or is in one of them only.
  public static func differing(
    _ old: [SettingChange], _ new: [SettingChange]
  ) -> [RemoteSetting] {
    RemoteSetting.allCases.filter { setting in
      old.first { $0.setting == setting } != new.first { $0.setting == setting }
    }
  }
}
