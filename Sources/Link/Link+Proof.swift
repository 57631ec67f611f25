import AT
import Modems
import Primitives

/// Stored settings, by their index, that reading them proves nothing about.
struct UnprovenSettings: Sendable {
  /// The module has refused them for good.
  var refused: [Int] = []
  /// It has taken them, and doesn't show them, or not in full.
  var unshown: [Int] = []
}

/// Whether the module holds what it should, which whoever changes its settings from afar has to know.
extension Link {
  /// Whether the module has been started from off, and showed its stored settings to be as they should
  /// before any was written since. What it refuses for good was never in it, and what it doesn't show
  /// was written twice: neither would be any better after another start.
  public var hasStartedColdAsSet: Bool {
    guard startedAt != nil, !hasWrittenSinceOff, let differing = modem.differing else {
      return false
    }
    return differing.allSatisfy { isExcused($0) }
  }

  private func isExcused(_ index: Int) -> Bool {
    unproven.refused.contains(index)
      || unproven.unshown.contains(index) && modem.unshown.contains(index)
  }

  /// The wishes were others when the module was set up last, and nobody knows which: what it doesn't
  /// show is written once.
  public mutating func doubtUnshown() {
    isFormerUnknown = true
    isNetworkNew = true
  }

  mutating func compareSettings(_ batch: Batch) {
    modem.unshown = []
    for (index, setting) in storedSettings.enumerated() {
      let isWrong = setting.isWanted(network) && setting.isRight(batch.lines, network) == false
      guard isWrong || isOwed(index) else { continue }
      modem.wrongSettings.append(index)
      if isHidden(setting, in: batch) { modem.unshown.append(index) }
    }
    modem.differing = modem.wrongSettings
  }

  /// No answer where there may be none says nothing of a setting that isn't shown in full.
  private func isHidden(_ setting: StoredSetting, in batch: Batch) -> Bool {
    if batch.refused.contains(setting.read.line) { return true }
    return !setting.isShown
      && !batch.lines.contains { line in setting.read.answers.contains { $0.matches(line) } }
  }

  /// Whether it is written although it looks right: the module may hold another value where it doesn't
  /// show all of it.
  private func isOwed(_ index: Int) -> Bool {
    let setting = storedSettings[index]
    if setting.isShown || unproven.unshown.contains(index) { return false }
    return isChanged(setting) || isFormerUnknown && network.accessPoint != nil
  }

  /// Whether it is to be something else than before.
  private func isChanged(_ setting: StoredSetting) -> Bool {
    guard let former = settings.formerNetwork else { return false }
    let isWanted = setting.isWanted(network)
    if setting.isWanted(former) != isWanted { return true }
    return isWanted
      && setting.writes(former).map { $0.line } != setting.writes(network).map { $0.line }
  }

  /// Such a start is as good as one from off.
  mutating func startsAnew(now: Instant) -> Bool {
    guard allowance.provesSettings, modem.isWarm, let exchange = module.restart else {
      return false
    }
    allowance.provesSettings = false
    guard mayStartRadio(isReset: true) else { return false }
    hasWrittenSinceOff = false
    begin(exchange, .restart, now: now)
    return true
  }

  // MARK: - Writes

  /// Whatever comes of it. The storage for messages proves nothing: some modules forget it with each
  /// start.
  mutating func noteWriting(_ index: Int) {
    if index < module.settings.count, !isExcused(index) { hasWrittenSinceOff = true }
  }

  mutating func noteWritten(_ index: Int) {
    if unproven.refused.contains(index) {
      unproven.refused.removeAll { $0 == index }
      hasWrittenSinceOff = true
    }
    if modem.unshown.contains(index) || !storedSettings[index].isShown,
      !unproven.unshown.contains(index)
    {
      unproven.unshown.append(index)
    }
  }

  /// For good, after all rounds. A setting that was changed is wanted: it stays unproven.
  mutating func noteRefused(_ index: Int) {
    guard !isChanged(storedSettings[index]), !unproven.refused.contains(index) else { return }
    unproven.refused.append(index)
  }
}
