import ModemSimulator
import Primitives
import Testing

/// eDRX (TS 24.008 §10.5.5.32, TS 27.007 §7.40) and release assistance. Not covered: eDRX together
/// with PSM.
@Suite("eDRX and release assistance") struct ExtendedDRXTests {
  static let families = [
    "quectel-bg95", "ublox-sara-r5", "simcom-sim7080", "simcom-sim7000", "telit-me910",
    "sierra-hl78", "cinterion-exs82", "sequans-gm02s",
  ]
  static let ok = "\r\nOK\r\n"

  @Test("is granted as asked, told in mode 2 and read with +CEDRXRDP", arguments: families)
  func granted(name: String) throws {
    var bench = try MessageTests.ready(name)
    #expect(bench.ask("AT+CEDRXRDP\r") == "\r\n+CEDRXRDP: 0\r\n\(Self.ok)")
    let heard = bench.ask("AT+CEDRXS=2,4,\"0101\"\r", for: 10_000)
    let fields = "4,\"0101\",\"0101\",\"0011\""
    #expect(heard.hasPrefix(Self.ok))
    #expect(bench.said("\r\n+CEDRXP: \(fields)\r\n"))
    #expect(bench.ask("AT+CEDRXRDP\r") == "\r\n+CEDRXRDP: \(fields)\r\n\(Self.ok)")
    #expect(bench.ask("AT+CEDRXS?\r") == "\r\n+CEDRXS: 4,\"0101\"\r\n\(Self.ok)")
    #expect(bench.ask("AT+CEDRXS=0\r", for: 10_000) == Self.ok)
    #expect(bench.ask("AT+CEDRXRDP\r") == "\r\n+CEDRXRDP: 0\r\n\(Self.ok)")
  }

  @Test("asks for nothing with mode 1's URC, and may get another value or none") func network()
    throws
  {
    for (grant, line) in [
      (SimulatedNetwork.ExtendedDRXGrant.none, "0"),
      (
        .fixed(value: Array("1001".utf8), window: Array("1101".utf8)),
        "4,\"0101\",\"1001\",\"1101\""
      ),
    ] {
      var network = SimulatedNetwork.accelerated
      network.extendedDRX = grant
      var bench = try MessageTests.ready(network: network)
      #expect(bench.ask("AT+CEDRXS=1,4,\"0101\"\r", for: 10_000) == Self.ok)
      #expect(bench.ask("AT+CEDRXRDP\r") == "\r\n+CEDRXRDP: \(line)\r\n\(Self.ok)")
      _ = bench.ask("AT+CEDRXS=2,4,\"0101\"\r", for: 10_000)
      #expect(bench.heard == "\(Self.ok)\r\n+CEDRXP: \(line)\r\n")
    }
  }

  @Test(
    "codes that an access technology hasn't are read as another, or as no request",
    arguments: [
      (SimulatedNetwork.AccessTechnology.nbIoT, "0000", nil), (.nbIoT, "0001", nil),
      (.nbIoT, "0010", "0010"), (.nbIoT, "0100", "0010"), (.nbIoT, "1000", "0010"),
      (.nbIoT, "1111", "1111"), (.lteM, "0000", "0000"), (.lteM, "0100", "0100"),
      (.lteM, "1110", "1101"), (.lteM, "1111", "1101"),
    ] as [(SimulatedNetwork.AccessTechnology, String, String?)])
  func codes(technology: SimulatedNetwork.AccessTechnology, code: String, read: String?) throws {
    var network = SimulatedNetwork.accelerated
    network.accessTechnology = technology
    let access = technology == .nbIoT ? 5 : 4
    for name in ["quectel-bg95", "ublox-sara-r5"] {
      var bench = try MessageTests.ready(name, network: network)
      if name.hasPrefix("ublox") {
        _ = bench.ask("AT+COPS=2\r", for: 5000)
        _ = bench.ask("AT+URAT=\(technology == .nbIoT ? 8 : 7)\r", for: 500)
        _ = bench.ask("AT+CFUN=15\r", for: 60_000)
        _ = bench.ask("ATE0\r", for: 500)
      }
      let answer = bench.ask("AT+CEDRXS=1,\(access),\"\(code)\"\r", for: 10_000)
      let isRefused = name.hasPrefix("ublox") && read == nil
      #expect(answer.hasSuffix(isRefused ? "\r\nERROR\r\n" : Self.ok), "\(name)")
      let line = read.map { "\(access),\"\(code)\",\"\($0)\",\"0011\"" } ?? "0"
      #expect(bench.ask("AT+CEDRXRDP\r") == "\r\n+CEDRXRDP: \(line)\r\n\(Self.ok)", "\(name)")
    }
  }

