import Agent
import Cellular
import Link
import ModemSimulator
import Modems
import Primitives
import Sensors
import Telemetry
import Testing
import Uplink
import World

/// What `godwit doctor` says of faults that were planted, each in the whole device.
/// Not covered: what needs a real UART, pins and files (CommandLineTests, Tests/end-to-end).
@Suite("The doctor in the world") struct DoctorTests {
  @Test("names each planted fault, by one code", arguments: Planted.all)
  func planted(fault: Planted) throws {
    var plan = WorldPlan(seed: 77)
    fault.change(&plan)
    let world = try World(plan)
    world.storeIsFull(fault.hasFullDisk)
    world.start()
    try world.run(until: .start + fault.after)
    let finding = world.status().finding
    #expect(
      finding.diagnosis == fault.diagnosis,
      "\(fault.name): \(finding.text)\n\(world.trace.text.suffix(3000))")
    #expect(finding.diagnosis.isWell == fault.diagnosis.isWell)
  }

  @Test("has at least 20 faults planted, each with a sentence of its own") func count() {
    let sentences = Set(
      Planted.all.filter { !$0.diagnosis.isWell }.map { "\($0.diagnosis.sentence)" })
    #expect(sentences.count >= 20, "\(sentences.count)")
  }

  @Test("knows the module and the card before they are read anew") func identity() throws {
    let world = try World(WorldPlan(seed: 79))
    world.start()
    try world.run(until: .start + .seconds(600))
    let known = try #require(world.status().record.identity)
    #expect(known.imei != nil && known.iccid != nil && known.imsi != nil)
    world.restartProcess()
    let recalled = world.status().record.identity
    #expect(recalled?.imei == known.imei && recalled?.iccid == known.iccid)
  }

  @Test("knows after a restart that attempts have failed before it, and until when it waits")
  func restarted() throws {
    var plan = WorldPlan(seed: 81)
    plan.agent.boot = Array("boot".utf8)
    plan.collector.loseRequestPercent = 100
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(3600))
    #expect(world.status().diagnosis == .serverSilent)
    world.restartProcess()
    let status = world.status()
    #expect(status.diagnosis == .heldBack, "\(status.finding.text)")
    #expect(status.text.contains("held back for "), "\(status.text)")
  }

  @Test("shows in the status how the modem rests and why, and what is left of the limits")
  func rest() throws {
    let world = try World(WorldPlan(seed: 82))
    world.start()
    try world.run(until: .start + .seconds(2 * 3600))
    let text = world.status().text
    #expect(text.contains("\nrest      PSM"), "\(text)")
    #expect(text.contains("eDRX: not granted"), "\(text)")
    #expect(text.contains("\nlimits    "), "\(text)")
    #expect(text.contains(" radio accesses and 1 resets left this hour"), "\(text)")
    let json = String(decoding: world.status().json, as: UTF8.self)
    #expect(
      json.contains("\"rest\":{\"kind\":\"PSM\",\"candidates\":[{\"kind\":\"PSM\""), "\(json)")
    #expect(json.contains("\"limits\":{\"areObeyed\":true,\"accessesLeft\":"), "\(json)")
  }

  @Test(
    "is content again once the fault is over",
    arguments: Planted.all.filter { ["no coverage", "a dead server"].contains($0.name) })
  func recovered(fault: Planted) throws {
    var plan = WorldPlan(seed: 78)
    fault.change(&plan)
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(2 * 3600))
    #expect(!world.status().diagnosis.isWell)
    world.endFaults()
    try world.run(until: .start + .seconds(72 * 3600))
    let finding = world.status().finding
    #expect(finding.diagnosis == .well, "\(finding.text)")
  }
}

/// A fault, and what is to be said of it.
struct Planted: Sendable, CustomTestStringConvertible {
  var name: String
  var diagnosis: Diagnosis
  var after = Duration.seconds(2 * 3600)
  var hasFullDisk = false
  var change: @Sendable (inout WorldPlan) -> Void

  var testDescription: String { name }

  init(
    _ name: String, _ diagnosis: Diagnosis, after: Duration = .seconds(2 * 3600),
    hasFullDisk: Bool = false,
    _ change: @escaping @Sendable (inout WorldPlan) -> Void = { _ in }
  ) {
    self.name = name
    self.diagnosis = diagnosis
    self.after = after
    self.hasFullDisk = hasFullDisk
    self.change = change
  }

