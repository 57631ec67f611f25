import Cellular
import Link
import Modems
import Primitives
import Testing

/// What the link says to a module of each SIMCom family from off to rest, line by line. The
/// answers are those of the manuals and of drivers; what a real module makes of the lines isn't
/// covered.
@Suite("Journeys with SIMCom's families") struct SIMComJourneyTests {
  private static let host = NetworkHost(Array("collector.example".utf8))!
  private static let udp = LinkTarget(host: host, port: 5683, transport: .udp)
  private static let tcp = LinkTarget(host: host, port: 5683, transport: .tcp)
  private static let data = Array("a,\"b\r\n0, CLOSED\r\n".utf8)
  private static let common: [String: [Dialogue.Reply]] = [
    "+CPIN?": [.lines(["+CPIN: READY"])], "+CCID": [.lines(["89882390000012345678"])],
    "+CIMI": [.lines(["901430000012345"])], "+CGSN": [.lines(["861234567890123"])],
    "+CGMI": [.lines(["SIMCOM_Ltd"])], "+CGMM": [.lines(["SIMCOM_SIM7080"])],
    "+CGMR": [.lines(["DST: 1", "Revision:1951B05SIM7080"])],
    "+CLTS?": [.lines(["+CLTS: 1"])], "+CNMP?": [.lines(["+CNMP: 51"])],
    "+CMNB?": [.lines(["+CMNB: 3"])],
    "+CPSMS?": [.lines(["+CPSMS: 1,,,\"00100110\",\"00000001\""])],
    "+CGDCONT?": [.lines(["+CGDCONT: 1,\"IP\",\"em\",\"0.0.0.0\",0,0"])],
    "+CEREG?": [
      .lines(["+CEREG: 4,5,\"0A1B\",\"01234567\",7,,,\"00000001\",\"00100110\""])
    ],
    "+CGREG?": [.lines(["+CGREG: 2,4"])], "+CREG?": [.lines(["+CREG: 2,4"])],
    "+CCLK?": [.lines(["+CCLK: \"26/11/23,03:40:00+04\""])],
    "+CGATT?": [.lines(["+CGATT: 1"])],
    "+CPOWD=1": [.raw("\r\nNORMAL POWER DOWN\r\n")],
  ]

  private var narrow: [String: [Dialogue.Reply]] {
    var answers = Self.common
    answers["+CNACT?"] = [.lines(["+CNACT: 0,0,\"0.0.0.0\"", "+CNACT: 1,0,\"0.0.0.0\""])]
    answers["+CNACT=0,1"] = [.later(["+APP PDP: 0,ACTIVE"], 700)]
    answers["+CDNSCFG=\"9.9.9.9\""] = [.lines(["+CDNSCFG: 9.9.9.9,0.0.0.0"])]
    answers["+CAOPEN=0,0,\"UDP\",\"collector.example\",5683"] = [.lines(["+CAOPEN: 0,0"])]
    answers["+CASEND=0,4"] = [.prompt("\r\nOK\r\n", then: "\r\n+CADATAIND: 0\r\n")]
    let text = String(decoding: Self.data, as: UTF8.self)
    answers["+CARECV=0,1459"] = [
      .raw("\r\n+CARECV: \(Self.data.count),\(text)\r\n\r\nOK\r\n"), .lines(["+CARECV: 0"]),
    ]
    return answers
  }

