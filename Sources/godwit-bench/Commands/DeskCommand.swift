import Glibc
import ModemSimulator
import Modems
import Primitives

/// `godwit-bench desk`: the whole chain on one machine, on one screen.
enum DeskCommand {
  /// Accelerated, a report takes 15 s; so long is waited for N of them.
  private static let startLimit = 30
  private static let reportLimit = 20
  /// Finding the module out: a pulse of each length, a boot between them.
  private static let detectionLimit = 180
  /// In real time a report comes every 5 minutes, the first at once.
  private static let realStartLimit = 120
  private static let realReportLimit = 330
  private static let realInterval = "5min"

  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words,
      Arguments.Grammar(
        flags: ["--real-time", "--plain", "--auto"],
        options: [
          "--godwit", "--config", "--module", "--reports", "--limit", "--seed",
          "--fault", "--trace",
        ] + CentreHost.options))
    let isReal = arguments.has("--real-time")
    let reports = try arguments.number("--reports", in: 1...1_000_000)
    var limit = try arguments.number("--limit", in: 1...10_000_000)
    if let reports, limit == nil {
      limit =
        isReal
        ? realStartLimit + reports * realReportLimit : startLimit + reports * reportLimit
      if arguments.has("--auto") { limit? += detectionLimit }
    }
    let device = try DeskDevice(
      config: try arguments.required("--config"), godwit: arguments.value("--godwit"))
    var setup = ModemSetup()
    setup.module = try ModemSetup.module(arguments)
    // No name server is played here for a device that looks names up itself.
    let socket = ModuleProfile.named(Array(setup.module.utf8))?.socket
    let config = try device.derived(
      interval: isReal ? realInterval : nil,
      module: arguments.has("--auto") ? "auto" : setup.module,
      address: socket?.wantsAddressForUDP == true ? ModemSetup.address(0) : nil)
    setup.network = isReal ? .real : .accelerated
    setup.seed = UInt64(try arguments.number("--seed", in: 0...Int.max) ?? 1)
    setup.faults = arguments.values("--fault")
    setup.names = [device.server]
    setup.accessPointNames = device.accessPoints + ModemSetup.deskAccessPoints
    let signals = try Signals()
    let plan = Rig.Plan(
      command: [device.program, "run", "--config", config],
      modem: try setup.modem(now: BenchClock.now, utc: BenchClock.utc), lines: device.lines,
      serverNames: [device.server, .ipv4(ModemSetup.address(0))],
      controlSocket: device.controlSocket,
      centre: try CentreHost.plan(arguments, endpoint: CentreEndpoint(name: device.name)))
    var state = DeskState()
    state.network = isReal ? .real : .accelerated
    state.module = setup.module
    state.timeline = Timeline(slice: isReal ? .seconds(10) : .seconds(1))
    state.wanted = reports
    state.putCommand = device.putCommand(config: config)
    let trace: TraceFile? =
      if let path = arguments.value("--trace") { try TraceFile(path: path) } else { nil }
    let rig = try Rig(plan, signals: signals)
    let isPlain = arguments.has("--plain") || !Terminal.isTerminal
    let desk = Desk(
      rig, state: state, view: DeskView(isPlain: isPlain), trace: trace,
      end: limit.map { BenchClock.now + .seconds($0) })
    let ending = desk.run()
    switch ending {
    case .done, .stopped: return 0
    case .failed(let sentence):
      Terminal.complain("godwit-bench desk: \(sentence)")
      return 1
    }
  }
}
