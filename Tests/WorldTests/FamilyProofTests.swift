import Cellular
import Link
import Modems
import Primitives
import Testing
import World

@testable import ModemSimulator

/// A `yes` in the table of `godwit modules`.
struct Claim: Sendable, CustomTestStringConvertible {
  let profile: ModuleProfile
  let feature: ModuleFeature

  static let all = ModuleProfile.all.flatMap { profile in
    ModuleFeature.allCases.filter { profile.ability(of: $0) == .yes }.map {
      Claim(profile: profile, feature: $0)
    }
  }

  var testDescription: String { "\(profile.name), \(feature.key)" }
}

/// Every `yes` is proven: the family's driver does it with the family's simulator, fresh from the
/// factory. The two were written from the facts by different people. Not covered here: bad lines
/// and bad networks (BadLineTests, RecoveryTests), and costs (FamilyTests).
@Suite("Each yes in the table of module families") struct FamilyProofTests {
  @Test("is true", arguments: Claim.all) func proof(claim: Claim) throws {
    let profile = claim.profile
    switch claim.feature {
    case .powerKey: try powerKey(profile)
    case .softOff: try softOff(profile)
    case .identify: try identify(profile)
    case .sim: try sim(profile)
    case .ratChoice: try ratChoice(profile)
    case .roaming: try roaming(profile)
    case .operators: try operators(profile)
    case .forbidden: try forbidden(profile)
    case .band: try band(profile)
    case .apn: try accessPoint(profile)
    case .pdp: try activation(profile)
    case .dnsServers: try servers(profile)
    case .dnsLookUp: try lookUp(profile)
    case .udp: try echo(profile, .udp)
    case .tcp: try echo(profile, .tcp)
    case .psm: try powerSaving(profile)
    case .psmEntry: try entry(profile)
    case .clock: try clock(profile)
    case .tls: try secure(profile)
    case .edrx: try extendedDRX(profile)
    case .sms: try shortMessages(profile)
    case .rai: try release(profile)
    }
  }

  /// A module that nobody knows is played by one that has the standard's commands beside its own.
  private func personality(_ profile: ModuleProfile) throws -> ModemPersonality {
    let name = profile.socket == nil ? "quectel-bg95" : "\(profile.name)"
    return try #require(ModemPersonality.named(Array(name.utf8)))
  }

  func bench(
    _ profile: ModuleProfile, change: (inout FamilyBench.Conditions) -> Void = { _ in }
  ) throws -> FamilyBench {
    FamilyBench(profile, try personality(profile), change: change)
  }

  /// Connects as far as the profile can: without commands for sockets, to the registration.
  private func connects(_ bench: inout FamilyBench) throws {
    guard bench.link.settings.module.socket == nil else { return try goesOnline(&bench) }
    bench.connect()
    bench.run { $0.link.state == .registered || $0.failure != nil }
    try #require(bench.link.state == .registered, "\(bench.story)")
  }

  func goesOnline(
    _ bench: inout FamilyBench, _ host: NetworkHost = .ipv4(FamilyBench.address),
    _ transport: Transport = .udp
  ) throws {
    let isOnline = bench.goesOnline(host, transport)
    try #require(isOnline, "\(bench.story)")
  }

  func echoes(_ bench: inout FamilyBench, _ bytes: [UInt8]) throws {
    let isBack = bench.echoes(bytes)
    try #require(isBack, "\(bench.received.printable): \(bench.story)")
  }

  // MARK: - Power

  private func powerKey(_ profile: ModuleProfile) throws {
    var bench = try bench(profile)
    #expect(bench.modem.counters.boots == 0)
    try goesOnline(&bench)
    try echoes(&bench, Array("report".utf8))
    #expect(bench.modem.counters.powerKeyPulses == 1)
    #expect(bench.modem.counters.boots > 0)
    #expect(bench.modem.counters.violations.total == 0)
  }

