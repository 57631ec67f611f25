import ModemSimulator
import Primitives
import Testing

/// Captured sessions of Quectel's and SIMCom's other modules, from users' issue threads: the same
/// questions get answers of the same form. Names, numbers and signal of the one module are put in.
/// All of them are "reconstructed": texts are real, line ends were put back by hand.
@Suite("Captured sessions of other families") struct FamilySessionTests {
  /// Questions and answers in order, with echo where the session has it.
  private func play(_ session: [(String, String)], on bench: inout Bench, echoes: Bool = false) {
    for (question, answer) in session {
      let echo = echoes ? question + "\r" : ""
      #expect(bench.ask(question + "\r", for: 1500) == echo + answer, "\(question)")
    }
  }

  private func line(_ text: String) -> String { "\r\n\(text)\r\n\r\nOK\r\n" }
  private let ok = "\r\nOK\r\n"

  @Test("warthog618/modem#17: who an M26 is, and what it can") func m26() {
    var personality = ModemPersonality.m95
    personality.maker = Array("FOXCOM MODEM".utf8)
    personality.model = Array("Quectel_M26".utf8)
    personality.revision = Array("M26FBR03A06-TTS".utf8)
    personality.imei = Array("012345678912345".utf8)
    var network = SimulatedNetwork.accelerated
    network.rssi = 28
    let sim = SimulatedSIM(
      iccid: Array("89620160002701055486".utf8), imsi: Array("510019568278473".utf8))
    var bench = Bench.other(
      personality, pulse: 1000, first: ["AT", "ATE0"], network: network, sim: sim)
    #expect(bench.ask("AT+CSCA=\"+62816124\"\r") == ok)
    let unknown = "\r\n+CME ERROR: unknown\r\n"
    let stores = "(\"SM\",\"ME\",\"MT\")"
    let all: [(String, String)] = [
      ("ATI", line("FOXCOM MODEM\r\nQuectel_M26\r\nRevision: M26FBR03A06-TTS")),
      ("AT+GCAP", line("+GCAP: +CGSM,+FCLASS")), ("AT+CMEE=2", ok),
      ("AT+CGMI", line("FOXCOM MODEM")), ("AT+CGMM", line("Quectel_M26")),
      ("AT+CGMR", line("Revision: M26FBR03A06-TTS")), ("AT+CGSN", line("012345678912345")),
      ("AT+CSQ", line("+CSQ: 28,0")), ("AT+CIMI", line("510019568278473")),
      ("AT+CREG?", line("+CREG: 0,5")), ("AT+CNUM", ok), ("AT+CPIN?", line("+CPIN: READY")),
      ("AT+CEER", line("+CEER: 0,0")), ("AT+CSCA?", line("+CSCA: \"+62816124\",145")),
      ("AT+CSMS?", line("+CSMS: 0,1,1,1")), ("AT+CSMS=?", line("+CSMS: (0,128)")),
      ("AT+CPMS=?", line("+CPMS: \(stores),\(stores),\(stores)")),
      ("AT+CCID?", line("+CCID: \"89620160002701055486\"")), ("AT^ICCID?", unknown),
      ("AT+CNMI?", line("+CNMI: 2,1,0,0,0")),
      ("AT+CNMI=?", line("+CNMI: (0-3),(0-3),(0,2,3),(0-2),(0,1)")),
      ("AT+CNMA=?", line("+CNMA: (0-2)")), ("AT+CMGF?", line("+CMGF: 0")),
      ("AT+CMGF=?", line("+CMGF: (0,1)")), ("AT+CUSD?", line("+CUSD: 0")), ("AT+CUSD=?", ok),
      ("AT^USSDMODE?", unknown),
    ]
    play(all, on: &bench)
  }

  @Test("geolink/opentracker#28: an M95 asked too early, Call Ready right behind the error")
  func m95() {
    var personality = ModemPersonality.m95
    personality.imei = Array("863071016800770".utf8)
    let bare = (1...40).contains { (seed: UInt64) in
      var bench = Bench.other(
        personality, pulse: 1000, rest: 2600, first: ["AT", "AT"], seed: seed)
      let setup: [(String, String)] = [
        ("AT+GSN", line("863071016800770")), ("AT+QISDE=0", ok), ("AT+QINDI=1", ok),
        ("AT+CMGF=1", ok), ("AT+QIREGAPP=\"mdata.net.au\",\"\",\"\"", ok),
        ("AT+QIDNSCFG=\"8.8.8.8\"", ok), ("AT+QIDNSIP=1", ok),
      ]
      for (question, answer) in setup {
        let heard = bench.ask(question + "\r", for: 60)
        #expect(heard.hasPrefix(question + "\r" + answer), "\(question)")
      }
      let heard = bench.ask("AT+CMGL=\"REC UNREAD\"\r", for: 1000)
      let text = "AT+CMGL=\"REC UNREAD\"\r\r\n+CMS ERROR: 3\r\n\r\nCall Ready\r\n"
      return heard.hasPrefix(text)
    }
    #expect(bare)
  }

