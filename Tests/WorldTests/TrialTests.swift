import Agent
import ModemSimulator
import Primitives
import Settings
import Telemetry
import Testing
import World

// Not covered here: the ten dialects, and other families than the BG95.
@Suite("Settings by SMS") struct TrialTests {
  private static let key = DeviceKey(bytes: [UInt8](repeating: 7, count: 32))!
  private static let device = try! DeviceLabel(Array("world-1".utf8))
  private static let file = try! ConfigurationParser.parse(
    Array(
      """
      [device]
      name = world-1
      [modem]
      module = quectel-bg95
      uart = modem
      power-key = desk pins
      status = desk pins
      [network]
      apn = em
      [server]
      url = coap://collector.desk/r
      """.utf8))

  private func plan(seed: UInt64 = 6) -> WorldPlan {
    var plan = WorldPlan(seed: seed)
    plan.agent.listensToMessages = true
    plan.link.network.takesMessages = true
    plan.agent.commands = CommandPlan(file: Self.file, holding: Self.file)
    plan.network.accessPointNames = [Array("em".utf8), Array("right".utf8)]
    return plan
  }

  private func world(_ plan: WorldPlan, isProvisioned: Bool = true) throws -> World {
    var world = try World(plan)
    if isProvisioned { world.keep(DeviceIdentity(key: Self.key, name: nil).kept, in: .identity) }
    world.start()
    return world
  }

  /// SMS-DELIVER from 1234 in UCS-2 (TS 23.040 §9.2.2.1).
  private func tpdu(_ text: [UInt8]) -> [UInt8] {
    let head: [UInt8] = [0x04, 0x04, 0x81, 0x21, 0x43, 0x00, 0x08]
    let stamp: [UInt8] = [0x62, 0x01, 0x12, 0x21, 0x43, 0x00, 0x80]
    return head + stamp + [UInt8(2 * text.count)] + text.flatMap { [0, $0] }
  }

  private func signed(_ text: String, counter: UInt64, key: DeviceKey = key) -> [UInt8] {
    tpdu(
      SignedMessage.sign(Array(text.utf8), device: Self.device, counter: counter, key: key.bytes)!)
  }

  private func hours(_ count: Double) -> Instant { .start + .seconds(Int64(count * 3600)) }

  private func storedAPN(_ world: borrowing World) -> String {
    String(decoding: world.modem.stored.contexts[0].apn, as: UTF8.self)
  }

  /// The texts that were sent, as far as they are in the GSM alphabet's ASCII part: unpacked.
  private func answers(_ world: borrowing World) -> [String] {
    world.submittedMessages.map { tpdu in
      let digits = (Int(tpdu[2]) + 1) / 2
      let body = tpdu[(4 + digits + 3)...]
      var (bits, held): (UInt32, UInt32) = (0, 0)
      var text: [UInt8] = []
      for octet in body.dropFirst() {
        bits |= UInt32(octet) << held
        held += 8
        while held >= 7, text.count < Int(body.first!) {
          text.append(UInt8(bits & 0x7F))
          (bits, held) = (bits >> 7, held - 7)
        }
      }
      return String(decoding: text, as: UTF8.self)
    }
  }

