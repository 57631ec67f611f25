import ModemSimulator
import Primitives
import Testing

@Suite("Replay, charge and hostile bytes") struct ReplayTests {
  /// A report with everything in it, written in pieces of `chunk` bytes.
  static func report(seed: UInt64, chunk: Int) -> Bench {
    var bench = Bench.running(seed: seed)
    bench.wait(8000)
    let script: [(String, Int64)] = [
      ("ATE1\r\n", 100), ("AT+CMEE=2;+CEREG=4;+CEREG?\r", 100),
      ("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r", 300), ("AT+QIACT=1\r", 400),
      ("AT+QIOPEN=1,0,\"UDP\",\"192.0.2.1\",5683\r", 300), ("AT+QISEND=0,9\r", 50),
      ("\u{1A}\r\nAT\r\n\u{1B}\u{0}", 300), ("junk\r\nAT+NO\rAT+CSQ\r", 200), ("A/", 100),
      ("AT+QISEND=0\r", 50), ("bye\u{1A}", 8000),
    ]
    for (text, pause) in script {
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: chunk) {
        bench.input(.uartReceived(Array(bytes[start..<min(start + chunk, bytes.count)])))
      }
      bench.wait(pause)
    }
    return bench
  }

  @Test("any split of the host's bytes gives the same output", arguments: 1...12)
  func splits(chunk: Int) {
    let whole = Self.report(seed: 5, chunk: 1000)
    let split = Self.report(seed: 5, chunk: chunk)
    #expect(split.output == whole.output)
    #expect(split.modem.counters == whole.modem.counters)
    #expect(whole.modem.counters.sleeps == 1)
  }

  @Test("the same seed gives the same trace, another seed another", arguments: 1...5)
  func determinism(seed: UInt64) {
    let first = Self.report(seed: seed, chunk: 7).trace
    let second = Self.report(seed: seed, chunk: 7).trace
    let other = Self.report(seed: seed + 100, chunk: 7).trace
    #expect(first.elementsEqual(second) { $0 == $1 })
    #expect(!first.elementsEqual(other) { $0 == $1 })
  }

  @Test("a late caller gets what happened at its own time") func lateCaller() {
    var punctual = Bench.registered()
    _ = punctual.ask(PowerSavingTests.request, for: 30_000)
    var late = Bench.registered()
    late.output = []
    late.write(PowerSavingTests.request)
    late.now = late.now + .milliseconds(30_000)
    late.input(.deadline)
    #expect(late.output == punctual.output)
    #expect(
      late.modem.chargeMicrocoulombs(until: late.now)
        == punctual.modem.chargeMicrocoulombs(until: punctual.now))
  }

  @Test("the times of all states add up to the whole, the charges to the total", arguments: 1...5)
  func ledger(seed: UInt64) {
    var bench = Bench(seed: seed)
    bench.input(.supply(isOn: true))
    bench.wait(10_000)
    let off = bench.modem.chargeMicrocoulombs(until: bench.now)
    #expect(off == 129)  // 10 s of 12.99 µA
    bench.pulse(600)
    bench.wait(12_000)
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r", for: 20_000)
    bench.wait(123_456)
    let times = PowerDraw.allCases.map { bench.modem.time(in: $0, until: bench.now) }
    #expect(times.reduce(.zero, +) == bench.now - .start)
    let charges = PowerDraw.allCases.map {
      bench.modem.chargeMicrocoulombs(in: $0, until: bench.now)
    }
    #expect(charges.reduce(0, +) == bench.modem.chargeMicrocoulombs(until: bench.now))
    for draw: PowerDraw in [.off, .asleep, .booting, .searching, .idle, .connected, .transmitting] {
      #expect(bench.modem.time(in: draw, until: bench.now) > .zero, "\(draw.text)")
    }
    let asleep = bench.modem.time(in: .asleep, until: bench.now).wholeMilliseconds
    #expect(charges[PowerDraw.asleep.rawValue] == asleep * 389 / 100_000)
  }

  @Test("asking for the charge later counts on without changing anything") func chargeAhead() {
    var bench = Bench()
    bench.input(.supply(isOn: true))
    let hour = bench.now + .seconds(3600)
    #expect(bench.modem.chargeMicrocoulombs(until: hour) == 46_764)
    #expect(bench.modem.chargeMicrocoulombs(until: bench.now) == 0)
    #expect(bench.modem.deadline == nil)
  }

  @Test("ten years of off don't overflow") func tenYears() {
    var bench = Bench()
    bench.input(.supply(isOn: true))
    bench.wait(315_360_000_000)
    #expect(bench.modem.chargeMicrocoulombs(until: bench.now) == 4_096_526_400)
  }

  @Test("a million random bytes trap nothing", arguments: 1...4)
  func randomBytes(seed: UInt64) {
    var bench = Bench.registered(seed: seed)
    var random = SeededRandom(seed: seed)
    for _ in 0..<250_000 / 50 {
      var bytes: [UInt8] = []
      for _ in 0..<50 { bytes.append(UInt8(truncatingIfNeeded: random.next())) }
      if random.next(below: 3) == 0 { bytes[0] = 0x0D }
      bench.input(.uartReceived(bytes))
      bench.wait(Int64(random.next(below: 60)))
      bench.output = []
      bench.trace = []
    }
    #expect(bench.modem.counters.bytesReceived >= 250_000)
  }

  @Test("random lines of real words trap nothing", arguments: 1...8)
  func randomLines(seed: UInt64) {
    let words = [
      "AT", "+QIOPEN=1,", "+QISEND=", "+CFUN=", "+QCFG=\"", "band", "\"", ",", "0", "1", "11", "4",
      ";",
      "?", "=", "+COPS=", "+CPSMS=1,,,\"00100110\",\"00000001\"", "+QICLOSE=", "+QIACT=1", "+QIRD=",
      "&W", "&F", "Z", "E0", "V0", "V1", "+CEREG=", "+QIDEACT=1", "\u{1A}", "\u{1B}", "UDP", "TCP",
      "\"192.0.2.1\"", "+CCLK=\"26/11/22,22:28:47+04\"", "99999999999999999999",
      "+QISENDEX=0,\"48\",1",
      "+QPOWD", "A/", "S10=", "+CGDCONT=", "+QIDNSGIP=1,\"a\"", "+CMGL=", "+CNMI=", "+QISTATE=1,0",
    ]
    var random = SeededRandom(seed: seed)
    var bench = Bench.registered(seed: seed)
    for _ in 0..<2000 {
      var line = random.next(below: 4) == 0 ? "" : "AT"
      for _ in 0...random.next(below: 6) {
        line += words[Int(random.next(below: UInt64(words.count)))]
      }
      bench.write(line + "\r")
      bench.wait(Int64(random.next(below: 400)))
      if let id = bench.lastOpened, random.next(below: 3) == 0 {
        let inputs: [SimulatedModem.Input] = [
          .socketReceived(id, [1, 2, 3]), .socketClosed(id), .socketFailed(id, .refused),
          .socketOpened(id),
        ]
        bench.input(inputs[Int(random.next(below: 4))])
      }
      if random.next(below: 40) == 0 { bench.pulse(Int64(random.next(below: 4500))) }
      if random.next(below: 200) == 0 {
        bench.input(.supply(isOn: false))
        bench.input(.supply(isOn: true))
      }
      if bench.modem.state == "off" || bench.modem.state == "PSM" {
        bench.wait(1500)
        bench.pulse(600)
        bench.wait(4000)
      }
      bench.output = []
    }
    #expect(bench.modem.counters.commands > 500)
  }
}
