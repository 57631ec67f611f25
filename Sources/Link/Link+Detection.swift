import AT
import Cellular
import Modems
import Primitives

/// Which module it is, where nobody has said so.
extension Link {
  /// Takes what an earlier process found out. To be called before `.start`; does nothing where the
  /// module is configured.
  public mutating func recall(_ known: RememberedModule) {
    guard settings.detects else { return }
    startingPulse = known.pulse
    goBy(known.profile, baud: known.baud)
  }

  /// What is worth keeping for the next process; nil while the module isn't known, and where it is
  /// configured.
  public var remembered: RememberedModule? {
    guard isFound, let baud else { return nil }
    return RememberedModule(profile: module, baud: baud, pulse: startingPulse)
  }

  /// Whether the module must be found out before anything else can be wanted of it.
  var isUnknown: Bool { settings.detects && !isFound }

  mutating func detect(_ cause: LinkCause, now: Instant) {
    failure = nil
    modem = Knowledge()
    closeUART()
    enter(.starting, cause)
    phase = .detecting(Detection(first: startingPulse, baud: settings.baud))
    goOnDetecting(.start(isStatusOn: isStatusOn), now: now)
  }

  mutating func goOnDetecting(_ input: Detection.Input, now: Instant) {
    guard case .detecting(var detection) = phase else { return }
    let steps = detection.handle(input, now: now)
    phase = .detecting(detection)
    for step in steps { perform(step, now: now) }
  }

  private mutating func perform(_ step: Detection.Effect, now: Instant) {
    switch step {
    case .openUART(let baud):
      isUARTOpen = true
      effects.append(.openUART(baud: baud))
    case .closeUART:
      isUARTOpen = false
      effects.append(.closeUART)
    case .write(let bytes): effects.append(.write(bytes))
    case .setPowerKey(let isAsserted):
      if isAsserted { tally.powerKeyPulses += 1 }
      effects.append(.setPowerKey(asserted: isAsserted))
    case .found(let found):
      if found.pulse != nil { tally.coldStarts += 1 }
      take(found, now: now)
    case .nobody: nobodyFound(.noModule, now: now)
    case .uartFailed: nobodyFound(.uartFailed, now: now)
    }
  }

  /// It answers: from here on all is as if its profile had been configured.
  private mutating func take(_ found: DetectedModule, now: Instant) {
    startedAt = found.pulse == nil ? startedAt : now
    startingPulse = found.pulse ?? startingPulse
    modem = Knowledge()
    goBy(found.profile, baud: found.baud)
    engine.reset(isInStep: true)
    heardBefore = engine.counters.bytesReceived
    emit(.moduleFound(found))
    started(.answered, now: now)
  }

  private mutating func goBy(_ profile: ModuleProfile, baud: Int) {
    module = profile
    unproven = UnprovenSettings()
    // Nobody knows the key of an unknown module better than the pulse that has started it.
    if profile.covers.isEmpty, let startingPulse { module.power.onPulse = startingPulse }
    engine.speak(module.dialect)
    self.baud = baud
    isFound = true
  }

  private mutating func nobodyFound(_ cause: LinkCause, now: Instant) {
    phase = .resting
    rest = (now, .assumedOff)
    outbox = []
    failed(failure ?? cause, now: now)
  }

  /// A module that was found out and doesn't answer any more may have been changed for another:
  /// in the same attempt it is found out anew.
  mutating func isForgotten(after cause: LinkCause) -> Bool {
    guard isFound, cause == .keyIgnored || cause == .deaf else { return false }
    isFound = false
    baud = nil
    module = settings.module
    engine.speak(module.dialect)
    emit(.moduleForgotten)
    return true
  }

  /// A remembered module may have been changed for another that answers at the same rate: then it
  /// is that one from here on. Once in an attempt, so that two profiles never hand a module to each
  /// other.
  mutating func isAnotherFound(now: Instant) -> Bool {
    guard isFound, let baud, tries.adoptions == 0 else { return false }
    let profile = ModuleProfile.covering(model: identity.model)
    if profile.covers.isEmpty || Array(profile.name) == Array(module.name) { return false }
    tries.adoptions += 1
    let found = DetectedModule(
      profile: profile, maker: identity.maker, model: identity.model, baud: baud, pulse: nil)
    take(found, now: now)
    return true
  }
}