  @Test("a right APN is tried at once, over a start from off, kept, and answered") func right() throws {
    var world = try world(plan())
    world.deliver(message: signed("set apn=right", counter: 1), at: hours(0.5))
    try world.run(until: hours(1.5))
    #expect(storedAPN(world) == "right", "\(world.trace.text.suffix(6000))")
    #expect(world.trace.text.contains("apn = right: kept"))
    #expect(world.kept(.trial) == nil)
    #expect(
      world.kept(.settings).flatMap { HeldSettings.settings(kept: $0) }
        == [try SettingChange(.apn, Array("right".utf8))])
    #expect(
      answers(world) == ["world-1: apn = right kept: a report went through them"])
    world.cutPower()
    try world.run(until: hours(3.5))
    #expect(storedAPN(world) == "right")
    #expect(world.modem.counters.violations.total == 0)
  }

  @Test("a wrong APN comes back by itself, the modem's own too, and says so") func wrong() throws {
    var world = try world(plan())
    world.deliver(message: signed("set apn=wrong", counter: 1), at: hours(0.5))
    try world.run(until: hours(1.1))
    #expect(storedAPN(world) == "wrong")
    try world.run(until: hours(4))
    #expect(storedAPN(world) == "em", "\(world.trace.text.suffix(6000))")
    #expect(world.kept(.settings) == nil)
    #expect(world.kept(.trial) == nil)
    #expect(
      answers(world)
        == ["world-1: apn = wrong undone: no report went through them in time"])
    let before = world.collector.reports.count
    try world.run(until: hours(7))
    #expect(world.collector.reports.count >= before + 2)
  }

  @Test("without a key nothing is obeyed, and nothing answered") func unprovisioned() throws {
    var world = try world(plan(), isProvisioned: false)
    world.deliver(message: signed("set apn=wrong", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    #expect(storedAPN(world) == "em")
    #expect(world.submittedMessages.isEmpty)
  }

  @Test("another key, another device's, or a counter that isn't greater: nothing, not even an answer")
  func refused() throws {
    var world = try world(plan())
    let other = DeviceKey(bytes: [UInt8](repeating: 8, count: 32))!
    world.deliver(message: signed("set apn=wrong", counter: 9, key: other), at: hours(0.5))
    world.deliver(message: signed("status", counter: 5), at: hours(0.5))
    world.deliver(message: signed("set apn=wrong", counter: 5), at: hours(1.5))
    world.deliver(message: signed("set apn=wrong", counter: 4), at: hours(1.5))
    world.deliver(message: tpdu(Array("set apn=wrong".utf8)), at: hours(1.5))
    try world.run(until: hours(2.5))
    #expect(storedAPN(world) == "em")
    #expect(world.submittedMessages.count == 1)
    #expect(world.status().record.commandsObeyed == 1)
    #expect(world.status().record.commandsIgnored == 4)
    world.cutPower()
    world.deliver(message: signed("set apn=wrong", counter: 5), at: hours(2.7))
    try world.run(until: hours(4))
    #expect(storedAPN(world) == "em")
    #expect(world.submittedMessages.count == 1)
  }

  @Test("what is refused is refused as a whole, with the reason") func whole() throws {
    var world = try world(plan())
    world.deliver(
      message: signed("set apn=right interval=0s", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    #expect(storedAPN(world) == "em")
    #expect(world.kept(.settings) == nil && world.kept(.trial) == nil)
    #expect(answers(world).first?.hasPrefix("refused: interval ") == true)
  }

  @Test(
    "wherever the process or the power fails during a trial, it ends in the old settings or the new",
    arguments: [true, false], ["wrong", "right"])
  func cuts(isPower: Bool, apn: String) throws {
    // From the message's arrival to the end of the trial.
    for step in 0..<24 {
      var world = try world(plan(seed: 100 + UInt64(step)))
      world.deliver(message: signed("set apn=\(apn)", counter: 1), at: hours(0.5))
      try world.run(until: hours(1) + .seconds(5 + 4 * step))
      if isPower { world.cutPower() } else { world.restartProcess() }
      try world.run(until: hours(5))
      let now = storedAPN(world)
      #expect(now == "em" || now == apn && apn == "right", "step \(step)")
      let held = world.kept(.settings).flatMap { HeldSettings.settings(kept: $0) } ?? []
      #expect((now == "em") == held.isEmpty, "step \(step)")
      #expect(world.kept(.trial) == nil, "step \(step)")
      let before = world.collector.reports.count
      try world.run(until: hours(7.5))
      #expect(world.collector.reports.count >= before + 2, "step \(step)")
    }
  }

  @Test("rollback ends a trial at once; a trial is one at a time") func rollback() throws {
    var world = try world(plan())
    world.deliver(message: signed("set apn=right", counter: 1), at: hours(0.5))
    world.deliver(message: signed("set apn=em", counter: 2), at: hours(0.5))
    try world.run(until: hours(2.5))
    #expect(world.submittedMessages.count >= 1)
    #expect(world.kept(.trial) == nil)
  }
}
