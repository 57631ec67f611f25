import Cellular
import Link
import Modems
import Primitives
import Testing

/// What the link says from off to rest to u-blox's and Sequans' modules, and to one that nobody
/// knows, line by line. What a real module makes of the lines isn't covered.
@Suite("Journeys with u-blox, Sequans and an unknown module") struct SARAJourneyTests {
  private static let udp = LinkTarget(
    host: NetworkHost(Array("collector.example".utf8))!, port: 5683, transport: .udp)
  /// It looks like the end of its line and of its answer.
  private static let data = "a\"\r\nOK\r\n@"

  private static let common: [String: [Dialogue.Reply]] = [
    "+CPIN?": [.lines(["+CPIN: READY"])], "+CIMI": [.lines(["901430000012345"])],
    "+CCID": [.lines(["+CCID: 89882390000012345678"])],
    "+SQNCCID": [.lines(["+SQNCCID: \"89882390000012345678\",\"\""])],
    "+CGSN": [.lines(["861234567890123"])], "+CGMI": [.lines(["u-blox"])],
    "+CGMM": [.lines(["SARA-R510S-01B"])], "+CGMR": [.lines(["03.15"])],
    "+CSGT?": [.lines(["+CSGT: \"RDY\",1"])],
    "+CTZU?": [.lines(["+CTZU: 1"])], "+URAT?": [.lines(["+URAT: 7,8,9"])],
    "+CPSMS?": [.lines(["+CPSMS: 1,,,\"00100110\",\"00000001\""])],
    "+CGDCONT?": [.lines(["+CGDCONT: 1,\"IP\",\"em\",\"0.0.0.0\",0,0"])],
    "+CCLK?": [.lines(["+CCLK: \"26/11/23,03:40:00+04\""])],
    "+CGACT?": [.lines(["+CGACT: 1,1"])], "+CGREG?": [.lines(["+CGREG: 2,4"])],
    "+UDNSRN=0,\"collector.example\"": [.lines(["+UDNSRN: \"192.0.2.1\""])],
    "+USOCR=17": [.lines(["+USOCR: 0"])],
    "+USOST=0,\"192.0.2.1\",5683,4": [
      .prompt("\r\n+USOST: 0,4\r\n\r\nOK\r\n", then: "\r\n+UUSORF: 0,9\r\n", sign: "@")
    ],
    "+USORF=0,1024": [
      .raw("\r\n+USORF: 0,\"192.0.2.1\",5683,9,\"\(data)\"\r\n\r\nOK\r\n")
    ],
  ]

  private var r5: [String: [Dialogue.Reply]] {
    var answers = Self.common
    answers["+UPSV?"] = [.lines(["+UPSV: 1,1300"])]
    answers["+CEREG?"] = [
      .lines(["+CEREG: 4,5,\"0A1B\",\"01234567\",7,,,\"00000001\",\"00100110\""])
    ]
    answers["+UPSND=0,8"] = [.lines(["+UPSND: 0,8,0"])]
    answers["+UPSDA=0,3"] = [.later(["+UUPSDA: 0,\"10.1.2.3\""], 700)]
    return answers
  }

