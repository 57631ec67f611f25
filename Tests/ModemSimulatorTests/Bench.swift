import ModemSimulator
import Primitives

/// A module on a bench, in virtual time: tells what came when, and answers for the sockets.
struct Bench {
  var modem: SimulatedModem
  var now = Instant.start
  /// All bytes that the module sent.
  var output: [UInt8] = []
  /// Every effect with its time.
  var trace: [(at: Int64, effect: SimulatedModem.Effect)] = []
  /// Sockets open by themselves, as a shell on loopback would.
  var opensSockets = true
  var isStatusOn = false
  var lastOpened: SocketID?
  /// Short messages that the network took.
  var submitted: [[UInt8]] = []

  init(
    _ personality: ModemPersonality = .bg95, network: SimulatedNetwork = .accelerated,
    sim: SimulatedSIM = SimulatedSIM(),
    stored: StoredSettings = .configured(apn: Array("em".utf8)), seed: UInt64 = 1
  ) {
    modem = SimulatedModem(
      personality: personality, network: network, sim: sim, stored: stored, seed: seed)
  }

  /// A module of another family: supplied, switched on with one pulse (none: it starts with its
  /// supply), left alone until it is registered and everything is at rest, then spoken to.
  static func other(
    _ personality: ModemPersonality, pulse: Int64?, rest: Int64 = 60_000,
    first: [String] = ["ATE0"], certificates: [String] = [],
    network: SimulatedNetwork = .accelerated, sim: SimulatedSIM = SimulatedSIM(), seed: UInt64 = 1
  ) -> Bench {
    var stored = personality.configured(apn: Array("em".utf8))
    stored.certificates = certificates.map { Array($0.utf8) }
    var bench = Bench(personality, network: network, sim: sim, stored: stored, seed: seed)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    if let pulse { bench.pulse(pulse) }
    bench.wait(rest)
    for command in first { _ = bench.ask(command + "\r") }
    return bench
  }

  /// Supplied, switched on with a good pulse, and booted as far as the UART.
  static func running(
    network: SimulatedNetwork = .accelerated, sim: SimulatedSIM = SimulatedSIM(),
    stored: StoredSettings = .configured(apn: Array("em".utf8)), seed: UInt64 = 1
  ) -> Bench {
    var bench = Bench(network: network, sim: sim, stored: stored, seed: seed)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(600)
    bench.wait(3300)
    return bench
  }

  /// As `running`, registered, everything at rest, echo off.
  static func registered(
    network: SimulatedNetwork = .accelerated, sim: SimulatedSIM = SimulatedSIM(),
    stored: StoredSettings = .configured(apn: Array("em".utf8)), seed: UInt64 = 1
  ) -> Bench {
    var bench = Bench.running(network: network, sim: sim, stored: stored, seed: seed)
    bench.wait(60_000)
    _ = bench.ask("ATE0\r")
    return bench
  }

  mutating func input(_ input: SimulatedModem.Input) {
    for effect in modem.handle(input, now: now) {
      trace.append((now.milliseconds, effect))
      switch effect {
      case .transmit(let bytes): output += bytes
      case .statusLine(let isOn): isStatusOn = isOn
      case .openSocket(let id, _, _, _):
        lastOpened = id
        if opensSockets { self.input(.socketOpened(id)) }
      case .messageSubmitted(let tpdu): submitted.append(tpdu)
      case .sendOnSocket, .closeSocket, .ringIndicator: break
      }
    }
  }

  mutating func wait(_ milliseconds: Int64) {
    let end = now + .milliseconds(milliseconds)
    while let due = modem.deadline, due <= end {
      now = max(now, due)
      input(.deadline)
    }
    now = end
    input(.deadline)
  }

  mutating func pulse(_ milliseconds: Int64) {
    input(.powerKey(isAsserted: true))
    wait(milliseconds)
    input(.powerKey(isAsserted: false))
  }

  mutating func write(_ text: String) { input(.uartReceived(Array(text.utf8))) }

  /// Writes `text` and returns what came within `milliseconds`.
  mutating func ask(_ text: String, for milliseconds: Int64 = 200) -> String {
    output = []
    write(text)
    wait(milliseconds)
    return heard
  }

  /// What came since the last question.
  var heard: String { String(decoding: output, as: UTF8.self) }

  /// Whether `text` came since the last question, byte for byte.
  func said(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard output.count >= wanted.count else { return false }
    return (0...(output.count - wanted.count)).contains {
      output[$0..<$0 + wanted.count].elementsEqual(wanted)
    }
  }

  /// Waits until `text` was heard.
  mutating func wait(for text: String, within milliseconds: Int64) -> Bool {
    let end = now + .milliseconds(milliseconds)
    while !said(text) {
      guard let due = modem.deadline, due <= end else {
        now = end
        input(.deadline)
        return said(text)
      }
      now = max(now, due)
      input(.deadline)
    }
    return true
  }

  /// Brings context 1 up and opens UDP socket 0.
  mutating func openSocket(host: String = "192.0.2.1", type: String = "UDP") -> SocketID? {
    output = []
    write("AT+QIACT=1\r")
    _ = wait(for: "OK\r\n", within: 5000)
    output = []
    write("AT+QIOPEN=1,0,\"\(type)\",\"\(host)\",5683,0,0\r")
    _ = wait(for: "+QIOPEN: 0,0\r\n", within: 5000)
    return lastOpened
  }
}
