import Glibc
import ModemSimulator
import Primitives

/// `godwit-bench wake`: what a report costs, cold and warm, measured on the modem's side of a real
/// pty against the real process; every family side by side.
enum WakeCommand {
  private static let laterReports = 2
  /// With it the simulated Telit and Cinterion are firmware that tells of the granted timers
  /// (+CEREG=4); without that a module is turned off instead of sleeping.
  private static let seed = 8
  /// Reports come 45 s apart: the longest boots, a real radio tail of 10 s and the sleep fit in.
  private static let interval = Duration.seconds(45)
  /// Beside the intervals: the set-up, in an accelerated network.
  private static let setUpLimit = Duration.seconds(150)

  /// The server goes by its address: the answer of a name server is kept over sleeps, and some
  /// modules can't ask one.
  private static func configuration(_ facts: WakeFacts, _ server: IPv4Address) -> String {
    """
    [device]
    name = wake-1
    [modem]
    module = \(facts.module)
    uart = modem
    power-key = desk pins
    status = desk pins
    [network]
    apn = em
    psm = on
    periodic-tau = 1h
    active-time = 2s
    rest = \(facts.hasPSM ? "psm" : "power-off")
    limits = off
    [server]
    url = coap://\(String(decoding: server.bytes, as: UTF8.self)):5683/r
    [report]
    interval = \(interval.components.seconds)s
    [store]
    path = spool.db
    [control]
    socket = control.sock
    [sensor load]
    file = /proc/loadavg
    field = 1
    interval = 15s

    """
  }

  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words,
      Arguments.Grammar(
        flags: ["--json", "--explain", "--page"],
        options: ["--godwit", "--module", "--warm", "--seed", "--trace", "--limit"]))
    let later = try arguments.number("--warm", in: 0...100) ?? laterReports
    let families = try families(arguments)
    if arguments.has("--page") {
      Terminal.say(try WakePage.text())
      return 0
    }
    if families.count > 1, arguments.value("--trace") != nil {
      throw .usage("--trace: name the module with --module")
    }
    let limit = try arguments.number("--limit", in: 1...100_000).map { Duration.seconds($0) }
    let folder = try Path.makeTemporaryFolder()
    defer { Path.removeFolder(folder) }
    let signals = try Signals()
    var benches: [WakeBench] = []
    for facts in families {
      benches.append(
        try bench(facts, in: "\(folder)/\(facts.module)", later: later, arguments, signals))
    }
    if !arguments.has("--json") { Terminal.complain(WakeTable.preface) }
    let usual = setUpLimit + interval * (later + 1)
    run(benches, signals, until: BenchClock.now + (limit ?? usual))
    say(benches, arguments)
    if let failure = benches.compactMap(\.failure).first {
      throw BenchError(failure, remedy: "--module NAME --trace FILE keeps what went over the UART")
    }
    return 0
  }

  private static func families(_ arguments: Arguments) throws(BenchError) -> [WakeFacts] {
    guard arguments.value("--module") != nil else { return WakeFacts.all }
    let name = try ModemSetup.module(arguments)
    return WakeFacts.all.filter { $0.module == name }
  }

  private static func bench(
    _ facts: WakeFacts, in folder: String, later: Int, _ arguments: Arguments, _ signals: Signals
  ) throws(BenchError) -> WakeBench {
    try Path.makeFolder(folder)
    let server = ModemSetup.address(0)
    try Path.write(configuration(facts, server), to: folder + "/godwit.conf")
    let device = try DeskDevice(
      config: folder + "/godwit.conf", godwit: arguments.value("--godwit"))
    var setup = ModemSetup()
    setup.module = facts.module
    setup.network = .real
    setup.stored = .configured
    setup.seed = UInt64(try arguments.number("--seed", in: 0...Int.max) ?? seed)
    let rig = try Rig(
      Rig.Plan(
        command: [device.program, "run", "--config", device.config],
        modem: try setup.modem(now: BenchClock.now, utc: BenchClock.utc), lines: device.lines,
        serverNames: [.ipv4(server)], controlSocket: device.controlSocket), signals: signals)
    let trace: TraceFile? =
      if let path = arguments.value("--trace") { try TraceFile(path: path) } else { nil }
    return WakeBench(facts, rig: rig, wantedLater: later, trace: trace)
  }

  /// Turns all of them in one loop, until each is done or `end` comes.
  private static func run(_ benches: [WakeBench], _ signals: Signals, until end: Instant) {
    var told = 0
    while benches.contains(where: { !$0.isDone }), BenchClock.now < end {
      let busy = benches.filter { !$0.isDone }
      var set = PollSet()
      signals.addInterest(to: &set)
      for bench in busy { bench.addInterest(to: &set) }
      let now = BenchClock.now
      let due = busy.compactMap { $0.due(now: now) }.min()
      set.wait(until: earlier(end, due), now: now)
      let notices = signals.read(set)
      for bench in busy { bench.serve(set, notices) }
      let done = benches.count { $0.isDone }
      if done > told, benches.count > 1 {
        told = done
        Terminal.complain("\(done) of \(benches.count) modules measured")
      }
    }
    for bench in benches where !bench.isDone { bench.end(failure: bench.shortfall) }
  }

  private static func say(_ benches: [WakeBench], _ arguments: Arguments) {
    let rows = benches.flatMap { bench in
      bench.reports.map { report in
        WakeTable.Row(
          module: bench.module, report: report,
          floor: ChargeFloor(report.kind, of: bench.facts))
      }
    }
    if arguments.has("--json") { return Terminal.say(WakeTable.json(rows)) }
    Terminal.say(WakeTable.text(rows))
    guard arguments.has("--explain") || benches.count == 1 else { return }
    var shown: [ChargeFloor] = []
    for row in rows where !shown.contains(row.floor) {
      shown.append(row.floor)
      Terminal.say("\n" + WakeTable.explained(row))
    }
  }
}
