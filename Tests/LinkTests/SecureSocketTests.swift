import Cellular
import Link
import Modems
import Primitives
import Testing

/// What the link makes of a TLS target: the BG95's lines, the SARA's pause, and every way in which
/// a server or a certificate isn't trusted. What a handshake is isn't played here.
@Suite("TLS through the link") struct SecureSocketTests {
  private static let certificate = TLSTrust.certificate(CertificateName(Array("ca.pem".utf8))!)

  private static func target(_ trust: TLSTrust = certificate) -> LinkTarget {
    LinkTarget(
      host: NetworkHost(Array("collector.example".utf8))!, port: 5684, transport: .tls(trust))
  }

  /// A BG95 with its clock set, whose server answers `pong`.
  private static let answers: [String: [Dialogue.Reply]] = [
    "+CPIN?": [.lines(["+CPIN: READY"])], "+QCCID": [.lines(["+QCCID: 89882390000012345678"])],
    "+CIMI": [.lines(["901430000012345"])], "+CGSN": [.lines(["861234567890123"])],
    "+CGMI": [.lines(["Quectel"])], "+CGMM": [.lines(["BG95"])], "+CGMR": [.lines(["BG95M3"])],
    "+CEREG?": [.lines(["+CEREG: 4,5,\"6F42\",\"3C6D32C\",8"])],
    "+QLTS=2": [.lines(["+QLTS: \"2026/11/23,02:40:00+04,0\""])],
    "+QIACT?": [.lines(["+QIACT: 1,1,1,\"10.0.0.1\""])],
    "+CCLK?": [.lines(["+CCLK: \"26/11/23,03:40:00+04\""])],
    "+QSSLOPEN=1,1,0,\"collector.example\",5684,0": [.later(["+QSSLOPEN: 0,0"], 2000)],
    "+QSSLSEND=0,4": [.prompt("\r\nSEND OK\r\n", then: "\r\n+QSSLURC: \"recv\",0\r\n")],
    "+QSSLRECV=0,1500": [.lines(["+QSSLRECV: 4\r\npong"]), .lines(["+QSSLRECV: 0"])],
    "+QPOWD=1": [.later(["POWERED DOWN"], 300)],
  ]

  private func dialogue(
    _ trust: TLSTrust = certificate, _ change: (inout [String: [Dialogue.Reply]]) -> Void = { _ in }
  ) -> Dialogue {
    var answers = Self.answers
    change(&answers)
    return Dialogue(
      .quectelBG95, to: Self.target(trust), boot: "\r\nAPP RDY\r\n", answers)
  }

  private func secure(_ dialogue: Dialogue) -> [String] {
    dialogue.lines.filter { $0.hasPrefix("AT+QSSL") || $0.hasPrefix("AT+CCLK") }
  }

