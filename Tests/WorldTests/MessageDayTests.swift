import Agent
import ModemSimulator
import Modems
import Primitives
import Testing
import World

/// SMS, eDRX and release assistance in a device's day. Each family's part in it: FamilyProofTests.
@Suite("A device that listens to SMS") struct MessageDayTests {
  private func plan(listens: Bool) -> WorldPlan {
    var plan = WorldPlan(seed: 11)
    plan.agent.listensToMessages = listens
    plan.link.network.takesMessages = listens
    return plan
  }

  /// `  setparam 2001:em` from +491738718787.
  private static let tpdu: [UInt8] = [
    0x04, 0x0C, 0x91, 0x94, 0x71, 0x83, 0x17, 0x78, 0x78, 0x00, 0x00, 0x62, 0x01, 0x12, 0x21, 0x43,
    0x00, 0x80, 0x12, 0x20, 0xD0, 0xBC, 0x4C, 0x87, 0x87, 0xE5, 0xE1, 0x36, 0x48, 0x06, 0x83, 0xC5,
    0x74, 0xE5, 0x36,
  ]

  @Test("messages that wait in the network are taken with the next reports, and leave no trace")
  func received() throws {
    let world = try World(plan(listens: true))
    for hour in [0, 2, 2, 5] {
      world.deliver(message: Self.tpdu, at: .start + .seconds(3600 * hour + 1800))
    }
    world.start()
    try world.run(until: .start + .seconds(10 * 3600 - 1))
    #expect(world.collector.reports.count == 10)
    #expect(world.status().record.messagesReceived == 4)
    #expect(world.status().record.messagesRefused == 0)
    #expect(world.modem.heldMessages == 0)
    #expect(world.modem.counters.violations.total == 0, "\(world.trace.text.suffix(4000))")
  }

  @Test("a module without known sockets reports nothing, and hands its messages over all the same")
  func generic() throws {
    var plan = plan(listens: true)
    plan.link.module = .generic
    // In PSM it registers seldom, and has nothing to send that would make it reachable.
    plan.link.network.psm = nil
    let world = try World(plan)
    world.deliver(message: Self.tpdu, at: .start + .seconds(1800))
    world.start()
    try world.run(until: .start + .seconds(5 * 3600))
    #expect(world.collector.reports.isEmpty)
    #expect(world.status().record.messagesReceived == 1, "\(world.trace.text.suffix(4000))")
    #expect(world.modem.heldMessages == 0)
    #expect(world.trace.text.contains("no socket commands are known for this modem; next attempt"))
  }

  @Test("listening costs one exchange a wake where nothing comes") func cost() throws {
    func commands(listens: Bool) throws -> [Int64] {
      let world = try World(plan(listens: listens))
      world.start()
      try world.run(until: .start + .seconds(1800))
      let cold = world.status().link.exchanges
      try world.run(until: .start + .seconds(3600 + 1800))
      #expect(world.collector.reports.count == 2)
      return [cold, world.status().link.exchanges - cold]
    }
    let (with, without) = (try commands(listens: true), try commands(listens: false))
    #expect(with == without.map { $0 + 1 })
  }

  @Test("on NB-IoT the last report lets the radio go, unless SMS are listened to")
  func release() throws {
    func charge(listens: Bool, on technology: SimulatedNetwork.AccessTechnology) throws -> Int64 {
      var plan = plan(listens: listens)
      plan.network.accessTechnology = technology
      plan.link.network.rats = technology == .nbIoT ? [.nbIoT] : [.lteM]
      let world = try World(plan)
      world.start()
      try world.run(until: .start + .seconds(6 * 3600))
      #expect(world.collector.reports.count == 6)
      let isTold = world.trace.text.contains("AT+QISENDEX")
      #expect(isTold == (technology == .nbIoT && !listens))
      return world.modem.chargeMicrocoulombs(until: world.now)
    }
    let (released, held) = (
      try charge(listens: false, on: .nbIoT), try charge(listens: true, on: .nbIoT)
    )
    #expect(released < held * 3 / 4, "\(released) against \(held)")
    _ = try charge(listens: false, on: .lteM)
  }
}
