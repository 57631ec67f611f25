import ModemSimulator
import Primitives
import Testing

@Suite("SIM") struct CardTests {
  @Test("is busy right after boot: error 14, and messages wait longer") func busy() {
    var sim = SimulatedSIM()
    sim.busyMilliseconds = 1400...1400
    var bench = Bench.running(sim: sim, seed: 4)
    #expect(!bench.said("+CPIN"))
    _ = bench.ask("ATE0\r", for: 20)
    bench.output = []
    _ = bench.ask("AT+CIMI\r", for: 20)
    #expect(bench.said("+CME ERROR: 14\r\n"))
    #expect(bench.ask("AT+CGDCONT=1,\"IP\",\"em\"\r", for: 20).hasSuffix("\r\nERROR\r\n"))
    bench.wait(1400)
    #expect(bench.said("\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n"))
    #expect(bench.ask("AT+CMGL=4\r", for: 70).hasSuffix("\r\n+CMS ERROR: 314\r\n"))
    bench.wait(2000)
    #expect(bench.ask("AT+CMGL=4\r", for: 70) == "\r\nOK\r\n")
  }

  @Test("that is absent says error 10, and nothing registers") func absent() {
    var bench = Bench.registered(sim: .absent)
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CME ERROR: 10\r\n")
    #expect(bench.ask("AT+QCCID\r") == "\r\n+CME ERROR: 10\r\n")
    #expect(bench.ask("AT+CMGL=4\r") == "\r\n+CMS ERROR: 310\r\n")
    #expect(bench.ask("AT+QSIMSTAT?\r") == "\r\n+QSIMSTAT: 0,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,0\r\n\r\nOK\r\n")
    #expect(bench.modem.state == "radio off")
  }

  @Test("wants its PIN, takes it, and registers after it") func pin() {
    var bench = Bench.registered(sim: SimulatedSIM(pin: Array("1234".utf8)))
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CIMI\r") == "\r\n+CME ERROR: 11\r\n")
    #expect(bench.ask("AT+CPIN=\"9999\"\r") == "\r\n+CME ERROR: 16\r\n")
    #expect(bench.modem.sim.pinTries == 2)
    _ = bench.ask("AT+CPIN=\"1234\"\r", for: 10_000)
    #expect(bench.heard.hasPrefix("\r\nOK\r\n\r\n+CPIN: READY\r\n"))
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
  }

  @Test("is blocked by the third wrong PIN, over power cycles too") func blocked() {
    var bench = Bench.registered(sim: SimulatedSIM(pin: Array("1234".utf8)))
    for _ in 1...3 { _ = bench.ask("AT+CPIN=\"0000\"\r") }
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CFUN=1,1\r", for: 20_000)
    _ = bench.ask("ATE0\r")
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CPIN=\"1234\"\r") == "\r\n+CME ERROR: 12\r\n")
  }

  @Test("goes with AT+CFUN=0 and comes back with AT+CFUN=1; flight mode keeps it") func function() {
    var bench = Bench.registered()
    _ = bench.ask("AT+CFUN=0\r", for: 5000)
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CME ERROR: 13\r\n")
    _ = bench.ask("AT+CFUN=1\r", for: 20_000)
    for urc in ["+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE"] {
      #expect(bench.said("\r\n\(urc)\r\n"))
    }
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CFUN=4\r", for: 5000)
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CPIN: READY\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,0\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CFUN=1\r", for: 20_000)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
  }
}
