import ModemSimulator
import Primitives
import Testing

/// What each of Quectel's and SIMCom's other families must do alike, whatever its words.
@Suite("Quectel and SIMCom, alike") struct QuectelSIMComTests {
  struct Family: Sendable, CustomTestStringConvertible {
    let name: String
    /// A good pulse for on, in milliseconds.
    let pulse: Int64
    /// Commands that bring a context up, each with the time that it may take.
    let setup: [String]
    /// Opens a connection to a peer that never answers, and what it says when it gives up.
    let open: String
    let limit: Int64
    let failure: String
    var testDescription: String { name }

    var personality: ModemPersonality {
      ModemPersonality.named(Array(name.utf8)) ?? .bg95
    }
  }

  static let families = [
    Family(
      name: "quectel-ec25", pulse: 600, setup: ["AT+QIACT=1"],
      open: "AT+QIOPEN=1,0,\"TCP\",\"192.0.2.1\",80", limit: 150, failure: "+QIOPEN: 0,569"),
    Family(
      name: "quectel-m95", pulse: 1000, setup: ["AT+QIMUX=1", "AT+QIREGAPP=\"em\"", "AT+QIACT"],
      open: "AT+QIOPEN=0,\"TCP\",\"192.0.2.1\",80", limit: 75, failure: "0, CONNECT FAIL"),
    Family(
      name: "simcom-sim7080", pulse: 1100, setup: ["AT+CNACT=0,1"],
      open: "AT+CAOPEN=0,0,\"TCP\",\"192.0.2.1\",80", limit: 75, failure: "+CAOPEN: 0,27"),
    Family(
      name: "simcom-sim7600", pulse: 500, setup: ["AT+NETOPEN"],
      open: "AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",80", limit: 120, failure: "+CIPOPEN: 0,10"),
    Family(
      name: "simcom-sim800", pulse: 1100,
      setup: ["AT+CIPMUX=1", "AT+CSTT=\"em\"", "AT+CIICR", "AT+CIFSR"],
      open: "AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",80", limit: 75, failure: "0, CONNECT FAIL"),
    Family(
      name: "simcom-sim7000", pulse: 1100,
      setup: ["AT+CIPMUX=1", "AT+CSTT=\"em\"", "AT+CIICR", "AT+CIFSR"],
      open: "AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",80", limit: 75, failure: "0, CONNECT FAIL"),
  ]

  static func registered(_ family: Family, sim: SimulatedSIM = SimulatedSIM()) -> Bench {
    Bench.other(
      family.personality, pulse: family.pulse, first: ["AT", "AT", "ATE0"], sim: sim)
  }

  @Test("is known by its name", arguments: families) func name(family: Family) {
    #expect(family.personality.name == Array(family.name.utf8))
  }

  @Test("gives up on a peer that doesn't answer, at its limit", arguments: families)
  func openLimit(family: Family) {
    var bench = Self.registered(family)
    for line in family.setup { _ = bench.ask(line + "\r", for: 3000) }
    bench.opensSockets = false
    _ = bench.ask(family.open + "\r", for: family.limit * 1000 - 1000)
    #expect(!bench.said(family.failure))
    bench.wait(2000)
    #expect(bench.said("\r\n\(family.failure)\r\n"))
  }

  @Test("wants its PIN and registers after it", arguments: families) func pin(family: Family) {
    var bench = Self.registered(family, sim: SimulatedSIM(pin: Array("1234".utf8)))
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CMEE=1;+CPIN=\"1111\"\r") == "\r\n+CME ERROR: 16\r\n")
    #expect(bench.ask("AT+CREG?\r") == "\r\n+CREG: 0,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CPIN=\"1234\"\r").contains("\r\nOK\r\n"))
    bench.wait(10_000)
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CPIN: READY\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGATT?\r") == "\r\n+CGATT: 1\r\n\r\nOK\r\n")
  }

  @Test("says that there is no card", arguments: families) func noCard(family: Family) {
    var bench = Self.registered(family, sim: .absent)
    #expect(bench.ask("AT+CMEE=1;+CPIN?\r") == "\r\n+CME ERROR: 10\r\n")
    #expect(bench.ask("AT+CMEE=0;+CIMI\r") == "\r\nERROR\r\n")
    let text = family.name.contains("simcom") ? "NOT INSERTED" : "NOT READY"
    _ = bench.ask("AT+CFUN=4\r", for: 3000)
    _ = bench.ask("AT+CFUN=0\r", for: 3000)
    #expect(bench.ask("AT+CFUN=1\r", for: 5000).contains("\r\n+CPIN: \(text)\r\n"))
  }

  @Test("draws something in each state that it was in", arguments: families)
  func charge(family: Family) {
    var bench = Self.registered(family)
    for line in family.setup { _ = bench.ask(line + "\r", for: 3000) }
    _ = bench.ask(family.open + "\r", for: 5000)
    for draw: PowerDraw in [.booting, .searching, .idle, .connected, .transmitting] {
      #expect(bench.modem.chargeMicrocoulombs(in: draw, until: bench.now) > 0, "\(draw.text)")
    }
    let before = bench.modem.chargeMicrocoulombs(until: bench.now)
    bench.wait(3_600_000)
    #expect(bench.modem.chargeMicrocoulombs(until: bench.now) > before)
  }

  @Test("has nothing left of a context after AT+CFUN=4", arguments: families)
  func flightMode(family: Family) {
    var bench = Self.registered(family)
    for line in family.setup { _ = bench.ask(line + "\r", for: 3000) }
    _ = bench.ask(family.open + "\r", for: 3000)
    _ = bench.ask("AT+CFUN=4\r", for: 5000)
    _ = bench.ask("AT+CFUN=1\r", for: 10_000)
    let opened = bench.trace.count { if case .openSocket = $0.effect { true } else { false } }
    _ = bench.ask(family.open + "\r", for: 3000)
    let later = bench.trace.count { if case .openSocket = $0.effect { true } else { false } }
    #expect(opened == 1)
    #expect(later == 1)
  }

  /// A connection and a payload with everything in it, written in pieces of `chunk` bytes.
  static func exchange(_ family: Family, chunk: Int) -> Bench {
    var bench = registered(family)
    let send = family.open.contains("+QI") ? "AT+QISEND=0,9" : "AT+CIPSEND=0,9"
    let script =
      family.setup + [
        family.open, family.name == "simcom-sim7080" ? "AT+CASEND=0,9" : send,
        "\u{1A}\r\nAT\r\n\u{1B}\u{0}", "AT+CSQ;+CREG?", "AT+NOSUCH", "A/",
      ]
    for line in script {
      let bytes = Array((line + "\r\n").utf8)
      for start in stride(from: 0, to: bytes.count, by: chunk) {
        bench.input(.uartReceived(Array(bytes[start..<min(start + chunk, bytes.count)])))
      }
      bench.wait(3000)
    }
    return bench
  }

  @Test("any split of the host's bytes gives the same output", arguments: families)
  func splits(family: Family) {
    let whole = Self.exchange(family, chunk: 1000)
    #expect(whole.modem.counters.datagramsSent == 1)
    for chunk in 1...7 {
      let split = Self.exchange(family, chunk: chunk)
      #expect(split.output == whole.output, "\(chunk)")
      #expect(split.modem.counters == whole.modem.counters, "\(chunk)")
    }
  }

  @Test("random bytes trap nothing", arguments: families) func randomBytes(family: Family) {
    var bench = Self.registered(family)
    var random = SeededRandom(seed: 7)
    for _ in 0..<1000 {
      var bytes = Array("AT+".utf8)
      for _ in 0..<50 { bytes.append(UInt8(truncatingIfNeeded: random.next())) }
      bytes.append(0x0D)
      bench.input(.uartReceived(bytes))
      bench.wait(Int64(random.next(below: 60)))
      bench.output = []
      bench.trace = []
    }
    #expect(bench.modem.counters.bytesReceived >= 54_000)
  }
}