  private func softOff(_ profile: ModuleProfile) throws {
    var bench = try bench(profile)
    try goesOnline(&bench)
    let pulses = bench.modem.counters.powerKeyPulses
    let kind = bench.rests(after: .powerOff)
    #expect(kind == .poweredOff || kind == .assumedOff, "\(bench.story)")
    bench.run(for: .seconds(30))
    #expect(bench.modem.power.phase == .off)
    #expect(bench.modem.counters.powerKeyPulses == pulses)
    #expect(bench.modem.counters.violations.total == 0)
    // And it starts again.
    try goesOnline(&bench)
  }

  // MARK: - Module and card

  private func identify(_ profile: ModuleProfile) throws {
    var bench = try bench(profile)
    bench.connect()
    bench.run { $0.identity != nil || $0.failure != nil }
    let identity = try #require(bench.identity, "\(bench.story)")
    let personality = try personality(profile)
    #expect(identity.maker.printable.isEmpty == false)
    #expect(identity.model == personality.model)
    #expect(identity.firmware.isEmpty == false)
    #expect(identity.imei?.digits == personality.imei)
    #expect(identity.imsi?.digits == SimulatedSIM().imsi)
    if profile.socket != nil {
      #expect(identity.iccid?.digits == SimulatedSIM().iccid)
      #expect("\(ModuleProfile.covering(model: identity.model).name)" == "\(profile.name)")
    }
  }

  private func sim(_ profile: ModuleProfile) throws {
    var bench = try bench(profile) { $0.sim = .absent }
    bench.connect()
    bench.run { $0.failure != nil }
    guard case .simMissing? = bench.failure else {
      Issue.record("\(String(describing: bench.failure)): \(bench.story)")
      return
    }
  }

  // MARK: - Stored settings

