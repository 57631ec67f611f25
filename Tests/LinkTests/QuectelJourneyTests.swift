import Cellular
import Link
import Modems
import Primitives
import Testing

/// What the link says to a module of each Quectel family from off to off, line by line. The answers
/// are those of the manuals; what a real module makes of the lines isn't covered.
@Suite("Journeys with Quectel's families") struct QuectelJourneyTests {
  private static let host = NetworkHost(Array("collector.example".utf8))!
  private static let name = LinkTarget(host: host, port: 5683, transport: .udp)
  private static let address = LinkTarget(
    host: .ipv4(IPv4Address(192, 0, 2, 1)), port: 5683, transport: .tcp)
  private static let identity: [String: [Dialogue.Reply]] = [
    "+CPIN?": [.lines(["+CPIN: READY"])], "+QCCID": [.lines(["+QCCID: 89882390000012345678"])],
    "+CIMI": [.lines(["901430000012345"])], "+CGSN": [.lines(["861234567890123"])],
    "+CGMI": [.lines(["Quectel"])], "+CGMM": [.lines(["EC25"])],
    "+CGMR": [.lines(["EC25EFAR06A06M4G"])],
    "+QPOWD=1": [.later(["POWERED DOWN"], 300)],
  ]

  @Test("an EC25 that is set up as wanted is asked, not written, and comes back from 3G")
  func ec25() {
    var answers = Self.identity
    answers["+QURCCFG=\"urcport\""] = [.lines(["+QURCCFG: \"urcport\",\"all\""])]
    answers["+QCFG=\"roamservice\""] = [.lines(["+QCFG: \"roamservice\",2"])]
    answers["+QCFG=\"nwscanmode\""] = [.lines(["+QCFG: \"nwscanmode\",1"])]
    answers["+CGDCONT?"] = [.lines(["+CGDCONT: 1,\"IP\",\"em\",\"0.0.0.0\",0,0,0,0"])]
    answers["+QICSGP=1"] = [.lines(["+QICSGP: 1,\"em\",\"\",\"\",0"])]
    answers["+CEREG?"] = [.lines(["+CEREG: 2,0"])]
    answers["+CGREG?"] = [.lines(["+CGREG: 2,5,\"1A2B\",\"01234567\",2"])]
    answers["+QLTS=2"] = [.lines(["+QLTS: \"2026/11/23,02:40:00+04,0\""])]
    answers["+QIOPEN=1,0,\"UDP\",\"collector.example\",5683,0,0"] = [.later(["+QIOPEN: 0,0"], 200)]
    answers["+QISEND=0,4"] = [.prompt("\r\nSEND OK\r\n", then: "\r\n+QIURC: \"recv\",0\r\n")]
    answers["+QIRD=0,1500"] = [
      .lines(["+QIRD: 4\r\nOK\r\n"]), .lines(["+QIRD: 0"]),
    ]
    var dialogue = Dialogue(.quectelEC25, to: Self.name, answers)
    #expect(dialogue.report() == Array("OK\r\n".utf8))
    #expect(dialogue.sent == [Array("ping".utf8)])
    #expect(
      dialogue.lines == [
        "AT+CMEE=1;+CGREG=2;+CEREG=2;+QURCCFG=\"urcport\";+QCFG=\"roamservice\""
          + ";+QCFG=\"nwscanmode\";+CGDCONT?;+QICSGP=1;+CEREG?;+CGREG?;E0",
        "AT+CPIN?;+QCCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR", "AT+QIACT?;+QLTS=2", "AT+QIACT=1",
        "AT+QIDNSCFG=1,\"9.9.9.9\";+QIDNSCFG=1",
        "AT+QIOPEN=1,0,\"UDP\",\"collector.example\",5683,0,0", "AT+QISEND=0,4", "AT+QIRD=0,1500",
        "AT+QPOWD=1",
      ])
    #expect(dialogue.events.last == .asleep(.poweredOff))
  }

  private var m95: [String: [Dialogue.Reply]] {
    var answers = Self.identity
    answers["+QCCID"] = [.lines(["89620160002701055486"])]
    answers["+CGMM"] = [.lines(["Quectel_M26"])]
    answers["+CGMR"] = [.lines(["Revision: M26FBR03A06-TTS"])]
    answers["+CTZU?"] = [.lines(["+CTZU: 3"])]
    answers["+CREG?"] = [.lines(["+CREG: 2,5"])]
    answers["+CGREG?"] = [.lines(["+CGREG: 2,2"])]
    answers["+CGATT?"] = [.lines(["+CGATT: 0"])]
    answers["+CCLK?"] = [.lines(["+CCLK: \"26/11/23,03:40:00+04\""])]
    answers["+QISEND=0,4"] = [.prompt("\r\nSEND OK\r\n", then: "\r\n+QIRDI: 0,1,0\r\n")]
    answers["+QIRD=0,1,0,1500"] = [
      .lines(["+QIRD: 192.0.2.1:5683,UDP,4\r\n0, C"]), .lines([]),
    ]
    answers["+QICLOSE=0"] = [.raw("\r\n0, CLOSE OK\r\n")]
    answers["+QPOWD=1"] = [.raw("\r\nNORMAL POWER DOWN")]
    return answers
  }

  @Test("an M95's context is made anew, and its words without a name are understood") func m95UDP()
  {
    var answers = m95
    answers["+QIOPEN=0,\"UDP\",\"collector.example\",5683"] = [.later(["0, CONNECT OK"], 900)]
    // With automatic baud rate it says nothing on starting.
    var dialogue = Dialogue(.quectelM95, to: Self.name, boot: "", answers)
    #expect(dialogue.report() == Array("0, C".utf8))
    #expect(
      dialogue.lines == [
        "AT", "AT+CMEE=1;+CREG=2;+CGREG=2;+QIMODE=0;+QISDE=0;+QINDI=1;+CTZU?;+CGREG?;+CREG?;E0",
        "AT+CPIN?;+QCCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR", "AT+CGATT?;+CCLK?",
        "AT+CGATT=1;+QIFGCNT=0;+QICSGP=1,\"em\",\"\",\"\";+QIMUX=1", "AT+QIREGAPP", "AT+QIACT",
        "AT+QIDNSCFG=\"9.9.9.9\";+QIDNSCFG?", "AT+QIDNSIP=1",
        "AT+QIOPEN=0,\"UDP\",\"collector.example\",5683", "AT+QISEND=0,4",
        "AT+QIRD=0,1,0,1500", "AT+QPOWD=1",
      ])
    #expect(dialogue.events.last == .asleep(.poweredOff))
    let identity = dialogue.events.compactMap { event -> ModuleIdentity? in
      if case .identity(let identity) = event { identity } else { nil }
    }
    #expect(identity.first?.firmware == Array("M26FBR03A06-TTS".utf8))
    #expect(identity.first?.iccid == ICCID(Array("89620160002701055486".utf8)))
  }

  @Test("an M95's context from an earlier run is taken down first, its socket closed first")
  func m95Leftovers() {
    var answers = m95
    answers["+QIMUX=1"] = [.error([]), .lines([])]
    answers["+QIDEACT"] = [.raw("\r\nDEACT OK\r\n")]
    answers["+QIOPEN=0,\"TCP\",\"192.0.2.1\",5683"] = [
      .later(["ALREADY CONNECT"], 100), .later(["0, CONNECT OK"], 900),
    ]
    var dialogue = Dialogue(.quectelM95, to: Self.address, answers)
    #expect(dialogue.report() == Array("0, C".utf8))
    let session = dialogue.lines.drop { !$0.hasSuffix("+QIMUX=1") }
    #expect(
      Array(session) == [
        "AT+CGATT=1;+QIFGCNT=0;+QICSGP=1,\"em\",\"\",\"\";+QIMUX=1", "AT+QIDEACT", "AT+CGATT=1",
        "AT+QIFGCNT=0", "AT+QICSGP=1,\"em\",\"\",\"\"",
        "AT+QIMUX=1", "AT+QIREGAPP", "AT+QIACT", "AT+QIDNSIP=0",
        "AT+QIOPEN=0,\"TCP\",\"192.0.2.1\",5683", "AT+QICLOSE=0", "AT+QIDNSIP=0",
        "AT+QIOPEN=0,\"TCP\",\"192.0.2.1\",5683", "AT+QISEND=0,4", "AT+QIRD=0,1,0,1500",
        "AT+QICLOSE=0", "AT+QPOWD=1",
      ])
  }
}
