import Glibc
import ModemSimulator
import Primitives

/// `godwit-bench wake`: what a report costs, cold and warm, measured on the modem's side of a real
/// pty against the real process.
enum WakeCommand {
  private static let warmReports = 2
  /// Cold and warm reports come 40 s apart; a real radio tail is 10 s.
  private static let limit = Duration.seconds(240)
  private static let server = "collector.desk"

  private static func configuration(_ module: String) -> String {
    """
    [device]
    name = wake-1
    [modem]
    module = \(module)
    uart = modem
    power-key = desk pins
    status = desk pins
    [network]
    apn = em
    psm = on
    periodic-tau = 1h
    active-time = 2s
    [server]
    url = coap://\(server):5683/r
    [report]
    interval = 40s
    [store]
    path = spool.db
    [control]
    socket = control.sock
    [sensor load]
    file = /proc/loadavg
    field = 1
    interval = 10s

    """
  }

  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words,
      Arguments.Grammar(
        flags: ["--json"],
        options: ["--godwit", "--module", "--warm", "--seed", "--trace", "--limit"]))
    let warm = try arguments.number("--warm", in: 0...100) ?? warmReports
    let seconds = try arguments.number("--limit", in: 1...100_000)
    var setup = ModemSetup()
    setup.module = try ModemSetup.module(arguments)
    let folder = try Path.makeTemporaryFolder()
    defer { Path.removeFolder(folder) }
    try Path.write(configuration(setup.module), to: folder + "/godwit.conf")
    let device = try DeskDevice(
      config: folder + "/godwit.conf", godwit: arguments.value("--godwit"))
    setup.network = .real
    setup.stored = .configured
    setup.names = [device.server]
    setup.seed = UInt64(try arguments.number("--seed", in: 0...Int.max) ?? 1)
    let rig = try Rig(
      Rig.Plan(
        command: [device.program, "run", "--config", device.config],
        modem: try setup.modem(now: BenchClock.now, utc: BenchClock.utc), lines: device.lines,
        serverNames: [device.server, .ipv4(ModemSetup.address(0))],
        controlSocket: device.controlSocket), signals: try Signals())
    let trace: TraceFile? =
      if let path = arguments.value("--trace") { try TraceFile(path: path) } else { nil }
    var bench = WakeBench(rig, wantedWarm: warm, trace: trace)
    let end = BenchClock.now + (seconds.map { .seconds($0) } ?? limit)
    if !arguments.has("--json") { Terminal.complain(WakeTable.preface(reports: warm + 1)) }
    let failure = bench.run(until: end)
    let reports = bench.reports
    Terminal.say(
      arguments.has("--json")
        ? WakeTable.json(reports, module: setup.module)
        : WakeTable.text(reports, module: setup.module))
    if let failure {
      throw BenchError(failure, remedy: "--trace FILE keeps what went over the UART")
    }
    return 0
  }
}
