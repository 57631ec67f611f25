import AT
import Cellular
import Link
import Modems
import Primitives

/// The link and a fake modem on a virtual clock.
struct Bench {
  var link: Link
  var modem: FakeModem
  var now = Instant.milliseconds(10_000)
  var events: [LinkEvent] = []
  /// Every level of the power key with its time.
  var key: [(at: Instant, isAsserted: Bool)] = []
  var supplyCuts: [(at: Instant, isCut: Bool)] = []
  var isUARTOpen = false
  /// Whether the UART can't be opened.
  var failsToOpen = false
  var target = Bench.target
  /// Sent as soon as the link is online.
  var message: [UInt8]? = Array("ping".utf8)
  /// Whether the link is released when the answer is there.
  var releases = true
  /// How the module's bytes are cut into reads; 0: not at all.
  var chunk = 0

  init(
    modem: FakeModem = FakeModem(), network: NetworkSettings = .forTests,
    limits: LinkLimits = LinkLimits(), module: ModuleProfile = .quectelBG95
  ) {
    self.modem = modem
    link = Link(
      LinkSettings(
        module: module, network: network, hasStatusLine: modem.hasStatusLine, limits: limits),
      seed: 1)
  }

  static let target = LinkTarget(
    host: .ipv4(IPv4Address(192, 0, 2, 1)), port: 5683, transport: .udp)

  mutating func give(_ input: Link.Input) {
    for effect in link.handle(input, now: now) { perform(effect) }
  }

  private mutating func perform(_ effect: Link.Effect) {
    modem.perform(effect, now: now)
    switch effect {
    case .openUART:
      isUARTOpen = true
      if failsToOpen { pending.append(.uartFailed) }
    case .closeUART: isUARTOpen = false
    case .write: break
    case .cutSupply(let isCut): supplyCuts.append((now, isCut))
    case .setPowerKey(let isAsserted): key.append((now, isAsserted))
    case .event(let event):
      events.append(event)
      react(to: event)
    }
  }

  private mutating func react(to event: LinkEvent) {
    switch event {
    case .online: if let message { pending.append(.send(message, expectsAnswer: true)) }
    case .received: if releases { pending.append(.release) }
    default: break
    }
  }

  private var pending: [Link.Input] = []

  /// Runs until `isDone`, or for `limit`.
  ///
  /// - Returns: false when time was up, or nothing was left to wait for.
  @discardableResult
  mutating func run(for limit: Duration = .seconds(3600), until isDone: (Bench) -> Bool) -> Bool {
    let end = now + limit
    var steps = 0
    while !isDone(self) {
      steps += 1
      guard steps < 200_000 else { return false }
      if !pending.isEmpty {
        give(pending.removeFirst())
        continue
      }
      let due = modem.take(dueAt: now)
      if !due.isEmpty {
        for input in due { deliver(input) }
        continue
      }
      if let deadline = link.deadline, deadline <= now {
        give(.deadline)
        continue
      }
      let arrival = modem.scheduled.map { $0.at }.min()
      guard let next = earlier(arrival, link.deadline), next <= end else {
        now = end
        return false
      }
      now = next
    }
    return true
  }

  private mutating func deliver(_ input: Link.Input) {
    guard case .uartReceived(let bytes) = input, chunk > 0 else { return give(input) }
    var rest = bytes[...]
    while !rest.isEmpty {
      give(.uartReceived(Array(rest.prefix(chunk))))
      rest = rest.dropFirst(chunk)
    }
  }

  /// From the start to the end of the first report: asleep, off or failed.
  mutating func report() {
    if modem.hasStatusLine { give(.statusLine(isOn: modem.isOn && !modem.isStatusStuckOff)) }
    give(.start)
    give(.connect(target))
    let granted = modem.hasPSMEntry
    run { $0.link.state == .draining && granted || $0.isOver }
    if link.state == .draining, modem.lines.last != "AT+QPOWD=1" {
      now = now + .seconds(12)
      modem.fallAsleep(now: now)
    }
    run { $0.isOver }
  }

  var isOver: Bool {
    events.contains { event in
      switch event {
      case .asleep, .failed: true
      default: false
      }
    }
  }

  func lineCount(_ line: String) -> Int { modem.lines.count { $0 == line } }
  var exchanges: Int64 { link.counters.line.exchanges }
  var received: [[UInt8]] {
    events.compactMap { event in
      if case .received(let bytes) = event { bytes } else { nil }
    }
  }
  var failure: LinkCause? {
    for event in events { if case .failed(let cause) = event { return cause } }
    return nil
  }
}

extension NetworkSettings {
  static let forTests = NetworkSettings(
    accessPoint: AccessPoint(apn: APN(Array("em".utf8))!), isRoamingAllowed: true,
    rats: [.lteM, .nbIoT, .gsm], dnsServers: [IPv4Address(9, 9, 9, 9)],
    psm: PSMRequest(
      periodicTAU: PeriodicTAU(atLeast: .seconds(6 * 3600))!,
      activeTime: ActiveTime(atLeast: .seconds(2))!))
}
