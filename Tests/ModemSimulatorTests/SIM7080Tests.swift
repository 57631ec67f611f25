import ModemSimulator
import Primitives
import Testing

/// SIMCom SIM7080: the stack of its applications, and PSM.
@Suite("SIMCom SIM7080") struct SIM7080Tests {
  static func registered(
    network: SimulatedNetwork = .accelerated, sim: SimulatedSIM = SimulatedSIM(), seed: UInt64 = 1
  ) -> Bench {
    Bench.other(
      .sim7080, pulse: 1100, first: ["AT", "ATE0"], network: network, sim: sim, seed: seed)
  }

  /// Context 0 up.
  static func online(seed: UInt64 = 1, network: SimulatedNetwork = .accelerated) -> Bench {
    var bench = registered(network: network, seed: seed)
    _ = bench.ask("AT+CNCFG=0,1,\"em\"\r")
    _ = bench.ask("AT+CNACT=0,1\r", for: 3000)
    return bench
  }

  @Test("says who it is") func identity() {
    var bench = Self.registered()
    #expect(bench.ask("ATI\r") == "\r\nSIM7080 R1951\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGMI\r") == "\r\nSIMCOM_Ltd\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGMR\r") == "\r\nRevision:1951B16SIM7080\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CCID\r") == "\r\n89423100000000000017\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QCCID\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+CMEE=2;+CPIN=\"1\"\r") == "\r\nERROR\r\n")
  }

  @Test(
    "starts at 1 s and goes off at 1.2 s",
    arguments: [(999, false), (1000, true), (1199, true), (1200, true)])
  func key(pulse: Int64, isOn: Bool) {
    var bench = Bench.other(.sim7080, pulse: pulse, rest: 30_000, first: ["AT"])
    #expect(bench.isStatusOn == isOn)
    guard isOn else { return }
    bench.output = []
    bench.pulse(pulse)
    bench.wait(10_000)
    #expect(bench.isStatusOn == (pulse < 1200))
    #expect(bench.said("\r\nNORMAL POWER DOWN\r\n") == (pulse >= 1200))
  }

  @Test("keeps a fixed rate at once, and announces itself at it") func boot() {
    var bench = Self.registered()
    #expect(bench.ask("AT+IPR=115200\r") == "\r\nOK\r\n")
    #expect(bench.modem.stored.profile.baudRate == 115_200)
    _ = bench.ask("AT+CREBOOT\r", for: 20_000)
    #expect(bench.heard.hasPrefix("\r\nOK\r\n"))
    for urc in ["RDY", "+CFUN: 1", "+CPIN: READY", "SMS Ready"] {
      #expect(bench.said("\r\n\(urc)\r\n"))
    }
  }

