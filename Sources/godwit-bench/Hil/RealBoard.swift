import Glibc
import Primitives

/// Starts a real board: each start is a reset. Its disk is its own; the store on it is removed at
/// the first start of each scenario.
final class RealSource: BoardSource {
  private let configuration: HilConfiguration
  private var hasStarted = false
  let realServer: DatagramServer?
  var bootLimit: Duration { configuration.bootLimit }
  var isConfigured: Bool { configuration.shell != nil }

  /// - Throws: when the port for reports can't be had.
  init(_ configuration: HilConfiguration) throws(BenchError) {
    self.configuration = configuration
    if case .real(let server) = configuration.modem {
      realServer = try DatagramServer(address: server.address, port: server.port)
    } else {
      realServer = nil
    }
  }

  func powerOn(_ guest: GuestPlan) throws(BenchError) -> BoardUnderTest {
    let board = try RealBoard(configuration, guest, isFresh: !hasStarted)
    hasStarted = true
    return board
  }
}

/// A real board: its shell and, but for a real module, its modem UART are serial adapters of the
/// bench, its power and its pins are commands.
final class RealBoard: BoardUnderTest {
  private static let greetingPause = Duration.seconds(2)
  private static let greeting = "echo shell-$((40+2))"
  /// The last of the lines that prepare the board.
  private static let farewell = "echo ready-$((40+2))"

  private(set) var console = ConsoleLog()
  private let configuration: HilConfiguration
  private let guest: GuestPlan
  private let isFresh: Bool
  private let modem: StreamEnd?
  private let shell: StreamEnd?
  private let pins: PinCommand?
  private var greetsAt: Instant? = .start
  private var isUp = false
  private(set) var isRunning = true

  var deadline: Instant? { shell == nil ? nil : greetsAt }

  /// - Parameter isFresh: whether the scenario begins, with an empty store.
  init(
    _ configuration: HilConfiguration, _ guest: GuestPlan, isFresh: Bool
  ) throws(BenchError) {
    self.configuration = configuration
    self.guest = guest
    self.isFresh = isFresh
    if case .adapter(let port) = configuration.modem {
      modem = StreamEnd(try SerialPort.open(port))
    } else {
      modem = nil
    }
    if let port = configuration.shell {
      shell = StreamEnd(try SerialPort.open(port))
    } else {
      shell = nil
    }
    if let command = configuration.pins { pins = try PinCommand(command) } else { pins = nil }
    try Self.run(configuration.reset, key: "[board] reset")
  }

  func addInterest(to set: inout PollSet) {
    modem?.addInterest(to: &set)
    shell?.addInterest(to: &set)
    pins?.addInterest(to: &set)
  }

  func serve(_ set: PollSet, now: Instant) -> [BoardEvent] {
    var events = pins?.read(now: now) ?? []
    let bytes = modem?.transfer() ?? []
    if !bytes.isEmpty { events.append(.uart(bytes)) }
    return events + readShell(now: now)
  }

  func transmit(_ bytes: [UInt8]) { modem?.send(bytes) }
  func tell(_ line: String) { shell?.send(Array((line + "\n").utf8)) }
  func begin(_ guest: GuestPlan) {
    for line in guest.commands(configuration: configuration.path) { tell(line) }
  }
  func setStatus(isOn: Bool) { pins?.say("status \(isOn ? 1 : 0)") }
  func setRing(isAsserted: Bool) { pins?.say("ring \(isAsserted ? 1 : 0)") }

  func cutPower() {
    guard isRunning else { return }
    isRunning = false
    pins?.end()
    guard let command = configuration.powerOff else { return }
    do {
      try Self.run(command, key: "[board] power-off")
    } catch {
      Terminal.complain("godwit-bench: \(error.description)")
    }
  }

