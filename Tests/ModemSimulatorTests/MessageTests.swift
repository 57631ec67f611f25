import ModemSimulator
import Primitives
import Testing

/// Short messages on every family (TS 27.005). Not covered: AT+CMGW, AT+CMSS and long messages, which
/// the simulator hasn't; what text mode shows of a status report.
@Suite("Short messages") struct MessageTests {
  /// "  setparam 2001:em" of +491738718787, 2026-10-21 12:34:00 +02:00 (TS 23.040 §9.2.2.1).
  static let delivered = "040C919471831778780000620112214300801220D0BC4C8787E5E136480683C574E536"
  /// "OK apn=em" to 12345, valid for a day.
  static let submitted = "110005812143F50000A709CF25280C77F7CA6D"
  static let centre = "0791882258000000"
  static let ok = "\r\nOK\r\n"
  static let names = ModemPersonality.all.map { String(decoding: $0.name, as: UTF8.self) }

  static func octets(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8).map { $0.hexDigitValue ?? 0 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// Registered, echo off, errors as numbers, PDU mode, messages in the card and announced.
  static func ready(
    _ name: String = "quectel-bg95", network: SimulatedNetwork = .accelerated,
    capacity: Int? = nil, seed: UInt64 = 1
  ) throws -> Bench {
    let personality = try #require(ModemPersonality.named(Array(name.utf8)))
    var stored = personality.configured(apn: Array("em".utf8))
    stored.messageCapacity = capacity
    var bench = Bench(personality, network: network, stored: stored, seed: seed)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    if let pulse = personality.startPulse { bench.pulse(max(1500, pulse.wholeMilliseconds)) }
    bench.wait(60_000)
    for command in ["AT", "AT", "ATE0", "AT+CMEE=1", "AT+CFUN=1"] {
      _ = bench.ask(command + "\r", for: 500)
    }
    bench.wait(30_000)
    let setup = ["AT+CMGF=0", "AT+CPMS=\"SM\",\"SM\",\"SM\"", "AT+CNMI=2,1,0,0,0"]
    for command in setup { #expect(bench.ask(command + "\r", for: 300).hasSuffix(ok)) }
    return bench
  }

  @Test(
    "that arrive while the module is idle are stored, announced, read and deleted", arguments: names
  )
  func arrival(name: String) throws {
    var bench = try Self.ready(name)
    bench.output = []
    bench.input(.messageArrived(Self.octets(Self.delivered)))
    bench.wait(20_000)
    #expect(bench.heard == "\r\n+CMTI: \"SM\",1\r\n")
    let pdu = "\(Self.centre)\(Self.delivered)\r\n\(Self.ok)"
    #expect(bench.ask("AT+CMGL=1\r", for: 300) == Self.ok)
    #expect(bench.ask("AT+CMGL=4\r", for: 300) == "\r\n+CMGL: 1,0,,35\r\n\(pdu)")
    #expect(bench.ask("AT+CMGL=0\r", for: 300) == Self.ok)
    #expect(bench.ask("AT+CMGL=1\r", for: 300) == "\r\n+CMGL: 1,1,,35\r\n\(pdu)")
    #expect(bench.ask("AT+CMGR=1\r", for: 300) == "\r\n+CMGR: 1,,35\r\n\(pdu)")
    #expect(bench.ask("AT+CPMS?\r", for: 300).hasPrefix("\r\n+CPMS: \"SM\",1,50,"))
    #expect(bench.ask("AT+CMGD=1\r", for: 300) == Self.ok)
    #expect(bench.ask("AT+CMGL=4\r", for: 300) == Self.ok)
    #expect(bench.ask("AT+CMGR=51\r", for: 300) == "\r\n+CMS ERROR: 321\r\n")
    #expect(bench.modem.heldMessages == 0)
  }

  @Test("are sent after the prompt, if their length is what was said", arguments: names)
  func sending(name: String) throws {
    var bench = try Self.ready(name)
    let pdu = "00\(Self.submitted)\u{1A}"
    #expect(bench.ask("AT+CMGS=19\r") == "\r\n> ")
    #expect(bench.ask(pdu, for: 10_000) == "\r\n+CMGS: 0\r\n\(Self.ok)")
    #expect(bench.submitted == [Self.octets(Self.submitted)])
    for length in [18, 20] {
      #expect(bench.ask("AT+CMGS=\(length)\r") == "\r\n> ")
      #expect(bench.ask(pdu, for: 10_000) == "\r\n+CMS ERROR: 304\r\n")
    }
    #expect(bench.ask("AT+CMGS=19\r") == "\r\n> ")
    #expect(bench.ask("00\(Self.submitted)\u{1B}", for: 10_000) == Self.ok)
    // With the service centre's address before it.
    #expect(bench.ask("AT+CMGS=19\r") == "\r\n> ")
    let full = "\(Self.centre)\(Self.submitted)\u{1A}"
    #expect(bench.ask(full, for: 10_000) == "\r\n+CMGS: 1\r\n\(Self.ok)")
    _ = bench.ask("AT+CMGF=1\r", for: 300)
    #expect(bench.ask("AT+CMGS=19\r") == "\r\n+CMS ERROR: 305\r\n")
    #expect(bench.submitted.count == 2)
  }

  @Test(
    "that aren't SMS-SUBMIT from end to end are error 304",
    arguments: [
      "", "0", "zz", "0100", "0001", delivered, "110005812143F50000A70ACF25280C77F7CA6D",
      "110000812143F50000A709CF25280C77F7CA6D",
    ])
  func malformed(tpdu: String) throws {
    var bench = try Self.ready()
    _ = bench.ask("AT+CMGS=\(max(1, tpdu.count / 2))\r")
    #expect(bench.ask("00\(tpdu)\u{1A}", for: 5000) == "\r\n+CMS ERROR: 304\r\n")
    #expect(bench.submitted.isEmpty)
  }

  @Test("can't be sent without a network, and may be refused or never answered") func refused()
    throws
  {
    func send(_ change: (inout SimulatedNetwork) -> Void) throws -> String {
      var bench = try Self.ready()
      change(&bench.modem.network)
      bench.wait(2000)
      _ = bench.ask("AT+CMGS=19\r")
      let heard = bench.ask("00\(Self.submitted)\u{1A}", for: 119_000)
      bench.wait(2000)
      #expect(bench.submitted.isEmpty)
      return heard.isEmpty ? "later: \(bench.heard)" : heard
    }
    let without = try send { $0.verdict = .noCoverage }
    #expect(["\r\n+CMS ERROR: 331\r\n", "\r\n+CMS ERROR: 38\r\n"].contains(without))
    #expect(try send { $0.messageService = .refuses(cause: 50) } == "\r\n+CMS ERROR: 50\r\n")
    #expect(try send { $0.messageService = .silent } == "later: \r\n+CMS ERROR: 332\r\n")
  }

  @Test("begin in PDU mode on Quectel's, in either mode elsewhere, and forget it at a boot")
  func format() throws {
    for name in Self.names {
      let modes = Set(
        try (1...12).map { (seed: UInt64) in
          let personality = try #require(ModemPersonality.named(Array(name.utf8)))
          let pulse = personality.startPulse == nil ? nil : PersonalityTests.pulse(personality)
          var bench = Bench.other(personality, pulse: pulse, first: ["AT", "ATE0"], seed: seed)
          return bench.ask("AT+CMGF?\r", for: 300)
        })
      let pdu = "\r\n+CMGF: 0\r\n\(Self.ok)"
      let either: Set = [pdu, "\r\n+CMGF: 1\r\n\(Self.ok)"]
      #expect(modes == (name.hasPrefix("quectel") ? [pdu] : either), "\(name)")
    }
  }

  @Test("outlive a power-off; those unread are announced by SIM7600 alone", arguments: names)
  func kept(name: String) throws {
    var bench = try Self.ready(name)
    bench.input(.messageArrived(Self.octets(Self.delivered)))
    bench.wait(20_000)
    #expect(bench.modem.stored.messages.map(\.status) == [.unread])
    bench.output = []
    let personality = try #require(ModemPersonality.named(Array(name.utf8)))
    bench.input(.supply(isOn: false))
    bench.wait(1000)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    if let pulse = personality.startPulse { bench.pulse(max(1500, pulse.wholeMilliseconds)) }
    bench.wait(40_000)
    let isTold = bench.said("\r\nSMS DONE\r\n\r\nPB DONE\r\n\r\n+CMTI: \"SM\",1\r\n")
    #expect(isTold == (name == "simcom-sim7600"))
    for command in ["AT", "AT", "ATE0", "AT+CFUN=1"] { _ = bench.ask(command + "\r", for: 500) }
    bench.wait(30_000)
    _ = bench.ask("AT+CMGF=0\r", for: 300)
    _ = bench.ask("AT+CPMS=\"SM\"\r", for: 300)
    #expect(bench.ask("AT+CMGL=4\r", for: 300).hasPrefix("\r\n+CMGL: 1,0,,35\r\n"))
  }

  @Test("wait at the network while there is no room, until one is deleted") func full() throws {
    var bench = try Self.ready(capacity: 1)
    _ = bench.ask("AT+QINDCFG=\"smsfull\",1\r")
    bench.output = []
    for _ in 1...2 { bench.input(.messageArrived(Self.octets(Self.delivered))) }
    bench.wait(60_000)
    #expect(bench.heard == "\r\n+CMTI: \"SM\",1\r\n\r\n+QIND: \"smsfull\",\"SM\"\r\n")
    #expect(bench.modem.heldMessages == 1)
    #expect(bench.ask("AT+CMGD=0,1\r", for: 10_000) == Self.ok)
    #expect(bench.modem.heldMessages == 1)
    #expect(bench.ask("AT+CMGD=0,4\r", for: 10_000) == Self.ok + "\r\n+CMTI: \"SM\",1\r\n")
    #expect(bench.modem.heldMessages == 0)
  }

  @Test("don't reach a module in PSM before it speaks to the network") func asleep() throws {
    var bench = try Self.ready()
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r")
    _ = bench.wait(for: "PSM POWER DOWN\r\n", within: 60_000)
    bench.input(.messageArrived(Self.octets(Self.delivered)))
    bench.wait(60_000)
    #expect(bench.modem.state == "PSM")
    bench.pulse(600)
    bench.wait(4500)
    #expect(bench.modem.state == "idle")
    #expect(bench.modem.heldMessages == 1)
    bench.output = []
    _ = bench.ask("ATE0\r")
    _ = bench.ask("AT+CPSMS=0\r", for: 5000)
    #expect(bench.said("\r\n+CMTI: \"ME\",0\r\n"))
    #expect(bench.modem.heldMessages == 0)
  }

  @Test("that lie in one memory aren't seen in another") func memories() throws {
    var bench = try Self.ready()
    _ = bench.ask("AT+CPMS=\"SM\",\"SM\",\"ME\"\r")
    bench.output = []
    bench.input(.messageArrived(Self.octets(Self.delivered)))
    bench.wait(10_000)
    #expect(bench.heard == "\r\n+CMTI: \"ME\",0\r\n")
    #expect(bench.ask("AT+CMGL=4\r") == Self.ok)
    #expect(bench.ask("AT+CPMS=\"MT\"\r") == "\r\n+CPMS: 1,23,0,50,1,23\r\n\(Self.ok)")
    #expect(bench.ask("AT+CMGR=0\r").hasPrefix("\r\n+CMGR: 0,,35\r\n"))
  }

  @Test("are announced at any moment, among the lines of an answer too") func amongLines() throws {
    let pdu = "\(Self.centre)\(Self.delivered)\r\n"
    let news = "\r\n+CMTI: \"SM\",2\r\n"
    var seen: Set<String> = []
    for seed in 1...40 as ClosedRange<UInt64> {
      var bench = try Self.ready(seed: seed)
      bench.input(.messageArrived(Self.octets(Self.delivered)))
      bench.wait(20_000)
      bench.input(.messageArrived(Self.octets(Self.delivered)))
      let (line, time) = seed % 2 == 0 ? ("AT+CMGL=4\r", 62 as Int64) : ("AT+CMGR=1\r", 32)
      for _ in 1...200 {
        let heard = bench.ask(line, for: time)
        guard heard.count > news.count, bench.said(news) else { continue }
        if heard.hasPrefix(news) { seen.insert("before") }
        if heard.hasSuffix("\(pdu)\(news)\(Self.ok)") { seen.insert("before OK") }
        if heard.hasSuffix(Self.ok + news) { seen.insert("after") }
        if bench.said("\(pdu)\(news)\r\n+CMGL: 2,") { seen.insert("between two") }
        break
      }
    }
    #expect(seen == ["before", "before OK", "after", "between two"])
  }

  @Test("that go straight to the host come again unless it acknowledges them") func direct() throws
  {
    let text = "\r\n+CMT: ,35\r\n\(Self.centre)\(Self.delivered)\r\n"
    var bench = try Self.ready()
    #expect(bench.ask("AT+CSMS=1\r") == "\r\n+CSMS: 1,1,1\r\n\(Self.ok)")
    _ = bench.ask("AT+CNMI=2,2,0,0,0\r")
    bench.output = []
    bench.input(.messageArrived(Self.octets(Self.delivered)))
    bench.wait(5000)
    #expect(bench.heard == text)
    #expect(bench.ask("AT+CNMA\r") == Self.ok)
    #expect(bench.ask("AT+CNMA\r") == "\r\n+CMS ERROR: 340\r\n")
    bench.output = []
    bench.input(.messageArrived(Self.octets(Self.delivered)))
    bench.wait(30_000)
    #expect(bench.heard == text)
    #expect(bench.ask("AT+CNMI?\r") == "\r\n+CNMI: 2,0,0,0,0\r\n\(Self.ok)")
    #expect(bench.modem.stored.messages.count == 1)
  }

  @Test("show sender, time and text in text mode, and are packed there too") func textMode() throws
  {
    var bench = try Self.ready()
    let alphanumeric = "040BD0C5A63B6DCE030000620112214300800C61B83B269BD16A3650B90D"
    for tpdu in [Self.delivered, alphanumeric] {
      bench.input(.messageArrived(Self.octets(tpdu)))
      bench.wait(5000)
    }
    _ = bench.ask("AT+CMGF=1\r")
    #expect(bench.ask("AT+CMGL=4\r") == "\r\nERROR\r\n")
    let time = "\"26/10/21,12:34:00+08\""
    let first = "\r\n+CMGL: 1,\"REC UNREAD\",\"+491738718787\",,\(time)\r\n  setparam 2001:em\r\n"
    let second = "+CMGL: 2,\"REC UNREAD\",\"EMnify\",,\(time)\r\napn123456 em\r\n"
    #expect(bench.ask("AT+CMGL=\"ALL\"\r") == first + second + Self.ok)
    #expect(bench.ask("AT+CMGS=\"12345\"\r") == "\r\n> ")
    #expect(bench.ask("OK apn=em\u{1A}", for: 5000) == "\r\n+CMGS: 0\r\n\(Self.ok)")
    #expect(bench.submitted == [Self.octets(Self.submitted)])
  }

  @Test("of type 0 are acknowledged and thrown away; reports go where AT+CNMI says") func kinds()
    throws
  {
    var bench = try Self.ready()
    bench.output = []
    // PID 0x40.
    let silent = Self.delivered.replacingCharacter(at: 18, with: "4")
    bench.input(.messageArrived(Self.octets(silent)))
    bench.wait(5000)
    let report = "0600" + "0581214365F5" + "62011221430080" + "62011221430080" + "00"
    bench.input(.messageArrived(Self.octets(report)))
    bench.wait(5000)
    #expect(bench.heard == "")
    _ = bench.ask("AT+CNMI=2,1,0,1,0\r")
    bench.output = []
    bench.input(.messageArrived(Self.octets(report)))
    bench.wait(5000)
    #expect(bench.heard == "\r\n+CDS: \(report.count / 2)\r\n\(Self.centre)\(report)\r\n")
    #expect(bench.modem.stored.messages.isEmpty)
    #expect(bench.modem.heldMessages == 0)
  }

  @Test("keep the connection open no longer than data does") func connection() throws {
    var bench = try Self.ready()
    let before = bench.modem.counters.connections
    bench.input(.messageArrived(Self.octets(Self.delivered)))
    bench.wait(1000)
    #expect(bench.modem.state == "connected (RRC)" || bench.modem.state == "transmitting")
    bench.wait(10_000)
    #expect(bench.modem.state == "idle")
    #expect(bench.modem.counters.connections == before + 1)
  }
}

extension String {
  fileprivate func replacingCharacter(at place: Int, with character: Character) -> String {
    var characters = Array(self)
    characters[place] = character
    return String(characters)
  }
}
