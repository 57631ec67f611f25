import ModemSimulator
import Primitives
import Testing

/// TLS sockets of every family that has them. Not covered: DTLS, pre-shared keys, storing
/// certificates by AT commands (but Fibocom's), sessions taken up again. SIM800, which demands
/// nothing, and Fibocom, whose file is sent anew at each boot, stand in tests of their own.
@Suite("TLS sockets") struct TLSTests {
  /// Everything up to the opening, each command answered OK.
  private func prepared(
    _ family: TLSFamily, _ server: SimulatedNetwork.ServerCertificate, isStored: Bool = true,
    seed: UInt64 = 1
  ) -> Bench {
    var bench = family.bench(server, isStored: isStored, seed: seed)
    for command in family.first { _ = bench.ask(command + "\r", for: 30_000) }
    for command in family.settings {
      let isConvert = command.contains("convert") && !isStored
      let answer = bench.ask(command + "\r", for: 400)
      #expect(answer.contains(isConvert ? "\r\nERROR\r\n" : "\r\nOK\r\n"), "\(command): \(answer)")
    }
    return bench
  }

  private func trusted(_ family: TLSFamily) -> SimulatedNetwork.ServerCertificate {
    .trusted(by: [Array(family.certificate.utf8)])
  }

  /// Seeds for both forms of what the facts leave open.
  @Test(
    "open, carry plain bytes both ways", arguments: TLSFamily.all, [1, 2, 3, 4, 5, 6] as [UInt64])
  func good(family: TLSFamily, seed: UInt64) throws {
    var bench = prepared(family, trusted(family), seed: seed)
    bench.output = []
    bench.write(family.open + "\r")
    _ = bench.wait(for: family.opened, within: 10_000)
    try #require(bench.said(family.opened), "\(bench.heard)")
    let id = try #require(bench.lastOpened)
    let open = SimulatedModem.Effect.openSocket(
      id, .tls, host: Array("192.0.2.1".utf8), port: 5684)
    #expect(bench.trace.contains { $0.effect == open })
    bench.wait(500)
    #expect(bench.ask(family.send + "\r", for: 300).hasPrefix(family.prompt), "\(bench.heard)")
    #expect(bench.ask(family.payload, for: 1500).contains("\r\nOK\r\n") || bench.said("SEND OK"))
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, Array("hi".utf8)) })
    bench.output = []
    bench.input(.socketReceived(id, Array("yo".utf8)))
    _ = bench.wait(for: family.news, within: 3000)
    #expect(bench.said(family.news), "\(bench.heard)")
    bench.wait(200)
    let answer = bench.ask(family.read + "\r", for: 400)
    #expect(family.data.contains { answer.hasSuffix($0) || answer == $0 }, "\(answer)")
  }

  @Test(
    "are refused by a server that none of the stored certificates signed", arguments: TLSFamily.all)
  func untrusted(family: TLSFamily) {
    for server in [SimulatedNetwork.ServerCertificate.selfSigned, .trusted(by: [[0x78]])] {
      var bench = prepared(family, server)
      let answer = bench.ask(family.open + "\r", for: 5000)
      #expect(family.refused.contains { answer.contains($0) }, "\(answer)")
      #expect(bench.lastOpened != nil)
      // Nothing is left of the connection.
      #expect(bench.trace.contains { $0.effect == .closeSocket(bench.lastOpened!) })
    }
  }

  @Test(
    "are refused before anything is sent where the certificate isn't stored",
    arguments: TLSFamily.all)
  func missing(family: TLSFamily) {
    var bench = prepared(family, trusted(family), isStored: false)
    let answer = bench.ask(family.open + "\r", for: 3000)
    #expect(family.missing.contains { answer.contains($0) }, "\(answer)")
    #expect(bench.lastOpened == nil)
  }

  @Test("answer misuse as the facts say", arguments: TLSFamily.all) func misuse(
    family: TLSFamily
  ) {
    var bench = family.bench(.selfSigned)
    for command in family.first { _ = bench.ask(command + "\r", for: 30_000) }
    #expect(bench.ask(family.misuse.command + "\r", for: 400) == family.misuse.answer)
  }

  @Test("take two round trips and the certificates' air time longer than TCP") func cost() throws {
    func opening(_ command: String, _ answer: String) -> (time: Duration, charge: Int64) {
      var bench = Bench.registered(network: .real)
      _ = bench.ask("AT+QIACT=1\r", for: 30_000)
      let (start, charge) = (bench.now, bench.modem.chargeMicrocoulombs(until: bench.now))
      bench.write(command + "\r")
      _ = bench.wait(for: answer, within: 20_000)
      #expect(bench.said(answer))
      return (bench.now - start, bench.modem.chargeMicrocoulombs(until: bench.now) - charge)
    }
    let tcp = opening("AT+QIOPEN=1,0,\"TCP\",\"192.0.2.1\",80,0,0", "+QIOPEN: 0,0\r\n")
    let tls = opening("AT+QSSLOPEN=1,1,0,\"192.0.2.1\",443,0", "+QSSLOPEN: 0,0\r\n")
    // Three grants up at 60 ms or more, seven down at 40 ms or more.
    #expect(tls.time - tcp.time >= .milliseconds(300))
    #expect(tls.charge > tcp.charge)
  }

  // MARK: - Quectel

  private func quectel(_ settings: [String], network: SimulatedNetwork) -> Bench {
    var bench = Bench.other(
      .bg95, pulse: 600, certificates: ["ca.pem"], network: network)
    _ = bench.ask("AT+QIACT=1\r", for: 3000)
    for setting in settings { #expect(bench.ask("AT+QSSLCFG=\(setting)\r") == "\r\nOK\r\n") }
    return bench
  }

  private var signed: SimulatedNetwork {
    var network = SimulatedNetwork.accelerated
    network.serverCertificate = .trusted(by: [Array("ca.pem".utf8)])
    return network
  }

  private static let open = "AT+QSSLOPEN=1,2,0,\"collector.example\",443,0\r"

  @Test("fail by the dates while the clock isn't set, unless they are ignored") func dates() {
    var network = signed
    network.names = [.init(Array("collector.example".utf8), .address(Array("192.0.2.1".utf8)))]
    let settings = ["\"seclevel\",2,1", "\"cacert\",2,\"ca.pem\""]
    var bench = quectel(settings, network: network)
    #expect(bench.ask(Self.open, for: 5000) == "\r\nOK\r\n\r\n+QSSLOPEN: 0,566\r\n")
    _ = bench.ask("AT+QSSLCLOSE=0\r", for: 1000)
    // Without a value it reads, of context 1.
    #expect(
      bench.ask("AT+QSSLCFG=\"ignorelocaltime\",1\r")
        == "\r\n+QSSLCFG: \"ignorelocaltime\",1,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QSSLCFG=\"ignorelocaltime\",2,1\r") == "\r\nOK\r\n")
    #expect(bench.ask(Self.open, for: 5000) == "\r\nOK\r\n\r\n+QSSLOPEN: 0,0\r\n")
    bench = quectel(settings, network: network)
    #expect(bench.ask("AT+CCLK=\"26/11/23,06:00:00+00\"\r") == "\r\nOK\r\n")
    #expect(bench.ask(Self.open, for: 5000) == "\r\nOK\r\n\r\n+QSSLOPEN: 0,0\r\n")
  }

  @Test("fail by the host's name where it is checked, and by a version before 1.2") func names() {
    var network = signed
    network.names = [.init(Array("collector.example".utf8), .address(Array("192.0.2.1".utf8)))]
    network.serverNames = [Array("other.example".utf8)]
    let settings = ["\"seclevel\",2,1", "\"cacert\",2,\"ca.pem\"", "\"ignorelocaltime\",2,1"]
    for (more, code) in [([], 0), (["\"checkhost\",2,1"], 566), (["\"sslversion\",2,2"], 566)] {
      var bench = quectel(settings + more, network: network)
      #expect(bench.ask(Self.open, for: 5000) == "\r\nOK\r\n\r\n+QSSLOPEN: 0,\(code)\r\n")
    }
  }

  @Test("have commands, numbers and limits of their own") func quectelRules() throws {
    var bench = quectel([], network: .accelerated)
    let open = "AT+QSSLOPEN=1,1,0,\"192.0.2.1\",443,0\r"
    #expect(bench.ask(open, for: 3000) == "\r\nOK\r\n\r\n+QSSLOPEN: 0,0\r\n")
    #expect(bench.ask(open, for: 3000) == "\r\nOK\r\n\r\n+QSSLOPEN: 0,563\r\n")
    for wrong in [
      "AT+QISEND=0,2", "AT+QIRD=0,10", "AT+QICLOSE=0", "AT+QSSLSEND=0,1461", "AT+QSSLSEND=1,2",
      "AT+QSSLRECV=0", "AT+QSSLRECV=0,1501", "AT+QSSLCLOSE=1",
      "AT+QSSLCFG=\"seclevel\",1,\"1\"", "AT+QSSLCFG=\"seclevel\",6,1", "AT+QSSLCFG=seclevel,1,1",
      "AT+QSSLCFG=\"cacert\",1,ca.pem", "AT+QSSLCFG=\"negotiatetime\",1,9",
      "AT+QSSLCFG=\"nonsense\",1,1",
    ] {
      #expect(bench.ask(wrong + "\r", for: 400) == "\r\nERROR\r\n", "\(wrong)")
    }
    #expect(bench.ask("AT+QISTATE?\r") == "\r\nOK\r\n")
    let state = "\r\n+QSSLSTATE: 0,\"SSLClient\",\"192.0.2.1\",443,49153,2,1,0,0,\"uart1\",1\r\n"
    #expect(bench.ask("AT+QSSLSTATE=0\r") == state + "\r\nOK\r\n")
    #expect(bench.ask("AT+QSSLSTATE\r") == state + "\r\nOK\r\n")
    #expect(bench.ask("AT+QSSLRECV=0,0\r") == "\r\n+QSSLRECV: 0,0,0\r\n\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    bench.output = []
    bench.input(.socketClosed(id))
    _ = bench.wait(for: "\r\n+QSSLURC: \"closed\",0\r\n", within: 2000)
    #expect(bench.said("\r\n+QSSLURC: \"closed\",0\r\n"))
    #expect(bench.ask("AT+QSSLCLOSE=0\r", for: 500) == "\r\nOK\r\n")
    #expect(
      bench.ask("AT+QSSLOPEN=2,1,0,\"192.0.2.1\",443\r", for: 500)
        == "\r\nOK\r\n\r\n+QSSLOPEN: 0,561\r\n")
  }

  @Test("keep no setting over a power cycle") func volatile() {
    var bench = quectel(["\"seclevel\",1,2"], network: .accelerated)
    #expect(bench.ask("AT+QSSLCFG=\"seclevel\",1\r").contains("\"seclevel\",1,2"))
    _ = bench.ask("AT+CFUN=1,1\r", for: 30_000)
    #expect(bench.ask("AT+QSSLCFG=\"seclevel\",1\r").contains("\"seclevel\",1,0"))
  }

  // MARK: - u-blox, SIMCom, Fibocom

  @Test("of SARA want 250 ms after AT+USOSEC, an unconnected TCP socket, and no SNI on R410")
  func ublox() {
    var bench = SaraR4Tests.registered()
    _ = bench.ask("AT+CMEE=1\r")
    let refused = "\r\n+CME ERROR: 3\r\n"
    #expect(bench.ask("AT+USECPRF=1,10,\"collector.example\"\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+USOCR=17\r") == "\r\n+USOCR: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+USOSEC=0,1,1\r") == refused)
    #expect(bench.ask("AT+USOCR=6\r") == "\r\n+USOCR: 1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+USOSEC=1,1,1\r", for: 150) == "\r\nOK\r\n")
    #expect(bench.ask("AT+USOCO=1,\"192.0.2.1\",443\r", for: 300) == refused)
    #expect(bench.ask("AT+USOSEC=1\r") == "\r\n+USOSEC: 1,1,1\r\n\r\nOK\r\n")
    // Level 0: a self-signed certificate will do.
    #expect(bench.ask("AT+USOCO=1,\"192.0.2.1\",443\r", for: 5000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+USOSEC=1,0\r") == refused)
  }

  @Test("of SIM800 come with AT+CIPSSL=1 and take every certificate") func sim800() {
    var bench = Bench.other(.sim800, pulse: 1100, first: ["AT", "ATE0"])
    for line in ["+CIPMUX=1", "+CSTT=\"em\"", "+CIICR", "+CIFSR", "+CIPSSL=1"] {
      _ = bench.ask("AT\(line)\r", for: 3000)
    }
    #expect(bench.ask("AT+CIPSSL?\r") == "\r\n+CIPSSL: 1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CIPSSL=2\r") == "\r\nERROR\r\n")
    let answer = bench.ask("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",443\r", for: 5000)
    #expect(answer == "\r\nOK\r\n\r\n0, CONNECT OK\r\n")
    let open = SimulatedModem.Effect.openSocket(
      SocketID(number: 0, opening: 1), .tls, host: Array("192.0.2.1".utf8), port: 443)
    #expect(bench.trace.contains { $0.effect == open })
  }

  @Test("of SIM7000 lose what wasn't read when the server closes") func sim7000() throws {
    var bench = prepared(.sim7000, trusted(.sim7000))
    _ = bench.ask(TLSFamily.sim7000.open + "\r", for: 5000)
    let id = try #require(bench.lastOpened)
    bench.input(.socketReceived(id, Array("lost".utf8)))
    bench.input(.socketClosed(id))
    _ = bench.wait(for: "\r\n+CASTATE: 1,0\r\n", within: 3000)
    #expect(bench.said("\r\n+CASTATE: 1,0\r\n"))
    #expect(bench.ask("AT+CARECV=1,100\r") == "\r\n+CARECV: 0\r\n\r\nOK\r\n")
  }

  @Test("of Fibocom need version, mode and file at every boot") func fibocom() throws {
    let pem = "-----BEGIN"
    var network = SimulatedNetwork.accelerated
    network.serverCertificate = .trusted(by: [Array(pem.utf8)])
    var bench = Bench.other(.fibocomL610, pulse: 2000, network: network)
    func open() -> String {
      _ = bench.ask("AT+GTSET=\"IPRFMT\",5\r")
      _ = bench.ask("AT+MIPCALL=1,\"em\"\r", for: 1000)
      return bench.ask("AT+MIPOPEN=1,,\"192.0.2.1\",443,2\r", for: 5000)
    }
    func file() {
      #expect(bench.ask("AT+GTSSLFILE=\"TRUSTFILE\",\(pem.utf8.count)\r") == "\r\n>")
      #expect(bench.ask(pem) == "\r\nOK\r\n")
    }
    let refused = "\r\nOK\r\n\r\n+MIPSTAT: 1,1\r\n"
    #expect(open() == refused)
    _ = bench.ask("AT+GTSSLVER=4\r")
    _ = bench.ask("AT+GTSSLMODE=1\r")
    #expect(open() == refused)
    file()
    #expect(open() == "\r\nOK\r\n\r\n+MIPOPEN: 1,1\r\n")
    let id = try #require(bench.lastOpened)
    #expect(bench.ask("AT+MIPSEND=1,2\r") == "\r\n>")
    _ = bench.ask("hi", for: 1000)
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, Array("hi".utf8)) })
    bench.modem.network.serverCertificate = .selfSigned
    _ = bench.ask("AT+MIPCLOSE=1\r", for: 1000)
    #expect(open() == refused)
    _ = bench.ask("AT+CFUN=1,1\r", for: 30_000)
    _ = bench.ask("ATE0\r")
    #expect(bench.ask("AT+GTSSLVER?\r") == "\r\n+GTSSLVER: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+GTSSLFILE?\r") == "\r\n+GTSSLFILE: TRUSTFILE,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+GTSSLFILE=\"OTHER\",4\r").contains("ERROR"))
  }

  @Test("of Telit wait for data as long as they are told") func telit() throws {
    var bench = prepared(.telit, trusted(.telit))
    _ = bench.ask(TLSFamily.telit.open + "\r", for: 5000)
    let id = try #require(bench.lastOpened)
    #expect(bench.ask("AT#SSLRECV=1,100,20\r", for: 1900) == "")
    bench.wait(300)
    #expect(bench.heard == "\r\n#SSLRECV: 0\r\nTIMEOUT\r\n\r\nOK\r\n")
    bench.output = []
    bench.write("AT#SSLRECV=1,100,20\r")
    bench.wait(100)
    bench.input(.socketReceived(id, Array("yo".utf8)))
    bench.wait(500)
    #expect(bench.heard == "\r\n#SSLRECV: 2\r\nyo\r\n\r\nOK\r\n")
    bench.input(.socketClosed(id))
    bench.wait(500)
    #expect(bench.ask("AT#SSLRECV=1,100\r") == "\r\n#SSLRECV: 0\r\nDISCONNECTED\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SSLS=1\r") == "\r\n#SSLS: 1,1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#SSLH=1,0\r") == "\r\nOK\r\n")
  }
}