  @Test("the profile is set, the socket opened, used, and closed before the module rests")
  func journey() {
    var dialogue = dialogue()
    #expect(dialogue.report() == Array("pong".utf8))
    #expect(dialogue.sent == [Array("ping".utf8)])
    #expect(
      secure(dialogue) == [
        "AT+CCLK?", "AT+QSSLCFG=\"sslversion\",1,3", "AT+QSSLCFG=\"ciphersuite\",1,0XFFFF",
        "AT+QSSLCFG=\"seclevel\",1,1", "AT+QSSLCFG=\"cacert\",1,\"ca.pem\"",
        "AT+QSSLCFG=\"ignorelocaltime\",1,0", "AT+QSSLCFG=\"checkhost\",1,1",
        "AT+QSSLCFG=\"sni\",1,1", "AT+QSSLCFG=\"negotiatetime\",1,60",
        "AT+QSSLOPEN=1,1,0,\"collector.example\",5684,0", "AT+QSSLSEND=0,4",
        "AT+QSSLRECV=0,1500", "AT+QSSLCLOSE=0",
      ])
    #expect(dialogue.events.last == .asleep(.poweredOff))
  }

  @Test(
    "dates are left alone only while the module's clock isn't set",
    arguments: [
      ("+CCLK: \"80/01/06,00:00:12+00\"", 1), ("+CCLK: \"26/11/23,03:40:00+04\"", 0), ("ERROR", 1),
    ])
  func dates(clock: String, ignores: Int) {
    var dialogue = dialogue { answers in
      answers["+CCLK?"] = [clock == "ERROR" ? .error([]) : .lines([clock])]
    }
    #expect(dialogue.report() == Array("pong".utf8))
    #expect(secure(dialogue).contains("AT+QSSLCFG=\"ignorelocaltime\",1,\(ignores)"))
  }

  @Test("what only some firmware knows may be refused") func options() {
    var dialogue = dialogue { answers in
      answers["+QSSLCFG=\"sni\",1,1"] = [.error([])]
      answers["+QSSLCFG=\"checkhost\",1,1"] = [.error([])]
    }
    #expect(dialogue.report() == Array("pong".utf8))
  }

  @Test(
    "a certificate that the module refuses ends the attempt, and nothing is opened",
    arguments: ["seclevel\",1,1", "cacert\",1,\"ca.pem\"", "ignorelocaltime\",1,0"])
  func certificateRefused(setting: String) {
    var dialogue = dialogue { $0["+QSSLCFG=\"" + setting] = [.error([])] }
    #expect(dialogue.report() == [])
    #expect(dialogue.events.last == .failed(.certificateRefused(error: nil)))
    #expect(!dialogue.lines.contains { $0.hasPrefix("AT+QSSLOPEN") })
  }

  @Test("a handshake that fails has a name") func handshake() {
    var dialogue = dialogue {
      $0["+QSSLOPEN=1,1,0,\"collector.example\",5684,0"] = [.later(["+QSSLOPEN: 0,566"], 2000)]
    }
    #expect(dialogue.report() == [])
    #expect(dialogue.events.last == .failed(.secureSocketRefused(error: 566)))
  }

  @Test("a stale socket is closed, and the profile is set again") func stale() {
    var dialogue = dialogue {
      $0["+QSSLOPEN=1,1,0,\"collector.example\",5684,0"] = [
        .later(["+QSSLOPEN: 0,563"], 100), .later(["+QSSLOPEN: 0,0"], 100),
      ]
    }
    #expect(dialogue.report() == Array("pong".utf8))
    #expect(secure(dialogue).filter { $0 == "AT+QSSLCLOSE=0" }.count == 2)
    #expect(secure(dialogue).filter { $0.contains("cacert") }.count == 2)
  }

  @Test(
    "a trust that the family can't express is refused before the module is touched",
    arguments: [
      ("simcom-sim800", LinkCause.trustUnsupported), ("fibocom-l610", .trustUnsupported),
      ("telit-me910", .trustUnsupported), ("quectel-m95", .noSecureSockets),
      ("generic", .noSecureSockets),
    ])
  func unsupported(family: String, cause: LinkCause) throws {
    let profile = try #require(ModuleProfile.named(Array(family.utf8)))
    var link = Link(
      LinkSettings(module: profile, network: .forTests, hasStatusLine: true), seed: 1)
    let now = Instant.milliseconds(1000)
    _ = link.handle(.statusLine(isOn: false), now: now)
    _ = link.handle(.start, now: now)
    #expect(
      link.handle(.connect(Self.target()), now: now) == [
        .event(.stateChanged(.failed(.socket), cause: cause)), .event(.failed(cause)),
      ])
    #expect(link.deadline == nil)
    #expect(link.counters.failures == 1)
  }

  @Test("the same of a module that is on: it is turned off") func unsupportedWhileOn() {
    var dialogue = Dialogue(
      .simcomSIM800, to: Self.target(), ["+CPOWD=1": [.raw("\r\nNORMAL POWER DOWN\r\n")]])
    #expect(dialogue.report() == [])
    #expect(dialogue.events.contains(.failed(.trustUnsupported)))
    #expect(!dialogue.lines.contains { $0.contains("CIPS") || $0.contains("CREG") })
  }

  @Test("a SARA waits between its socket's profile and its connection") func pause() {
    var dialogue = Dialogue(
      .ubloxSARAR5, to: Self.target(.nobody), boot: "",
      [
        "+CPIN?": [.lines(["+CPIN: READY"])], "+CCID": [.lines(["+CCID: 89882390000012345678"])],
        "+CIMI": [.lines(["901430000012345"])], "+CGSN": [.lines(["861234567890123"])],
        "+CGMI": [.lines(["u-blox"])], "+CGMM": [.lines(["SARA-R510S"])],
        "+CGMR": [.lines(["03.15"])], "+CEREG?": [.lines(["+CEREG: 4,5,\"6F42\",\"3C6D32C\",7"])],
        "+CCLK?": [.lines(["+CCLK: \"26/11/23,03:40:00+04\""])],
        "+UPSND=0,8": [.lines(["+UPSND: 0,8,1"])], "+USOCR=6": [.lines(["+USOCR: 0"])],
        "+USOWR=0,4": [
          .ask("\r\n@", mark: 0, "\r\n+USOWR: 0,4\r\n\r\nOK\r\n", then: "\r\n+UUSORD: 0,4\r\n")
        ],
        "+USORD=0,1024": [.lines(["+USORD: 0,4,\"pong\""])],
      ])
    #expect(dialogue.report() == Array("pong".utf8))
    let lines = dialogue.lines.filter { $0.hasPrefix("AT+USO") || $0.hasPrefix("AT+USEC") }
    #expect(
      lines.prefix(7) == [
        "AT+USECPRF=0", "AT+USECPRF=0,1,3", "AT+USECPRF=0,0,0",
        "AT+USECPRF=0,10,\"collector.example\"", "AT+USOCR=6", "AT+USOSEC=0,1,0",
        "AT+USOCO=0,\"collector.example\",5684",
      ])
    #expect(lines.last == "AT+USOCL=0")
  }
}
