import ModemSimulator
import Primitives
import Testing

/// Fibocom L610: the forms of its own in the facts' chapter 4. Not covered: transparent mode,
/// +MIPXOFF, the UART's light sleep.
@Suite("Fibocom L610") struct FibocomTests {
  static func registered(
    seed: UInt64 = 1, network: SimulatedNetwork = .accelerated, sim: SimulatedSIM = SimulatedSIM()
  ) -> Bench {
    Bench.other(.fibocomL610, pulse: 2000, network: network, sim: sim, seed: seed)
  }

  /// With the call up and received data kept for AT+MIPREAD.
  static func called(seed: UInt64 = 1) -> Bench {
    var bench = registered(seed: seed)
    _ = bench.ask("AT+GTSET=\"IPRFMT\",5\r")
    _ = bench.ask("AT+MIPCALL=1,\"em\"\r", for: 1000)
    return bench
  }

  /// With UDP socket 1 open.
  static func opened(seed: UInt64 = 1) -> Bench {
    var bench = called(seed: seed)
    _ = bench.ask("AT+MIPOPEN=1,,\"192.0.2.1\",5683,1\r", for: 500)
    return bench
  }

  @Test(
    "a pulse of 2 s turns it on and off",
    arguments: [(1999, false), (2000, true), (3000, true)])
  func powerKey(pulse: Int64, works: Bool) {
    var bench = Bench(.fibocomL610, stored: .factory)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(pulse)
    bench.wait(8000)
    #expect(bench.isStatusOn == works)
    #expect(bench.said("\r\nRDY\r\n") == works)
    var running = Self.registered()
    running.pulse(pulse)
    running.wait(8000)
    #expect(running.isStatusOn == !works)
  }