  @Test("goes off by AT+CPOWD=1 with a text for an OK, and by 0 without one") func powerDown() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CPOWD=1\r", for: 8000) == "\r\nNORMAL POWER DOWN\r\n")
    #expect(!bench.isStatusOn)
    bench = Self.registered()
    #expect(bench.ask("AT+CPOWD=0\r", for: 8000) == "")
    #expect(!bench.isStatusOn)
  }

  @Test("registers, with a routing area in half of the firmwares", arguments: 1...8)
  func registration(seed: UInt64) {
    var bench = Self.registered(seed: seed)
    let answer = bench.ask("AT+CEREG=4;+CEREG?\r")
    let forms = ["", ","].map {
      "\r\n+CEREG: 4,5,\"2C0A\",\($0)\"01A2D003\",7\r\n\r\nOK\r\n"
    }
    #expect(forms.contains(answer))
    #expect(bench.ask("AT+COPS?\r") == "\r\n+COPS: 0,0,\"Godwit Mobile\",7\r\n\r\nOK\r\n")
    let system =
      "LTE CAT-M1,Online,204-08,0x2C0A,27447299,257,EUTRAN-BAND20,6400,3,3,-11,-95,-73,15"
    #expect(bench.ask("AT+CPSI?\r") == "\r\n+CPSI: \(system)\r\n\r\nOK\r\n")
  }

  @Test("searches what AT+CNMP and AT+CMNB say") func searchModes() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CMNB?\r") == "\r\n+CMNB: 3\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CNMP=7\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+CMNB=2\r") == "\r\nOK\r\n")
    bench.wait(5000)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,2\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CPSI?\r") == "\r\n+CPSI: NO SERVICE,Online\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CMNB=1\r", for: 8000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
  }

  @Test("says of AT+CNACT only later what came of it") func context() {
    var bench = Self.registered()
    let down = (0...3).map { "+CNACT: \($0),0,\"0.0.0.0\"\r\n" }
    #expect(bench.ask("AT+CNACT?\r") == "\r\n\(down.joined())\r\nOK\r\n")
    #expect(bench.ask("AT+CNCFG=0,1,\"em\"\r") == "\r\nOK\r\n")
    let up = bench.ask("AT+CNACT=0,1\r", for: 2000)
    #expect(up == "\r\nOK\r\n\r\n+APP PDP: 0,ACTIVE\r\n")
    #expect(bench.ask("AT+CNACT=0,1\r") == "\r\nERROR\r\n")
    let first = "+CNACT: 0,1,\"10.64.12.9\"\r\n"
    let one = first + down.dropFirst().joined()
    #expect(bench.ask("AT+CNACT?\r") == "\r\n\(one)\r\nOK\r\n")
    let closed = bench.ask("AT+CNACT=0,0\r", for: 2000)
    #expect(closed == "\r\nOK\r\n\r\n+APP PDP: 0,DEACTIVE\r\n")
    #expect(bench.ask("AT+CNCFG=1,1,\"other\"\r") == "\r\nOK\r\n")
    bench.modem.network.accessPointNames = [Array("em".utf8)]
    let refused = bench.ask("AT+CNACT=1,1\r", for: 2000)
    #expect(refused == "\r\nOK\r\n\r\n+APP PDP: 1,DEACTIVE\r\n")
    _ = bench.ask("AT+CFUN=4\r", for: 2000)
    #expect(bench.ask("AT+CMEE=1;+CNACT=0,1\r") == "\r\n+CME ERROR: 797\r\n")
  }

  @Test("tries again by itself in automatic mode") func automatic() {
    var bench = Self.registered()
    bench.modem.network.accessPointNames = [Array("em".utf8)]
    _ = bench.ask("AT+CNCFG=0,1,\"other\"\r")
    let refused = bench.ask("AT+CNACT=0,2\r", for: 3000)
    #expect(refused == "\r\nOK\r\n\r\n+APP PDP: 0,DEACTIVE\r\n")
    bench.modem.network.accessPointNames = nil
    bench.output = []
    bench.wait(32_000)
    #expect(bench.heard == "\r\n+APP PDP: 0,ACTIVE\r\n")
  }

  @Test("opens with the result before OK or behind it", arguments: 1...10)
  func order(seed: UInt64) {
    var bench = Self.online(seed: seed)
    let answer = bench.ask("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",5683\r", for: 1000)
    let orders = [
      "\r\n+CAOPEN: 0,0\r\n\r\nOK\r\n", "\r\nOK\r\n\r\n+CAOPEN: 0,0\r\n",
    ]
    #expect(orders.contains(answer))
  }

  @Test("has both orders") func orders() {
    let early = (1...20).filter { (seed: UInt64) in
      var bench = Self.online(seed: seed)
      return bench.ask("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",5683\r", for: 1000).hasPrefix(
        "\r\n+CAOPEN")
    }
    #expect((1...19).contains(early.count))
  }

  @Test("moves a datagram there and back") func datagram() throws {
    var bench = Self.online()
    _ = bench.ask("AT+CAOPEN=3,0,\"UDP\",\"192.0.2.1\",\"5683\"\r", for: 1000)
    #expect(bench.said("+CAOPEN: 3,0\r\n"))
    let id = try #require(bench.lastOpened)
    #expect(bench.ask("AT+CASEND=3,5\r") == "\r\n>")
    bench.output = []
    bench.input(.uartReceived([0x1A, 0x1B, 0x0D, 0x0A, 0]))
    bench.wait(500)
    #expect(bench.heard == "\r\nOK\r\n")
    let sent = SimulatedModem.Effect.sendOnSocket(id, [0x1A, 0x1B, 0x0D, 0x0A, 0])
    #expect(bench.trace.contains { $0.effect == sent })
    #expect(bench.ask("AT+CAACK=3\r") == "\r\n+CAACK: 5,0\r\n\r\nOK\r\n")
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    bench.input(.socketReceived(id, Array("two".utf8)))
    bench.wait(2000)
    #expect(bench.heard == "\r\n+CADATAIND: 3\r\n")
    #expect(bench.ask("AT+CARECV?\r") == "\r\n+CARECV: 3,7\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CARECV=3,1460\r") == "\r\n+CARECV: 4,OK\r\n\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CARECV=3,2\r") == "\r\n+CARECV: 2,tw\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CARECV=3,2\r") == "\r\n+CARECV: 1,o\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CARECV=3,2\r") == "\r\n+CARECV: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CASTATE?\r") == "\r\n+CASTATE: 3,1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CACLOSE=3\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+CACLOSE=3\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+CASEND=3,5\r") == "\r\nERROR\r\n")
  }

  @Test("gives up on a payload that doesn't come, after the time given or 5 s")
  func payloadTime() {
    var bench = Self.online()
    _ = bench.ask("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",5683\r", for: 1000)
    #expect(bench.ask("AT+CASEND=0,5,1000\r", for: 900) == "\r\n>")
    bench.output = []
    bench.wait(200)
    #expect(bench.heard == "\r\nERROR\r\n")
    #expect(bench.ask("AT+CASEND=0,5\r", for: 4900) == "\r\n>")
    bench.output = []
    bench.wait(200)
    #expect(bench.heard == "\r\nERROR\r\n")
  }

  @Test("lets a stream be read once more after the peer has closed it") func hangUp() throws {
    var bench = Self.online()
    _ = bench.ask("AT+CAOPEN=0,0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    let id = try #require(bench.lastOpened)
    bench.input(.socketReceived(id, Array("abcdef".utf8)))
    bench.output = []
    bench.input(.socketClosed(id))
    bench.wait(2000)
    #expect(bench.heard == "\r\n+CADATAIND: 0\r\n\r\n+CASTATE: 0,0\r\n")
    #expect(bench.ask("AT+CARECV=0,4\r") == "\r\n+CARECV: 4,abcd\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CARECV=0,4\r") == "\r\n+CARECV: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CASTATE?\r") == "\r\n+CASTATE: 0,0\r\n\r\nOK\r\n")
  }

  @Test(
    "says why an opening failed",
    arguments: [
      ("AT+CAOPEN=0,1,\"UDP\",\"192.0.2.1\",5683\r", 1),
      ("AT+CAOPEN=0,0,\"UDP\",\"nowhere.example\",5683\r", 20),
      ("AT+CAOPEN=0,0,\"ICMP\",\"192.0.2.1\",5683\r", 4),
      ("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",0\r", 4),
    ])
  func failures(line: String, error: Int) {
    var bench = Self.online()
    _ = bench.ask(line, for: 2000)
    #expect(bench.said("\r\n+CAOPEN: 0,\(error)\r\n"))
    #expect(bench.said("\r\nOK\r\n"))
    #expect(bench.ask("AT+CASTATE?\r") == "\r\nOK\r\n")
  }

  @Test("takes no receive mode with AT+CAOPEN, and refuses a peer that doesn't answer")
  func refusals() throws {
    var bench = Self.online()
    #expect(bench.ask("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",5683,0\r") == "\r\nERROR\r\n")
    bench.opensSockets = false
    _ = bench.ask("AT+CAOPEN=0,0,\"TCP\",\"192.0.2.1\",80\r", for: 1000)
    let opened = bench.trace.compactMap { entry -> SocketID? in
      if case .openSocket(let id, _, _, _) = entry.effect { id } else { nil }
    }
    bench.input(.socketFailed(try #require(opened.last), .refused))
    bench.wait(500)
    #expect(bench.said("\r\n+CAOPEN: 0,23\r\n"))
  }

  @Test("looks names up, with a number for each failure") func names() {
    var bench = Self.online()
    bench.modem.network.names = [
      .init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8))),
      .init(Array("silent.example".utf8), .silence),
    ]
    let found = bench.ask("AT+CDNSGIP=\"a.example\",1,10000\r", for: 2000)
    #expect(found == "\r\nOK\r\n\r\n+CDNSGIP: 1,\"a.example\",\"192.0.2.7\"\r\n")
    let none = bench.ask("AT+CDNSGIP=\"b.example\"\r", for: 2000)
    #expect(none == "\r\nOK\r\n\r\n+CDNSGIP: 0,8\r\n")
    let silent = bench.ask("AT+CDNSGIP=\"silent.example\"\r", for: 61_000)
    #expect(silent == "\r\nOK\r\n\r\n+CDNSGIP: 0,5\r\n")
    let set = bench.ask("AT+CDNSCFG=\"9.9.9.9\",\"1.1.1.1\"\r")
    #expect(set == "\r\n+CDNSCFG: 9.9.9.9,1.1.1.1\r\n\r\nOK\r\n")
    let servers = "Ipv4PrimaryDns: 9.9.9.9\r\nIpv4SecondaryDns: 1.1.1.1\r\n"
    #expect(bench.ask("AT+CDNSCFG?\r") == "\r\n\(servers)\r\nOK\r\n")
    #expect(bench.ask("AT+CDNSPDPID=0\r") == "\r\nOK\r\n")
  }

  @Test("falls asleep in PSM, says so where asked to, and has forgotten its contexts after it")
  func sleep() {
    var bench = Self.online()
    #expect(bench.ask("AT+CPSMSTATUS=1;+IPR=115200\r") == "\r\nOK\r\n")
    bench.output = []
    bench.write("AT+CPSMS=1,,,\"00100110\",\"00001010\"\r")
    bench.wait(30_000)
    #expect(bench.said("\r\n+CPSMSTATUS: \"ENTER PSM\"\r\n"))
    #expect(bench.modem.state == "PSM")
    #expect(!bench.isStatusOn)
    bench.output = []
    bench.pulse(1100)
    bench.wait(7000)
    #expect(bench.said("\r\n+CPSMSTATUS: \"EXIT PSM\"\r\n"))
    #expect(bench.said("\r\nRDY\r\n"))
    _ = bench.ask("ATE0\r")
    _ = bench.wait(for: "+CPIN: READY", within: 3000)
    #expect(bench.ask("AT+CGATT?\r") == "\r\n+CGATT: 1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CNACT?\r").hasPrefix("\r\n+CNACT: 0,0,\"0.0.0.0\"\r\n"))
    _ = bench.ask("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",5683\r", for: 500)
    #expect(bench.said("\r\n+CAOPEN: 0,1\r\n"))
    let again = bench.ask("AT+CNACT=0,1\r", for: 500)
    #expect(again == "\r\nOK\r\n\r\n+APP PDP: 0,ACTIVE\r\n")
    _ = bench.ask("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",5683\r", for: 500)
    #expect(bench.said("\r\n+CAOPEN: 0,0\r\n"))
  }

  @Test("says what the network granted") func granted() {
    var bench = Self.registered()
    let line = "AT+CPSMS=1,,,\"00100110\",\"00000001\";+CPSMRDP\r"
    #expect(bench.ask(line, for: 50).hasPrefix("\r\n+CPSMRDP: 1,2,21600,"))
    bench.wait(700)
    #expect(bench.ask("AT+CPSMRDP\r") == "\r\n+CPSMRDP: 1,2,21600,2,21600,3240\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CPSMCFG?\r") == "\r\n+CPSMCFG: 60,15\r\n\r\nOK\r\n")
  }

  @Test("stays awake with a card that has a PIN") func pin() {
    let sim = SimulatedSIM(pin: Array("1234".utf8))
    var bench = Self.registered(sim: sim)
    #expect(bench.ask("AT+CPIN=\"1234\"\r").hasPrefix("\r\nOK\r\n"))
    bench.wait(20_000)
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r", for: 60_000)
    #expect(bench.modem.counters.sleeps == 0)
  }

  @Test("ends the connection early in NB-IoT after AT+CRAI=1") func assistance() {
    var network = SimulatedNetwork.real
    network.accessTechnology = .nbIoT
    for (line, isShort) in [("AT+CRAI=1,60\r", true), ("AT+CRAI=0,60\r", false)] {
      var bench = Self.online(network: network)
      bench.wait(20_000)
      _ = bench.ask("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",5683\r", for: 1000)
      #expect(bench.ask(line) == "\r\nOK\r\n")
      _ = bench.ask("AT+CASEND=0,1\r", for: 50)
      _ = bench.ask("x", for: 3000)
      #expect((bench.modem.state == "idle") == isShort)
    }
  }

  @Test("loses its context to the network, and every socket on it") func lost() {
    var bench = Self.online()
    _ = bench.ask("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",5683\r", for: 1000)
    bench.output = []
    bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(100)
    bench.wait(500)
    #expect(bench.heard == "\r\n+CASTATE: 0,0\r\n\r\n+APP PDP: 0,DEACTIVE\r\n")
    #expect(bench.ask("AT+CASTATE?\r") == "\r\nOK\r\n")
    let again = bench.ask("AT+CNACT=0,1\r", for: 3000)
    #expect(again == "\r\nOK\r\n\r\n+APP PDP: 0,ACTIVE\r\n")
  }

  @Test(
    "tells the network's time in UTC, with a line that looks like nothing else", arguments: 1...8)
  func time(seed: UInt64) throws {
    var bench = Self.registered(seed: seed)
    #expect(bench.ask("AT+CLTS=1\r") == "\r\nOK\r\n")
    let utc = try #require(UTC(year: 2026, month: 11, day: 2, hour: 22, minute: 5, second: 0))
    bench.modem.network.time = SimulatedNetwork.Time(utc: utc, at: bench.now, zoneQuarters: 4)
    _ = bench.ask("AT+COPS=2\r", for: 2000)
    _ = bench.ask("AT+COPS=0\r", for: 8000)
    let name = "\"Godwit Mobile\""
    #expect(
      bench.said("\r\n*PSNWID: \"204\",\"08\",\(name),0,\(name),0\r\n\r\n*PSUTTZ: 2026,11,2,22,5,"))
    #expect(bench.said(",\"+04\",0\r\n\r\n+CTZV: \"+04\"\r\n\r\nDST: 0\r\n"))
    #expect(bench.ask("AT+CCLK?\r").hasPrefix("\r\n+CCLK: \"26/11/02,23:05:"))
  }

  @Test("refuses a line beyond 559 characters with its AT") func longLine() {
    var bench = Self.registered()
    let most = "AT" + String(repeating: " ", count: 557)
    #expect(bench.ask(most + "\r") == "\r\nOK\r\n")
    #expect(bench.ask(most + " \r") == "\r\nERROR\r\n")
  }

  @Test("ends an opening that waits when the network goes", arguments: 1...6)
  func networkGoes(seed: UInt64) {
    var bench = Self.online(seed: seed)
    bench.opensSockets = false
    _ = bench.ask("AT+CAOPEN=0,0,\"TCP\",\"192.0.2.1\",80\r", for: 20)
    bench.modem.network.verdict = .noCoverage
    bench.wait(81_000)
    #expect(bench.said("\r\nOK\r\n") || bench.said("\r\nERROR\r\n"))
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
  }
}