  @Test(
    "makers' own commands ask with a window",
    arguments: [
      (
        "ublox-sara-r5", "AT+CEDRXS=1,4,\"0101\",\"0001\"", "AT+CEDRXS?",
        "+CEDRXS: 4,\"0101\",\"0001\""
      ),
      (
        "telit-me910", "AT#CEDRXS=1,4,\"0101\",\"0001\"", "AT#CEDRXS?",
        "#CEDRXS: 4,\"0101\",\"0001\""
      ),
      ("sierra-hl78", "AT+KEDRXCFG=1,4,5,1", "AT+KEDRXCFG?", "+KEDRXCFG: 1,4,5,1"),
      (
        "cinterion-exs82", "AT^SEDRXS=1,4,\"0101\",\"0001\"", "AT^SEDRXS?",
        "^SEDRXS: 1,4,\"0101\",\"0001\""
      ),
      (
        "sequans-gm02s", "AT+SQNEDRX=1,4,\"0101\",\"0001\"", "AT+SQNEDRX?",
        "+SQNEDRX: 4,\"0101\",\"0001\""
      ),
    ])
  func windows(name: String, ask: String, read: String, line: String) throws {
    var bench = try MessageTests.ready(name)
    #expect(bench.ask(ask + "\r", for: 10_000) == Self.ok)
    #expect(bench.ask(read + "\r") == "\r\n\(line)\r\n\(Self.ok)")
    let granted = "\r\n+CEDRXRDP: 4,\"0101\",\"0101\",\"0001\"\r\n\(Self.ok)"
    #expect(bench.ask("AT+CEDRXRDP\r") == granted)
  }

  @Test("SARA-R4 asks after its next boot, without the URC") func saraR4() throws {
    var bench = try MessageTests.ready("ublox-sara-r4")
    _ = bench.ask("AT+CEDRXS=2,4,\"0101\"\r", for: 10_000)
    #expect(bench.ask("AT+CEDRXRDP\r") == "\r\n+CEDRXRDP: 0\r\n\(Self.ok)")
    _ = bench.ask("AT+CFUN=15\r", for: 60_000)
    #expect(!bench.said("+CEDRXP"))
    _ = bench.ask("ATE0\r", for: 500)
    let granted = "\r\n+CEDRXRDP: 4,\"0101\",\"0101\",\"0011\"\r\n\(Self.ok)"
    #expect(bench.ask("AT+CEDRXRDP\r", for: 500) == granted)
    _ = bench.ask("AT+CEDRXS=3,4\r", for: 500)
    #expect(bench.ask("AT+CEDRXS?\r", for: 500) == "\r\n+CEDRXS:\r\n\(Self.ok)")
  }

  @Test(
    "is unknown to families without it",
    arguments: [
      "quectel-ec25", "quectel-m95", "simcom-sim7600", "simcom-sim800", "fibocom-l610",
    ])
  func unknown(name: String) throws {
    var bench = try MessageTests.ready(name)
    for command in ["AT+CEDRXS?", "AT+CEDRXRDP"] {
      #expect(bench.ask(command + "\r").hasSuffix("OK\r\n") == false)
    }
  }