  static let all: [Planted] = [
    Planted("nothing", .well),
    Planted("asked too early", .underWay, after: .seconds(4)),
    Planted("no readings", .nothingToSend) { $0.agent.sensors = [] },
    Planted("the key does nothing", .keyIgnored) { $0.faults.ignoredPowerKeyPulses = 1000 },
    Planted("no module on the wires, to be found out", .noModule) {
      $0.link.detects = true
      $0.link.module = .generic
      $0.faults.ignoredPowerKeyPulses = 1000
    },
    Planted("deaf", .modemDeaf) { $0.faults.isDeaf = true },
    Planted("brown-outs whenever it transmits", .modemReboots) { $0.faults.brownOuts = 100_000 },
    Planted("no SIM", .simMissing) { $0.sim = .absent },
    Planted("a SIM with a PIN", .simLocked) { $0.sim.pin = Array("1234".utf8) },
    Planted("no coverage", .noCoverage) {
      $0.link.network.rats = [.lteM, .nbIoT]
      $0.network.verdict = .noCoverage
    },
    Planted("no coverage of the only radio type", .oneRadioTypeOnly) {
      $0.network.verdict = .noCoverage
    },
    Planted("a network of another radio type than the only one allowed", .oneRadioTypeOnly) {
      $0.network.accessTechnology = .nbIoT
    },
    Planted("no coverage, roaming off", .roamingOff) {
      $0.link.network.isRoamingAllowed = false
      $0.network.verdict = .noCoverage
    },
    Planted("#3 illegal UE", .simRefused) { $0.network.verdict = .rejects(cause: 3) },
    Planted("#8 no services", .simRefused) { $0.network.verdict = .rejects(cause: 8) },
    Planted("#6 illegal ME", .deviceRefused) { $0.network.verdict = .rejects(cause: 6) },
    Planted("#11 operator not allowed", .operatorRefused) {
      $0.network.verdict = .rejects(cause: 11)
    },
    Planted("#13 no roaming in this area", .roamingRefused) {
      $0.network.verdict = .rejects(cause: 13)
    },
    Planted("#15 no suitable cells", .operatorRefused) { $0.network.verdict = .rejects(cause: 15) },
    Planted("#22 congestion", .congestion) { $0.network.verdict = .rejects(cause: 22) },
    Planted("#19 the attach's session refused", .apnRefused) {
      $0.network.verdict = .rejects(cause: 19)
    },
    Planted("a wrong APN", .apnRefused) { $0.network.accessPointNames = [Array("other".utf8)] },
    Planted("a wrong APN that another one stands in for", .apnStandsIn, after: .seconds(12 * 3600))
    {
      $0.agent.fallsBack = true
      $0.link.network.accessPoint = APN(Array("wrong".utf8)).map { AccessPoint(apn: $0) }
      $0.stored = .configured(apn: Array("wrong".utf8))
      $0.network.accessPointNames = [Array("emnify".utf8)]
    },
    Planted("no operator but a blocked one", .operatorBlocked) {
      $0.network.others = []
      $0.link.network.blockedOperators = [PLMN(Array("20408".utf8))].compactMap { $0 }
    },
    Planted("an unknown name", .nameUnknown) { $0.network.names = [] },
    Planted("silent name servers, asked by the module", .nameServersSilent) {
      $0.network.names = [.init(Array("collector.desk".utf8), .silence)]
    },
    Planted("name servers that the device asks are dead", .nameServersSilent) {
      withOwnLookUp(&$0)
      $0.nameServer.isDead = true
    },
    Planted("a name that the device looks up doesn't exist", .nameUnknown) {
      withOwnLookUp(&$0)
    },
    Planted("a name that leads into a private network", .addressForbidden) {
      withOwnLookUp(&$0)
      $0.nameServer.names = [("collector.desk", [10, 0, 0, 7])]
    },
    Planted("a dead server", .serverSilent) { $0.collector.loseRequestPercent = 100 },
    Planted("a server whose answers are lost", .serverSilent) {
      $0.collector.loseAnswerPercent = 100
    },
    Planted("a server that resets", .notTheServer) { $0.collector.resetPercent = 100 },
    Planted("a server that refuses for good", .serverRefuses) { $0.collector.refusePercent = 100 },
    Planted("a server that knows another path only", .serverPath) {
      $0.collector.path = ["other"]
    },
    Planted("a busy server", .serverBusy) { $0.collector.unavailableAnswers = 100_000 },
    Planted("a full disk", .storeFailed, hasFullDisk: true),
    Planted("another module than configured", .moduleIsAnother) { $0.personality = .ec25 },
    Planted("no clock anywhere", .clockUnknown) {
      $0.utcAtStart = UTC(millisecondsSince1970: 0)
      $0.network.time = nil
    },
    Planted("reports each 5 minutes without power saving mode", .intervalTooShort) {
      $0.network.powerSaving = .none
      $0.agent.reportInterval = .seconds(300)
      $0.link.reportInterval = .seconds(300)
    },
    Planted("no power saving mode", .sleepNotGranted) { $0.network.powerSaving = .none },
    Planted("a module that never sleeps", .sleepLate) { $0.faults.neverSleeps = true },
    Planted("a known module configured as generic", .moduleIsAnother) { $0.link.module = .generic },
  ]
}

/// A module that goes by addresses, so that the device looks the name up itself.
@Sendable private func withOwnLookUp(_ plan: inout WorldPlan) {
  guard let personality = ModemPersonality.named(Array("sierra-hl78".utf8)) else { return }
  plan.personality = personality
  plan.stored = personality.factorySettings
  plan.link = LinkSettings(module: .sierraHL78, network: plan.link.network, hasStatusLine: true)
  plan.asksForNames()
  plan.nameServer.names = []
}
