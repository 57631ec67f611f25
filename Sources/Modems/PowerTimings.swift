import Primitives

/// How the power key and the time around it work.
public struct PowerTimings: Sendable {
  /// Turns the module on, or wakes it from PSM.
  public var onPulse: Duration
  /// Turns a running module off; nil when the key can't.
  public var offPulse: Duration?
  /// Restarts the module whatever it is doing; nil when the key can't.
  public var resetPulse: Duration?
  /// From the end of the pulse to the STATUS line's "on", margin included.
  public var statusLimit: Duration
  /// From the end of the pulse to the first `AT`, where no boot URC came before.
  public var pollFrom: Duration
  /// From the restart by command to the first `AT`: the old firmware may answer for a while.
  public var pollAfterRestart: Duration
  /// From the first boot URC to the first `AT`, where the last one doesn't come.
  public var pollAfterBoot: Duration
  /// From the end of the pulse to the point where the pulse counts as ignored.
  public var bootLimit: Duration
  /// How long one `AT` waits while nobody knows whether the module is on.
  public var probeTimeout: Duration
  /// How many of them go unanswered before the module counts as off.
  public var probes: Int
  /// From the module's going off, or asleep, to the next pulse: earlier ones are ignored.
  public var rest: Duration
  /// From the power-off command to the point where the module counts as off anyway.
  public var offLimit: Duration
  /// From the start of the module to the first moment at which it may be turned off: some write
  /// to their memory then, and are damaged by less.
  public var minimumOn: Duration
  /// Whether the power-off command really turns it off. Where it doesn't, it is asked whether it
  /// is on before the key, which could turn it off, is pressed.
  public var turnsOff: Bool
  /// Whether opening the UART, which raises RTS, wakes it from PSM: then its key isn't pressed.
  public var wakesByUART = false
  /// Cold starts in a day that it bears, between reports. 4 radio accesses an hour allow no more than
  /// 96; Quectel names 30 for the EC200U, because of its flash.
  public var startsPerDay = 96

  /// Whether the pulse that starts a module turns one off, or restarts one, that runs already.
  public var startPulseStops: Bool {
    [offPulse, resetPulse].contains { $0.map { $0 <= onPulse } ?? false }
  }

  public init(
    onPulse: Duration, offPulse: Duration?, resetPulse: Duration?, statusLimit: Duration,
    pollFrom: Duration, pollAfterRestart: Duration? = nil, pollAfterBoot: Duration,
    bootLimit: Duration, probeTimeout: Duration, probes: Int, rest: Duration, offLimit: Duration,
    minimumOn: Duration = .zero, turnsOff: Bool = true, wakesByUART: Bool = false
  ) {
    self.onPulse = onPulse
    self.offPulse = offPulse
    self.resetPulse = resetPulse
    self.statusLimit = statusLimit
    self.pollFrom = pollFrom
    self.pollAfterRestart = pollAfterRestart ?? pollFrom
    self.pollAfterBoot = pollAfterBoot
    self.bootLimit = bootLimit
    self.probeTimeout = probeTimeout
    self.probes = probes
    self.rest = rest
    self.offLimit = offLimit
    self.minimumOn = minimumOn
    self.turnsOff = turnsOff
    self.wakesByUART = wakesByUART
  }
}
