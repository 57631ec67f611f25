import Glibc
import Primitives
import Testing

@testable import godwit_bench

/// The bench against a board whose module it doesn't play: the whole mode, from hil.conf to TAP.
///
/// The board is the real process, started and killed by a reset command, with a shell on a pty. The
/// module is `godwit-bench sim`, which the bench only meets as a real one: by its pins and by what
/// arrives on a UDP port of 127.0.0.1. Not covered: real boards, modules, networks and relays.
@Suite("A board with a real modem", .serialized) struct HilRealModemTests {
  @Test("runs what needs only reports, pins and power, and skips the rest with its reason")
  func runs() throws {
    let stand = try RealModemStand()
    let configuration = Path.join(stand.folder.path, "hil.conf")
    try Path.write(stand.configuration, to: configuration)
    let place = HilPlace(name: "stand-in", kind: .real(try HilConfiguration(file: configuration)))
    let runner = HilRunner(
      place: place, keep: stand.folder.path + "/kept", isFull: false,
      interruption: Interruption(try Signals()))
    var lines: [String] = []
    let report = try runner.run(try HilCommand.choose("1,2e,3a,6a,8")) { lines.append($0) }
    let said = lines.joined(separator: "\n")
    #expect(report.results.map(\.label) == ["1", "2e", "3a", "6a", "8"])
    #expect(report.results[0].outcome == .passed, "\(said)")
    #expect(report.results[1].outcome == .passed, "\(said)")
    #expect(report.results[2].outcome == .skipped(HilNeed.simulatedModem.reason))
    #expect(report.results[3].outcome == .skipped(HilNeed.suspend.reason))
    #expect(report.results[4].outcome == .skipped("is for qemu-armv7"))
    #expect(said.contains("# the pulse was "), "\(said)")
  }

  @Test("loses nothing when its power is cut while it stores and while the server confirms")
  func powerCuts() throws {
    let stand = try RealModemStand()
    let source = try RealSource(try HilConfiguration(text: stand.configuration))
    var remarks: [String] = []
    var rigs: [HilRig] = []
    let bench = HilBench(
      source: source, interruption: Interruption(try Signals()), folder: stand.folder.path,
      isFull: false, register: { rigs.append($0) }, say: { remarks.append($0) })
    defer { for rig in rigs { rig.cutPower() } }
    do throws(HilFailure) {
      try PowerCutScenario.run(
        bench, [.stored(2, after: .milliseconds(3)), .received(after: .milliseconds(20))])
    } catch {
      Issue.record("\(error.what)\n\(rigs.last?.consoleTail ?? [])")
    }
    #expect(remarks.count == 3, "\(remarks)")
    #expect(rigs.first?.acknowledged.isEmpty == false)
  }

  @Test("that sends no report fails with what its shell said last") func silent() throws {
    let stand = try RealModemStand(url: "coap://nowhere.example/r")
    let scenario = HilScenario(label: "x", title: "waits for a report") {
      (bench) throws(HilFailure) in
      let rig = bench.rig()
      try rig.powerOn(GuestPlan())
      try rig.wait("first report", within: .seconds(1)) { !rig.reports.isEmpty }
    }
    let place = HilPlace(
      name: "stand-in", kind: .real(try HilConfiguration(text: stand.configuration)))
    let runner = HilRunner(
      place: place, keep: stand.folder.path + "/kept", isFull: false,
      interruption: Interruption(try Signals()))
    var lines: [String] = []
    _ = try runner.run([scenario]) { lines.append($0) }
    let said = lines.joined(separator: "\n")
    #expect(said.contains("no first report within 5 s; the modem is a real one"), "\(said)")
    #expect(said.contains("\n  console: |\n"), "\(said)")
    #expect(said.contains(" modem: starting: "), "\(said)")
    #expect(!HilFiles.exists(stand.folder.path + "/kept/x/uart.trace"))
    #expect(HilFiles.exists(stand.folder.path + "/kept/x/pins.trace"))
  }

  @Test("whose port is taken says which key names it") func port() throws {
    let taken = try DatagramServer(address: IPv4Address(127, 0, 0, 1), port: 0)
    let text = """
      [board]
      reset = true
      [modem]
      real = quectel-bg95
      [server]
      address = 127.0.0.1
      port = \(taken.port)
      url = coap://bench.example/r
      [network]
      apn = em
      """
    let error = #expect(throws: BenchError.self) {
      try RealSource(try HilConfiguration(text: text))
    }
    #expect(error?.what.hasPrefix("binding 127.0.0.1:\(taken.port): ") == true)
    #expect(error?.remedy.contains("[server] address, port") == true)
  }
}