  @Test("AT+CPWROFF turns it off without a word") func off() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CPWROFF\r", for: 5000) == "\r\nOK\r\n")
    #expect(!bench.isStatusOn)
  }

  @Test("AT+CFUN=15 restarts it") func reset() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CFUN=15\r", for: 20_000).hasPrefix("\r\nOK\r\n\r\nRDY\r\n"))
    #expect(bench.said("\r\n+SIM READY\r\n"))
  }

  @Test(
    "tells who it is",
    arguments: [
      ("AT+CGMI", "Fibocom"), ("AT+CGMM", "L610"), ("AT+CGMR", "16000.1000.00.03.17.10"),
      ("AT+CGSN", "864424040000019"), ("AT+CIMI", "901430000000017"),
      ("AT+CCID", "+CCID: 89423100000000000017"),
      ("AT+GTPKGVER?", "+GTPKGVER: \"16000.1000.00.03.17.10\""), ("AT+CSQ?", "+CSQ: 20,99"),
      ("AT+CGREG?", "+CGREG: 0,5"), ("AT+GTRAT?", "+GTRAT: 10,3,0"),
    ])
  func identity(command: String, line: String) {
    var bench = Self.registered()
    #expect(bench.ask(command + "\r") == "\r\n\(line)\r\n\r\nOK\r\n")
  }

  @Test("has AT+ICCID on some firmwares, and +CEREG on some", arguments: ["+ICCID", "+CEREG?"])
  func maybe(command: String) {
    let answers = Set(
      (1...12).map { (seed: UInt64) in
        var bench = Self.registered(seed: seed)
        return bench.ask("AT\(command)\r").hasSuffix("\r\nERROR\r\n")
      })
    #expect(answers == [true, false])
  }

  @Test("knows no PSM", arguments: ["+CPSMS?", "+CEDRXS?"]) func neverSleeps(command: String) {
    var bench = Self.registered()
    #expect(bench.ask("AT\(command)\r") == "\r\nERROR\r\n")
  }

  @Test("calls: OK, then the address; a second call is an error") func call() {
    var bench = Self.registered()
    #expect(bench.ask("AT+MIPCALL?\r") == "\r\n+MIPCALL: 0\r\n\r\nOK\r\n")
    let said = bench.ask("AT+MIPCALL=1,\"em\",\"me\",\"secret\"\r", for: 1000)
    #expect(said == "\r\nOK\r\n\r\n+MIPCALL: 10.64.12.9\r\n")
    #expect(bench.ask("AT+MIPCALL?\r") == "\r\n+MIPCALL: 1,10.64.12.9\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+MIPCALL=1\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+MIPCALL=0\r", for: 1000) == "\r\nOK\r\n\r\n+MIPCALL: 0\r\n")
    #expect(bench.modem.stored.contexts[0].user == Array("me".utf8))
  }

  @Test("tells with +MIPCALL: 0 that the network didn't take the APN") func callRefused() {
    var network = SimulatedNetwork.accelerated
    network.accessPointNames = [Array("em".utf8)]
    var bench = Self.registered(network: network)
    #expect(
      bench.ask("AT+MIPCALL=1,\"other\"\r", for: 1000) == "\r\nOK\r\n\r\n+MIPCALL: 0\r\n")
  }

  @Test("looks a name up; the address has no quotes") func names() {
    var bench = Self.called()
    bench.modem.network.names = [.init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))]
    let found = "\r\n+MIPDNS: \"a.example\",192.0.2.7\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+MIPDNS=\"a.example\",0\r", for: 1000) == found)
    #expect(bench.ask("AT+MIPDNS=\"b.example\"\r", for: 1000) == "\r\nERROR\r\n")
  }

  @Test(
    "opens with an empty local port, one, or none",
    arguments: ["1,,\"192.0.2.1\",5683,1", "1,\"192.0.2.1\",5683,1", "1,4000,\"192.0.2.1\",5683,1"])
  func opening(parameters: String) {
    var bench = Self.called()
    #expect(bench.ask("AT+MIPOPEN?\r") == "\r\n+MIPOPEN: 1 2 3 4 5 6\r\n\r\nOK\r\n")
    let said = bench.ask("AT+MIPOPEN=\(parameters)\r", for: 500)
    #expect(said == "\r\nOK\r\n\r\n+MIPOPEN: 1,1\r\n")
    #expect(bench.ask("AT+MIPOPEN?\r") == "\r\n+MIPOPEN: 2 3 4 5 6\r\n\r\nOK\r\n")
  }

  @Test("refuses an opening that was taken with +MIPSTAT, and frees the number") func refused() {
    var bench = Self.called()
    let said = bench.ask("AT+MIPOPEN=1,,\"nowhere.example\",80,0\r", for: 1000)
    #expect(said == "\r\nOK\r\n\r\n+MIPSTAT: 1,1\r\n")
    #expect(bench.ask("AT+MIPOPEN?\r") == "\r\n+MIPOPEN: 1 2 3 4 5 6\r\n\r\nOK\r\n")
  }

  @Test("moves datagrams: counted at the prompt, announced one at a time") func datagrams() throws {
    var bench = Self.opened()
    let id = try #require(bench.lastOpened)
    #expect(bench.ask("AT+MIPSEND=1,6\r") == "\r\n>")
    bench.output = []
    bench.input(.uartReceived([0x1A, 0x1B, 0x0D, 0x0A, 0, 255]))
    bench.wait(1000)
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, [26, 27, 13, 10, 0, 255]) })
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    bench.input(.socketReceived(id, Array("two".utf8)))
    bench.wait(1500)
    #expect(bench.heard == "\r\n+MIPREAD: 1,4\r\n")
    let first = "\r\n+MIPDATA: 1,4\r\nOK\r\n\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+MIPREAD=1,4\r") == "\(first)\r\n+MIPREAD: 1,3\r\n")
    #expect(bench.ask("AT+MIPREAD=1,2048\r") == "\r\n+MIPDATA: 1,3\r\ntwo\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+MIPREAD=1,2048\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+MIPCLOSE=1\r") == "\r\nOK\r\n\r\n+MIPCLOSE: 1,0\r\n")
    #expect(bench.trace.contains { $0.effect == .closeSocket(id) })
  }

  @Test("ends a payload with OK, after +MIPSEND on some firmwares, and +MIPPUSH behind it")
  func sent() {
    let answers = Set(
      (1...12).map { (seed: UInt64) in
        var bench = Self.opened(seed: seed)
        _ = bench.ask("AT+MIPSEND=1,2\r")
        return bench.ask("hi", for: 1000)
      })
    let end = "\r\nOK\r\n\r\n+MIPPUSH: 1,0\r\n"
    #expect(answers == [end, "\r\n+MIPSEND: 1,0,10238\r\n\(end)"])
  }

  @Test(
    "puts data into the URC in the other formats",
    arguments: [(0, "4F4B"), (2, "OK")])
  func formats(format: Int, text: String) throws {
    var bench = Self.opened()
    _ = bench.ask("AT+GTSET=\"IPRFMT\",\(format)\r")
    bench.output = []
    bench.input(.socketReceived(try #require(bench.lastOpened), Array("OK".utf8)))
    bench.wait(1000)
    #expect(bench.heard == "\r\n+MIPRUDP: 192.0.2.1,5683,1,0,\(text)\r\n")
  }

  @Test("tells a TCP socket's end with +MIPCLOSE or +MIPSTAT, by the firmware") func peerCloses() {
    let answers = Set(
      (1...12).map { (seed: UInt64) in
        var bench = Self.called(seed: seed)
        _ = bench.ask("AT+MIPOPEN=2,,\"192.0.2.1\",1883,0\r", for: 1500)
        bench.output = []
        if let id = bench.lastOpened { bench.input(.socketClosed(id)) }
        bench.wait(1000)
        return bench.heard
      })
    #expect(answers == ["\r\n+MIPCLOSE: 2,1\r\n", "\r\n+MIPSTAT: 2,1\r\n"])
  }

  @Test("loses its sockets and the call with the context") func callLost() {
    var bench = Self.opened()
    bench.output = []
    bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(100)
    bench.wait(200)
    #expect(bench.heard.hasSuffix("\r\n+MIPCALL: 0\r\n"))
    #expect(bench.said("\r\n+MIPCLOSE: 1,1\r\n") || bench.said("\r\n+MIPSTAT: 1,1\r\n"))
    #expect(bench.ask("AT+MIPCALL=1,\"em\"\r", for: 1000).hasSuffix("+MIPCALL: 10.64.12.9\r\n"))
  }

  @Test("a call that the network's end cut off doesn't stand in the next one's way")
  func callCutOff() {
    var bench = Self.registered()
    _ = bench.ask("AT+MIPCALL=1,\"em\"\r", for: 50)
    bench.modem.network.verdict = .noCoverage
    bench.wait(5000)
    bench.modem.network.verdict = .accepts
    bench.wait(60_000)
    let said = bench.ask("AT+MIPCALL=1,\"em\"\r", for: 1000)
    #expect(said == "\r\nOK\r\n\r\n+MIPCALL: 10.64.12.9\r\n")
  }

  @Test("chooses LTE or GSM with AT+GTRAT") func access() {
    var bench = Self.registered()
    #expect(bench.ask("AT+GTRAT=0\r", for: 60_000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+CGREG?\r") == "\r\n+CGREG: 0,2\r\n\r\nOK\r\n")
    bench.modem.network.accessTechnology = .gsm
    bench.wait(60_000)
    #expect(bench.ask("AT+CGREG?\r") == "\r\n+CGREG: 0,5\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+MIPCALL=1,\"em\"\r", for: 1500).hasSuffix("+MIPCALL: 10.64.12.9\r\n"))
  }
}