  @Test("a SIM7080 says when its context is up, and when it sleeps") func sim7080() {
    var dialogue = Dialogue(.simcomSIM7080, to: Self.udp, narrow)
    dialogue.afterRelease = "\r\n+CPSMSTATUS: \"ENTER PSM\"\r\n"
    #expect(dialogue.report() == Self.data)
    #expect(
      dialogue.lines == [
        "AT",  // RDY came while one was on its way.
        "AT+CMEE=1;+CGREG=2;+CEREG=4;+CPSMSTATUS=1;+CLTS?;+CNMP?;+CMNB?;+CPSMS?;+CGDCONT?"
          + ";+CEREG?;+CGREG?;E0",
        "AT+CPIN?;+CCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR;+CLCK=\"SC\",2", "AT+CNACT?;+CCLK?",
        "AT+CNCFG=0,1,\"em\";+CNACT=0,1", "AT+CDNSCFG=\"9.9.9.9\"",
        "AT+CAOPEN=0,0,\"UDP\",\"collector.example\",5683", "AT+CASEND=0,4", "AT+CARECV=0,1459",
      ])
    #expect(dialogue.events.last == .asleep(.psmURC))
    let identity = dialogue.events.compactMap { event -> ModuleIdentity? in
      if case .identity(let identity) = event { identity } else { nil }
    }
    #expect(identity.first?.firmware == Array("1951B05SIM7080".utf8))
  }

  @Test("a SIM7080 that wakes from PSM is set up anew as far as it forgets, its context too")
  func sim7080Wake() {
    var answers = narrow
    answers["+CARECV=0,1459"]?.removeLast()
    var dialogue = Dialogue(.simcomSIM7080, to: Self.udp, answers)
    dialogue.afterRelease = "\r\n+CPSMSTATUS: \"ENTER PSM\"\r\n"
    #expect(dialogue.report() == Self.data)
    #expect(dialogue.reportAgain() == Self.data)
    #expect(
      dialogue.lines.drop { $0 == "AT" } == [
        "AT+CMEE=1;+CGREG=2;+CEREG=4;+CPSMSTATUS=1;+CEREG?;+CGREG?;+CNACT?;+CCLK?;E0",
        "AT+CNCFG=0,1,\"em\";+CNACT=0,1", "AT+CDNSCFG=\"9.9.9.9\"",
        "AT+CAOPEN=0,0,\"UDP\",\"collector.example\",5683", "AT+CASEND=0,4", "AT+CARECV=0,1459",
      ])
    #expect(dialogue.events.last == .asleep(.psmURC))
  }

  @Test("the result of a SIM7080's opening may come behind the OK") func sim7080Late() {
    var answers = narrow
    let open = "+CAOPEN=0,0,\"UDP\",\"collector.example\",5683"
    answers[open] = [.later(["+CAOPEN: 0,0"], 400)]
    var dialogue = Dialogue(.simcomSIM7080, to: Self.udp, answers)
    #expect(dialogue.report() == Self.data)
    #expect(dialogue.lines.filter { $0.hasPrefix("AT+CA") }.count == 3)
  }

  @Test("a SIM with its PIN on is told, since the module then doesn't sleep", arguments: [0, 1])
  func pin(isOn: Int) {
    var answers = narrow
    answers["+CLCK=\"SC\",2"] = [.lines(["+CLCK: \(isOn)"])]
    var dialogue = Dialogue(.simcomSIM7080, to: Self.udp, answers)
    #expect(dialogue.report() == Self.data)
    #expect(dialogue.events.contains(.pinIsOn(isOn == 1)))
  }

  @Test("a SIM7080's socket is closed first, then its context looked at, then made anew")
  func sim7080Ladder() {
    var answers = narrow
    let open = "+CAOPEN=0,0,\"UDP\",\"collector.example\",5683"
    answers[open] = [
      .lines(["+CAOPEN: 0,1"]), .lines(["+CAOPEN: 0,1"]), .lines(["+CAOPEN: 0,0"]),
    ]
    answers["+CNACT?"] = [.lines(["+CNACT: 0,1,\"10.0.0.7\""]), .lines(["+CNACT: 0,0"])]
    answers["+CNCFG=0,1,\"em\""] = [.error([])]
    var dialogue = Dialogue(.simcomSIM7080, to: Self.udp, answers)
    #expect(dialogue.report() == Self.data)
    let session = dialogue.lines.drop { !$0.hasPrefix("AT+CAOPEN") }
    #expect(
      session.prefix(10) == [
        "AT" + open, "AT+CACLOSE=0", "AT" + open, "AT+CNACT?", "AT+CNCFG=0,1,\"em\";+CNACT=0,1",
        "AT+CNCFG=0,1,\"em\"", "AT+CNACT=0,1", "AT+CDNSCFG=\"9.9.9.9\"",
        "AT+CACLOSE=0", "AT" + open,
      ])
  }

  private func cip(_ transport: String) -> [String: [Dialogue.Reply]] {
    var answers = Self.common
    answers["+CIPSHUT"] = [.raw("\r\nSHUT OK\r\n")]
    answers["+CIFSR"] = [.raw("\r\n10.0.0.7\r\n")]
    answers["+CIPSTART=0,\"\(transport)\",\"collector.example\",5683"] = [
      .later(["0, CONNECT OK"], 900)
    ]
    answers["+CIPSEND=0,4"] = [
      .prompt("\r\n0, SEND OK\r\n", then: "\r\n+CIPRXGET: 1,0\r\n")
    ]
    let text = String(decoding: Self.data, as: UTF8.self)
    answers["+CIPRXGET=2,0,1460"] = [
      .lines(["+CIPRXGET: 2,0,\(Self.data.count),0\r\n\(text)"]), .lines(["+CIPRXGET: 2,0,0,0"]),
    ]
    answers["+CIPCLOSE=0"] = [.raw("\r\n0, CLOSE OK\r\n")]
    return answers
  }

  private static let session = [
    "AT+CGATT?;+CCLK?", "AT+CGATT=1", "AT+CIPSHUT", "AT+CIPMUX=1", "AT+CIPRXGET=1",
    "AT+CSTT=\"em\",\"\",\"\"", "AT+CIICR", "AT+CIFSR", "AT+CDNSCFG=\"9.9.9.9\"",
  ]

  private static let joined =
    "AT+CGATT=1;+CIPMUX=1;+CIPRXGET=1;+CSTT=\"em\",\"\",\"\";+CIICR;+CIFSR;E0"

  @Test(
    "a SIM800 whose stack isn't in its first state goes through every step of it, and turns itself off"
  ) func sim800() {
    var answers = cip("TCP")
    answers["+CSTT=\"em\",\"\",\"\""] = [.error([]), .lines([])]
    answers["+CREG?"] = [.lines(["+CREG: 2,5,\"1A2B\",\"0123\""])]
    var dialogue = Dialogue(.simcomSIM800, to: Self.tcp, boot: "", answers)
    #expect(dialogue.report() == Self.data)
    #expect(
      dialogue.lines == [
        "AT", "AT+CMEE=1;+CREG=2;+CGREG=2;+CLTS?;+CGREG?;+CREG?;E0",
        "AT+CPIN?;+CCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR", Self.session[0], Self.joined,
      ] + Self.session.dropFirst() + [
        "AT+CIPSTART=0,\"TCP\",\"collector.example\",5683", "AT+CIPSEND=0,4",
        "AT+CIPRXGET=2,0,1460", "AT+CIPCLOSE=0", "AT+CPOWD=1",
      ])
    #expect(dialogue.events.last == .asleep(.poweredOff))
  }

  @Test("a SIM7000 has the SIM800's sockets and sleeps like the SIM7080") func sim7000() {
    var answers = cip("UDP")
    answers["+CIFSR"] = [.lines(["10.0.0.7"])]
    var dialogue = Dialogue(.simcomSIM7000, to: Self.udp, answers)
    dialogue.afterRelease = "\r\n+CPSMSTATUS: \"ENTER PSM\"\r\n"
    #expect(dialogue.report() == Self.data)
    let session = dialogue.lines.drop { $0 != "AT+CGATT?;+CCLK?" }
    #expect(
      Array(session) == [
        "AT+CGATT?;+CCLK?", Self.joined, "AT+CDNSCFG=\"9.9.9.9\"",
        "AT+CIPSTART=0,\"UDP\",\"collector.example\",5683", "AT+CIPSEND=0,4",
        "AT+CIPRXGET=2,0,1460",
      ])
    #expect(dialogue.events.last == .asleep(.psmURC))
  }

  @Test("a SIM7000 that refuses the line of its session has it brought up step by step")
  func sim7000AtLength() {
    var answers = cip("UDP")
    answers["+CIICR"] = [.error([]), .lines([])]
    var dialogue = Dialogue(.simcomSIM7000, to: Self.udp, answers)
    dialogue.afterRelease = "\r\n+CPSMSTATUS: \"ENTER PSM\"\r\n"
    #expect(dialogue.report() == Self.data)
    let session = dialogue.lines.drop { $0 != Self.joined }.dropFirst()
    #expect(session.prefix(8) == Self.session.dropFirst()[...])
  }

  private func wide() -> [String: [Dialogue.Reply]] {
    var answers = cip("none")
    answers["+CICCID"] = [.lines(["+ICCID: 89882390000012345678"])]
    answers["+CGMR"] = [.lines(["+CGMR: LE20B03SIM7600M22"])]
    answers["+CEREG?"] = [.lines(["+CEREG: 2,5,\"1A2B\",\"01234567\",7"])]
    answers["+CTZU?"] = [.lines(["+CTZU: 1"])]
    answers["+CNMP?"] = [.lines(["+CNMP: 13"])]
    answers["+CGAUTH?"] = [.lines(["+CGAUTH: 1,0"])]
    answers["+NETOPEN?"] = [.lines(["+NETOPEN: 0"])]
    answers["+NETOPEN"] = [.later(["+NETOPEN: 0"], 800)]
    answers["+CDNSCFG=\"9.9.9.9\""] = [.lines([])]  // As an A7672 does.
    answers["+CDNSGIP=\"collector.example\""] = [
      .lines(["+CDNSGIP: 1,\"collector.example\",\"192.0.2.1\""])
    ]
    answers["+CIPOPEN=0,\"UDP\",,,49152"] = [.later(["+CIPOPEN: 0,0"], 50)]
    answers["+CIPSEND=0,4,\"192.0.2.1\",5683"] = [
      .prompt("\r\nOK\r\n\r\n+CIPSEND: 0,4,4\r\n", then: "\r\n+CIPRXGET: 1,0\r\n")
    ]
    answers["+CIPRXGET=4,0"] = [
      .lines(["+CIPRXGET: 4,0,\(Self.data.count)"]), .lines(["+CIPRXGET: 4,0,0"]),
    ]
    answers["+CIPRXGET=2,0,1460"]?[1] = .error(["+IP ERROR: No data"])
    answers["+CIPCLOSE=0"] = [.error(["+CIPCLOSE: 0,4"])]
    return answers
  }

  @Test("a SIM7600 looks the name up for a datagram, and is never read empty") func sim7600() {
    var dialogue = Dialogue(
      .simcomSIM7600, to: Self.udp, boot: "\r\n*ATREADY: 1\r\n", wide())
    #expect(dialogue.report() == Self.data)
    #expect(
      dialogue.lines == [
        "AT+CMEE=1;+CGREG=2;+CEREG=2;+CIPRXGET=1;+CTZU?;+CNMP?;+CGDCONT?;+CGAUTH?;+CEREG?"
          + ";+CGREG?;E0",
        "AT+CPIN?;+CICCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR", "AT+NETOPEN?;+CCLK?", "AT+NETOPEN",
        "AT+CDNSCFG=\"9.9.9.9\"", "AT+CDNSGIP=\"collector.example\"",
        "AT+CIPOPEN=0,\"UDP\",,,49152", "AT+CIPSEND=0,4,\"192.0.2.1\",5683", "AT+CIPRXGET=4,0",
        "AT+CIPRXGET=2,0,1460", "AT+CPOF",
      ])
    #expect(dialogue.events.last == .asleep(.assumedOff))
    let identity = dialogue.events.compactMap { event -> ModuleIdentity? in
      if case .identity(let identity) = event { identity } else { nil }
    }
    #expect(identity.first?.firmware == Array("LE20B03SIM7600M22".utf8))
  }

  @Test("a SIM7600 that an earlier run left open is closed where it must be") func sim7600Left() {
    var answers = wide()
    answers["+NETOPEN?"] = [.lines(["+NETOPEN: 1"])]
    answers["+CIPOPEN=0,\"TCP\",\"collector.example\",5683"] = [
      .error(["+CIPOPEN: 0,4"]), .later(["+CIPOPEN: 0,0"], 500),
    ]
    answers["+CIPSEND=0,4"] = [.prompt("\r\nOK\r\n", then: "\r\n+CIPRXGET: 1,0\r\n")]
    answers["+CIPCLOSE=0"] = [.later(["+CIPCLOSE: 0,0"], 30)]
    var dialogue = Dialogue(.simcomSIM7600, to: Self.tcp, answers)
    #expect(dialogue.report() == Self.data)
    let session = dialogue.lines.drop { !$0.hasPrefix("AT+CIPOPEN") }
    #expect(
      Array(session) == [
        "AT+CIPOPEN=0,\"TCP\",\"collector.example\",5683", "AT+CIPCLOSE=0",
        "AT+CIPOPEN=0,\"TCP\",\"collector.example\",5683", "AT+CIPSEND=0,4", "AT+CIPRXGET=4,0",
        "AT+CIPRXGET=2,0,1460", "AT+CIPCLOSE=0", "AT+CPOF",
      ])
  }

  @Test("a name that isn't found is looked up twice and then said to be so") func sim7600NoName() {
    var answers = wide()
    answers["+CDNSGIP=\"collector.example\""] = [.error(["+CDNSGIP: 0,10"])]
    var dialogue = Dialogue(.simcomSIM7600, to: Self.udp, answers)
    #expect(dialogue.report() == [])
    #expect(dialogue.lines.filter { $0.hasPrefix("AT+CDNSGIP") }.count == 2)
    #expect(dialogue.events.contains(.failed(.nameNotFound)))
  }
}