  /// Each technology that the module has, alone, in a network of it: each leaves something else in
  /// the module's memory, and nothing is written when it is right already.
  private func ratChoice(_ profile: ModuleProfile) throws {
    let accesses = try personality(profile).radio.accesses
    var memories: [[ConfigurationValue]] = []
    for access in accesses {
      var bench = try bench(profile) {
        $0.settings.rats = [Self.rat(access.technology)]
        $0.network.accessTechnology = access.technology
      }
      try goesOnline(&bench)
      memories.append(bench.modem.stored.configuration)
      try staysAsItIs(&bench)
    }
    for (index, memory) in memories.enumerated() {
      for other in memories[..<index] { #expect(memory != other) }
    }
  }

  private static func rat(_ technology: SimulatedNetwork.AccessTechnology) -> RAT {
    switch technology {
    case .gsm: .gsm
    case .umts: .umts
    case .lte: .lte
    case .lteM: .lteM
    case .nbIoT: .nbIoT
    }
  }

  private func roaming(_ profile: ModuleProfile) throws {
    var memories: [[ConfigurationValue]] = []
    for isAllowed in [true, false] {
      var bench = try bench(profile) {
        $0.settings.isRoamingAllowed = isAllowed
        $0.network.isRoaming = false
      }
      try goesOnline(&bench)
      memories.append(bench.modem.stored.configuration)
      try staysAsItIs(&bench)
    }
    #expect(memories[0] != memories[1])
  }

  /// Off, and on again: nothing is written to the module's memory the second time.
  private func staysAsItIs(_ bench: inout FamilyBench) throws {
    let restedBy = bench.rests(after: .powerOff)
    _ = try #require(restedBy, "\(bench.story)")
    let (memory, writes) = (bench.modem.stored.configuration, bench.link.counters.settingWrites)
    try goesOnline(&bench)
    #expect(bench.modem.stored.configuration == memory)
    #expect(bench.link.counters.settingWrites == writes, "\(bench.story)")
  }

  // MARK: - Data session

  /// The network knows this access point only.
  private func accessPoint(_ profile: ModuleProfile) throws {
    var bench = try bench(profile) {
      $0.network.accessPointNames = [Array("em".utf8)]
      if $0.stored.contexts.isEmpty { $0.stored.contexts = [ContextDefinition(cid: 1)] }
      $0.stored.contexts[0].apn = Array("someone.else".utf8)
    }
    try connects(&bench)
    #expect(bench.apns.contains(Array("em".utf8)), "\(bench.apns) \(bench.story)")
    #expect(!bench.apns.contains(Array("someone.else".utf8)))
  }

  private func activation(_ profile: ModuleProfile) throws {
    guard profile.socket != nil else { return try standardActivation(profile) }
    var bench = try bench(profile)
    try goesOnline(&bench)
    #expect(!bench.modem.packet.active.isEmpty)
    bench.change { [now = bench.now] in $0.faults.dropsContextsAt = now + .seconds(1) }
    bench.run(for: .seconds(10))
    #expect(bench.modem.packet.active.isEmpty)
    _ = bench.rests(after: .release)
    try goesOnline(&bench)
    try echoes(&bench, Array("again".utf8))
  }

  /// On 2G no session comes up by itself.
  private func standardActivation(_ profile: ModuleProfile) throws {
    let module = try #require(ModemPersonality.named(Array("quectel-ec25".utf8)))
    var bench = FamilyBench(profile, module) { $0.network.accessTechnology = .gsm }
    bench.connect()
    bench.run { !$0.modem.packet.active.isEmpty || $0.failure != nil }
    #expect(bench.apns == [Array("em".utf8)], "\(bench.story)")
    bench.run { $0.failure != nil }
    #expect(bench.failure == .noSocketCommands)
    #expect(bench.link.counters.contextActivations == 1)
  }

  private func servers(_ profile: ModuleProfile) throws {
    let server = IPv4Address(192, 0, 2, 53)
    guard profile.context.setServers([server]) != nil else { return try asksItself(profile) }
    var bench = try bench(profile) { $0.settings.dnsServers = [server] }
    bench.connect(.name(try #require(Self.name)))
    bench.run { $0.events.contains(.online) || $0.events.contains(.addressWanted) }
    let first = bench.modem.session.dnsServers?.first ?? bench.modem.telit.servers.first
    // The A7672 has a command, the SIM7600 hasn't.
    if first == nil, bench.events.contains(.addressWanted) { return try asksItself(profile) }
    #expect(first == Array("192.0.2.53".utf8), "\(bench.story)")
  }

  static let name = HostName(Array("collector.desk".utf8))

  /// The device asks over a socket of the module, and keeps the answer over the module's sleep.
  private func asksItself(_ profile: ModuleProfile) throws {
    var plan = WorldPlan(seed: 1)
    plan.personality = try personality(profile)
    plan.stored = plan.personality.factorySettings
    plan.network.names = []
    plan.link = LinkSettings(module: profile, network: plan.link.network, hasStatusLine: true)
    plan.asksForNames()
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(4 * 3600))
    #expect(world.collector.reports.count >= 3, "\(world.trace.text.prefix(9000))")
    #expect(world.nameServer.questions == 1)
  }

  private func lookUp(_ profile: ModuleProfile) throws {
    if profile.socket?.wantsAddressForUDP == true { return try asksItself(profile) }
    var bench = try bench(profile)
    try goesOnline(&bench, .name(try #require(Self.name)))
    try echoes(&bench, Array("report".utf8))
    #expect(bench.opened.last?.host == Array("192.0.2.7".utf8))
    #expect(bench.opened.last?.port == FamilyBench.port)
  }

  /// Bytes that look like something else go through unharmed, in several sends.
  private func echo(_ profile: ModuleProfile, _ transport: Transport) throws {
    var bench = try bench(profile)
    let host = NetworkHost.ipv4(FamilyBench.address)
    try goesOnline(&bench, host, transport)
    let long = (0..<700).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for text in ["\r\nOK\r\n", "\r\nERROR\r\n> ", "+CEREG: 0\r\n", "\u{1A}\u{1B}+++ATH\r"] {
      try echoes(&bench, Array(text.utf8))
    }
    try echoes(&bench, long)
    #expect(bench.opened.last?.transport == (transport == .udp ? .udp : .tcp))
    #expect(bench.link.counters.messagesSent == 5)
    #expect(bench.modem.counters.violations.total == 0)
  }

  // MARK: - Sleep and clock

  private func request() throws -> PSMRequest {
    PSMRequest(
      periodicTAU: try #require(PeriodicTAU(atLeast: .seconds(6 * 3600))),
      activeTime: try #require(ActiveTime(atLeast: .seconds(4))))
  }

  private func powerSaving(_ profile: ModuleProfile) throws {
    let request = try request()
    var bench = try bench(profile) { $0.settings.psm = request }
    try connects(&bench)
    var granted: Cellular.Registration?
    for case .registration(let registration) in bench.events where registration.grantsPSM {
      granted = registration
    }
    #expect(granted?.activeTime?.duration == .seconds(4), "\(bench.story)")
    #expect(granted?.periodicTAU?.duration == .seconds(6 * 3600))
    #expect(bench.modem.stored.powerSaving.isWanted)
  }

  private func entry(_ profile: ModuleProfile) throws {
    let request = try request()
    var bench = try bench(profile) {
      $0.settings.psm = request
      $0.hasStatusLine = profile.sleepEvidence == .statusLine
    }
    try goesOnline(&bench)
    try echoes(&bench, Array("report".utf8))
    let kind = bench.rests(after: .release)
    #expect([.psmURC, .statusLine, .silence].contains(kind), "\(bench.story)")
    #expect(bench.modem.power.phase == .asleep)
    #expect(bench.modem.counters.sleeps > 0)
    // And it wakes.
    try goesOnline(&bench)
    #expect(bench.link.counters.warmWakes == 1)
    // Without a STATUS line a module is asked whether it is off.
    let violations = bench.modem.counters.violations
    #expect(violations.total == violations[.uartDrivenWhileOff])
  }

  /// What the network grants is another cycle than the one that was asked for. LTE-M, then NB-IoT.
  private func extendedDRX(_ profile: ModuleProfile) throws {
    let modes: [(SimulatedNetwork.AccessTechnology, RAT, seconds: Int, code: String)] = [
      (.lteM, .lteM, 150, "1000"), (.nbIoT, .nbIoT, 150, "0101"),
    ]
    for (technology, rat, seconds, code) in modes {
      var bench = try bench(profile) {
        $0.settings.edrx = .cycle(.seconds(seconds))
        $0.settings.rats = [rat]
        $0.network.accessTechnology = technology
        $0.network.extendedDRX = .fixed(value: Array("0010".utf8), window: Array("0001".utf8))
      }
      try connects(&bench)
      bench.run(for: .seconds(30)) { $0.grants.last?.cycle != nil }
      #expect(bench.grants.last?.cycle == .milliseconds(20_480), "\(bench.story)")
      let stored = bench.modem.stored.edrx
      let asked = technology == .lteM ? stored.wideBand : stored.narrowBand
      #expect(asked == Array(code.utf8), "\(bench.story)")
      let writes = bench.link.counters.settingWrites
      _ = bench.rests(after: .powerOff)
      try connects(&bench)
      #expect(bench.link.counters.settingWrites == writes, "\(bench.story)")
      #expect(bench.modem.stored.edrx == stored)
    }
  }

  /// One waits in the network while the module is off; one is sent. Both while a socket is open.
  private func shortMessages(_ profile: ModuleProfile) throws {
    var bench = try bench(profile) { $0.settings.takesMessages = true }
    bench.messageArrives(Self.delivery)
    if profile.socket == nil {
      bench.connect()
      bench.run { $0.events.contains(.messagesOnly(.noSocketCommands)) || $0.failure != nil }
    } else {
      try goesOnline(&bench)
    }
    bench.run(for: .seconds(60)) { $0.modem.counters.messagesReceived > 0 }
    bench.give(.listMessages)
    bench.run(for: .seconds(60)) { $0.events.contains(.messagesListed(1)) || $0.failure != nil }
    let message = try #require(bench.messages.first, "\(bench.story)")
    #expect(message.status == .unread)
    #expect(message.pdu.suffix(Self.delivery.count) == Self.delivery[...])
    bench.give(.deleteMessages([message.index]))
    bench.give(.sendMessage(pdu: [0] + Self.submission, length: Self.submission.count))
    bench.run(for: .seconds(200)) { !$0.submitted.isEmpty && $0.sentReference != nil }
    #expect(bench.submitted.count == 1, "\(bench.story)")
    // The module puts its own reference into the second octet.
    #expect(bench.submitted.first?.dropFirst(2) == Self.submission.dropFirst(2))
    #expect(bench.modem.stored.messages.isEmpty, "\(bench.story)")
    if profile.socket == nil {
      #expect(bench.rests(after: .release) != nil, "\(bench.story)")
    } else {
      try echoes(&bench, Array("report".utf8))
      #expect(bench.modem.counters.violations.total == 0)
    }
  }

  /// Two leading blanks, `setparam 2001:em`, from +491738718787.
  private static let delivery: [UInt8] = [
    0x04, 0x0C, 0x91, 0x94, 0x71, 0x83, 0x17, 0x78, 0x78, 0x00, 0x00, 0x62, 0x01, 0x12, 0x21, 0x43,
    0x00, 0x80, 0x12, 0x20, 0xD0, 0xBC, 0x4C, 0x87, 0x87, 0xE5, 0xE1, 0x36, 0x48, 0x06, 0x83, 0xC5,
    0x74, 0xE5, 0x36,
  ]
  /// `OK apn=em` to 12345.
  private static let submission: [UInt8] = [
    0x11, 0x00, 0x05, 0x81, 0x21, 0x43, 0xF5, 0x00, 0x00, 0xA7, 0x09, 0xCF, 0x25, 0x28, 0x0C, 0x77,
    0xF7, 0xCA, 0x6D,
  ]

  /// The radio goes idle soon after the answer, and what that saves shows in the charge.
  private func release(_ profile: ModuleProfile) throws {
    var charges: [Int64] = []
    for isLast in [false, true] {
      var bench = try bench(profile) {
        $0.settings.rats = [.nbIoT]
        $0.network.accessTechnology = .nbIoT
      }
      try goesOnline(&bench)
      let before = bench.modem.chargeMicrocoulombs(until: bench.now)
      let isBack = bench.echoes(Array("report".utf8), isLast: isLast)
      try #require(isBack, "\(bench.story)")
      bench.run(for: .seconds(2))
      #expect((bench.modem.radio.connection == .none) == isLast, "\(bench.story)")
      bench.run(for: .seconds(20))
      charges.append(bench.modem.chargeMicrocoulombs(until: bench.now) - before)
    }
    #expect(charges[1] < charges[0])
  }

  /// Two hours east, so that local time isn't taken for UTC.
  private func clock(_ profile: ModuleProfile) throws {
    let truth = UTC(millisecondsSince1970: 1_798_761_600_000)
    var bench = try bench(profile) {
      $0.network.time = .init(utc: truth, at: .start, zoneQuarters: 8)
    }
    bench.connect()
    bench.run { $0.networkTime != nil || $0.failure != nil }
    let told = try #require(bench.networkTime, "\(bench.story)")
    let error = told.millisecondsSince1970 - truth.millisecondsSince1970
    #expect(abs(error - bench.now.milliseconds) <= 2000, "\(bench.story)")
  }
}

extension FamilyBench {
  /// How it came to this: what failed, and the end of what went over the UART.
  var story: String {
    "\(failure?.text ?? "no failure"), \(link.state.text)\n\(trace.text.suffix(6000))"
  }

  /// Of the sessions that the network has.
  fileprivate var apns: [[UInt8]] { modem.packet.bearers.map { $0.apn } }

  fileprivate var grants: [EDRXState] {
    events.compactMap { if case .edrx(let state) = $0 { state } else { nil } }
  }

  fileprivate var messages: [Modems.StoredMessage] {
    events.compactMap { if case .message(let message) = $0 { message } else { nil } }
  }

  fileprivate var sentReference: Int? {
    for case .messageSent(let reference) in events { return reference }
    return nil
  }

  fileprivate var networkTime: UTC? {
    for case .networkTime(let utc) in events { return utc }
    return nil
  }
}
