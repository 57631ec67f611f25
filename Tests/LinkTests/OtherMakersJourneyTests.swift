import Cellular
import Link
import Modems
import Primitives
import Testing

/// What the link says to the families of Telit, Cinterion, Sierra and Fibocom from off to rest,
/// line by line. The answers are those of the makers' libraries and manuals; what a real module
/// makes of the lines isn't covered.
@Suite("Journeys with Telit, Cinterion, Sierra and Fibocom") struct OtherMakersJourneyTests {
  private static let host = NetworkHost(Array("collector.example".utf8))!
  private static let udp = LinkTarget(host: host, port: 5683, transport: .udp)
  /// Where a module can't look names up.
  private static let address = LinkTarget(
    host: .ipv4(IPv4Address(192, 0, 2, 1)), port: 5683, transport: .udp)
  private static let tcp = LinkTarget(host: host, port: 5683, transport: .tcp)
  private static let text = "\r\nOK\r\n--EOF--Pattern--"
  private static let data = Array(text.utf8)
  private static let mark = "--EOF--Pattern--"

  private static let common: [String: [Dialogue.Reply]] = [
    "+CPIN?": [.lines(["+CPIN: READY"])], "+CIMI": [.lines(["901430000012345"])],
    "+CGSN": [.lines(["861234567890123"])], "+CGMI": [.lines(["Maker"])],
    "+CGMM": [.lines(["Model"])], "+CGMR": [.lines(["1.0"])],
    "+CPSMS?": [.lines(["+CPSMS: 1,,,\"00100110\",\"00000001\""])],
    "+CGDCONT?": [.lines(["+CGDCONT: 1,\"IP\",\"em\",\"0.0.0.0\",0,0"])],
    "+CGAUTH?": [.lines(["+CGAUTH: 1,0"])],
    "+CEREG?": [
      .lines(["+CEREG: 4,5,\"0A1B\",\"01234567\",7,,,\"00000001\",\"00100110\""])
    ],
    "+CGREG?": [.lines(["+CGREG: 2,4"])],
    "+CCLK?": [.lines(["+CCLK: \"26/11/23,03:40:00+04\""])],
  ]

  private var telit: [String: [Dialogue.Reply]] {
    var answers = Self.common
    answers["#CCID"] = [.lines(["#CCID: 89882390000012345678"])]
    answers["#WS46?"] = [.lines(["#WS46: 2"])]
    answers["+WS46?"] = [.lines(["+WS46: 30"])]
    answers["#SCFG?"] = [.lines(["#SCFG: 1,1,1500,0,600,50", "#SCFG: 2,1,300,90,600,50"])]
    answers["#SCFGEXT?"] = [.lines(["#SCFGEXT: 1,1,0,0,0,0", "#SCFGEXT: 2,0,0,0,0,0"])]
    answers["#SGACT?"] = [.lines(["#SGACT: 1,0", "#SGACT: 2,0"])]
    answers["#SGACT=1,1"] = [.lines(["#SGACT: 10.76.51.180"])]
    answers["#SS=1"] = [.lines(["#SS: 1,2,10.76.51.180,1024,192.0.2.1,5683"])]
    answers["#SSENDEXT=1,4"] = [.prompt("\r\nOK\r\n", then: "\r\nSRING: 1,\(Self.data.count)\r\n")]
    let count = Self.data.count
    answers["#SRECV=1,1500,1"] = [
      .raw("\r\n#SRECV: 192.0.2.1,5683,1,\(count),0\r\n\(Self.text)\r\nOK\r\n")
    ]
    answers["#SRECV=1,1500"] = [.raw("\r\n#SRECV: 1,\(count)\r\n\(Self.text)\r\nOK\r\n")]
    return answers
  }

  private let telitSetUp =
    "AT+CEREG=2;+CEREG=4;+CMEE=1;+CGREG=2;#PSMURC=1;#WS46?;+WS46?;+CPSMS?;+CTZU?;+CGDCONT?"
    + ";+CGAUTH?;#SCFG?;#SCFGEXT?;+CEREG?;+CGREG?;E0"
  private let telitIdentity = "AT+CPIN?;#CCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR"
  private let telitReport = [
    "AT#SGACT=1,1", "AT#DNS=1,\"9.9.9.9\",\"9.9.9.9\";#DNS?",
    "AT#SD=1,1,5683,\"collector.example\",0,0,1", "AT#SSENDEXT=1,4", "AT#SRECV=1,1500,1",
  ]