  @Test("a page is heard in the next window, whole cycles of the clock apart") func paging() throws
  {
    var bench = try MessageTests.ready()
    _ = bench.ask("AT+CEDRXS=1,4,\"0101\"\r", for: 10_000)
    let cycle = 81_920 as Int64
    // Behind the window of 4 times 1.28 s.
    bench.wait(cycle - bench.now.milliseconds % cycle + 6000)
    bench.output = []
    bench.input(.messageArrived(MessageTests.octets(MessageTests.delivered)))
    bench.wait(cycle - 6100)
    #expect(bench.heard == "")
    bench.wait(3000)
    #expect(bench.heard == "\r\n+CMTI: \"SM\",1\r\n")
    // Within the window it is heard at once.
    bench.wait(cycle - bench.now.milliseconds % cycle + 100)
    bench.output = []
    bench.input(.messageArrived(MessageTests.octets(MessageTests.delivered)))
    bench.wait(3000)
    #expect(bench.heard == "\r\n+CMTI: \"SM\",2\r\n")
  }

  @Test("an idle module draws less, a BG95 only with AT+QSCLK=1") func charge() throws {
    for (isAsleep, text, microcoulombs) in [
      (false, "idle", 18_900_000), (true, "idle (eDRX)", 630_000),
    ] as [(Bool, String, Int64)] {
      var bench = try MessageTests.ready()
      _ = bench.ask("AT+CEDRXS=1,4,\"0101\"\r", for: 10_000)
      if isAsleep { _ = bench.ask("AT+QSCLK=1\r") }
      #expect(bench.modem.state == text)
      let before = bench.modem.chargeMicrocoulombs(until: bench.now)
      bench.wait(1_000_000)
      #expect(bench.modem.chargeMicrocoulombs(until: bench.now) - before == microcoulombs)
    }
  }

  @Test(
    "assistance ends the connection in NB-IoT alone, for one datagram",
    arguments: ["telit-me910", "sequans-gm02s"])
  func assistance(name: String) throws {
    let (setup, send) =
      name == "telit-me910"
      ? (["AT#SGACT=1,1", "AT#SD=1,1,5683,\"192.0.2.1\",0,0,1"], "AT#SSENDEXT=1,1")
      : (
        [
          "AT+SQNMODEACTIVE=2", "AT^RESET", "ATE0", "AT+CFUN=1",
          "AT+SQNSD=1,1,5683,\"192.0.2.1\",0,5683,1",
        ], "AT+SQNSSENDEXT=1,1"
      )
    for technology in [SimulatedNetwork.AccessTechnology.nbIoT, .lteM] {
      var network = SimulatedNetwork.real
      network.accessTechnology = technology
      var bench = try MessageTests.ready(name, network: network)
      let isNarrow = technology == .nbIoT
      for line in setup where isNarrow || !["AT+SQNMODEACTIVE=2", "AT^RESET"].contains(line) {
        _ = bench.ask(line + "\r", for: 60_000)
      }
      let id = try #require(bench.lastOpened)
      for (rai, hasAnswer, isShort) in [
        (0, false, false), (1, false, isNarrow), (2, true, isNarrow), (0, true, false),
      ] {
        bench.wait(20_000)
        #expect(bench.ask("\(send),\(rai)\r") == "\r\n> ")
        _ = bench.ask("x", for: 3000)
        if hasAnswer {
          #expect(bench.modem.state == "connected (RRC)")
          bench.input(.socketReceived(id, [1]))
          bench.wait(1000)
        }
        #expect((bench.modem.state == "idle") == isShort, "\(technology) \(rai)")
      }
    }
  }

  @Test("AT+CRAI holds for as long as it says") func validity() {
    var network = SimulatedNetwork.real
    network.accessTechnology = .nbIoT
    for (pause, isShort) in [(50_000, true), (61_000, false)] as [(Int64, Bool)] {
      var bench = SIM7080Tests.online(network: network)
      _ = bench.ask("AT+CAOPEN=0,0,\"UDP\",\"192.0.2.1\",5683\r", for: 1000)
      _ = bench.ask("AT+CRAI=1,60\r")
      bench.wait(pause)
      _ = bench.ask("AT+CASEND=0,1\r", for: 50)
      _ = bench.ask("x", for: 3000)
      #expect((bench.modem.state == "idle") == isShort)
    }
  }
}