  @Test("an R5: its context again after every sleep, and its sleep known by its silence")
  func r5Journey() {
    var dialogue = Dialogue(.ubloxSARAR5, to: Self.udp, boot: "", r5)
    dialogue.fallsSilent = true
    #expect(dialogue.report() == Array(Self.data.utf8))
    #expect(
      dialogue.lines == [
        "AT",
        "AT+CMEE=1;+UDCONF=1,0;+CGEREP=1;+CEREG=4;+CSGT?;+UPSV?;+URAT?;+CTZU?;+CPSMS?;+CGDCONT?;+CEREG?;E0",
        "AT+CPIN?;+CCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR", "AT+UPSND=0,8;+CCLK?",
        "AT+UPSD=0,0,0", "AT+UPSD=0,100,1", "AT+UPSDA=0,3",
        "AT+UDNSRN=0,\"collector.example\"", "AT+USOCR=17",
        "AT+USOST=0,\"192.0.2.1\",5683,4", "AT+USORF=0,1024",
      ])
    #expect(dialogue.events.last == .asleep(.silence))
    #expect(dialogue.reportAgain() == Array(Self.data.utf8))
    #expect(
      dialogue.lines == [
        "AT", "AT+CMEE=1;+UDCONF=1,0;+CGEREP=1;+CEREG=4;+CEREG?;+UPSND=0,8;+CCLK?;E0",
        "AT+UPSD=0,0,0", "AT+UPSD=0,100,1", "AT+UPSDA=0,3",
        "AT+UDNSRN=0,\"collector.example\"", "AT+USOCR=17",
        "AT+USOST=0,\"192.0.2.1\",5683,4", "AT+USORF=0,1024",
      ])
    #expect(dialogue.events.last == .asleep(.silence))
  }

  @Test("an R4: its context comes up by itself, its routing area hides no grant")
  func r4Journey() {
    var answers = Self.common
    answers["+UPSV?"] = [.lines(["+UPSV: 4"])]
    answers["+UPSMVER?"] = [.lines(["+UPSMVER: 4"])]
    answers["+CEREG?"] = [
      .lines(["+CEREG: 4,5,\"6F42\",\"00\",\"3C6D32C\",7,,,\"00000001\",\"00100110\""])
    ]
    var dialogue = Dialogue(.ubloxSARAR4, to: Self.udp, boot: "", answers)
    dialogue.fallsSilent = true
    #expect(dialogue.report() == Array(Self.data.utf8))
    #expect(
      dialogue.lines == [
        "AT",
        "AT+CMEE=1;+UDCONF=1,0;+CGEREP=1;+CGREG=2;+CEREG=2;+CEREG=4;+CSGT?;+UPSV?;+UPSMVER?;+URAT?"
          + ";+CTZU?;+CPSMS?;+CGDCONT?;+CEREG?;+CGREG?;E0",
        "AT+CPIN?;+CCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR;+CLCK=\"SC\",2", "AT+CGACT?;+CCLK?",
        "AT+UDNSRN=0,\"collector.example\"", "AT+USOCR=17",
        "AT+USOST=0,\"192.0.2.1\",5683,4", "AT+USORF=0,1024",
      ])
    #expect(dialogue.events.last == .asleep(.silence))
  }

  @Test("an R4 whose settings differ is restarted once, and turned off not before its 30 s")
  func r4Settings() {
    var answers = Self.common
    answers["+UPSV?"] = [.lines(["+UPSV: 0"])]
    answers["+URAT?"] = [.lines(["+URAT: 7"]), .lines(["+URAT: 7,8,9"])]
    answers["+CEREG=4"] = [.error([])]
    answers["+CEREG?"] = [.lines(["+CEREG: 2,1"])]
    var dialogue = Dialogue(.ubloxSARAR4, to: Self.udp, boot: "", answers)
    #expect(dialogue.report() == Array(Self.data.utf8))
    let written = dialogue.lines.filter { line in
      ["+UPSV=", "+URAT=", "+CFUN", "+CPWROFF"].contains { line.contains($0) }
    }
    #expect(
      written == [
        "AT+CFUN=4", "AT+UPSV=4", "AT+URAT=7,8,9", "AT+CFUN=15", "AT+UPSV=4", "AT+CPWROFF",
      ])
    #expect(dialogue.link.counters.restarts == 1)
    #expect(dialogue.events.last == .asleep(.assumedOff))  // No grant, so no sleep.
  }

  @Test("a GM02S: one command a line, the radio on after its settings") func sequans() {
    var answers = Self.common
    answers["+SQNMODEACTIVE?"] = [.lines(["+SQNMODEACTIVE: 3"])]
    answers["+CGAUTH?"] = [.lines(["+CGAUTH: 1,0"])]
    answers["+CEREG?"] = [
      .lines(["+CEREG: 5,0"])
    ]
    answers["+CFUN=1"] = [
      .later(["+CEREG: 2", "+CEREG: 5,\"0A1B\",\"01234567\",7"], 3000)
    ]
    answers["+SQNSD=1,1,5683,\"collector.example\",0,0,1"] = [
      .raw("\r\nNO CARRIER\r\n"), .lines([]),
    ]
    answers["+SQNSSENDEXT=1,4"] = [.prompt("\r\nOK\r\n", then: "\r\n+SQNSRING: 1,9\r\n")]
    answers["+SQNSRECV=1,1500"] = [.raw("\r\n+SQNSRECV: 1,9\r\n\(Self.data)\r\n\r\nOK\r\n")]
    answers["+SQNSSHDN"] = [.later(["+SQNSSHDN"], 500)]
    var dialogue = Dialogue(.sequansGM02S, to: Self.udp, boot: "\r\n+SYSSTART\r\n", answers)
    #expect(dialogue.report() == Array(Self.data.utf8))
    #expect(
      dialogue.lines == [
        "AT+CMEE=1", "AT+CEREG=5", "AT+SQNMODEACTIVE?", "AT+CTZU?", "AT+CPSMS?",
        "AT+CGDCONT?", "AT+CGAUTH?", "ATE0", "AT+CFUN=1", "AT+CPIN?", "AT+SQNCCID",
        "AT+CIMI", "AT+CGSN", "AT+CGMI", "AT+CGMM", "AT+CGMR", "AT+CGACT?", "AT+CCLK?",
        "AT+SQNSCFGEXT=1,1,0,0,0,0", "AT+SQNSD=1,1,5683,\"collector.example\",0,0,1", "AT+SQNSH=1",
        "AT+SQNSCFGEXT=1,1,0,0,0,0", "AT+SQNSD=1,1,5683,\"collector.example\",0,0,1",
        "AT+SQNSSENDEXT=1,4", "AT+SQNSRECV=1,1500", "AT+SQNSSHDN",
      ])
    #expect(dialogue.events.last == .asleep(.poweredOff))
  }

  @Test("an unknown module is brought as far as the standard goes, and the rest is said")
  func unknown() {
    var answers = Self.common
    answers["+CGAUTH?"] = [.error([])]
    answers["+CEREG?"] = [.lines(["+CEREG: 4,1,\"0A1B\",\"01234567\",7"])]
    var dialogue = Dialogue(.generic, to: Self.udp, boot: "", answers)
    _ = dialogue.report()
    #expect(dialogue.events.last == .failed(.noSocketCommands))
    #expect(dialogue.lines.last == "AT+CFUN=0")
    #expect(!dialogue.lines.contains { $0.contains("+CFUN=1") })  // Its radio was on.
    // It isn't off for all that: it is asked before its key is touched.
    #expect(dialogue.link.state == .failed(.socket))
    let pulses = dialogue.link.counters.powerKeyPulses
    _ = dialogue.reportAgainWhileOn()
    #expect(dialogue.link.counters.powerKeyPulses == pulses)
    #expect(dialogue.events.last == .failed(.noSocketCommands))
  }
}
