import ModemSimulator
import Primitives
import Testing

/// Quectel EC25 and its like. Sockets are BG95's: `SocketTests` has the whole of them.
@Suite("Quectel EC25") struct EC25Tests {
  static func registered(network: SimulatedNetwork = .accelerated, seed: UInt64 = 1) -> Bench {
    Bench.other(.ec25, pulse: 600, network: network, seed: seed)
  }

  @Test("says who it is, the application's version only once that side is up") func identity() {
    var bench = Self.registered()
    #expect(bench.ask("ATI\r") == "\r\nQuectel\r\nEC25\r\nRevision: EC25EFAR06A04M4G\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QGMR\r") == "\r\nEC25EFAR06A04M4G_01.002.01.002\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGSN\r") == "\r\n861107030000017\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QCCID\r") == "\r\n+QCCID: 89423100000000000017\r\n\r\nOK\r\n")
    let early = (1...10).filter { (seed: UInt64) in
      var bench = Bench.other(.ec25, pulse: 600, rest: 13_000, seed: seed)
      return bench.ask("AT+QGMR\r").contains("_01.002.00.000")
    }
    #expect((1...9).contains(early.count))
  }

  @Test("takes a dozen seconds to boot, and thirty to fall off") func power() throws {
    var bench = Bench(.ec25, stored: ModemPersonality.ec25.configured(apn: []))
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(600)
    bench.wait(10_000)
    #expect(bench.isStatusOn)
    #expect(bench.output == [])
    bench.wait(20_000)
    for urc in [
      "RDY", "+CFUN: 1", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE",
    ] {
      #expect(bench.said("\r\n\(urc)\r\n"))
    }
    #expect(!bench.said("APP RDY"))
    bench.pulse(700)
    bench.wait(29_000)
    #expect(bench.isStatusOn)
    bench.wait(1500)
    #expect(!bench.isStatusOn)
    #expect(bench.said("\r\nPOWERED DOWN"))
    #expect(bench.modem.counters.violations.total == 0)
  }

  @Test("starts at 500 ms and not before", arguments: [(499, false), (500, true)])
  func key(pulse: Int64, isOn: Bool) {
    var bench = Bench.other(.ec25, pulse: pulse, rest: 5000, first: [])
    #expect(bench.isStatusOn == isOn)
    bench.wait(1)
  }

  @Test("registers in LTE, access technology 7, and has no mode 4 of AT+CEREG") func registration()
  {
    var bench = Self.registered()
    #expect(bench.ask("AT+CEREG=4\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+CEREG=2\r") == "\r\nOK\r\n")
    let line = "\r\n+CEREG: 2,5,\"2C0A\",\"01A2D003\",7\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+CEREG?\r") == line)
    let cops = "\r\n+COPS: 0,0,\"Godwit Mobile\",7\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+COPS?\r") == cops)
    let band = "\r\n+QNWINFO: \"FDD LTE\",20408,\"LTE BAND 20\",6400\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+QNWINFO\r") == band)
  }

  @Test("falls back to GSM where there is nothing else, and then has no default bearer")
  func gsm() {
    var network = SimulatedNetwork.accelerated
    network.accessTechnology = .gsm
    var bench = Self.registered(network: network)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGREG?\r") == "\r\n+CGREG: 0,5\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIACT=1\r", for: 2000) == "\r\nOK\r\n")
  }

  @Test("brings contexts of its own along") func contexts() {
    var bench = Self.registered()
    let none = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"
    let lines = [
      "+CGDCONT: 1,\"IP\",\"em\",\"0.0.0.0\",0,0,0,0",
      "+CGDCONT: 2,\"IPV4V6\",\"ims\",\"\(none)\",0,0,0,0",
      "+CGDCONT: 3,\"IPV4V6\",\"sos\",\"\(none)\",0,0,0,0",
    ]
    let answer = lines.map { $0 + "\r\n" }.joined()
    #expect(bench.ask("AT+CGDCONT?\r") == "\r\n\(answer)\r\nOK\r\n")
    #expect(bench.ask("AT+CGDCONT=2\r") == "\r\nOK\r\n")
    #expect(!bench.ask("AT+CGDCONT?\r").contains("ims"))
  }

  @Test("moves a datagram there and back, and knows no release assistance") func datagram() throws {
    var bench = Self.registered()
    let opened = bench.openSocket()
    let id = try #require(opened)
    #expect(bench.ask("AT+QISEND=0,4\r") == "\r\n> ")
    #expect(bench.ask("ping", for: 500) == "\r\nSEND OK\r\n")
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, Array("ping".utf8)) })
    bench.output = []
    bench.input(.socketReceived(id, Array("pong".utf8)))
    bench.wait(1500)
    #expect(bench.heard == "\r\n+QIURC: \"recv\",0\r\n")
    #expect(bench.ask("AT+QIRD=0,1500\r") == "\r\n+QIRD: 4\r\npong\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QISENDEX=0,\"4142\"\r") == "\r\nSEND OK\r\n")
    #expect(bench.ask("AT+QISENDEX=0,\"4142\",1\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+QICLOSE=0\r") == "\r\nOK\r\n")
  }

  @Test("has no PSM", arguments: ["AT+CPSMS?\r", "AT+QPSMS?\r", "AT+CEDRXS?\r", "AT+QCSCON?\r"])
  func noSleep(line: String) {
    var bench = Self.registered()
    #expect(bench.ask(line) == "\r\nERROR\r\n")
  }

  @Test("keeps its clock in UTC unless AT+CTZU=3", arguments: [(1, "22:00"), (3, "23:00")])
  func clock(mode: Int, hour: String) throws {
    var network = SimulatedNetwork.accelerated
    let utc = try #require(UTC(year: 2026, month: 11, day: 22, hour: 22, minute: 0, second: 0))
    var bench = Bench.other(.ec25, pulse: 600, rest: 14_000, network: network)
    #expect(bench.ask("AT+CTZU=\(mode)\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+CTZU=2\r") == "\r\nERROR\r\n")
    network.time = SimulatedNetwork.Time(utc: utc, at: bench.now, zoneQuarters: 4)
    bench.modem.network = network
    _ = bench.ask("AT+COPS=2\r", for: 2000)
    _ = bench.ask("AT+COPS=0\r", for: 5000)
    #expect(bench.ask("AT+CCLK?\r").hasPrefix("\r\n+CCLK: \"26/11/22,\(hour)"))
  }

  @Test("takes `all` for a place to send URCs to") func route() {
    var bench = Bench.other(.ec25, pulse: 600, network: .accelerated)
    #expect(bench.ask("AT+QURCCFG=\"urcport\",\"all\"\r") == "\r\nOK\r\n")
    #expect(bench.modem.stored.urcPort == Array("uart1".utf8))
  }
}