/// The stand-in: scripts that are the relay, the boot and the module's supply of a board.
private final class RealModemStand {
  let folder: Folder
  let configuration: String
  /// Both sides of the pty of the board's shell. The slave is held open so that the master lives
  /// while the bench doesn't have its adapter open.
  private let master: Int32
  private let slave: Int32

  init(url: String = "coap://bench.example:5683/r") throws {
    signal(SIGPIPE, SIG_IGN)  // As `Signals` does for the tool.
    folder = try Folder()
    let place = folder.path
    let free = try DatagramServer(address: IPv4Address(127, 0, 0, 1), port: 0).port
    let godwit = try #require(Path.sibling("godwit"), "build the product godwit")
    let bench = try #require(Path.sibling("godwit-bench"), "build the product godwit-bench")
    let number = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // The scripts inherit it; they use the lower numbers themselves.
    master = fcntl(number, F_DUPFD, 20)
    close(number)
    // ioctl_tty(2): `TIOCSPTLCK` and `TIOCGPTN`.
    var (locked, index) = (Int32(0), UInt32(0))
    try #require(ioctl(master, 0x4004_5431, &locked) == 0)
    try #require(ioctl(master, 0x8004_5430, &index) == 0)
    let device = "/dev/pts/\(index)"
    slave = open(device, O_RDWR | O_NOCTTY | O_CLOEXEC)
    var settings = termios()
    tcgetattr(slave, &settings)
    cfmakeraw(&settings)
    tcsetattr(slave, TCSANOW, &settings)
    mkfifo(place + "/edges", 0o600)

    // The board's godwit ends and starts like a service; its wrapper's path is the service's.
    try Self.script(
      "stop", in: place,
      "[ -f godwit.pid ] && kill -TERM $(cat godwit.pid) && tail --pid=$(cat godwit.pid) -f "
        + "/dev/null; rm -f godwit.pid")
    try Self.script(
      "restart", in: place,
      "./stop; setsid ./godwit run --config godwit.conf >godwit.log 2>&1 & echo $! >godwit.pid")
    // A killed process lives on for a moment: its sockets still accept, and its successor would give way.
    try Self.script(
      "off", in: place,
      """
      for name in shell godwit sim; do
        [ -f $name.pid ] || continue
        pid=$(cat $name.pid)
        kill -KILL -$pid 2>/dev/null
        while grep -qs '^State:.[^ZX]' /proc/$pid/status; do sleep 0.01; done
        rm -f $name.pid
      done
      rm -f pins
      """)
    // With a terminal for its standard error the shell would be interactive, and stop itself.
    try Self.script(
      "on", in: place,
      """
      ./off
      exec 3<>edges
      setsid \(bench) sim --pty modem --pins pins --map bench.example=127.0.0.1:\(free) \\
        --stored configured >&3 2>sim.log & echo $! >sim.pid
      until [ -S pins ]; do
        kill -0 $(cat sim.pid) || { cat sim.log >&2; exit 1; }
        sleep 0.02
      done
      PATH=.:$PATH setsid bash <&\(master) >&\(master) 2>shell.log & echo $! >shell.pid
      """)
    try Self.script(
      "edges-to-pins", in: place,
      "exec 3<>edges; exec sed -u -n -e 's/.*power-key: level asserted/power-key 1/p' "
        + "-e 's/.*power-key: level released/power-key 0/p' <&3")
    symlink(godwit, place + "/godwit")
    configuration = """
      [board]
      reset = cd \(place) && ./on
      power-off = cd \(place) && ./off
      boot-limit = 20s
      shell = \(device)
      stop = ./stop
      restart = ./restart
      log = tail -F godwit.log
      [modem]
      real = quectel-bg95
      [server]
      address = 127.0.0.1
      port = \(free)
      url = \(url)
      [network]
      apn = em
      [pins]
      command = cd \(place) && exec ./edges-to-pins
      [guest]
      uart = modem
      power-key = desk pins
      status = desk pins
      configuration = godwit.conf
      store = spool.db
      control = control.sock
      """
  }

  deinit {
    _ = try? GuardedChild.run(["/bin/sh", "-c", "cd \(folder.path) && ./off"])
    close(master)
    close(slave)
    HilFiles.removeTree(folder.path)
  }

  private static func script(_ name: String, in folder: String, _ text: String) throws {
    try Path.write("#!/bin/bash\n\(text)\n", to: Path.join(folder, name))
    chmod(Path.join(folder, name), 0o755)
  }
}
