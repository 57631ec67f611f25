import ModemSimulator
import Primitives
import Testing

/// What survives a power cycle: its own commands' values, and of the rest what AT&W took.
@Suite("Stored and volatile settings") struct SettingsTests {
  static let ok = "\r\n\r\nOK\r\n"

  @Test(
    "after a power cycle",
    arguments: [
      // Stored by the command itself.
      (
        "AT+QURCCFG=\"urcport\",\"usbat\"", "AT+QURCCFG=\"urcport\"",
        "+QURCCFG: \"urcport\",\"usbat\""
      ),
      ("AT+QCFG=\"nwscanseq\",0203,0", "AT+QCFG=\"nwscanseq\"", "+QCFG: \"nwscanseq\",203"),
      ("AT+QCFG=\"psm/enter\",1", "AT+QCFG=\"psm/enter\"", "+QCFG: \"psm/enter\",1"),
      ("AT+QICSGP=1,1,\"x\",\"\",\"\",0", "AT+QICSGP=1", "+QICSGP: 1,\"x\",\"\",\"\",0"),
      (
        "AT+CPSMS=1,,,\"00100110\",\"01000001\"", "AT+CPSMS?",
        "+CPSMS: 1,,,\"00100110\",\"01000001\""
      ),
      ("AT+CEDRXS=1,4,\"0101\"", "AT+CEDRXS?", "+CEDRXS: 4,\"0101\""),
      ("AT+CTZU=1", "AT+CTZU?", "+CTZU: 1"), ("AT+QPSMCFG=100,5", "AT+QPSMCFG?", "+QPSMCFG: 100,5"),
      ("AT+CSCA=\"+491\"", "AT+CSCA?", "+CSCA: \"+491\",145"),
      // Stored with AT&W.
      ("AT+CEREG=4;&W", "AT+CREG?;+CEREG=2", ""), ("AT+CREG=2;+CREG=1;&W", "ATE0+CREG?", ""),
      ("AT+IPR=9600;&W", "AT+IPR?", "+IPR: 9600"), ("ATS10=9&W", "ATS10?", "009"),
      // Lost.
      ("AT+IPR=9600", "AT+IPR?", "+IPR: 115200"), ("AT+CMEE=2;&W", "AT+CMEE?", "+CMEE: 1"),
      ("AT+CMGF=1;&W", "AT+CMGF?", "+CMGF: 0"), ("AT+QSCLK=1;&W", "AT+QSCLK?", "+QSCLK: 0"),
      ("AT+CNMI=2,2,0,1,0;&W", "AT+CNMI?", "+CNMI: 2,1,0,0,0"),
      ("AT+CGEREP=2,1;&W", "AT+CGEREP?", "+CGEREP: 0,0"),
      ("AT+QISDE=0;&W", "AT+QISDE?", "+QISDE: 1"), ("AT+IFC=2,2;&W", "AT+IFC?", "+IFC: 0,0"),
      ("AT+CEREG=2", "AT+CEREG?", "+CEREG: 0,5"),
    ])
  func survival(write: String, read: String, line: String) {
    var bench = Bench.registered()
    #expect(bench.ask(write + "\r").hasPrefix("\r\nOK\r\n"))
    _ = bench.ask("AT+CFUN=1,1\r", for: 12_000)
    _ = bench.ask("ATE0\r", for: 20)
    _ = bench.ask(read + "\r", for: 30)
    if !line.isEmpty { #expect(bench.said("\r\n\(line)\(Self.ok)"), "\(bench.heard)") }
  }

  @Test("the profile: AT&W, ATZ and AT&F") func profile() {
    var bench = Bench.registered()
    #expect(bench.ask("AT+CREG=2;+CEREG=4;&W\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG=1;+CEREG?\r") == "\r\n+CEREG: 1,5\r\n\r\nOK\r\n")
    #expect(bench.ask("ATZ\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG?\r").hasPrefix("\r\n+CEREG: 4,5,"))
    _ = bench.ask("AT+CMEE=2\r")
    #expect(bench.ask("AT&F\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG?\r") == "AT+CEREG?\r\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CMEE?\r") == "AT+CMEE?\r\r\n+CMEE: 1\r\n\r\nOK\r\n")
    #expect(bench.modem.stored.profile.cereg == 4)
    #expect(bench.modem.stored.profile.isEchoOn == false)
  }

  @Test("every write to the flash is counted, no read is") func wear() {
    var bench = Bench.registered()
    let before = bench.modem.counters.flashWrites
    _ = bench.ask("AT+QURCCFG=\"urcport\";+QCFG=\"psm/urc\";+CPSMS?;+CGDCONT?;+QICSGP=1\r")
    #expect(bench.modem.counters.flashWrites == before)
    _ = bench.ask("AT+QURCCFG=\"urcport\",\"uart1\";+QCFG=\"psm/urc\",1;&W;+CTZU=0\r")
    #expect(bench.modem.counters.flashWrites == before + 4)
  }

  @Test("what one module stored another one starts from") func handedOver() {
    var first = Bench.running(stored: .factory)
    _ = first.ask("ATE0+QURCCFG=\"urcport\",\"uart1\";&W\r")
    var second = Bench.running(stored: first.modem.stored)
    second.wait(5000)
    #expect(second.said("\r\nRDY\r\n"))
    #expect(second.ask("AT\r") == "\r\nOK\r\n")
  }
}
