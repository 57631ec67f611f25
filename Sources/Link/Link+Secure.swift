import AT
import Cellular
import Modems
import Primitives

/// TLS sockets: who is trusted is settled before the socket is opened.
extension Link {
  /// The commands of the socket that is open, or was opened last.
  var sockets: SocketCommands? { modem.isSecure ? module.secureSocket : module.socket }

  /// Why this module can't have such a socket.
  func obstacle(to target: LinkTarget) -> LinkCause? {
    guard let trust = target.transport.trust else {
      return module.socket == nil ? .noSocketCommands : nil
    }
    guard let security = module.secureSocket?.security else { return .noSecureSockets }
    return security.allows(trust) ? nil : .trustUnsupported
  }

  /// A trust that can't be had is refused before anything is sent. Sockets of any kind are looked
  /// at when one is to be opened: a module without them registers.
  func refusal(of target: LinkTarget) -> LinkCause? {
    target.transport.trust == nil || isUnknown ? nil : obstacle(to: target)
  }

  /// The security profile from that command on, and then the socket.
  mutating func secure(_ target: LinkTarget, from step: Int, now: Instant) {
    let steps = securitySteps(for: target)
    guard step < steps.count else { return takeStep(to: target, now: now) }
    begin(steps[step], .secure(step), now: now)
  }

  mutating func secured(_ answer: Answer, step: Int, now: Instant) {
    guard let target = openTarget else { return abandonOpening(now: now) }
    let steps = securitySteps(for: target)
    if step == 0, asksClock(for: target) {
      modem.isClockSet = answer.lines.contains { NetworkClock.utc($0) != nil }
    }
    if answer.isOK || (step < steps.count && steps[step].mayFail) {
      return secure(target, from: step + 1, now: now)
    }
    // The first time a socket that was left open may be what the module minds.
    if tries.sockets > 1 {
      failure = .certificateRefused(error: answer.outcome.equipmentError)
    }
    abandonOpening(now: now)
  }

  /// Empty for a plain socket.
  private func securitySteps(for target: LinkTarget) -> [Exchange] {
    guard let trust = target.transport.trust, let security = sockets?.security else { return [] }
    let steps = security.setUp(
      SecureTarget(
        host: target.host, trust: trust, isClockSet: modem.isClockSet,
        accessPoint: network.accessPoint))
    return asksClock(for: target) ? [Self.moduleClock] + steps : steps
  }

  /// Dates matter only where there is a certificate to be checked.
  private func asksClock(for target: LinkTarget) -> Bool {
    sockets?.security?.asksClock == true && target.transport.trust != .nobody
  }

  /// The module's own, which it checks dates by; `ModuleProfile.clock` may be the network's.
  private static let moduleClock = Exchange(
    "AT+CCLK?", answers: [.named("+CCLK")], mayFail: true)
}
