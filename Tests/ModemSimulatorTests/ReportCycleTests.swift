import ModemSimulator
import Primitives
import Testing

@Suite("A report and the sleep after it") struct ReportCycleTests {
  @Test("goes from the power key to the answer and into PSM and out of it", arguments: 1...20)
  func cycle(seed: UInt64) throws {
    var bench = Bench.running(seed: seed)
    _ = bench.ask("AT\r")
    #expect(bench.said("AT\r"))
    #expect(bench.said("\r\nOK\r\n"))
    _ = bench.ask("ATE0\r")
    bench.wait(10_000)
    #expect(bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r") == "\r\nOK\r\n")
    bench.wait(400)
    let opened = bench.openSocket()
    let id = try #require(opened)
    #expect(bench.said("\r\n+QIOPEN: 0,0\r\n"))
    #expect(bench.ask("AT+QISEND=0,4\r", for: 50) == "\r\n> ")
    _ = bench.ask("\u{1}\u{2}\r\n", for: 500)
    #expect(bench.heard == "\r\nSEND OK\r\n")
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, [1, 2, 13, 10]) })
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    let received = bench.wait(for: "+QIURC: \"recv\",0\r\n", within: 1000)
    #expect(received)
    #expect(bench.ask("AT+QIRD=0,1500\r", for: 50) == "\r\n+QIRD: 4\r\nOK\r\n\r\n\r\nOK\r\n")
    bench.output = []
    let announced = bench.wait(for: "\r\n+QPSMTIMER: 21600,2\r\n", within: 3000)
    #expect(announced)
    let asleep = bench.wait(for: "\r\nPSM POWER DOWN\r\n", within: 3000)
    #expect(asleep)
    bench.wait(1100)
    #expect(!bench.isStatusOn)
    #expect(bench.trace.last { $0.effect == .closeSocket(id) } != nil)
    #expect(bench.modem.state == "PSM")
    bench.output = []
    bench.pulse(600)
    bench.wait(3000)
    #expect(bench.isStatusOn)
    #expect(bench.said("\r\nRDY\r\n"))
  }

  @Test("goes 288 times, a day of reports, with one attach and nothing that a module suffers from")
  func day() throws {
    var bench = Bench.running(network: .real)
    _ = bench.ask("ATE0+CPSMS=1,,,\"00100110\",\"00000001\"\r", for: 90_000)
    for report in 1...288 {
      #expect(bench.modem.state == "PSM")
      let next = bench.now + .seconds(300)
      bench.output = []
      bench.pulse(600)
      _ = bench.wait(for: "\r\nRDY\r\n", within: 5000)
      while bench.modem.state != "PSM", !bench.said("+CEREG: 0,5\r\n") {
        _ = bench.ask("AT+CEREG?\r", for: 100)
      }
      _ = bench.openSocket()
      _ = bench.ask("AT+QISEND=0,2\r", for: 30)
      _ = bench.ask("hi", for: 1500)
      #expect(bench.modem.counters.datagramsSent == report)
      bench.wait((next - bench.now).wholeMilliseconds)
    }
    #expect(bench.modem.counters.sleeps == 289)
    #expect(bench.modem.counters.attaches == 1)
    #expect(bench.modem.counters.violations.total == 0)
    // 288 wakes, and a day of 3.89 µA: 0.34 C. Each wake costs what boaks measured for a report with
    // a tail of 10 s, 540 mJ at 3.8 V = 142 mC, of a module that draws next to nothing beside its
    // radio; on top of it 18.9 mA (BG95 hardware design V1.3, table 40) for the 12 s of that
    // measurement to 20 s with boot and active time: 0.37 C to 0.52 C.
    let charge = bench.modem.chargeMicrocoulombs(until: bench.now)
    #expect((106_000_000...150_500_000).contains(charge), "\(charge)")
  }
}
