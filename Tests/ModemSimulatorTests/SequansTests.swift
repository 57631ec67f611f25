import ModemSimulator
import Primitives
import Testing

/// Sequans GM02S: the forms of Walter's, AVR-IoT's, Toit's and TinyGSM's libraries.
@Suite("Sequans GM02S") struct SequansTests {
  static func registered(
    network: SimulatedNetwork = .accelerated, stored: StoredSettings? = nil
  ) -> Bench {
    var bench = Bench(
      .gm02s, network: network, stored: stored ?? ModemPersonality.gm02s.configured(apn: [0x65]))
    bench.input(.supply(isOn: true))
    bench.wait(4000)
    _ = bench.ask("ATE0\r")
    _ = bench.ask("AT+CFUN=1\r", for: 30_000)
    return bench
  }

  @Test("starts with its supply, radio off, card unreadable") func boot() {
    var bench = Bench(.gm02s, stored: ModemPersonality.gm02s.factorySettings)
    bench.input(.supply(isOn: true))
    bench.wait(2000)
    #expect(bench.heard == "\r\n+SYSSTART\r\n")
    #expect(bench.ask("AT+CFUN?\r") == "AT+CFUN?\r\r\n+CFUN: 0\r\n\r\nOK\r\n")
    _ = bench.ask("ATE0\r")
    _ = bench.ask("AT+CMEE=1\r")
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CME ERROR: 13\r\n")
    _ = bench.ask("AT+CFUN=4\r", for: 3000)
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CPIN: READY\r\n\r\nOK\r\n")
    let iccid = "\r\n+SQNCCID: \"89423100000000000017\",\"\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+SQNCCID\r") == iccid)
    #expect(bench.ask("AT+SQNCCID?\r") == iccid)
    #expect(bench.ask("AT+CGMM\r") == "\r\nGM02S\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGSN=1\r") == "\r\n+CGSN: \"358987100000017\"\r\n\r\nOK\r\n")
  }

  @Test("RESETN of 10 ms starts it anew, from running, from off and from sleep") func reset() {
    var bench = Self.registered()
    for _ in 1...2 {
      bench.output = []
      bench.pulse(10)
      bench.wait(2000)
      #expect(bench.heard == "\r\n+SYSSTART\r\n")
    }
    bench.output = []
    #expect(bench.ask("AT+SQNSSHDN\r", for: 10_000).hasSuffix("\r\nOK\r\n\r\n+SQNSSHDN\r\n"))
    #expect(bench.modem.state == "off")
    #expect(bench.ask("AT\r", for: 5000) == "")
    bench.pulse(9)
    bench.wait(3000)
    #expect(bench.modem.state == "off")
    bench.pulse(100)
    let restarted = bench.wait(for: "\r\n+SYSSTART\r\n", within: 3000)
    #expect(restarted)
    #expect(bench.ask("AT^RESET\r", for: 5000).hasSuffix("\r\nOK\r\n\r\n+SYSSTART\r\n"))
    #expect(bench.modem.counters.violations[.pulseTooShort] == 1)
  }

  @Test("mode 5 of +CEREG is the standard's; 80 says that the network was lost") func registration()
  {
    var bench = Self.registered()
    _ = bench.ask("AT+CEREG=5\r")
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000101\"\r", for: 1500)
    let timers = ",,,\"00000101\",\"00100110\""
    #expect(
      bench.ask("AT+CEREG?\r")
        == "\r\n+CEREG: 5,5,\"2C0A\",\"01A2D003\",7\(timers)\r\n\r\nOK\r\n")
    bench.modem.network.verdict = .noCoverage
    bench.output = []
    bench.wait(100)
    #expect(bench.said("\r\n+CEREG: 80\r\n"))
  }

  @Test("a datagram there and back") func datagram() throws {
    var bench = Self.registered()
    #expect(bench.ask("AT+SQNSCFG=1,1,300,90,600,50\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+SQNSCFGEXT=1,1,0,0,0,0\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+SQNSD=1,1,5683,\"192.0.2.1\",0,5683,1\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+SQNSSENDEXT=1,4\r") == "\r\n> ")
    #expect(bench.ask("OK\r\n", for: 1000) == "\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, Array("OK\r\n".utf8)) })
    bench.output = []
    for text in ["one", "three"] { bench.input(.socketReceived(id, Array(text.utf8))) }
    bench.wait(1000)
    // One URC for both.
    #expect(bench.heard == "\r\n+SQNSRING: 1,3\r\n")
    #expect(bench.ask("AT+SQNSI=1\r") == "\r\n+SQNSI: 1,4,8,8,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+SQNSRECV=1,1500\r") == "\r\n+SQNSRECV: 1,3\r\none\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+SQNSRECV=1,1500\r") == "\r\n+SQNSRECV: 1,5\r\nthree\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+SQNSRECV=1,1500\r") == "\r\nERROR\r\n")
    let state = "\r\n+SQNSS: 1,2,\"10.64.12.9\",5683,\"192.0.2.1\",5683\r\n+SQNSS: 2,0\r\n"
    #expect(bench.ask("AT+SQNSS\r").hasPrefix(state))
    #expect(bench.ask("AT+SQNSH=1\r", for: 1000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+SQNSI=1\r") == "\r\nERROR\r\n")
  }

  @Test("hexadecimal both ways") func hexMode() throws {
    var bench = Self.registered()
    _ = bench.ask("AT+SQNSCFGEXT=2,0,1,0,0,1\r")
    _ = bench.ask("AT+SQNSD=2,1,5683,\"192.0.2.1\",0,0,1\r")
    #expect(bench.ask("AT+SQNSSENDEXT=2,2\r") == "\r\n> ")
    #expect(bench.ask("00FF", for: 1000) == "\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, [0, 255]) })
    bench.output = []
    bench.input(.socketReceived(id, [1, 0x0D]))
    bench.wait(1000)
    #expect(bench.heard == "\r\n+SQNSRING: 2\r\n")
    #expect(bench.ask("AT+SQNSRECV=2,9\r") == "\r\n+SQNSRECV: 2,2\r\n010D\r\n\r\nOK\r\n")
  }

  @Test("what another host left in the flash puts data into the URC") func leftovers() throws {
    var stored = ModemPersonality.gm02s.configured(apn: [0x65])
    stored.setConfiguration(Array("sqnscfgext1".utf8), Array("2,0,0,0,0".utf8))
    var bench = Self.registered(stored: stored)
    _ = bench.ask("AT+SQNSD=1,1,5683,\"192.0.2.1\",0,0,1\r")
    bench.output = []
    bench.input(.socketReceived(try #require(bench.lastOpened), Array("\r\nOK\r\n".utf8)))
    bench.wait(2000)
    #expect(bench.heard == "\r\n+SQNSRING: 1,6,\r\nOK\r\n\r\n")
  }

  @Test("TCP: NO CARRIER where no one answers or there is no network; the peer's end is told")
  func stream() throws {
    var bench = Bench(.gm02s, stored: ModemPersonality.gm02s.factorySettings)
    bench.input(.supply(isOn: true))
    bench.wait(4000)
    _ = bench.ask("ATE0\r")
    let dial = "AT+SQNSD=3,0,80,\"192.0.2.1\",0,0,1\r"
    #expect(bench.ask(dial) == "\r\nNO CARRIER\r\n")
    bench = Self.registered()
    bench.opensSockets = false
    bench.output = []
    _ = bench.ask(dial, for: 1000)
    bench.input(.socketFailed(try #require(bench.lastOpened), .refused))
    bench.wait(500)
    #expect(bench.heard == "\r\nNO CARRIER\r\n")
    bench.opensSockets = true
    #expect(bench.ask(dial, for: 1000) == "\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    bench.output = []
    bench.input(.socketReceived(id, Array("last".utf8)))
    bench.input(.socketClosed(id))
    bench.wait(2000)
    #expect(bench.heard == "\r\n+SQNSRING: 3\r\n\r\n+SQNSH: 3\r\n")
    #expect(bench.ask("AT+SQNSRECV=3,9\r") == "\r\n+SQNSRECV: 3,4\r\nlast\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+SQNSI=3\r") == "\r\nERROR\r\n")
  }

  @Test("a socket that carries nothing for <maxTo> is closed by the module") func idle() {
    var bench = Self.registered()
    _ = bench.ask("AT+SQNSD=1,1,5683,\"192.0.2.1\",0,0,1\r", for: 100)
    #expect(bench.ask("AT\r", for: 89_000) == "\r\nOK\r\n")
    bench.wait(2000)
    #expect(bench.heard == "\r\nOK\r\n\r\n+SQNSH: 1\r\n")
  }

  @Test("names") func names() {
    var bench = Self.registered()
    bench.modem.network.names = [
      .init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))
    ]
    let found = "\r\n+SQNDNSLKUP: \"a.example\",\"192.0.2.7\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+SQNDNSLKUP=\"a.example\"\r", for: 1000) == found)
    #expect(bench.ask("AT+SQNDNSLKUP=\"b.example\"\r", for: 1000) == "\r\nERROR\r\n")
  }

  @Test("PSM without a text; the host's bytes wake it and are lost; settings stay, sockets don't")
  func sleep() {
    var bench = Self.registered()
    _ = bench.ask("AT+CEREG=5\r")
    _ = bench.ask("AT+SQNSD=1,1,5683,\"192.0.2.1\",0,0,1\r")
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r")
    bench.output = []
    bench.wait(30_000)
    #expect(bench.modem.state == "PSM")
    #expect(!bench.said("PSM"))
    let attaches = bench.modem.counters.attaches
    #expect(bench.ask("AT\r", for: 1500).hasSuffix("7,,,\"00000001\",\"00100110\"\r\n"))
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+SQNSI=1\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+CFUN?\r") == "\r\n+CFUN: 1\r\n\r\nOK\r\n")
    #expect(bench.modem.counters.attaches == attaches)
    #expect(bench.modem.counters.violations.total == 0)
  }

  @Test("a new APN counts from the next boot on") func newAPN() {
    var network = SimulatedNetwork.accelerated
    network.accessPointNames = [Array("em".utf8)]
    var bench = Bench(.gm02s, network: network, stored: ModemPersonality.gm02s.factorySettings)
    bench.modem.network.accessPointNames = [Array("em".utf8)]
    bench.input(.supply(isOn: true))
    bench.wait(4000)
    _ = bench.ask("ATE0\r")
    _ = bench.ask("AT+CGDCONT=1,\"IP\",\"no\"\r")
    _ = bench.ask("AT^RESET\r", for: 5000)
    _ = bench.ask("ATE0\r")
    _ = bench.ask("AT+CGDCONT=1,\"IP\",\"em\"\r")
    _ = bench.ask("AT+CFUN=1\r", for: 30_000)
    #expect(bench.modem.counters.attaches == 0)
    _ = bench.ask("AT^RESET\r", for: 5000)
    _ = bench.ask("AT+CFUN=1\r", for: 30_000)
    #expect(bench.modem.counters.attaches == 1)
  }

  @Test("the clock begins in 1970") func clock() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CCLK?\r").hasPrefix("\r\n+CCLK: \"70/01/01,"))
  }
}
