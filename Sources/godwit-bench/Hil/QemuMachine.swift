import Glibc
import Primitives

/// A running QEMU board.
final class QemuMachine: BoardUnderTest {
  /// How long QEMU itself may take to answer its control socket, before the guest runs at all.
  static let startLimit = Duration.seconds(20)
  /// A shell that was started after a line was sent never saw it: the line is sent again.
  private static let greetingPause = Duration.seconds(1)
  /// What the shell answers to; the sum keeps an echo from looking like an answer.
  private static let greeting = "echo shell-$((40+2))"
  private static let readLimit = 65_536

  private(set) var console = ConsoleLog()
  /// The process; ended by this number alone.
  let identifier: pid_t
  private let qtest: Descriptor
  private let control: Descriptor
  private let output: Descriptor
  private let errors: Descriptor
  private var uart: StreamEnd?
  private var shell: StreamEnd?
  private var shellLog = ConsoleLog()
  private var ownWords = ConsoleLog()
  private var stamps = StampClock()
  private var controller = ""
  private var greetsAt: Instant? = .start
  private var hasEnded = false

  var isRunning: Bool { !hasEnded }
  var deadline: Instant? { hasEnded ? nil : greetsAt }

  /// Starts QEMU, finds the pin controller, takes its outputs and lets the guest go.
  ///
  /// - Throws: when QEMU isn't there or refuses the command line, with its own words.
  init(_ board: QemuBoard, _ setup: QemuSetup) throws(BenchError) {
    let (qtest, control) = (try SocketPair(), try SocketPair())
    let (output, errors) = (try Descriptor.pipe(), try Descriptor.pipe())
    self.qtest = Descriptor(qtest.ours)
    self.control = Descriptor(control.ours)
    self.output = Descriptor(output.read)
    self.errors = Descriptor(errors.read)
    let words = setup.arguments(
      starter: board.starter, qtest: qtest.theirs, control: control.theirs)
    unlink(setup.modemSocket)
    unlink(setup.shellSocket)
    do {
      // Closed at once, so that the end of QEMU is seen as the end of these.
      defer {
        for number in [qtest.theirs, control.theirs, output.write, errors.write] { close(number) }
      }
      identifier = try GuardedChild.spawn(words, output: output.write, error: errors.write)
    }
    do {
      try takeController()
      uart = StreamEnd(try StreamEnd.connected(to: setup.modemSocket))
      shell = StreamEnd(try StreamEnd.connected(to: setup.shellSocket))
    } catch {
      cutPower()
      throw error
    }
    say(#"{"execute":"cont"}"#)
  }

  deinit { cutPower() }

  func addInterest(to set: inout PollSet) {
    if hasEnded { return }
    for number in [qtest.number, control.number, output.number, errors.number] {
      set.addReadable(number)
    }
    uart?.addInterest(to: &set)
    shell?.addInterest(to: &set)
  }

  func serve(_ set: PollSet, now: Instant) -> [BoardEvent] {
    var events = readPins(now: now)
    // The answers say nothing that the log doesn't; they are read so that QEMU never blocks.
    _ = qtest.read(limit: Self.readLimit)
    _ = control.read(limit: Self.readLimit)
    if let bytes = uart?.transfer(), !bytes.isEmpty { events.append(.uart(bytes)) }
    if case .bytes(let bytes) = output.read(limit: Self.readLimit) {
      events += console.append(bytes).map { .console($0) }
    }
    events += readShell(now: now)
    if !hasEnded, let status = GuardedChild.reap(identifier) {
      hasEnded = true
      let words = ownWords.tail(5).filter { QtestLog($0.utf8) == nil }
      events.append(.ended((["QEMU \(status)"] + words).joined(separator: " / ")))
    }
    return events
  }

  func transmit(_ bytes: [UInt8]) { uart?.send(bytes) }
  func tell(_ line: String) { shell?.send(Array((line + "\n").utf8)) }
  func setStatus(isOn: Bool) { drive(QemuBoard.statusLine, isHigh: isOn) }
  func setRing(isAsserted: Bool) { drive(QemuBoard.ringLine, isHigh: isAsserted) }

  func cutPower() {
    if hasEnded { return }
    hasEnded = true
    kill(identifier, SIGKILL)
    GuardedChild.wait(identifier)
  }

  /// What the shell said. Until it answers for the first time it is greeted again and again, and
  /// that answer stands for "the image is up".
  private func readShell(now: Instant) -> [BoardEvent] {
    guard let shell else { return [] }
    if let due = greetsAt, due <= now, !hasEnded {
      tell(Self.greeting)
      greetsAt = now + Self.greetingPause
    }
    var events: [BoardEvent] = []
    for line in shellLog.append(shell.transfer()) {
      if line != "shell-42" {
        events.append(.shell(line))
      } else if greetsAt != nil {
        greetsAt = nil
        events.append(.up)
      }
    }
    return events
  }

  private func drive(_ line: Int, isHigh: Bool) {
    ask("set_irq_in \(controller) unnamed-gpio-in \(line) \(isHigh ? 1 : 0)")
  }

  /// One line to qtest. QEMU reads it at once, so the socket always has room for it.
  private func ask(_ line: String) { _ = qtest.write(Array((line + "\n").utf8)) }

  private func readPins(now: Instant) -> [BoardEvent] {
    guard case .bytes(let bytes) = errors.read(limit: Self.readLimit) else { return [] }
    var events: [BoardEvent] = []
    for line in ownWords.append(bytes) {
      guard let log = QtestLog(line.utf8) else { continue }
      switch log {
      case .output(QemuBoard.powerKeyLine, let isHigh, let at):
        let moment = stamps.moment(of: at, now: now)
        events.append(.pin(.powerKey, isAsserted: isHigh, at: moment))
      case .input(QemuBoard.statusLine, let isHigh, let at):
        let moment = stamps.moment(of: at, now: now)
        events.append(.pin(.status, isAsserted: isHigh, at: moment))
      case .input(QemuBoard.ringLine, let isHigh, let at):
        let moment = stamps.moment(of: at, now: now)
        events.append(.pin(.ring, isAsserted: isHigh, at: moment))
      case .output(_, _, let at), .input(_, _, let at), .other(let at):
        _ = stamps.moment(of: at, now: now)
      }
    }
    return events
  }
}

// MARK: The start

extension QemuMachine {
  /// Asks QEMU where its PL061 is, has qtest tell that device's outputs, then starts the guest.
  private func takeController() throws(BenchError) {
    say(#"{"execute":"qmp_capabilities"}"#)
    say(#"{"execute":"qom-list","arguments":{"path":"/machine/unattached"}}"#)
    let limit = BenchClock.now + Self.startLimit
    var answer: [UInt8] = []
    while controller.isEmpty {
      var set = PollSet()
      set.addReadable(control.number)
      set.addReadable(errors.number)
      set.wait(until: limit, now: BenchClock.now)
      _ = readPins(now: BenchClock.now)
      if case .bytes(let bytes) = control.read(limit: Self.readLimit) { answer += bytes }
      if let name = Self.deviceName(of: "pl061", in: answer) {
        controller = "/machine/unattached/\(name)"
      } else if let status = GuardedChild.reap(identifier) {
        hasEnded = true
        throw didNotStart("it \(status)")
      } else if BenchClock.now >= limit {
        throw didNotStart("it said nothing for \(Self.startLimit.text)")
      }
    }
    ask("irq_intercept_out \(controller)")
  }

  private func didNotStart(_ how: String) -> BenchError {
    _ = readPins(now: BenchClock.now)
    let words = ownWords.tail(5).filter { QtestLog($0.utf8) == nil }
    return BenchError(
      "QEMU didn't start: \(how)\(words.isEmpty ? "" : ": " + words.joined(separator: " / "))",
      remedy: "see that QEMU is 7.2 or later and that the image is whole")
  }

  private func say(_ command: String) { _ = control.write(Array((command + "\n").utf8)) }

  /// The name of the child of `type` in QMP's answer to `qom-list`, whose entries have the form
  /// `{"name": "device[6]", "type": "child<pl061>"}`.
  static func deviceName(of type: String, in answer: [UInt8]) -> String? {
    for entry in answer.split(separator: UInt8(ascii: "{")) {
      let words = entry.split(separator: UInt8(ascii: "\"")).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard words.contains("child<\(type)>"), let key = words.firstIndex(of: "name") else {
        continue
      }
      if let name = words[(key + 1)...].first(where: { $0 != ": " }) { return name }
    }
    return nil
  }
}
