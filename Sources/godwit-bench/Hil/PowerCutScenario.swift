import Primitives
import World

/// Scenario 4a: the board's power is cut again and again, each time at another moment of storing,
/// sending and confirming, and it is started again from the same disk.
enum PowerCutScenario {
  /// When the power goes, counted from the start of a life.
  enum Moment: Equatable, Sendable {
    /// So long after the n-th reading of this life was acknowledged.
    case stored(Int, after: Duration)
    /// So long after the board began to write a datagram's payload to the module.
    case sending(after: Duration)
    /// So long after the module put the datagram on the air.
    case sent(after: Duration)
    /// So long after the server had it; the confirmation is on its way to the board.
    case received(after: Duration)
    /// So long after the module told the board that the confirmation is there.
    case confirming(after: Duration)

    var text: String {
      switch self {
      case .stored(let count, let delay): "\(delay.text) after storing reading \(count)"
      case .sending(let delay): "\(delay.text) after the payload began"
      case .sent(let delay): "\(delay.text) after it was sent"
      case .received(let delay): "\(delay.text) after the server had it"
      case .confirming(let delay): "\(delay.text) after the confirmation came"
      }
    }
  }

  /// Twenty-five moments: six while readings are stored, four before and while a report is sent,
  /// five on the air, and ten in the second in which the confirmation becomes a deletion.
  static let moments: [Moment] = [
    .stored(1, after: .zero), .received(after: .zero), .confirming(after: .milliseconds(2)),
    .stored(2, after: .milliseconds(3)), .sending(after: .zero),
    .confirming(after: .milliseconds(15)), .sent(after: .zero), .stored(3, after: .milliseconds(7)),
    .confirming(after: .milliseconds(30)), .received(after: .milliseconds(20)),
    .sending(after: .milliseconds(5)), .confirming(after: .milliseconds(45)),
    .stored(1, after: .milliseconds(11)), .sent(after: .milliseconds(10)),
    .confirming(after: .milliseconds(60)), .received(after: .milliseconds(50)),
    .stored(2, after: .milliseconds(16)), .confirming(after: .milliseconds(80)),
    .sending(after: .milliseconds(15)), .confirming(after: .milliseconds(110)),
    .received(after: .milliseconds(80)), .stored(4, after: .milliseconds(23)),
    .confirming(after: .milliseconds(150)), .sending(after: .milliseconds(40)),
    .confirming(after: .milliseconds(300)),
  ]

  /// The same moments where the bench sees neither the UART nor the air: those on the way to the
  /// server are bound to a reading that was stored, those on the way back to the server's answer,
  /// and both come later, since a real network takes its time.
  static let momentsWithRealModem: [Moment] = moments.map { moment in
    switch moment {
    case .stored, .received: moment
    case .sending(let delay), .sent(let delay): .stored(5, after: .milliseconds(100) + delay * 40)
    case .confirming(let delay): .received(after: delay * 10)
    }
  }

  /// What a life may take: a start, a report, and what a busy machine adds.
  private static let lifeLimit = Duration.seconds(150)
  /// Values of one life begin at a multiple of this, so that no two lives use the same.
  static let valuesPerLife: Int64 = 10_000

  @Sendable static func run(_ bench: HilBench) throws(HilFailure) {
    try run(bench, bench.hasRealModem ? momentsWithRealModem : moments)
  }

  static func run(_ bench: HilBench, _ moments: [Moment]) throws(HilFailure) {
    let rig = bench.rig()
    for (life, moment) in moments.enumerated() {
      let cut = CutWatch(moment)
      cut.watch(rig)
      try rig.powerOn(guest(life: life))
      do {
        try rig.wait("the moment \(moment.text)", within: lifeLimit) { cut.isDue }
      } catch {
        throw HilFailure("life \(life + 1): \(error.what)")
      }
      rig.cutPower()
      bench.say("cut \(life + 1) \(moment.text): \(rig.acknowledged.count) acknowledged so far")
    }
    try rig.powerOn(guest(life: moments.count))
    let promised = rig.acknowledged
    try rig.awaitDelivery(of: promised, within: lifeLimit)
    rig.cutPower()
    try Delivery(acknowledged: promised, delivered: rig.delivered).check()
    try rig.checkDeliveredOnce()
    bench.say(
      "\(promised.count) acknowledged, \(rig.reports.count) reports, "
        + "\(rig.side.collector.counts.duplicates) of them sent twice and counted once")
  }

  static func guest(life: Int) -> GuestPlan {
    var guest = GuestPlan()
    guest.hasSensors = false
    guest.reportInterval = "3s"
    guest.retryAfter = "1s 2s"
    // The modem stays on between two lives, which are the shorter for it.
    guest.usesPSM = false
    guest.feed = GuestPlan.Feed(first: Int64(life + 1) * valuesPerLife, pause: .milliseconds(300))
    return guest
  }
}

/// Waits for one moment of a life.
private final class CutWatch {
  private let moment: PowerCutScenario.Moment
  private var stored = 0
  private var due: Instant?

  init(_ moment: PowerCutScenario.Moment) { self.moment = moment }

  var isDue: Bool { due.map { $0 <= BenchClock.now } ?? false }

  /// Takes over the rig's callbacks.
  func watch(_ rig: HilRig) {
    rig.onAcknowledged = { [self] _ in
      stored += 1
      if case .stored(let count, let delay) = moment, stored == count { begin(delay) }
    }
    // What follows the prompt is the payload; it begins with CoAP's version and type.
    (rig.side as? BoardModem)?.onHostBytes = { [self] bytes, _ in
      if case .sending(let delay) = moment, let first = bytes.first, first >> 6 == 1,
        first & 0x30 == 0, bytes.count > 8, !bytes.hasPrefix("AT")
      {
        begin(delay)
      }
    }
    rig.side.onMilestone = { [self] milestone, _ in
      switch (milestone, moment) {
      case (.sent, .sent(let delay)), (.received, .received(let delay)),
        (.answered, .confirming(let delay)):
        begin(delay)
      default: break
      }
    }
    rig.wakes = { [self] in due }
  }

  private func begin(_ delay: Duration) {
    if due == nil { due = BenchClock.now + delay }
  }
}