  /// The shell's lines stand for the console's too. Its first answer is followed by the scenario's
  /// configuration, and only when that is in force the board is up.
  private func readShell(now: Instant) -> [BoardEvent] {
    guard let shell else {
      defer { isUp = true }
      return isUp ? [] : [.up]
    }
    if let due = greetsAt, due <= now {
      tell(Self.greeting)
      greetsAt = now + Self.greetingPause
    }
    var events: [BoardEvent] = []
    for line in console.append(shell.transfer()) {
      if line.hasSuffix("shell-42") {
        if greetsAt != nil { prepare() }
      } else if line.hasSuffix("ready-42"), !isUp {
        isUp = true
        events.append(.up)
      } else {
        events.append(.shell(line))
      }
    }
    return events
  }

  private func prepare() {
    greetsAt = nil
    // What the shell is told may hold the access point's password, which isn't for the logs.
    tell("stty -echo")
    if isFresh {
      tell(configuration.stop)
      tell("rm -f \(configuration.wiring.store) \(configuration.wiring.store)-*")
    }
    if let clock = configuration.clock, let time = guest.clock { tell("\(clock) \(time)") }
    tell("cat >\(configuration.path) <<'END'")
    for line in guest.configuration(configuration.wiring).split(separator: "\n") {
      tell(String(line))
    }
    tell("END")
    tell(configuration.restart)
    if let log = configuration.log { tell("\(log) &") }
    tell(Self.farewell)
  }

  private static func run(_ command: String, key: String) throws(BenchError) {
    let result = try GuardedChild.run(["/bin/sh", "-c", command])
    guard result.status == 0 else {
      throw BenchError(
        "\(key) ended with status \(result.status): \(result.words.printable)",
        remedy: "run it by hand: \(command)")
    }
  }
}

/// The command that reads and drives a real board's pins.
final class PinCommand {
  private let identifier: pid_t
  private let output: Descriptor
  private let input: Descriptor
  private var lines = ConsoleLog()
  private var stamps = StampClock()
  private var hasEnded = false

  init(_ command: String) throws(BenchError) {
    let (fromIt, toIt) = (try Descriptor.pipe(), try Descriptor.pipe())
    output = Descriptor(fromIt.read)
    input = Descriptor(toIt.write)
    // The command waits for what it is told, as any program does.
    _ = fcntl(toIt.read, F_SETFL, 0)
    defer {
      close(fromIt.write)
      close(toIt.read)
    }
    identifier = try GuardedChild.spawn(
      ["/bin/sh", "-c", command], input: toIt.read, output: fromIt.write, error: STDERR_FILENO)
  }

  deinit { end() }

  func addInterest(to set: inout PollSet) {
    if !hasEnded { set.addReadable(output.number) }
  }

  func read(now: Instant) -> [BoardEvent] {
    guard !hasEnded else { return [] }
    switch output.read(limit: 4096) {
    case .bytes(let bytes):
      return lines.append(bytes).compactMap { event($0, now: now) }
    case .nothing: return []
    case .ended:
      hasEnded = true
      GuardedChild.wait(identifier)
      return [.ended("[pins] command ended; without it the power key can't be seen")]
    }
  }

  func say(_ line: String) {
    if !hasEnded { Descriptor.writeAll(Array((line + "\n").utf8), to: input.number) }
  }

  func end() {
    if hasEnded { return }
    hasEnded = true
    GuardedChild.end(identifier)
  }

  /// `power-key 1 2085141`: the pin, its level and where there is one the time in microseconds.
  private func event(_ line: String, now: Instant) -> BoardEvent? {
    let words = line.split(separator: " ").map { Array($0.utf8) }
    guard words.count >= 2, words[0].equals("power-key") else { return nil }
    guard words[1].equals("0") || words[1].equals("1") else { return nil }
    var moment = now
    if words.count >= 3, let stamp = words[2].asciiWholeNumber {
      moment = stamps.moment(of: .microseconds(stamp), now: now)
    }
    return .pin(.powerKey, isAsserted: words[1].equals("1"), at: moment)
  }
}
