import Primitives

/// A setting that was changed from afar, as it stands in the vault: its place in `SettingTable`, and its
/// value in the configuration's own text.
public struct HeldSetting: Equatable, Sendable {
  /// `network.apn`.
  public var path: [UInt8]
  public var value: [UInt8]

  public init(path: [UInt8], value: [UInt8]) {
    self.path = path
    self.value = value
  }

  /// Its row; nil for one that this version doesn't have.
  var setting: Setting? {
    guard let dot = path.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let (section, key) = (path[..<dot], path[(dot + 1)...])
    return SettingTable.all.first { section.equals($0.section.name) && key.equals($0.key) }
  }

  /// `network.apn = em`; a secret isn't shown.
  public var shown: [UInt8] {
    path + Array(" = ") + (setting?.isSecret == false ? value : Array("(not shown)"))
  }
}

/// Changed settings in the vault.
public enum HeldSettings {
  private static let version: UInt8 = 1

  /// - Returns: nil for what can't be read, which counts as lost.
  public static func settings(kept bytes: [UInt8]) -> [HeldSetting]? {
    guard bytes.first == version else { return nil }
    return list(bytes.dropFirst())
  }

  public static func kept(_ settings: [HeldSetting]) -> [UInt8] { [version] + bytes(settings) }

  /// Each with a byte for the length in front of path and value.
  static func bytes(_ settings: [HeldSetting]) -> [UInt8] {
    settings.flatMap {
      [UInt8($0.path.count)] + $0.path + [UInt8($0.value.count)] + $0.value
    }
  }

  static func list(_ bytes: ArraySlice<UInt8>) -> [HeldSetting]? {
    var rest = bytes
    var settings: [HeldSetting] = []
    while !rest.isEmpty {
      guard let path = take(&rest), let value = take(&rest) else { return nil }
      settings.append(HeldSetting(path: path, value: value))
    }
    return settings
  }

  private static func take(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard let count = rest.popFirst(), rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return Array(rest.prefix(Int(count)))
  }

  /// A later value of a setting takes the place of an earlier one.
  public static func merged(_ old: [HeldSetting], _ new: [HeldSetting]) -> [HeldSetting] {
    var merged = old
    for setting in new {
      merged.removeAll { $0.path == setting.path }
      merged.append(setting)
    }
    return merged
  }
}

extension Configuration {
  /// The configuration with other values on top.
  ///
  /// - Throws: when a value is refused, or doesn't go together with the rest. Then none holds.
  public func applying(_ settings: [HeldSetting]) throws(ConfigurationError) -> Configuration {
    if settings.isEmpty { return self }
    var reading = ConfigurationReading(over: self)
    for setting in settings { reading.apply(setting) }
    reading.check()
    if let error = reading.error { throw error }
    return reading.draft.whole
  }
}

extension Configuration {
  /// One setting as it holds: `network.apn = em`.
  public func shown(at path: [UInt8]) -> [UInt8] {
    guard let setting = HeldSetting(path: path, value: []).setting else { return path }
    let draft = SettingDraft(whole: self, sensor: SettingDraft.blank.sensor)
    return HeldSetting(path: path, value: setting.show(draft) ?? Array("(not set)")).shown
  }
}

extension ConfigurationError {
  /// What is wrong with the first value, short enough for one SMS; no secret is in it.
  public var shortReason: [UInt8] {
    let problem = problems[0]
    let text = "refused: \(problem.key.printable) \(problem.what); nothing was changed"
    return Array(text.utf8.prefix(160))
  }
}
