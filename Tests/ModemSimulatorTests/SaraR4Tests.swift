import ModemSimulator
import Primitives
import Testing

/// u-blox SARA-R410M-02B, where it differs from SARA-R5.
@Suite("u-blox SARA-R4") struct SaraR4Tests {
  static func registered(
    seed: UInt64 = 1, network: SimulatedNetwork = .accelerated, sim: SimulatedSIM = SimulatedSIM()
  ) -> Bench {
    Bench.other(.saraR4, pulse: 300, network: network, sim: sim, seed: seed)
  }

  @Test("begins with NUL, LF, CR; then says who it is") func identity() {
    var bench = Bench(.saraR4, stored: ModemPersonality.saraR4.factorySettings)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(300)
    bench.wait(10_000)
    #expect(bench.output == [0x00, 0x0A, 0x0D])
    let text =
      "ATI\r\r\nManufacturer: u-blox\r\nModel: SARA-R410M-02B\r\n"
      + "Revision: L0.0.00.00.05.08 [Apr 17 2019 19:34:02]\r\nSVN: 03\r\n"
      + "IMEI: 352753090000017\r\n\r\nOK\r\n"
    #expect(bench.ask("ATI\r") == text)
    #expect(bench.ask("ATI9\r") == "ATI9\r\r\nL0.0.00.00.05.08,A.02.04\r\n\r\nOK\r\n")
  }

