import ModemSimulator
import Primitives
import Testing

/// Answers byte for byte. Framing: TinyGSM#157 and #475 (BG96),
/// Azure/embedded-wireless-framework#20. Not here: the data path of sockets, PSM.
@Suite("Commands") struct CommandTests {
  static let ok = "\r\nOK\r\n"
  static let error = "\r\nERROR\r\n"

  @Test(
    "answer with these bytes on a registered module",
    arguments: [
      ("AT\r", ok), ("at\r\n", ok), ("ATE0\r", ok), ("AT&FZE0\r", ok),
      ("ATI\r", "\r\nQuectel\r\nBG95-M3\r\nRevision: BG95M3LAR02A04\r\n\r\nOK\r\n"),
      ("AT+CGMI\r", "\r\nQuectel\r\n\r\nOK\r\n"), ("AT+CGMM\r", "\r\nBG95-M3\r\n\r\nOK\r\n"),
      ("AT+GMM\r", "\r\nBG95-M3\r\n\r\nOK\r\n"), ("AT+GMI\r", "\r\nQuectel\r\n\r\nOK\r\n"),
      ("AT+CGMR\r", "\r\nBG95M3LAR02A04\r\n\r\nOK\r\n"),
      ("AT+GMR\r", "\r\nBG95M3LAR02A04\r\n\r\nOK\r\n"),
      ("AT+QGMR\r", "\r\nBG95M3LAR02A04_01.016.01.016\r\n\r\nOK\r\n"),
      ("AT+CGSN\r", "\r\n866349040000017\r\n\r\nOK\r\n"),
      ("AT+GSN\r", "\r\n866349040000017\r\n\r\nOK\r\n"),
      ("AT+CIMI\r", "\r\n901430000000017\r\n\r\nOK\r\n"), ("AT+CIMI?\r", error),
      ("AT+CIMI=?\r", ok), ("AT+QCCID\r", "\r\n+QCCID: 89423100000000000017\r\n\r\nOK\r\n"),
      ("AT+CPIN?\r", "\r\n+CPIN: READY\r\n\r\nOK\r\n"),
      ("AT+QINISTAT\r", "\r\n+QINISTAT: 3\r\n\r\nOK\r\n"),
      ("AT+QSIMSTAT?\r", "\r\n+QSIMSTAT: 0,1\r\n\r\nOK\r\n"),
      ("AT+CFUN?\r", "\r\n+CFUN: 1\r\n\r\nOK\r\n"), ("AT+CFUN=1\r", ok), ("AT+CFUN=2\r", error),
      ("AT+CBC\r", "\r\n+CBC: 0,78,3800\r\n\r\nOK\r\n"),
      ("AT+CSQ\r", "\r\n+CSQ: 20,0\r\n\r\nOK\r\n"),
      ("AT+QCSQ\r", "\r\n+QCSQ: \"eMTC\",-73,-95,150,-11\r\n\r\nOK\r\n"),
      ("AT+QNWINFO\r", "\r\n+QNWINFO: \"eMTC\",\"20408\",\"LTE BAND 20\",6400\r\n\r\nOK\r\n"),
      ("AT+COPS?\r", "\r\n+COPS: 0,0,\"Godwit Mobile\",8\r\n\r\nOK\r\n"),
      ("AT+COPS=3,2;+COPS?\r", "\r\n+COPS: 0,2,\"20408\",8\r\n\r\nOK\r\n"),
      ("AT+COPS=0\r", ok), ("AT+COPS=5\r", error),
      ("AT+CEREG?\r", "\r\n+CEREG: 0,5\r\n\r\nOK\r\n"),
      ("AT+CEREG=2;+CEREG?\r", "\r\n+CEREG: 2,5,\"2C0A\",\"1A2D003\",8\r\n\r\nOK\r\n"),
      ("AT+CEREG=3\r", error), ("AT+CEREG=?\r", "\r\n+CEREG: (0-2,4)\r\n\r\nOK\r\n"),
      ("AT+CGATT?\r", "\r\n+CGATT: 1\r\n\r\nOK\r\n"),
      ("AT+CGEREP=2,1;+CGEREP?\r", "\r\n+CGEREP: 2,1\r\n\r\nOK\r\n"),
      ("AT+QCSCON=1;+QCSCON?\r", "\r\n+QCSCON: 1\r\n\r\nOK\r\n"),
      ("AT+CGDCONT?\r", "\r\n+CGDCONT: 1,\"IP\",\"em\",\"0.0.0.0\",0,0\r\n\r\nOK\r\n"),
      (
        "AT+CGDCONT=2,\"IPV4V6\",\"x.y\";+CGDCONT?\r",
        "\r\n+CGDCONT: 1,\"IP\",\"em\",\"0.0.0.0\",0,0\r\n"
          + "+CGDCONT: 2,\"IPV4V6\",\"x.y\",\"0.0.0.0\",0,0\r\n\r\nOK\r\n"
      ),
      ("AT+CGDCONT=1;+CGDCONT?\r", ok), ("AT+CGDCONT=17,\"IP\",\"em\"\r", error),
      ("AT+CGDCONT=1,IP,\"em\"\r", error),
      ("AT+QICSGP=1\r", "\r\n+QICSGP: 1,\"em\",\"\",\"\",0\r\n\r\nOK\r\n"),
      (
        "AT+QICSGP=1,1,\"a\",\"u\",\"p\",1;+QICSGP=1\r",
        "\r\n+QICSGP: 1,\"a\",\"u\",\"p\",1\r\n\r\nOK\r\n"
      ),
      ("AT+QICSGP=1,1,a\r", error), ("AT+QICSGP=1,\"1\",\"a\"\r", error),
      ("AT+QIACT?\r", ok), ("AT+QIACT=2\r", error), ("AT+QIACT=\"1\"\r", error),
      ("AT+QIDEACT=1\r", ok),
      ("AT+CGPADDR=1\r", "\r\n+CGPADDR: 1,\"10.64.12.9\"\r\n\r\nOK\r\n"),
      ("AT+CGPADDR\r", "\r\n+CGPADDR: 1,\"10.64.12.9\"\r\n\r\nOK\r\n"),
      ("AT+QIDNSCFG=1\r", error), ("AT+QIDNSCFG=1,\"9.9.9.9\",\"1.1.1.1\"\r", ok),
      ("AT+QIDNSCFG=1,\"nine\"\r", error), ("AT+QIDNSGIP=1,\"a.example\"\r", error),
      ("AT+QISTATE?\r", ok), ("AT+QISTATE=1,0\r", ok), ("AT+QIRD=0,100\r", error),
      ("AT+QISEND=0,4\r", error), ("AT+QICLOSE=0\r", error),
      ("AT+QIGETERROR\r", "\r\n+QIGETERROR: 0, operate successfully\r\n\r\nOK\r\n"),
      ("AT+QISDE=0;+QISDE?\r", "\r\n+QISDE: 0\r\n\r\nOK\r\n"),
      (
        "AT+QICFG=\"dataformat\",0,1;+QICFG=\"dataformat\"\r",
        "\r\n+QICFG: \"dataformat\",0,1\r\n\r\nOK\r\n"
      ),
      ("AT+QICFG=\"recvind\",1;+QICFG=\"recvind\"\r", "\r\n+QICFG: \"recvind\",1\r\n\r\nOK\r\n"),
      ("AT+QICFG=\"nothing\",1\r", error),
      ("AT+QCFG=\"nwscanseq\"\r", "\r\n+QCFG: \"nwscanseq\",0\r\n\r\nOK\r\n"),
      (
        "AT+QCFG=\"nwscanseq\",020301,0;+QCFG=\"NWSCANSEQ\"\r",
        "\r\n+QCFG: \"nwscanseq\",20301\r\n\r\nOK\r\n"
      ),
      (
        "AT+QCFG=\"band\",F,80000,80000,0;+QCFG=\"band\"\r",
        "\r\n+QCFG: \"band\",F,80000,80000\r\n\r\nOK\r\n"
      ),
      ("AT+QCFG=\"roamservice\"\r", "\r\n+QCFG: \"roamservice\",255\r\n\r\nOK\r\n"),
      ("AT+QCFG=\"servicedomain\",1,0\r", ok), ("AT+QCFG=\"servicedomain\",3,0\r", error),
      ("AT+QCFG=\"iotopmode\",\"0\",0\r", error), ("AT+QCFG=\"nonsense\"\r", error),
      ("AT+QCFG=\"psm/urc\"\r", "\r\n+QCFG: \"psm/urc\",1\r\n\r\nOK\r\n"),
      ("AT+QCFG=\u{201D}psm/enter\u{201D},1\r", error),
      (
        "AT+QURCCFG=\"urcport\"\r", "\r\n+QURCCFG: \"urcport\",\"uart1\"\r\n\r\nOK\r\n"
      ),
      ("AT+QURCCFG=\"urcport\",\"uart9\"\r", error),
      ("AT+QINDCFG=\"csq\",1;+QINDCFG=\"csq\"\r", "\r\n+QINDCFG: \"csq\",1\r\n\r\nOK\r\n"),
      ("AT+CPSMS?\r", "\r\n+CPSMS: 0,,,\"00101100\",\"00001010\"\r\n\r\nOK\r\n"),
      (
        "AT+CPSMS=1,,,\"00100110\",\"00000001\";+CPSMS?\r",
        "\r\n+CPSMS: 1,,,\"00100110\",\"00000001\"\r\n\r\nOK\r\n"
      ),
      ("AT+CPSMS=1,,,01001110,00000101\r", error), ("AT+CPSMS=1,,,\"0100\"\r", error),
      ("AT+CPSMS=\r", ok), ("AT+QPSMS?\r", "\r\n+QPSMS: 0,,,,\r\n\r\nOK\r\n"),
      ("AT+QPSMCFG?\r", "\r\n+QPSMCFG: 60,4\r\n\r\nOK\r\n"), ("AT+QPSMCFG=59\r", error),
      ("AT+CEDRXS?\r", ok),
      (
        "AT+CEDRXS=1,4,\"0101\";+CEDRXS?\r", "\r\n+CEDRXS: 4,\"0101\"\r\n\r\nOK\r\n"
      ),
      ("AT+CEDRXS=1,4,0101\r", error), ("AT+CEDRXRDP\r", "\r\n+CEDRXRDP: 0\r\n\r\nOK\r\n"),
      ("AT+QSCLK=1;+QSCLK?\r", "\r\n+QSCLK: 1\r\n\r\nOK\r\n"),
      ("AT+CTZU?\r", "\r\n+CTZU: 0\r\n\r\nOK\r\n"), ("AT+CTZR=2\r", ok),
      ("AT+QLTS\r", "\r\n+QLTS: \"\"\r\n\r\nOK\r\n"),
      ("AT+CCLK=\"26/11/22,22:28:47+04\"\r", ok), ("AT+CCLK=\"26/02/30,22:28:47+04\"\r", error),
      ("AT+IPR?\r", "\r\n+IPR: 115200\r\n\r\nOK\r\n"), ("AT+IPR=115200;&W\r", ok),
      ("AT+IPR=1234\r", error), ("AT+IFC=2,2;+IFC?\r", "\r\n+IFC: 2,2\r\n\r\nOK\r\n"),
      ("ATS0?\r", "\r\n000\r\n\r\nOK\r\n"), ("ATS10=20;S10?\r", "\r\n020\r\n\r\nOK\r\n"),
      ("AT+CMGF?\r", "\r\n+CMGF: 0\r\n\r\nOK\r\n"), ("AT+CMGL=4\r", ok),
      ("AT+CMGL=\"ALL\"\r", error), ("AT+CMGF=1;+CMGL=\"ALL\"\r", ok),
      ("AT+CPMS?\r", "\r\n+CPMS: \"ME\",0,23,\"ME\",0,23,\"ME\",0,23\r\n\r\nOK\r\n"),
      ("AT+CPMS=\"SM\"\r", "\r\n+CPMS: 0,50,0,23,0,23\r\n\r\nOK\r\n"),
      ("AT+CNMI?\r", "\r\n+CNMI: 2,1,0,0,0\r\n\r\nOK\r\n"),
      ("AT+CNMI=2,2;+CNMI?\r", "\r\n+CNMI: 2,2,0,0,0\r\n\r\nOK\r\n"),
      ("AT+CSCA?\r", "\r\n+CSCA: \"+882285000000\",145\r\n\r\nOK\r\n"),
      ("AT+CMGR=1\r", ok), ("AT+CMGD=1,4\r", ok),
      ("AT+CSCS?\r", "\r\n+CSCS: \"GSM\"\r\n\r\nOK\r\n"),
      ("AT+NONSENSE\r", error), ("AT+\r", error), ("AT+CGDCONT=1,\"IP\r", error), ("AT!\r", error),
      ("AT+CGMI?\r", error), ("AT+CSQ=1\r", error),
    ])
  func answers(line: String, answer: String) {
    var bench = Bench.registered(seed: 3)
    #expect(bench.ask(line, for: 150) == answer, "\(line.debugDescription)")
  }

