import Primitives

extension Configuration {
  /// The configuration with these settings instead of its own: all of them, or none.
  public func changed(by changes: [SettingChange]) throws(RemoteRefusal) -> Configuration {
    var draft = SettingDraft.blank
    draft.whole = self
    for change in changes {
      guard let row = change.setting.row else { throw .forbidden }
      if change.value.isEmpty, draft.clear(change.setting) { continue }
      do throws(ValueProblem) {
        try row.store(change.value, &draft)
      } catch {
        throw .value(change.setting, error)
      }
    }
    if let fault = ConfigurationReading.contradiction(in: draft) { throw .contradiction(fault) }
    return draft.whole
  }

  /// What holds, as it would be written; nil where nothing is set, and for a secret.
  public func value(of setting: RemoteSetting) -> [UInt8]? {
    guard let row = setting.row, !row.isSecret else { return nil }
    var draft = SettingDraft.blank
    draft.whole = self
    return row.show(draft)
  }
}

extension SettingDraft {
  /// An empty value takes an optional setting back.
  ///
  /// - Returns: false where the setting can't do without a value.
  fileprivate mutating func clear(_ setting: RemoteSetting) -> Bool {
    switch setting {
    case .user: whole.network.user = nil
    case .password: whole.network.password = nil
    case .dns: whole.network.nameServers = []
    default: return false
    }
    return true
  }
}
