import ModemSimulator
import Primitives
import Testing

/// Telit ME910: the forms of its own in the facts' chapter 1. Not covered: online mode,
/// listening sockets.
@Suite("Telit ME910") struct TelitTests {
  static func registered(
    seed: UInt64 = 1, network: SimulatedNetwork = .accelerated, sim: SimulatedSIM = SimulatedSIM()
  ) -> Bench {
    Bench.other(.telitME910, pulse: 5050, network: network, sim: sim, seed: seed)
  }

  /// With context 1 up.
  static func active(seed: UInt64 = 1, network: SimulatedNetwork = .accelerated) -> Bench {
    var bench = registered(seed: seed, network: network)
    _ = bench.ask("AT#SGACT=1,1\r", for: 1000)
    return bench
  }

  @Test(
    "a pulse turns it on from 5 s", arguments: [(4999, false), (5000, true), (6000, true)])
  func turnsOn(pulse: Int64, isOn: Bool) {
    var bench = Bench(.telitME910, stored: .factory)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(pulse)
    bench.wait(15_000)
    #expect(bench.isStatusOn == isOn)
    #expect(bench.output == [])
    #expect(bench.ask("AT\r") == (isOn ? "AT\r\r\nOK\r\n" : ""))
  }

  @Test(
    "a pulse turns it off from 2.5 s, and no sooner", arguments: [(2499, true), (2500, false)])
  func turnsOff(pulse: Int64, isOn: Bool) {
    var bench = Self.registered()
    bench.pulse(pulse)
    bench.wait(15_000)
    #expect(bench.isStatusOn == isOn)
    #expect(bench.modem.state == (isOn ? "idle" : "off"))
  }

  @Test("bytes in the first 200 ms of the start are driven into a dead module") func quiet() {
    for (delay, violations) in [(199, 1), (200, 0)] as [(Int64, Int)] {
      var bench = Bench(.telitME910, stored: .factory)
      bench.input(.supply(isOn: true))
      bench.wait(100)
      bench.input(.powerKey(isAsserted: true))
      bench.wait(5000 + delay)
      bench.write("A")
      #expect(bench.modem.counters.violations[.uartDrivenWhileOff] == violations)
    }
  }

  @Test("AT#SHDN answers, says nothing more, and is done within 15 s") func shutdown() {
    var bench = Self.registered()
    #expect(bench.ask("AT#SHDN\r", for: 1500) == "\r\nOK\r\n")
    #expect(bench.isStatusOn)
    bench.wait(13_500)
    #expect(!bench.isStatusOn)
    #expect(bench.heard == "\r\nOK\r\n")
  }

  @Test("AT#REBOOT boots anew, silently, with echo") func reboot() {
    var bench = Self.registered()
    #expect(bench.ask("AT#REBOOT\r", for: 30_000) == "\r\nOK\r\n")
    #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
    #expect(bench.modem.counters.boots == 2)
  }

  @Test(
    "tells who it is",
    arguments: [
      ("AT+CGMI", "Telit"), ("AT+CGMM", "ME910G1-WW"), ("AT+CGMR", "37.00.213"),
      ("AT+CGSN", "353080090012343"), ("AT#CGSN", "#CGSN: 353080090012343"),
      ("AT+CIMI", "901430000000017"), ("AT#CIMI", "#CIMI: 901430000000017"),
      ("AT#CCID", "#CCID: 89423100000000000017"), ("AT+ICCID", "+ICCID: 89423100000000000017"),
      ("AT+CPIN?", "+CPIN: READY"), ("AT#QSS?", "#QSS: 0,3"), ("AT#PCT", "#PCT: 3"),
    ])
  func identity(command: String, line: String) {
    var bench = Self.registered()
    #expect(bench.ask(command + "\r") == "\r\n\(line)\r\n\r\nOK\r\n")
  }

  @Test("lets a command pass 20 ms after a result, and loses one that is sooner") func gap() {
    var bench = Self.registered()
    bench.output = []
    bench.write("AT\r")
    while !bench.said("OK\r\n") { bench.wait(1) }
    #expect(bench.ask("AT\r") == "")
    #expect(bench.modem.counters.violations[.commandTooSoon] == 3)
    bench.write("AT\r")
    while !bench.said("OK\r\n") { bench.wait(1) }
    bench.wait(20)
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
  }