  @Test("echo every byte until ATE0 has been answered") func echo() {
    var bench = Bench.running()
    bench.wait(20_000)
    #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
    #expect(bench.ask("xx AT+CSQ\r") == "xx AT+CSQ\r\r\n+CSQ: 20,0\r\n\r\nOK\r\n")
    #expect(bench.ask("ATE0\r") == "ATE0\r\r\nOK\r\n")
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
    #expect(bench.ask("ATE1\r") == "\r\nOK\r\n")
    #expect(bench.ask("A/") == "A/\r\nOK\r\n")
  }

  @Test("speak in digits after ATV0 and keep results back after ATQ1") func resultForms() {
    var bench = Bench.registered()
    #expect(bench.ask("ATV0\r") == "0\r")
    #expect(bench.ask("AT+CSQ\r") == "+CSQ: 20,0\r\n0\r")
    #expect(bench.ask("AT+NO\r") == "4\r")
    #expect(bench.ask("ATV1Q1\r") == "")
    #expect(bench.ask("AT+CSQ\r") == "\r\n+CSQ: 20,0\r\n")
    #expect(bench.ask("ATQ0\r") == "\r\nOK\r\n")
  }

  @Test(
    "say errors as AT+CMEE asks",
    arguments: [(0, "ERROR"), (1, "+CME ERROR: 10"), (2, "+CME ERROR: SIM not inserted")])
  func errors(mode: Int, text: String) {
    var bench = Bench.registered(sim: .absent)
    _ = bench.ask("AT+CMEE=\(mode)\r")
    #expect(bench.ask("AT+CPIN?\r") == "\r\n\(text)\r\n")
  }

