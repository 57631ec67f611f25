import Primitives
import Testing

@testable import Cellular

/// Where no module is named, the form is the standard's. TS 27.007, TS 27.005.
@Suite("What standard lines mean") struct LineMeaningTests {
  // Not covered: the sentences for people, but for a few.

  @Test(
    "registration, TS 27.007 §7.2, §10.1.20, §10.1.22",
    arguments: [
      // §10.1.22, all of n = 5.
      (
        "+CEREG: 5,\"0A1B\",\"01234567\",9,,,\"00000101\",\"01001110\"",
        "registration urc domain=eps stat=5 tac=2587 ci=19088743 act=9 activeTimeSeconds=10 periodicTauSeconds=504000"
      ),
      ("+CEREG: 1", "registration urc domain=eps stat=1"),
      ("+CEREG: 0,5", "registration read domain=eps n=0 stat=5"),
      ("+CREG:  2", "registration urc domain=cs stat=2"),
      (
        "+C5GREG: 2,1,\"00A1B2\",\"000123456\",11",
        "registration read domain=5gs n=2 stat=1 tac=41394 ci=1193046 act=11"
      ),
      // n = 3 and 5: a cause of the standard, and one of the maker's own.
      (
        "+CEREG: 3,,,,0,15",
        "registration urc domain=eps stat=3 causeType=0 rejectCause=15 rejectCauseText=no suitable cells in this tracking area"
      ),
      (
        "+CEREG: 3,,,,1,300",
        "registration urc domain=eps stat=3 causeType=1 rejectCause=300"
      ),
      // A network that grants no power saving mode.
      (
        "+CEREG: 4,1,\"0A1B\",\"01234567\",7,,,\"11100000\",\"00000110\"",
        "registration read domain=eps n=4 stat=1 tac=2587 ci=19088743 act=7 activeTimeSeconds=none periodicTauSeconds=3600"
      ),
      // u-blox SARA-R422, ubxlib#202.
      ("+CEREG: 2,,,,,,,,", "registration urc domain=eps stat=2"),
      // u-blox LARA-R6, ubxlib.
      (
        "+CEREG: 4,5,,,,,,,\"00000000\",\"01100000\"",
        "registration read domain=eps n=4 stat=5 activeTimeSeconds=0 periodicTauSeconds=0"
      ),
      // u-blox SARA-R410M-02B: a routing area between area and cell, ubxlib.
      (
        "+CEREG: 5,\"6F42\",\"1234\",\"3C6D32C\",7,,,\"00001000\",\"00101100\"",
        "registration urc domain=eps stat=5 tac=28482 ci=63361836 act=7 activeTimeSeconds=16 periodicTauSeconds=43200"
      ),
      // u-blox SARA-R5: without it.
      (
        "+CEREG: 5,\"6F42\",\"3C6D32C\",7,,,\"00001000\",\"00101100\"",
        "registration urc domain=eps stat=5 tac=28482 ci=63361836 act=7 activeTimeSeconds=16 periodicTauSeconds=43200"
      ),
      // Quectel BG96 AT manual V2.2 §6.3: a routing area behind the technology.
      (
        "+CEREG: 4,5,\"0A1B\",\"01234567\",8,\"00\",,,\"00000101\",\"00000110\"",
        "registration read domain=eps n=4 stat=5 tac=2587 ci=19088743 act=8 activeTimeSeconds=10 periodicTauSeconds=3600"
      ),
      (
        "+CGREG: 5,\"1A2B\",\"00C3D4\",3,\"01\",,,\"00000101\",\"00000110\",\"00000001\"",
        "registration urc domain=ps stat=5 tac=6699 ci=50132 act=3 activeTimeSeconds=10 periodicTauSeconds=3600"
      ),
      // Sequans GM02S: lost for the moment.
      ("+CEREG: 80", "registration urc domain=eps stat=80"),
      // Neither quoted nor read: hexadecimal with leading zeros.
      ("+CREG: 1,000B,2816", "registration urc domain=cs stat=1 tac=11 ci=10262"),
    ])
  func registration(line: String, expected: String) { #expect(shown(line) == expected) }

  @Test("what was sent tells an answer from a URC of the same form, where it is known") func form()
  {
    let asked = LineContext(commandLine: Array("AT+CSQ;+CEREG?".utf8))
    let idle = LineContext(outstanding: [])
    #expect(shown("+CEREG: 2,1", asked) == "registration read domain=eps n=2 stat=1")
    #expect(shown("+CREG: 2,1", asked) == "registration urc domain=cs stat=2 tac=1")
    #expect(shown("+CEREG: 2,1", idle) == "registration urc domain=eps stat=2 tac=1")
    #expect(shown("+CEREG: 2,1", LineContext()) == "registration read domain=eps n=2 stat=1")
    #expect(shown("+CEREG: 2", asked) == "registration urc domain=eps stat=2")
    #expect(shown("+CSCON: 1,0", asked) == "connection urc isConnected=true")
    #expect(shown("+CSCON: 1,0") == "connection read isConnected=false")
  }

  @Test(
    "signal, TS 27.007 §8.5, §8.69; operators, §7.3",
    arguments: [
      ("+CSQ: 25,5", "signal rssiDBm=-63 ber=5"), ("+CSQ: 0,0", "signal rssiDBm=-113 ber=0"),
      ("+CSQ:31,99", "signal rssiDBm=-51"), ("+CSQ: 99,99", "signal"),
      ("+CSQ: 199,99", "signal"),
      ("+CESQ: 99,99,255,255,20,60", "signal rsrpDBm=-81 rsrqDB=-10"),
      ("+CESQ: 63,3,96,49,255,255", "signal rssiDBm=-48 ber=3 rscpDBm=-25"),
      ("+CESQ: 99,99,255,255,1,97", "signal rsrpDBm=-44 rsrqDB=-19.5"),
      ("+COPS: 0", "operators read mode=0 operators=[]"),
      ("+COPS: 0,0,\"A, (B)\",7", "operators read mode=0 operators=[stat=2 long=A, (B) act=7]"),
      ("+COPS: 4,2,\"23415\"", "operators read mode=4 operators=[stat=2 numeric=23415]"),
      (
        "+COPS: (2,\"A, (B)\",\"A\",\"23415\",7),(3,\"\",\"\",\"90143\"),,(0-4),(0-2)",
        "operators test operators=[stat=2 long=A, (B) short=A numeric=23415 act=7;stat=3 numeric=90143]"
      ),
      // u-blox, a busy module.
      ("+COPS: ,,(0-6),(0-2)", "operators test operators=[]"),
    ])
  func radio(line: String, expected: String) { #expect(shown(line) == expected) }

  @Test(
    "contexts, TS 27.007 §10.1.1, §10.1.10, §10.1.14, §10.1.19, §10.1.23",
    arguments: [
      (
        "+CGDCONT: 1,\"IP\",\"em\",\"10.1.2.3\",0,0",
        "context cid=1 type=IP apn=em address=10.1.2.3"
      ),
      ("+CGDCONT: 2,\"IPV4V6\",\"\"", "context cid=2 type=IPV4V6 apn="),
      ("+CGPADDR: 1,\"10.76.51.180\"", "context cid=1 address=10.76.51.180"),
      ("+CGPADDR: 1,10.1.2.3,\"FE80::1\"", "context cid=1 address=10.1.2.3 secondAddress=FE80::1"),
      ("+CGPADDR: 1", "context cid=1"), ("+CGACT: 1,1", "context cid=1 isActive=true"),
      (
        "+CGCONTRDP: 1,5,\"em\",\"10.76.51.180.255.255.255.0\",\"10.76.51.1\",\"8.8.8.8\",\"8.8.4.4\"",
        "dynamic context cid=1 apn=em address=10.76.51.180 mask=255.255.255.0 gateway=10.76.51.1 dns=[8.8.8.8,8.8.4.4]"
      ),
      // Firmware from before release 9: the mask apart.
      (
        "+CGCONTRDP: 1,5,\"em\",\"10.0.0.2\",\"255.0.0.0\",\"10.0.0.1\",\"8.8.8.8\"",
        "dynamic context cid=1 apn=em address=10.0.0.2 mask=255.0.0.0 gateway=10.0.0.1 dns=[8.8.8.8]"
      ),
      ("+CGCONTRDP: 1,5,\"em\"", "dynamic context cid=1 apn=em dns=[]"),
      ("+CGEV: ME PDN ACT 1,4", "context urc event=ME PDN ACT 1,4 cid=1 isActive=true"),
      ("+CGEV: NW PDN DEACT 2", "context urc event=NW PDN DEACT 2 cid=2 isActive=false"),
      ("+CGEV: NW MODIFY 1,2,0", "context urc event=NW MODIFY 1,2,0"),
      ("+CGEV: NW DETACH", "attach urc isAttached=false"),
      ("+CGATT: 1", "attach isAttached=true"),
    ])
  func contexts(line: String, expected: String) { #expect(shown(line) == expected) }

  @Test(
    "power saving and eDRX, TS 27.007 §7.38, §7.40, §7.41, TS 24.008 §10.5.5.32",
    arguments: [
      (
        "+CPSMS: 1,,,\"01001110\",\"00000101\"",
        "psm read mode=1 requestedPeriodicTauSeconds=504000 requestedActiveTimeSeconds=10"
      ),
      // u-blox SARA-R510M8S, ubxlib#201: 4 h, 60 s.
      (
        "+CPSMS: 1,,,\"00011000\",\"00011110\"",
        "psm read mode=1 requestedPeriodicTauSeconds=14400 requestedActiveTimeSeconds=60"
      ),
      ("+CPSMS: 0", "psm read mode=0"),
      (
        "+CEDRXP: 4,\"1010\",\"1001\",\"1101\"",
        "edrx urc act=4 requested=1010 requestedSeconds=327.68 granted=1001 grantedSeconds=163.84 ptw=1101 ptwSeconds=17.92"
      ),
      // NB-IoT reads 1000 as 0010, and has no 0000.
      ("+CEDRXS: 5,\"1000\"", "edrx act=5 requested=1000 requestedSeconds=20.48"),
      ("+CEDRXS: 4,\"1000\"", "edrx act=4 requested=1000 requestedSeconds=143.36"),
      ("+CEDRXS: 5,\"0000\"", "edrx act=5 requested=0000"), ("+CEDRXRDP: 0", "edrx act=0"),
    ])
  func saving(line: String, expected: String) { #expect(shown(line) == expected) }

  @Test(
    "clock, TS 27.007 §8.15, §8.41",
    arguments: [
      ("+CCLK: \"26/11/22,22:28:47+04\"", "clock utc=2026-11-22T21:28:47Z offsetMinutes=60"),
      ("+CCLK: \"26/11/22,22:28:47-14\"", "clock utc=2026-11-23T01:58:47Z offsetMinutes=-210"),
      ("+CCLK: \"26/11/22,22:28:47\"", "clock utc=2026-11-22T22:28:47Z"),
      ("+CCLK: \"80/01/06,00:00:12+00\"", "clock offsetMinutes=0"),
      ("+CTZV: \"+32\"", "clock urc offsetMinutes=480"),
      ("+CTZV: -20", "clock urc offsetMinutes=-300"),
      (
        "+CTZE: \"+32\",0,\"2026/08/23,06:51:13\"",
        "clock urc utc=2026-08-22T22:51:13Z offsetMinutes=480"
      ),
      (
        "+CTZEU: \"+32\",0,\"2026/08/23,06:51:13\"",
        "clock urc utc=2026-08-23T06:51:13Z offsetMinutes=480"
      ),
    ])
  func clock(line: String, expected: String) { #expect(shown(line) == expected) }

  @Test(
    "errors, TS 27.007 §9.2, TS 27.005 §3.2.5",
    arguments: [
      ("+CME ERROR: 30", "error domain=cme code=30 meaning=no network service"),
      ("+CME ERROR:107", "error domain=cme code=107 meaning=packet services not allowed"),
      ("+CME ERROR: 516", "error domain=cme code=516 meaning=the maker's own code"),
      ("+CME ERROR: SIM busy", "error domain=cme code=14 meaning=SIM busy"),
      ("+CME ERROR: sim BUSY", "error domain=cme code=14 meaning=sim BUSY"),
      // Quectel M26, warthog618/modem#17.
      ("+CME ERROR: unknown", "error domain=cme code=100 meaning=unknown"),
      ("+CME ERROR: 999999999999", "error domain=cme meaning=999999999999"),
      ("+CMS ERROR: 500", "error domain=cms code=500 meaning=unknown error"),
      ("+CMS ERROR: 38", "error domain=cms code=38 meaning=network out of order"),
      ("ERROR", "error domain=at meaning=the command failed"),
    ])
  func errors(line: String, expected: String) { #expect(shown(line) == expected) }

  @Test("the tables of errors have each code once, in order") func tables() {
    for table in [EquipmentErrors.table, MessageErrors.table] {
      for (row, next) in zip(table, table.dropFirst()) { #expect(row.code < next.code) }
    }
  }

  @Test(
    "card, module and messages",
    arguments: [
      ("+CPIN: READY", "sim state=READY"), ("+CPIN : NOT READY", "sim state=NOT READY"),
      ("+CPIN: SIM PUK", "sim state=SIM PUK"), ("+CFUN: 4", "functionality level=4"),
      ("+CFUN: (0,1,4,15),(0-1)", "functionality test"),  // u-blox SARA-R412M, TinyGSM#257
      ("+IFC: 2,1", "flow control byHost=rts-cts byModem=xon-xoff"),
      ("+CBC: 0,83,3912", "battery status=0 percent=83 millivolts=3912"),
      ("+CSCON: 1", "connection urc isConnected=true"),
      ("+CMTI: \"ME\",3", "sms urc memory=ME index=3"), ("+CMT: ,23", "sms"),
      ("+CDSI: \"SM\",0", "sms urc memory=SM index=0"), ("+CMGS: 17", "sms reference=17"),
    ])
  func module(line: String, expected: String) { #expect(shown(line) == expected) }

  @Test(
    "lines that say nothing, or not what they should, are not guessed at",
    arguments: [
      "", ":", "+", "+CEREG", "+CEREG:", "+CEREG: x", "+CSQ: ,", "+CTZV: +99", "+CGEV2: 1",
      "hello", "+CMTI: \"ME\"", "863071016800770", "+CESQ: 1,2",
    ])
  func unknown(line: String) { #expect(shown(line) == "") }

  @Test("a line without a name is what was asked for") func bare() {
    func asked(_ command: String) -> LineContext { LineContext(commandLine: Array(command.utf8)) }
    #expect(shown("863071016800770", asked("AT+CGSN")) == "identity imei=863071016800770")
    #expect(shown("370021201019608", asked("AT+CIMI")) == "identity imsi=370021201019608")
    #expect(
      shown("89010210524010196085", asked("AT+CCID")) == "identity iccid=89010210524010196085")
    #expect(shown("Quectel", asked("AT+CGMI")) == "identity maker=Quectel")
    #expect(shown("Quectel", asked("AT+CGMI=?")) == "")
  }

  private func shown(_ line: String, _ context: LineContext = LineContext()) -> String {
    StandardLine.meaning(of: Array(line.utf8), in: context).map { Self.shown($0) } ?? ""
  }

  private static func shown(_ meaning: LineMeaning) -> String {
    var words = ["\(meaning.kind.text)"]
    if let form = meaning.form { words.append("\(form.text)") }
    return (words + meaning.fields.map { shown($0) }).joined(separator: " ")
  }

  private static func shown(_ field: LineField) -> String {
    let value =
      switch field.value {
      case .number(let number): "\(number)"
      case .decimal(let number): number.text
      case .flag(let flag): "\(flag)"
      case .text(let text): text.printable
      case .texts(let texts): "[" + texts.map(\.printable).joined(separator: ",") + "]"
      case .objects(let objects):
        "["
          + objects.map { $0.map { shown($0) }.joined(separator: " ") }.joined(separator: ";")
          + "]"
      case .none: "none"
      }
    return "\(field.name)=\(value)"
  }
}