  @Test("activates a context with its address, once, and says so") func context() {
    var bench = Self.registered()
    #expect(bench.ask("AT#SGACT?\r") == "\r\n#SGACT: 1,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SGACT=1,1\r", for: 1000) == "\r\n#SGACT: 10.64.12.9\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SGACT?\r") == "\r\n#SGACT: 1,1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SGACT=1,1\r") == "\r\nERROR\r\n")
    _ = bench.ask("AT+CMEE=1\r")
    #expect(bench.ask("AT#SGACT=1,1\r") == "\r\n+CME ERROR: 553\r\n")
    #expect(bench.ask("AT#SGACT=2,1\r") == "\r\n+CME ERROR: 555\r\n")
    #expect(bench.ask("AT+CMUX=0\r") == "\r\n+CME ERROR: 4\r\n")
    let text = "\r\n+CME ERROR: context already activated\r\n"
    #expect(bench.ask("AT+CMEE=2;#SGACT=1,1\r") == text)
    #expect(bench.ask("AT#SGACT=1,0\r", for: 1000) == "\r\nOK\r\n")
    #expect(bench.ask("AT#SGACT?\r") == "\r\n#SGACT: 1,0\r\n\r\nOK\r\n")
  }

  @Test("takes the standard's commands for contexts too, which say no address") func standard() {
    var bench = Self.active()
    #expect(bench.ask("AT+CGACT=0,1\r", for: 1000) == "\r\nOK\r\n")
    #expect(bench.ask("AT#SGACT?\r") == "\r\n#SGACT: 1,0\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CGDCONT=1,\"IP\",\"other\"\r")
    #expect(bench.ask("AT+CGACT=1,1\r", for: 1000) == "\r\nOK\r\n")
    #expect(bench.ask("AT#SGACT?\r") == "\r\n#SGACT: 1,1\r\n\r\nOK\r\n")
  }

