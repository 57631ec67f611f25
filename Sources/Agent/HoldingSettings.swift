import Primitives
import Settings

/// What the vault puts on top of the configuration's file, found out once before each agent is made.
public struct HoldingSettings: Equatable, Sendable {
  public var settings: [SettingChange]
  /// Some of them are on trial.
  public var isTrial = false

  /// A trial that was armed begins, and is marked as begun before anything of it holds; one that has
  /// begun already is undone, since the process, or the board, has come down over it; one that was
  /// kept is put with the others, which the power may have kept it from.
  public init<S: Store & ~Copyable>(takingFrom store: inout S) {
    let old = Self.value(.settings, in: &store).flatMap { HeldSettings.settings(kept: $0) } ?? []
    settings = old
    guard var trial = Self.value(.trial, in: &store).flatMap({ Trial(kept: $0) }) else { return }
    switch trial.stage {
    case .undone: break
    case .armed:
      trial.stage = .running
      // What can't be undone for sure isn't tried.
      guard Self.keep(trial.kept, in: .trial, &store) else { return }
      settings = trial.settings(over: old)
      isTrial = true
    case .running:
      (trial.stage, trial.ending) = (.undone, .interrupted)
      _ = Self.keep(trial.kept, in: .trial, &store)
    case .kept:
      settings = trial.settings(over: old)
      _ = Self.keep(HeldSettings.kept(settings), in: .settings, &store)
    }
  }

  /// Those of the vault, with a trial's on top.
  static func held(_ kept: [UInt8]?, _ trial: Trial?) -> [SettingChange] {
    let old = kept.flatMap { HeldSettings.settings(kept: $0) } ?? []
    return trial?.settings(over: old) ?? old
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
    guard let value else { return false }
    do {
      try store.keep(value, in: slot)
      return true
    } catch {
      return false
    }
  }
}
