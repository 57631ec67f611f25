import Primitives
import Settings

/// What the vault puts on top of the configuration's file, found out once before each agent is made.
public struct HoldingSettings: Equatable, Sendable {
  public var settings: [SettingChange]
  /// Some of them, or the key, are on trial.
  public var isTrial = false
  /// Those before the ones on trial, or those that were tried and have gone: the modem may still have
  /// something of them. nil: no others.
  public var former: [SettingChange]?

  /// A trial that was armed begins, and is marked as begun before anything of it holds; one that has
  /// begun already is undone, since the process, or the board, has come down over it; one that was
  /// kept is put with the others, which the power may have kept it from.
  public init<S: Store & ~Copyable>(takingFrom store: inout S) {
    let old = Self.settings(in: &store)
    settings = old
    guard var trial = Self.value(.trial, in: &store).flatMap({ Trial(kept: $0) }) else { return }
    switch trial.stage {
    case .undone: former = trial.settings(over: old)
    case .armed:
      trial.stage = .running
      // What can't be undone for sure isn't tried.
      guard Self.keep(trial.kept, in: .trial, &store) else { return }
      settings = trial.settings(over: old)
      former = old
      isTrial = true
    case .running:
      former = trial.settings(over: old)
      (trial.stage, trial.ending) = (.undone, .interrupted)
      _ = Self.keep(trial.kept, in: .trial, &store)
    case .kept:
      settings = trial.settings(over: old)
      _ = Self.adopt(trial, in: &store)
    }
  }

  /// The changed settings that hold for good.
  static func settings<S: Store & ~Copyable>(in store: inout S) -> [SettingChange] {
    value(.settings, in: &store).flatMap { HeldSettings.settings(kept: $0) } ?? []
  }

  /// What was tried holds for good. Called again, after a power cut in between, it does the rest. Then
  /// the vault forgets the trial's changes: they would come back over later ones.
  ///
  /// - Returns: whether it is durable.
  static func adopt<S: Store & ~Copyable>(_ trial: Trial, in store: inout S) -> Bool {
    guard holdForGood(trial, in: &store) else { return false }
    let adopted = trial.adopted
    return adopted == trial || keep(adopted.kept, in: .trial, &store)
  }

  private static func holdForGood<S: Store & ~Copyable>(
    _ trial: Trial, in store: inout S
  ) -> Bool {
    guard let key = trial.key else {
      return hold(trial.settings(over: settings(in: &store)), in: &store)
    }
    guard var identity = value(.identity, in: &store).flatMap({ DeviceIdentity(kept: $0) }) else {
      return false
    }
    if identity.key == key { return true }
    identity.key = key
    // `rollback` never brings an old key back.
    return keep(nil, in: .previous, &store) && keep(identity.kept, in: .identity, &store)
  }

  /// These hold for good instead of those before, which are remembered for `rollback`.
  ///
  /// - Returns: whether it is durable.
  static func hold<S: Store & ~Copyable>(
    _ settings: [SettingChange], in store: inout S
  ) -> Bool {
    let old = Self.settings(in: &store)
    if HeldSettings.differing(old, settings).isEmpty { return true }
    guard let kept = HeldSettings.kept(settings), let previous = HeldSettings.kept(old) else {
      return false
    }
    return keep(previous, in: .previous, &store)
      && keep(settings.isEmpty ? nil : kept, in: .settings, &store)
  }

  /// Those before the last change; nil where none is remembered.
  static func previous<S: Store & ~Copyable>(in store: inout S) -> [SettingChange]? {
    value(.previous, in: &store).flatMap { HeldSettings.settings(kept: $0) }
  }

  private static func value<S: Store & ~Copyable>(
    _ slot: VaultSlot, in store: inout S
  ) -> [UInt8]? {
    do {
      return try store.kept(slot)
    } catch {
      return nil
    }
  }

  private static func keep<S: Store & ~Copyable>(
    _ value: [UInt8]?, in slot: VaultSlot, _ store: inout S
  ) -> Bool {
    do {
      try store.keep(value, in: slot)
      return true
    } catch {
      return false
    }
  }
}