  @Test("looks a name up, within its command") func names() {
    var bench = Self.active()
    bench.modem.network.names = [.init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))]
    let found = "\r\n#QDNS: \"A.example\",\"192.0.2.7\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT#QDNS=\"A.example\"\r", for: 1000) == found)
    #expect(bench.ask("AT+CMEE=1;#QDNS=\"b.example\"\r", for: 1000) == "\r\n+CME ERROR: 558\r\n")
    _ = bench.ask("AT#DNS=1,\"9.9.9.9\",\"1.1.1.1\"\r")
    #expect(bench.ask("AT#DNS?\r") == "\r\n#DNS: 1,9.9.9.9,1.1.1.1\r\n\r\nOK\r\n")
  }

  @Test("moves datagrams both ways and counts them") func datagrams() throws {
    var bench = Self.active()
    #expect(bench.ask("AT#SCFG=1,1,300,90,600,50\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT#SCFGEXT=1,1,0,0,0,0\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT#SD=1,1,5683,\"192.0.2.1\",0,0,1\r", for: 500) == "\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    #expect(id.number == 1)
    #expect(bench.ask("AT#SSENDEXT=1,6\r") == "\r\n> ")
    bench.output = []
    bench.input(.uartReceived([0x1A, 0x1B, 0x0D, 0x0A, 0, 255]))
    bench.wait(1000)
    #expect(bench.heard == "\r\nOK\r\n")
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, [26, 27, 13, 10, 0, 255]) })
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    bench.input(.socketReceived(id, Array("two".utf8)))
    bench.wait(1500)
    #expect(bench.heard == "\r\nSRING: 1,4\r\n")
    #expect(bench.ask("AT#SI=1\r") == "\r\n#SI: 1,6,7,7,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SRECV=1,1500\r") == "\r\n#SRECV: 1,4\r\nOK\r\n\r\n\r\nOK\r\n")
    let detailed = "\r\n#SRECV: 192.0.2.1,5683,1,3,0\r\ntwo\r\n\r\nOK\r\n"
    #expect(bench.ask("AT#SRECV=1,1500,1\r") == detailed)
    #expect(bench.ask("AT#SS=1\r") == "\r\n#SS: 1,2,10.64.12.9,49153,192.0.2.1,5683\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SH=1\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT#SS=1\r") == "\r\n#SS: 1,0\r\n\r\nOK\r\n")
  }

  @Test("sends to another peer with AT#SSENDUDPEXT, and hears that one from then on")
  func otherPeer() throws {
    var bench = Self.active()
    _ = bench.ask("AT#SD=1,1,1,\"127.0.0.1\",0,4000,1\r", for: 500)
    #expect(bench.ask("AT#SSENDUDPEXT=1,2,\"192.0.2.9\",7\r") == "\r\n> ")
    #expect(bench.ask("hi", for: 1000) == "\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    let place = SimulatedModem.Effect.openSocket(
      id, .udp, host: Array("192.0.2.9".utf8), port: 7)
    #expect(bench.trace.contains { $0.effect == place })
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, Array("hi".utf8)) })
    bench.input(.socketReceived(id, Array("ho".utf8)))
    bench.wait(1000)
    let heard = "\r\n#SRECV: 192.0.2.9,7,1,2,0\r\nho\r\n\r\nOK\r\n"
    #expect(bench.ask("AT#SRECV=1,9,1\r") == heard)
  }

  @Test("with nothing to read answers an error or a length of 0, by the firmware") func nothing() {
    let answers = Set(
      (1...12).map { (seed: UInt64) in
        var bench = Self.active(seed: seed)
        _ = bench.ask("AT#SD=1,1,5683,\"192.0.2.1\",0,0,1\r", for: 500)
        return bench.ask("AT#SRECV=1,1500\r")
      })
    #expect(answers == ["\r\nERROR\r\n", "\r\n#SRECV: 1,0\r\n\r\nOK\r\n"])
  }

  @Test("ends a TCP socket with NO CARRIER; what it had left can be read") func peerCloses() throws
  {
    var bench = Self.active()
    #expect(bench.ask("AT#SD=2,0,1883,\"192.0.2.1\",0,0,1\r", for: 1000) == "\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    bench.output = []
    bench.input(.socketReceived(id, Array("last".utf8)))
    bench.input(.socketClosed(id))
    bench.wait(1500)
    #expect(bench.heard == "\r\nSRING: 2\r\n\r\nNO CARRIER\r\n")
    #expect(bench.ask("AT#SLASTCLOSURE=2\r") == "\r\n#SLASTCLOSURE: 2,1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SRECV=2,9\r") == "\r\n#SRECV: 2,4\r\nlast\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SSENDEXT=2,1\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT#SD=2,0,1883,\"192.0.2.1\",0,0,1\r", for: 1000) == "\r\nOK\r\n")
  }

  @Test("says NO CARRIER or a +CME ERROR for a connection that is refused, by the firmware")
  func refused() {
    let answers = Set(
      (1...12).map { (seed: UInt64) in
        var bench = Self.active(seed: seed)
        _ = bench.ask("AT+CMEE=1\r")
        bench.opensSockets = false
        _ = bench.ask("AT#SD=1,0,80,\"192.0.2.1\",0,0,1\r", for: 1500)
        for case (_, .openSocket(let id, .tcp, _, _)) in bench.trace {
          bench.input(.socketFailed(id, .refused))
        }
        bench.wait(500)
        return bench.heard
      })
    #expect(answers == ["\r\nNO CARRIER\r\n", "\r\n+CME ERROR: 562\r\n"])
  }

  @Test("ends an opening that the network's end cut off") func cutOff() {
    var bench = Self.active()
    bench.opensSockets = false
    _ = bench.ask("AT#SCFG=1,1,300,90,50,50\r")
    #expect(bench.ask("AT#SD=1,0,80,\"192.0.2.1\",0,0,1\r", for: 1000) == "")
    bench.modem.network.verdict = .noCoverage
    bench.wait(6000)
    #expect(bench.heard == "\r\nERROR\r\n")
  }

  @Test("closes a socket on which nothing moved for as long as AT#SCFG says") func idle() {
    var bench = Self.active()
    _ = bench.ask("AT#SCFG=1,1,300,20,600,50\r")
    _ = bench.ask("AT#SD=1,1,5683,\"192.0.2.1\",0,0,1\r", for: 500)
    bench.output = []
    bench.wait(19_000)
    #expect(bench.heard == "")
    bench.wait(1000)
    #expect(bench.heard == "\r\nNO CARRIER\r\n")
    #expect(bench.ask("AT#SLASTCLOSURE=1\r") == "\r\n#SLASTCLOSURE: 1,3\r\n\r\nOK\r\n")
  }

  @Test("keeps socket settings through a boot") func settings() {
    var bench = Self.registered()
    _ = bench.ask("AT#SCFG=3,1,500,0,100,10\r")
    bench.wait(30_000)
    _ = bench.ask("AT#REBOOT\r", for: 30_000)
    #expect(bench.ask("AT#SCFG?\r").contains("\r\n#SCFG: 3,1,500,0,100,10\r\n"))
  }

  @Test("sleeps with #PSMURC where that is on, and wakes by its key alone") func sleep() {
    var bench = Self.registered()
    _ = bench.ask("AT#PSMURC=1\r")
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00001010\"\r", for: 30_000)
    #expect(bench.said("\r\n#PSMURC: 20,21600\r\n"))
    #expect(bench.modem.state == "PSM")
    #expect(!bench.isStatusOn)
    #expect(bench.ask("AT\r", for: 2000) == "")
    bench.pulse(5050)
    bench.wait(12_000)
    #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
    #expect(bench.ask("AT#PSMURC?\r").contains("#PSMURC: 0\r\n"))
  }

  @Test("takes its own PSM command in seconds") func seconds() {
    var bench = Self.registered()
    #expect(bench.ask("AT#CPSMS=1,,,21600,2\r", for: 5000) == "\r\nOK\r\n")
    #expect(bench.modem.stored.powerSaving.periodicTAU == Array("00100110".utf8))
    #expect(bench.modem.stored.powerSaving.activeTime == Array("00000001".utf8))
    #expect(bench.modem.state == "PSM")
  }

  @Test("loses its sockets with the context") func contextLost() {
    var bench = Self.active()
    _ = bench.ask("AT#SD=1,1,5683,\"192.0.2.1\",0,0,1\r", for: 500)
    bench.output = []
    bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(100)
    bench.wait(200)
    #expect(bench.heard == "\r\nNO CARRIER\r\n")
    #expect(bench.ask("AT#SGACT?\r") == "\r\n#SGACT: 1,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SGACT=1,1\r", for: 1000) == "\r\n#SGACT: 10.64.12.9\r\n\r\nOK\r\n")
  }

  @Test("has +CEREG's modes 4 and 5 on some firmwares only") func registrationModes() {
    let answers = Set(
      (1...12).map { (seed: UInt64) in
        var bench = Self.registered(seed: seed)
        return bench.ask("AT+CEREG=4\r")
      })
    #expect(answers == ["\r\nOK\r\n", "\r\nERROR\r\n"])
    var bench = Self.registered()
    _ = bench.ask("AT+CEREG=2\r")
    #expect(
      bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 2,5,\"2C0A\",\"01A2D003\",8\r\n\r\nOK\r\n")
  }

  @Test("sets its clock from the network where AT#NITZ or AT+CTZU says so") func clock() {
    var network = SimulatedNetwork.accelerated
    network.time = SimulatedNetwork.Time(
      utc: UTC(year: 2026, month: 11, day: 22, hour: 20, minute: 0, second: 0)!, at: .start,
      zoneQuarters: 8)
    var bench = Self.registered(network: network)
    #expect(bench.ask("AT#NITZ=7,1\r") == "\r\nOK\r\n")
    _ = bench.ask("AT#REBOOT\r", for: 60_000)
    #expect(bench.said("\r\n#NITZ: 26/11/22,22:01:"))
    #expect(bench.ask("ATE0;+CCLK?\r").contains("\r\n+CCLK: \"26/11/22,22:0"))
  }
}