  @Test("an ME910 says how much has come, and when it sleeps; awake again it needs little")
  func telitUDP() {
    var dialogue = Dialogue(.telitME910, to: Self.udp, boot: "", telit)
    dialogue.afterRelease = "\r\n#PSMURC: 2,21600\r\n"
    #expect(dialogue.report() == Self.data)
    #expect(dialogue.sent == [Array("ping".utf8)])
    #expect(
      dialogue.lines == ["AT", telitSetUp, telitIdentity, "AT#SGACT?;+CCLK?"] + telitReport)
    #expect(dialogue.events.last == .asleep(.psmURC))
    #expect(dialogue.reportAgain() == Self.data)
    #expect(
      dialogue.lines == [
        "AT",
        "AT+CEREG=2;+CEREG=4;+CMEE=1;+CGREG=2;#PSMURC=1;+CEREG?;+CGREG?;#SGACT?;+CCLK?;E0",
      ] + telitReport)
  }

  @Test("TCP with an ME910 is looked at after it was opened, and closed at the end")
  func telitTCP() {
    var dialogue = Dialogue(.telitME910, to: Self.tcp, boot: "", telit)
    dialogue.afterRelease = "\r\n#PSMURC: 2,21600\r\n"
    #expect(dialogue.report() == Self.data)
    #expect(
      dialogue.lines.suffix(5) == [
        "AT#SD=1,0,5683,\"collector.example\",0,0,1", "AT#SS=1", "AT#SSENDEXT=1,4",
        "AT#SRECV=1,1500", "AT#SH=1",
      ])
  }

  @Test("an ME910 starts anew for another technology, and is asked again when it can be")
  func telitRestart() {
    var answers = telit
    answers["#WS46?"] = [.lines(["#WS46: 0"]), .lines(["#WS46: 2"])]
    var dialogue = Dialogue(.telitME910, to: Self.udp, boot: "", answers)
    dialogue.afterRelease = "\r\n#PSMURC: 2,21600\r\n"
    #expect(dialogue.report() == Self.data)
    #expect(
      dialogue.lines.prefix(7) == [
        "AT", telitSetUp, "AT#WS46=2", "AT#REBOOT", "AT", telitSetUp, telitIdentity,
      ])
  }

  @Test("an ME910 without CEREG=4 grants nothing that can be seen, so it is turned off")
  func telitNoGrant() {
    var answers = telit
    answers["+CEREG=4"] = [.error([])]
    answers["+CEREG?"] = [.lines(["+CEREG: 2,5,\"0A1B\",\"01234567\",8"])]
    var dialogue = Dialogue(.telitME910, to: Self.udp, boot: "", answers)
    #expect(dialogue.report() == Self.data)
    #expect(
      dialogue.lines.prefix(5) == [
        "AT", telitSetUp, "AT+CEREG=2", "AT+CEREG=4",
        "AT+CMEE=1;+CGREG=2;#PSMURC=1;#WS46?;+WS46?;+CPSMS?;+CTZU?;+CGDCONT?;+CGAUTH?"
          + ";#SCFG?;#SCFGEXT?;+CEREG?;+CGREG?;E0",
      ])
    #expect(dialogue.lines.last == "AT#SHDN")
    #expect(dialogue.events.last == .asleep(.assumedOff))
  }

  private var cinterion: [String: [Dialogue.Reply]] {
    var answers = Self.common
    answers["^SCID"] = [.lines(["^SCID: 89882390000012345678"])]
    answers["+CCID"] = [.error([])]
    answers["^SCFG=\"Tcp/WithURCs\""] = [.lines(["^SCFG: \"Tcp/WithURCs\",\"on\""])]
    answers["^SCFG=\"MEopMode/PowerMgmt/Suspend\""] = [
      .lines(["^SCFG: \"MEopMode/PowerMgmt/Suspend\",\"1\""])
    ]
    answers["^SIND=\"suspendReady\",1"] = [.lines(["^SIND: suspendReady,1,0"])]
    answers["+CTZU?"] = [.lines(["+CTZU: 1"])]
    answers["^SGAUTH?"] = [.lines(["^SGAUTH: 1,0"])]
    answers["^SXRAT?"] = [.lines(["^SXRAT: 12, 7, 8"])]
    answers["^SICA?"] = [.lines(["^SICA: 1,0"])]
    answers["^SISO=0"] = [.later(["^SISW: 0,1"], 700)]
    answers["^SISW=0,4"] = [
      .ask(
        "\r\n^SISW: 0,4,0\r\n", mark: 0, "\r\nOK\r\n\r\n^SISW: 0,1\r\n",
        then: "\r\n^SISR: 0,1\r\n")
    ]
    answers["^SISR=0,1460"] = [
      .raw("\r\n^SISR: 0,\(Self.data.count),0\r\n\(Self.text)\r\nOK\r\n"),
      .lines(["^SISR: 0,0"]),
    ]
    return answers
  }

  private let cinterionSetUp =
    "AT+CEREG=2;+CEREG=4;+CMEE=1;+CGREG=2;^SIND=\"suspendReady\",1;^SCFG=\"Tcp/WithURCs\""
    + ";^SCFG=\"MEopMode/PowerMgmt/Suspend\";+CTZU?;+CPSMS?;+CGDCONT?;^SGAUTH?;^SXRAT?"
    + ";+CEREG?;+CGREG?;E0"

  @Test("an EXS82 opens its service, and says that it is ready to sleep") func cinterionUDP() {
    var dialogue = Dialogue(.cinterionEXS82, to: Self.udp, boot: "\r\n^SYSSTART\r\n", cinterion)
    dialogue.afterRelease = "\r\n+CIEV: \"suspendReady\",1\r\n"
    #expect(dialogue.report() == Self.data)
    #expect(dialogue.sent == [Array("ping".utf8)])
    #expect(
      dialogue.lines == [
        cinterionSetUp, "AT+CPIN?;^SCID;+CCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR", "AT+CCID",
        "AT+CIMI;+CGSN;+CGMI;+CGMM;+CGMR", "AT^SICA?;+CCLK?", "AT^SICA=1,1",
        "AT^SISS=0,\"srvType\",\"Socket\";^SISS=0,\"conId\",\"1\""
          + ";^SISS=0,\"address\",\"sockudp://collector.example:5683\"",
        "AT^SISO=0", "AT^SISW=0,4", "AT^SISR=0,1460",
      ])
    #expect(dialogue.events.last == .asleep(.psmURC))
  }

  @Test("an EXS82 whose technology is wrong gets it although the radio was turned off")
  func cinterionRadio() {
    var answers = cinterion
    answers["^SXRAT?"] = [.lines(["^SXRAT: 0"])]
    answers["+CGDCONT?"] = [.lines(["+CGDCONT: 1,\"IP\",\"other\""])]
    answers["^SXRAT=12,7,8"] = [.error([]), .lines([])]
    var dialogue = Dialogue(.cinterionEXS82, to: Self.udp, boot: "\r\n^SYSSTART\r\n", answers)
    dialogue.afterRelease = "\r\n+CIEV: \"suspendReady\",1\r\n"
    #expect(dialogue.report() == Self.data)
    #expect(
      dialogue.lines.prefix(6) == [
        cinterionSetUp, "AT+CFUN=4", "AT+CGDCONT=1,\"IP\",\"em\"", "AT^SXRAT=12,7,8",
        "AT+CFUN=1;^SXRAT=12,7,8", "AT+CFUN=1",
      ])
  }

  private var sierra: [String: [Dialogue.Reply]] {
    var answers = Self.common
    answers["+CCID?"] = [.lines(["+CCID: 89882390000012345678"])]
    answers["+KSREP?"] = [.lines(["+KSREP: 1"])]
    answers["+KSLEEP?"] = [.lines(["+KSLEEP: 1,2,10"])]
    answers["+KSELACQ?"] = [.lines(["+KSELACQ: 1,2,3"])]
    answers["+KSRAT?"] = [.lines(["+KSRAT: 0"])]
    answers["+KUDPCFG=1,0,,0,,,0,0"] = [.raw("\r\n+KUDPCFG: 1\r\n\r\nOK\r\n\r\n+KUDP_IND: 1,1\r\n")]
    let (count, mark) = (Self.data.count, Self.mark.utf8.count)
    answers["+KUDPSND=1,\"192.0.2.1\",5683,4"] = [
      .ask("\r\nCONNECT\r\n", mark: mark, "\r\nOK\r\n", then: "\r\n+KUDP_DATA: 1,\(count)\r\n")
    ]
    answers["+KUDPRCV=1,\(count)"] = [
      .raw("\r\nCONNECT\r\n\(Self.text)\(Self.mark)\r\n+KUDP_RCV: 192.0.2.1,5683,\r\n\r\nOK\r\n")
    ]
    answers["+KTCPCFG=1,0,\"collector.example\",5683"] = [.lines(["+KTCPCFG: 1"])]
    answers["+KTCPCNX=1"] = [.later(["+KTCP_IND: 1,1"], 900)]
    answers["+KTCPSND=1,4"] = [
      .ask("\r\nCONNECT\r\n", mark: mark, "\r\nOK\r\n", then: "\r\n+KTCP_DATA: 1,\(count)\r\n")
    ]
    answers["+KTCPRCV=1,\(count)"] = [.raw("\r\nCONNECT\r\n\(Self.text)\(Self.mark)\r\nOK\r\n")]
    return answers
  }

  @Test("an HL78 marks its data, and what hibernation forgets is said again") func sierraUDP() {
    var dialogue = Dialogue(
      .sierraHL78, to: Self.address, boot: "\r\n+KSUP: 0\r\n", sierra)
    dialogue.afterRelease = "\r\n+PSMEV: 1\r\n"
    #expect(dialogue.report() == Self.data)
    #expect(dialogue.sent == [Array(("ping" + Self.mark).utf8)])
    let report = [
      "AT+KCNXCFG=1,\"GPRS\",\"em\",\"\",\"\",\"IPV4\"", "AT+KCNXUP=1",
      "AT+KUDPCFG=1,0,,0,,,0,0", "AT+KUDPSND=1,\"192.0.2.1\",5683,4", "AT+KUDPRCV=1,22",
    ]
    #expect(
      dialogue.lines == [
        "AT+CMEE=1;+CEREG=4;+CGREG=2;+KPATTERN=\"--EOF--Pattern--\";+KSREP?;+CTZU?;+KSLEEP?"
          + ";+CPSMS?;+CGDCONT?;+KSELACQ?;+KSRAT?;+CEREG?;+CGREG?;E0",
        "AT+CPIN?;+CCID?;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR", "AT+KCNXCFG?;+CCLK?",
      ] + report)
    #expect(dialogue.reportAgain() == Self.data)
    #expect(
      dialogue.lines == [
        "AT+CMEE=1;+CEREG=4;+CGREG=2;+KPATTERN=\"--EOF--Pattern--\";+CEREG?;+CGREG?"
          + ";+KCNXCFG?;+CCLK?;E0"
      ] + report)
  }

  @Test("TCP with an HL78 has a session and a connection") func sierraTCP() {
    var dialogue = Dialogue(.sierraHL78, to: Self.tcp, boot: "\r\n+KSUP: 0\r\n", sierra)
    dialogue.afterRelease = "\r\n+PSMEV: 1\r\n"
    #expect(dialogue.report() == Self.data)
    #expect(
      dialogue.lines.suffix(5) == [
        "AT+KTCPCFG=1,0,\"collector.example\",5683", "AT+KTCPCNX=1", "AT+KTCPSND=1,4",
        "AT+KTCPRCV=1,22", "AT+KTCPCLOSE=1,1;+KTCPDEL=1",
      ])
  }

  @Test("an L610 calls for its data session, and is turned off at rest") func fibocom() {
    var answers = Self.common
    answers["+CCID"] = [.lines(["+CCID: 89882390000012345678"])]
    answers["+ICCID"] = [.error([])]
    answers["+CEREG?"] = [.error([])]
    answers["+CGREG?"] = [.lines(["+CGREG: 2,1,\"0A1B\",\"01234567\",7"])]
    answers["+CTZU?"] = [.error([])]
    answers["+GTRAT?"] = [.lines(["+GTRAT: 0"])]
    answers["+MIPCALL?"] = [.lines(["+MIPCALL: 0"])]
    answers["+MIPCALL=1,\"em\""] = [.later(["+MIPCALL: 10.76.51.180"], 1500)]
    answers["+MIPOPEN=1,,\"collector.example\",5683,1"] = [.later(["+MIPOPEN: 1,1"], 900)]
    answers["+MIPSEND=1,4"] = [
      .prompt(
        "\r\n+MIPSEND: 1,0,2044\r\n\r\nOK\r\n", then: "\r\n+MIPREAD: 1,\(Self.data.count)\r\n")
    ]
    answers["+MIPREAD=1,\(Self.data.count)"] = [
      .raw("\r\n+MIPDATA: 1,\(Self.data.count)\r\n\(Self.text)\r\nOK\r\n")
    ]
    var dialogue = Dialogue(.fibocomL610, to: Self.udp, answers)
    #expect(dialogue.report() == Self.data)
    #expect(
      dialogue.lines == [
        "AT",
        "AT+CEREG=2;+CMEE=1;+CGREG=2;+GTSET=\"IPRFMT\",5;+GTRAT?;+CTZU?;+CGDCONT?"
          + ";+CGREG?;+CEREG?;E0",
        "AT+CTZU?", "AT+CGDCONT?;+CGREG?;+CEREG?;E0", "AT+CEREG?", "ATE0",
        "AT+CPIN?;+CCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR;+ICCID", "AT+ICCID", "AT+MIPCALL?;+CCLK?",
        "AT+MIPCALL=1,\"em\"",
        "AT+MIPOPEN=1,,\"collector.example\",5683,1", "AT+MIPSEND=1,4", "AT+MIPREAD=1,22",
        "AT+CPWROFF",
      ])
    #expect(dialogue.events.last == .asleep(.assumedOff))
  }
}
