import Primitives

/// Changed settings as they stand in the vault: each by the name that messages use for it, which no
/// later version takes for another.
public enum HeldSettings {
  private static let version: UInt8 = 1

  /// A setting that this version doesn't know, or whose value it refuses, is left out; the others hold.
  ///
  /// - Returns: nil for what can't be read, which counts as lost.
  public static func settings(kept bytes: [UInt8]) -> [SettingChange]? {
    guard bytes.first == version else { return nil }
    return entries(bytes.dropFirst())?.compactMap { $0 }
  }

  /// How many of them are left out.
  public static func unreadable(kept bytes: [UInt8]) -> Int {
    guard bytes.first == version else { return 0 }
    return entries(bytes.dropFirst())?.count { $0 == nil } ?? 0
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

  /// - Returns: nil where one of them can't be read.
  static func list(_ bytes: ArraySlice<UInt8>) -> [SettingChange]? {
    guard let entries = entries(bytes) else { return nil }
    let settings = entries.compactMap { $0 }
    return settings.count == entries.count ? settings : nil
  }

  /// Each with nil in the place of one that can't be understood; nil where they end in the middle of one.
  private static func entries(_ bytes: ArraySlice<UInt8>) -> [SettingChange?]? {
    var rest = bytes
    var entries: [SettingChange?] = []
    while !rest.isEmpty {
      guard let name = take(&rest), let value = take(&rest) else { return nil }
      entries.append(change(named: name, value))
    }
    return entries
  }

  private static func change(named name: [UInt8], _ value: [UInt8]) -> SettingChange? {
    guard let setting = RemoteSetting.named(name) else { return nil }
    do throws(ValueProblem) {
      return try SettingChange(setting, value)
    } catch {
      return nil
    }
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
