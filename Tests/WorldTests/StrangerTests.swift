import Agent
import ModemSimulator
import Primitives
import Settings
import Testing
import World

/// Messages of whoever can't be obeyed: what they leave behind. Not covered: what they can't do
/// (AbuseTests).
@Suite("Strangers' messages") struct StrangerTests {
  private typealias Bench = CommandBench

  private func hours(_ count: Double) -> Instant { Bench.hours(count) }

  private func lines(_ world: World) -> Int {
    world.trace.text.split(separator: "\n").count { $0.contains(" log sms: ") }
  }

  @Test(
    "however many come, the log has so many lines about them",
    arguments: ["part", "unreadable", "refused", "foreign part"])
  func log(kind: String) throws {
    let senders = kind == "foreign part" ? "senders = 1234\n" : ""
    var plan = Bench.plan(
      sms: senders
        + "[dialect concox]\nenabled = yes\nsenders = 1234\naccept-unauthenticated = yes\n"
        + "password = 74213")
    plan.agent.messageWindow = .zero
    let world = try Bench.world(plan)
    let before = lines(world)
    for number in 0..<60 {
      let digits = UInt8(number)
      let message: [UInt8] =
        switch kind {
        case "part": Bench.tpdu(Array("A".utf8), part: (digits, 2, 1))
        case "foreign part": Bench.tpdu(Array("A".utf8), from: "9999", part: (digits, 2, 1))
        case "unreadable": Bench.tpdu("A").dropLast() + []
        default: Bench.tpdu("APN,666666,a b#")
        }
      world.deliver(message: message, at: hours(0.2 + 0.2 * Double(number)))
    }
    try world.run(until: hours(14))
    #expect((10...24).contains(lines(world) - before), "\(lines(world) - before)")
    #expect(world.submittedMessages.isEmpty)
  }

  @Test("a stranger's parts drive out none of the owner's") func parts() throws {
    let world = try Bench.world(Bench.plan(sms: "senders = 1234"))
    let command = "get apn operator blocked-operators rats dns private-addresses server interval"
    let text = Bench.text(command, counter: 1)
    let halves = [Array(text.prefix(60)), Array(text.dropFirst(60))]
    world.deliver(message: Bench.tpdu(halves[0], part: (200, 2, 1)), at: hours(0.5))
    for number in 0..<8 {
      world.deliver(
        message: Bench.tpdu(Array("A".utf8), from: "9999", part: (UInt8(number), 2, 1)),
        at: hours(1.5))
    }
    world.deliver(message: Bench.tpdu(halves[1], part: (200, 2, 2)), at: hours(2.5))
    try world.run(until: hours(4))
    #expect(world.status().record.commandsObeyed == 1)
    #expect(world.status().record.commandsIgnored == 8)
    #expect(world.modem.stored.messages.isEmpty)
  }

  @Test("whose dialect it is may send parts, though the owner's own commands have other senders")
  func dialectParts() throws {
    let world = try Bench.world(
      Bench.plan(
        sms: "senders = 5678\n[dialect concox]\nenabled = yes\nsenders = 1234\npassword = 74213"))
    world.deliver(message: Bench.tpdu(Array("STATUS,".utf8), part: (1, 2, 1)), at: hours(0.5))
    world.deliver(message: Bench.tpdu(Array("74213#".utf8), part: (1, 2, 2)), at: hours(0.5))
    try world.run(until: hours(1.5))
    #expect(world.status().record.commandsObeyed == 1)
  }

  @Test(
    "what isn't a plain message to the device is no command",
    arguments: [(0x40, 0x08), (0x41, 0x08), (0x7F, 0x08), (0x00, 0x1A)])
  func kinds(protocolIdentifier: UInt8, coding: UInt8) throws {
    let world = try Bench.world(Bench.plan())
    var message = Bench.signed("get apn", counter: 1)
    // The two octets behind the sender's.
    message[5] = protocolIdentifier
    message[6] |= coding & 0x12
    world.deliver(message: message, at: hours(0.5))
    world.deliver(message: Bench.signed("get interval", counter: 2), at: hours(1.5))
    try world.run(until: hours(3))
    #expect(Bench.answers(world) == ["world-1 interval=15min"])
    // A silent one stays in the module: it is confirmed and dropped (§9.2.3.9).
    #expect(world.status().record.commandsIgnored == (protocolIdentifier == 0x40 ? 0 : 1))
    #expect(world.modem.stored.messages.isEmpty)
  }
}