  @Test("vshymanskyy/TinyGSM#257: CFUN 16 is another generation's") func captured() {
    var bench = Self.registered()
    #expect(bench.ask("ATE1\r").hasSuffix("\r\nOK\r\n"))
    #expect(bench.ask("AT+CFUN=16\r") == "AT+CFUN=16\r\r\nERROR\r\n")
    let all = "AT+CFUN=?\r\r\n+CFUN: (0,1,4,15),(0-1)\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+CFUN=?\r") == all)
  }

  @Test("u-blox/ubxlib#202: while it searches, URC and answer of +CEREG differ") func searching() {
    var network = SimulatedNetwork.accelerated
    network.verdict = .noCoverage
    var bench = Self.registered(network: network)
    _ = bench.ask("AT+CEREG=4\r")
    _ = bench.ask("AT+CFUN=4\r", for: 2000)
    #expect(bench.ask("AT+CFUN=1\r", for: 2000).contains("\r\n+CEREG: 2,,,,,,,,\r\n"))
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 4,2\r\n\r\nOK\r\n")
  }

  @Test("mode 4 has a field between the area and the cell") func extraField() {
    var bench = Self.registered()
    _ = bench.ask("AT+CEREG=4\r")
    let line = "\r\n+CEREG: 4,5,\"2C0A\",\"0000\",\"1A2D003\",7,,,,\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+CEREG?\r") == line)
    #expect(bench.ask("AT+CEREG=5\r") == "\r\nERROR\r\n")
  }

  @Test("needs no profile; what follows `@` comes back even with ATE0; an empty read has no length")
  func datagram() throws {
    var bench = Self.registered()
    #expect(bench.ask("AT+UPSDA=0,3\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+USOCR=17,1025\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+USOCR=17\r") == "\r\n+USOCR: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+USOST=0,\"192.0.2.1\",5683,3\r", for: 80) == "\r\n@")
    #expect(bench.ask("abc", for: 1500) == "abc\r\n+USOST: 0,3\r\n\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    bench.output = []
    bench.input(.socketReceived(id, [0x41]))
    bench.wait(500)
    #expect(bench.heard == "\r\n+UUSORF: 0,1\r\n")
    let read = "\r\n+USORF: 0,\"192.0.2.1\",5683,1,\"A\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+USORF=0,1024\r") == read)
    #expect(bench.ask("AT+USORF=0,1024\r") == "\r\n+USORF: 0,\"\"\r\n\r\nOK\r\n")
    // A close that goes on after OK.
    #expect(bench.ask("AT+USOCL=0,1\r", for: 5000) == "\r\nOK\r\n\r\n+UUSOCL: 0\r\n")
  }

  @Test("another peer is another opening; a name that means nothing is an error") func peers() {
    var bench = Self.registered()
    _ = bench.ask("AT+USOCR=17\r")
    for (port, opening) in [(5683, 2), (5683, 2), (5684, 3)] {
      _ = bench.ask("AT+USOST=0,\"192.0.2.1\",\(port),1,\"x\"\r", for: 1000)
      #expect(bench.lastOpened == SocketID(number: 0, opening: UInt32(opening)))
    }
    #expect(bench.modem.counters.datagramsSent == 3)
    #expect(bench.ask("AT+USOST=0,\"no.example\",1,1,\"x\"\r") == "\r\nERROR\r\n")
  }

  @Test("u-blox/ubxlib#287: half of the firmwares refuse line settings while the card is busy")
  func busyCard() {
    var sim = SimulatedSIM()
    sim.busyMilliseconds = 5000...5000
    var answers: Set<String> = []
    for seed in 1...20 as ClosedRange<UInt64> {
      var bench = Bench.other(
        .saraR4, pulse: 300, rest: 7000, first: ["ATE0", "AT+CMEE=2"], sim: sim, seed: seed)
      answers.insert(bench.ask("AT&C1\r"))
      bench.wait(5000)
      #expect(bench.ask("AT&C1\r") == "\r\nOK\r\n")
    }
    #expect(answers == ["\r\nOK\r\n", "\r\n+CME ERROR: SIM busy\r\n"])
  }

  @Test("half of the firmwares look no name up within 500 ms of the registration")
  func earlyLookUp() {
    var answers: Set<String> = []
    for seed in 1...20 as ClosedRange<UInt64> {
      var bench = Self.registered(seed: seed)
      bench.modem.network.names = [
        .init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))
      ]
      _ = bench.ask("AT+COPS=2\r", for: 3000)
      bench.output = []
      bench.write("AT+COPS=0\r")
      _ = bench.wait(for: "\r\nOK\r\n", within: 10_000)
      bench.wait(120)
      answers.insert(bench.ask("AT+UDNSRN=0,\"a.example\"\r", for: 1000))
      bench.wait(500)
      let found = "\r\n+UDNSRN: \"192.0.2.7\"\r\n\r\nOK\r\n"
      #expect(bench.ask("AT+UDNSRN=0,\"a.example\"\r", for: 1000) == found)
    }
    #expect(answers == ["\r\nERROR\r\n", "\r\n+UDNSRN: \"192.0.2.7\"\r\n\r\nOK\r\n"])
  }

  @Test("AT+COPS=0 in mode 0 lets go of the network") func reselection() {
    var bench = Self.registered()
    #expect(bench.modem.counters.attaches == 1)
    #expect(bench.ask("AT+COPS=0\r", for: 5000) == "\r\nOK\r\n")
    #expect(bench.modem.counters.attaches == 2)
  }

  @Test("password before name; not while registered") func authentication() {
    var bench = Self.registered()
    #expect(bench.ask("AT+UAUTHREQ=1,2,\"secret\",\"me\"\r") == "\r\nERROR\r\n")
    _ = bench.ask("AT+CFUN=4\r", for: 3000)
    #expect(bench.ask("AT+UAUTHREQ=1,2,\"secret\",\"me\"\r") == "\r\nOK\r\n")
    #expect(bench.modem.stored.contexts[0].user == Array("me".utf8))
    #expect(bench.modem.stored.contexts[0].password == Array("secret".utf8))
    #expect(bench.modem.stored.contexts[0].authentication == 2)
  }

  @Test("PSM is asked for from the next boot on, and entered with no text") func sleep() {
    var bench = Self.registered()
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r", for: 60_000)
    #expect(bench.modem.counters.sleeps == 0)
    _ = bench.ask("AT+CFUN=15\r", for: 12_000)
    bench.output = []
    bench.wait(60_000)
    #expect(bench.output == [])
    #expect(bench.modem.state == "PSM")
    #expect(!bench.isStatusOn)
    bench.pulse(300)
    bench.wait(8000)
    #expect(bench.ask("AT\r").hasSuffix("AT\r\r\nOK\r\n"))
  }

  @Test("behind a PIN it never sleeps") func pin() {
    var bench = Self.registered(sim: SimulatedSIM(pin: Array("1234".utf8)))
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r")
    _ = bench.ask("AT+CFUN=15\r", for: 10_000)
    _ = bench.ask("AT+CPIN=\"1234\"\r", for: 120_000)
    #expect(bench.modem.counters.attaches == 1)
    #expect(bench.modem.counters.sleeps == 0)
  }

  @Test("technologies count from the next boot on, and none is named without a profile")
  func technologies() {
    var bench = Self.registered()
    _ = bench.ask("AT+CFUN=4\r", for: 3000)
    #expect(bench.ask("AT+URAT=8\r") == "\r\nOK\r\n")
    _ = bench.ask("AT+CFUN=1\r", for: 20_000)
    #expect(bench.modem.state == "idle")
    _ = bench.ask("AT+CFUN=15\r", for: 20_000)
    #expect(bench.ask("AT+CEREG?\r").hasSuffix("+CEREG: 0,2\r\n\r\nOK\r\n"))
    _ = bench.ask("AT+CFUN=4\r", for: 3000)
    _ = bench.ask("AT+UMNOPROF=0\r")
    #expect(bench.ask("AT+URAT?\r").hasSuffix("\r\nERROR\r\n"))
  }

  @Test("100 ms between a result and a command; pulses of 0.15 s start, of 1.5 s end") func times()
  {
    var bench = Self.registered()
    bench.output = []
    bench.write("AT\r")
    let answered = bench.wait(for: "\r\nOK\r\n", within: 100)
    #expect(answered)
    bench.wait(99)
    #expect(bench.ask("AT\r", for: 200) == "")
    bench.pulse(1400)
    bench.wait(10_000)
    #expect(bench.isStatusOn)
    bench.pulse(1500)
    bench.wait(10_000)
    #expect(!bench.isStatusOn)
    #expect(bench.modem.counters.violations[.pulseTooLong] == 0)
  }
}