  @Test("SeeedJP/WioLTEforArduino#34: an EC21 that searches for ever") func ec21() {
    var network = SimulatedNetwork.accelerated
    network.verdict = .noCoverage
    var bench = Bench.other(.ec25, pulse: 600, network: network)
    for _ in 1...3 {
      play(
        [("AT+CEREG?", line("+CEREG: 0,2")), ("AT+CGREG?", line("+CGREG: 0,2"))], on: &bench)
      bench.wait(10_000)
    }
  }

  @Test("zephyrproject-rtos/zephyr#52885: a SIM7080's name, echo on and off") func sim7080() {
    var bench = Bench.other(.sim7080, pulse: 1500, first: ["AT"])
    play([("AT", ok)], on: &bench, echoes: true)
    _ = bench.ask("ATE0\r")
    play([("AT+CGMM", line("SIMCOM_SIM7080"))], on: &bench)
  }

  @Test("zephyrproject-rtos/zephyr#86964: a SIM7680 without a network") func sim7680() {
    // A module without a card doesn't search.
    var bench = Bench.other(.sim7600, pulse: 500, sim: .absent)
    play(
      [
        ("AT+CMEE=1", ok), ("AT+CREG=1", ok), ("AT+CGREG=1", ok), ("AT+CEREG=1", ok),
        ("AT+CREG?", line("+CREG: 1,0")),
      ], on: &bench)
  }

  @Test("Xinyuan-LilyGO/T-SIM7600X#77: typographic quotes are an error whatever AT+CMEE says")
  func quotes() {
    var bench = Bench.other(.sim7600, pulse: 500, first: [])
    let pin = ("AT+CPIN=\u{201D}1234\u{201D},\u{201D}1234\u{201D}", "\r\nERROR\r\n")
    _ = bench.ask("AT+CMEE=2\r")
    play(
      [
        pin, ("AT+CMEE?", line("+CMEE: 2")), pin, ("AT+CMEE=0", ok), pin, ("AT+CMEE=1", ok), pin,
        ("AT+CMEE?", line("+CMEE: 1")),
      ], on: &bench, echoes: true)
  }

  @Test("esphome/esphome#6721: an A7670E's name") func a7670() {
    var personality = ModemPersonality.sim7600
    personality.model = Array("A7670E-FASE".utf8)
    var bench = Bench.other(personality, pulse: 500, first: [])
    play([("AT+CGMM", line("A7670E-FASE"))], on: &bench, echoes: true)
  }

  @Test("vshymanskyy/TinyGSM#654: a SIM800C, asked over and over") func sim800() {
    var network = SimulatedNetwork.accelerated
    network.rssi = 25
    var bench = Bench.other(.sim800, pulse: 1100, first: ["AT", "AT"], network: network)
    for _ in 1...3 {
      play(
        [("AT+CREG?", line("+CREG: 0,5")), ("AT+CSQ", line("+CSQ: 25,0"))], on: &bench,
        echoes: true)
    }
  }

  @Test("vshymanskyy/TinyGSM#60: a SIM900 restarted: no OK but the card's absence and garbage")
  func sim900() {
    var network = SimulatedNetwork.accelerated
    network.isRoaming = false
    let garbage = Array("\r\n+CPIN: NOT READY\r\n".utf8) + [UInt8](repeating: 0xFF, count: 5)
    let noisy = (1...20).filter { (seed: UInt64) in
      var bench = Bench.other(
        .sim800, pulse: 1100, first: ["AT", "ATE0"], network: network, seed: seed)
      play([("AT", ok)], on: &bench)
      // SIM800 adds the card's absence before the OK.
      #expect(bench.ask("AT+CFUN=0\r", for: 3000).hasSuffix(ok))
      _ = bench.ask("AT+CFUN=1,1\r", for: 300)
      let isNoisy = bench.output == garbage
      bench.wait(30_000)
      _ = bench.ask("AT\r")
      _ = bench.ask("ATE0\r")
      play(
        [
          ("AT+CREG?", line("+CREG: 0,1")), ("AT+CIPSHUT", "\r\nSHUT OK\r\n"),
          ("AT+SAPBR=3,1,\"Contype\",\"GPRS\"", ok), ("AT+SAPBR=3,1,\"APN\",\"net.hotm\"", ok),
          ("AT+CGDCONT=1,\"IP\",\"net.hotm\"", ok), ("AT+CGACT=1,1", ok),
          ("AT+SAPBR=2,1", line("+SAPBR: 1,3,\"0.0.0.0\"")), ("AT+CGATT=1", ok),
          ("AT+CIPMUX=1", ok), ("AT+CIPQSEND=1", ok), ("AT+CIPRXGET=1", ok),
        ], on: &bench)
      return isNoisy
    }
    #expect((1...19).contains(noisy.count))
  }
}
