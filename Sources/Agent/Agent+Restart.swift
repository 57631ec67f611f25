import Link
import Primitives
import Settings

/// Other settings hold only after a restart: the agent ends, as for good, and the edge makes a new
/// one over the same store, with what file and vault say by then. So settings never change under
/// something that is on its way, and a crash does nothing else.
extension Agent where S: ~Copyable {
  /// The modem goes off, then comes `.restart`. Nothing happens while the process ends.
  mutating func restart(now: Instant) {
    if isStopping { return }
    restarts = true
    end(now: now)
  }

  /// A batch that is on its way stays in the store: its confirmation isn't waited for.
  mutating func end(now: Instant) {
    isStopping = true
    cycle = .releasing(isReportWaiting: false)
    drive(.powerOff, now: now)
  }

  /// The modem is off.
  mutating func ended() {
    if unkeptSeconds > 0 { _ = keep(commandLedger: commandLedger) }
    if !hasStopped {
      effects.append(isBoardToRestart ? .restartBoard : restarts ? .restart : .stopped)
    }
    hasStopped = true
  }

  /// The store, for the agent that comes next.
  public consuming func endedStore() -> S { store }

  /// Gives the device its key and name, and begins anew with them.
  mutating func provision(_ request: Int64, _ provisioning: Provisioning, now: Instant) {
    do {
      let values = provisioning.values(over: try store.kept(.identity), try store.kept(.counters))
      guard let values else { return effects.append(.notProvisioned(request, .isAlready)) }
      // A key that was kept and can't be written yet would come back over this one.
      if trial?.stage == .kept { forgetTrial() }
      try store.keep(values.identity, in: .identity)
      try store.keep(values.counters, in: .counters)
    } catch {
      record.storeFailures += 1
      return effects.append(.notProvisioned(request, .vaultFailed))
    }
    log("process", "provisioned; beginning anew", now)
    effects.append(.provisioned(request, provisioning.identity.name))
    restart(now: now)
  }
}

/// Why a device wasn't given its key. Nothing has changed, unless the vault failed.
public enum ProvisioningRefusal: Equatable, Sendable {
  case isAlready, vaultFailed

  public var text: String {
    switch self {
    case .isAlready:
      "this device has its key already; --again gives it another one, and commands that are signed "
        + "with the old one are refused from then on"
    case .vaultFailed: "the vault can't be written: see the log of godwit for the reason"
    }
  }
}