  @Test("leave the rest of a line alone after an error") func restOfLine() {
    var bench = Bench.registered(sim: .absent)
    #expect(bench.ask("AT+CSQ;+CIMI;+CMEE=0\r") == "\r\n+CSQ: 99,99\r\n\r\n+CME ERROR: 10\r\n")
    #expect(bench.ask("AT+CMEE?\r") == "\r\n+CMEE: 1\r\n\r\nOK\r\n")
  }

  @Test("drop what arrives while a command runs, and count it") func busy() {
    var bench = Bench.registered()
    #expect(bench.ask("AT\rAT+CSQ\r", for: 300) == "\r\nOK\r\n")
    #expect(bench.modem.counters.violations[.bytesWhileBusy] == 7)
  }

  @Test("let a byte end a scan from 125 ms after its line, not before") func abort() {
    var bench = Bench.registered()
    #expect(bench.ask("AT+COPS=?\r", for: 124) == "")
    #expect(bench.ask("x", for: 0) == "")
    #expect(bench.modem.counters.violations[.bytesWhileBusy] == 1)
    bench.wait(1)
    #expect(bench.ask("x", for: 0) == "\r\nERROR\r\n")
    #expect(bench.modem.counters.violations[.commandInterrupted] == 1)
    #expect(bench.ask("AT\r", for: 10_000) == "\r\nOK\r\n")
  }

  @Test("list the operators") func scan() {
    var bench = Bench.registered()
    let list = "(2,\"Godwit Mobile\",\"Godwit Mobile\",\"20408\",8),,(0,1,2,3,4),(0,1,2)"
    #expect(bench.ask("AT+COPS=?\r", for: 7000) == "\r\n+COPS: \(list)\r\n\r\nOK\r\n")
  }

  @Test("refuse a line beyond the limit and take the next one") func overlong() {
    var bench = Bench.registered()
    let line = "AT+CGDCONT=1,\"IP\",\"" + String(repeating: "a", count: 2000) + "\"\r"
    #expect(bench.ask(line) == "\r\nERROR\r\n")
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
  }
}
