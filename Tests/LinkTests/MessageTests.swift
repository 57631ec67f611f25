import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

@Suite("SMS, eDRX and the last datagram") struct MessageTests {
  private static let pdu =
    "00040C919471831778780000620112214300801220D0BC4C8787E5E136480683C574E536"
  private static let octets = 36 - 1
  private static let listing =
    "+CMGL: 3,0,,\(octets)\r\n\(pdu)\r\n+CMGL: 4,1,,\(octets)\r\n\(pdu)"

  /// Online, with the server's answer there.
  private func online(
    _ change: (inout FakeModem, inout NetworkSettings) -> Void = { _, _ in }
  ) -> Bench {
    var (modem, network) = (FakeModem(), NetworkSettings.forTests)
    modem.answers["+CPMS?"] = "+CPMS: \"ME\",0,23,\"ME\",0,23,\"ME\",0,23"
    network.takesMessages = true
    change(&modem, &network)
    var bench = Bench(modem: modem, network: network)
    bench.releases = false
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(bench.target))
    bench.run { !$0.received.isEmpty || $0.isOver }
    return bench
  }

  private func messages(_ bench: Bench) -> [Int] {
    bench.events.compactMap { if case .message(let message) = $0 { message.index } else { nil } }
  }

  @Test(
    "where they are wanted they are stored and shown as octets, from each start on")
  func wanted() {
    var bench = online()
    #expect(bench.modem.lines.contains("AT+QIACT?;+QLTS=2;+CMGF=0;+CNMI=2,1;+CPMS?"))
    #expect(!online { $1.takesMessages = false }.modem.lines.contains { $0.contains("CMGF") })
    bench.give(.release)
    bench.run { $0.link.state == .draining }
    bench.now = bench.now + .seconds(12)
    bench.modem.fallAsleep(now: bench.now)
    bench.run { $0.isOver }
    let before = bench.modem.lines.count
    bench.give(.connect(bench.target))
    bench.run { $0.link.state == .online }
    #expect(bench.modem.lines[before].contains(";+CMGF=0;+CNMI=2,1;"))
    #expect(!bench.modem.lines[before...].contains { $0.contains("CPMS") })
  }

  @Test("a storage that new ones don't go to is left, and that is written once") func storage() {
    let bench = online { modem, _ in
      modem.answers["+CPMS?"] = "+CPMS: \"SM\",0,10,\"SM\",0,10,\"ME\",0,23"
    }
    #expect(bench.lineCount("AT+CPMS=\"SM\",\"SM\",\"SM\"") == 1)
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test("PDU mode that was refused at first is asked for in front of the listing")
  func refusedMode() {
    var bench = online { modem, _ in modem.answers["+CMGF=0"] = "+CMS ERROR: 500" }
    bench.modem.answers["+CMGF=0"] = ""
    bench.give(.listMessages)
    #expect(bench.modem.lines.last == "AT+CMGF=0;+CNMI=2,1;+CMGL=4")
    #expect(bench.run(for: .seconds(5)) { $0.events.contains(.messagesListed(0)) })
  }

  @Test("a listing is one exchange, and what is dealt with is deleted on one line before the rest")
  func listed() {
    var bench = online { modem, _ in modem.answers["+CMGL=4"] = Self.listing }
    let before = bench.modem.lines.count
    bench.give(.listMessages)
    bench.run { $0.events.contains(.messagesListed(2)) }
    #expect(messages(bench) == [3, 4])
    bench.give(.deleteMessages([3, 4]))
    bench.give(.release)
    bench.run { $0.link.state == .draining }
    #expect(bench.modem.lines[before...] == ["AT+CMGL=4", "AT+CMGD=3;+CMGD=4"])
  }

  @Test("an empty storage, and one that can't be listed", arguments: [true, false])
  func empty(isEmpty: Bool) {
    var bench = online { modem, _ in
      if !isEmpty { modem.answers["+CMGL=4"] = "+CMS ERROR: 512" }
    }
    bench.give(.listMessages)
    let expected = isEmpty ? LinkEvent.messagesListed(0) : .messagesNotListed(error: 512)
    #expect(bench.run(for: .seconds(5)) { $0.events.contains(expected) })
    #expect(bench.link.state == .online)
  }

  @Test("a place that is empty already keeps none of the others from being deleted") func hole() {
    var bench = online { modem, _ in modem.answers["+CMGD=3"] = "+CMS ERROR: 321" }
    let before = bench.modem.lines.count
    bench.give(.deleteMessages([3, 4, 5]))
    bench.give(.release)
    bench.run { $0.link.state == .draining }
    let lines = bench.modem.lines[before...]
    #expect(lines == ["AT+CMGD=3;+CMGD=4;+CMGD=5", "AT+CMGD=3", "AT+CMGD=4;+CMGD=5"])
  }

  @Test("without a connection nothing is listed or sent, and that is said") func offline() {
    var bench = online()
    bench.give(.release)
    bench.run { $0.link.state == .draining }
    bench.give(.listMessages)
    bench.give(.sendMessage(pdu: [0, 1, 2], length: 2))
    #expect(
      bench.events.suffix(2) == [.messagesNotListed(error: nil), .messageRefused(error: nil)])
  }

  @Test(
    "one is sent behind the prompt",
    arguments: [
      ("\r\n+CMGS: 7\r\n\r\nOK\r\n", LinkEvent.messageSent(reference: 7)),
      ("\r\nOK\r\n", .messageSent(reference: nil)),
      ("\r\n+CMS ERROR: 38\r\n", .messageRefused(error: 38)),
      ("\r\nERROR\r\n", .messageRefused(error: nil)),
    ])
  func sent(answer: String, event: LinkEvent) {
    var bench = online()
    bench.modem.mishaps[bench.modem.lines.count + 1] = .answer("\r\n> ")
    bench.give(.sendMessage(pdu: [0, 0x11, 0xAB], length: 2))
    #expect(bench.modem.lines.last == "AT+CMGS=2")
    bench.run(for: .seconds(1)) { _ in false }
    bench.modem.say(answer, at: bench.now)
    #expect(bench.run(for: .seconds(1)) { $0.events.contains(event) })
    #expect(bench.link.state == .online)
  }

  @Test("a length that isn't the message's is refused") func wrongLength() {
    var bench = online()
    bench.give(.sendMessage(pdu: [0, 0x11, 0xAB], length: 3))
    #expect(bench.events.last == .messageRefused(error: nil))
    #expect(bench.link.counters.refusedSends == 1)
  }

  @Test("a connection that is lost takes what waits along, and says so") func lost() {
    var bench = online()
    bench.modem.mishaps[bench.modem.lines.count + 1] = .silence
    bench.give(.sendMessage(pdu: [0, 0x11, 0xAB], length: 2))
    bench.run { $0.events.contains(.connectionLost(.deaf)) }
    #expect(bench.events.contains(.messageRefused(error: nil)))
  }

  @Test("an announcement is no answer, whenever it comes", arguments: 1...12)
  func announced(line: Int) {
    var bench = online { modem, _ in
      modem.answers["+CMGL=4"] = Self.listing
      modem.mishaps[line] = .interrupted("+CMTI: \"SM\",5\r\n", at: 30)
    }
    bench.give(.listMessages)
    bench.run(for: .seconds(60)) { $0.events.contains(.messagesListed(2)) }
    #expect(messages(bench) == [3, 4])
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test("a full storage is told") func full() {
    var bench = online()
    bench.modem.say("\r\n+QIND: \"smsfull\",\"ME\"\r\n", at: bench.now)
    #expect(bench.run(for: .seconds(1)) { $0.events.contains(.messageStorageFull) })
  }

  @Test("one that was full before is seen at the start, and what isn't listened to makes room")
  func fullBefore() {
    var bench = online { modem, _ in
      modem.answers["+CPMS?"] = "+CPMS: \"ME\",2,2,\"ME\",2,2,\"ME\",2,2"
      modem.answers["+CMGL=4"] = "+CMGL: 1,3,,4\r\n0001000481"
    }
    #expect(bench.events.contains(.messageStorageFull))
    bench.give(.listMessages)
    bench.run(for: .seconds(5)) { $0.lineCount("AT+CMGD=1") == 1 }
    #expect(bench.lineCount("AT+CMGD=1") == 1)
  }

  // MARK: - eDRX

  private func grants(_ bench: Bench) -> [EDRXState] {
    bench.events.compactMap { if case .edrx(let state) = $0 { state } else { nil } }
  }

  @Test("eDRX is written only where it differs, and the grant is read with the context")
  func edrx() throws {
    for (stored, writes) in [("0101", 0), ("0010", 1)] {
      var bench = online { modem, network in
        network.edrx = .cycle(.seconds(82))
        network.rats = [.lteM]
        modem.answers["+CEDRXS?"] = "+CEDRXS: 4,\"\(stored)\""
        modem.answers["+CEDRXRDP"] = "+CEDRXRDP: 4,\"0101\",\"0010\",\"0011\""
      }
      let written = bench.modem.lines.filter { $0 == "AT+CEDRXS=1,4,\"0101\"" }
      #expect(written.count == writes)
      #expect(grants(bench).map { $0.cycle } == [.milliseconds(20_480)])
      bench.modem.say("\r\n+CEDRXP: 4,\"0101\",\"0101\",\"0011\"\r\n", at: bench.now)
      bench.run(for: .seconds(1)) { _ in false }
      #expect(grants(bench).last?.cycle == .milliseconds(81_920))
    }
  }

  @Test("a module that refuses to tell the grant isn't asked again") func noGrant() {
    var bench = online { modem, network in
      network.edrx = .cycle(.seconds(82))
      modem.answers["+CEDRXRDP"] = "ERROR"
    }
    #expect(bench.modem.lines.count { $0.contains("+CEDRXRDP") } > 0)
    bench.give(.release)
    bench.run { $0.link.state == .draining }
    bench.now = bench.now + .seconds(12)
    bench.modem.fallAsleep(now: bench.now)
    bench.run { $0.isOver }
    let before = bench.modem.lines.count
    bench.give(.connect(bench.target))
    bench.run { $0.link.state == .online }
    #expect(!bench.modem.lines[before...].contains { $0.contains("+CEDRXRDP") })
  }

  @Test("after a wake the grant is read once it is registered") func grantAfterWake() {
    var bench = online { modem, network in
      network.edrx = .cycle(.seconds(82))
      modem.answers["+CEDRXRDP"] = "+CEDRXRDP: 0"
    }
    bench.give(.release)
    bench.run { $0.link.state == .draining }
    bench.now = bench.now + .seconds(12)
    bench.modem.fallAsleep(now: bench.now)
    bench.run { $0.isOver }
    let before = bench.modem.lines.count
    bench.give(.connect(bench.target))
    bench.run { $0.link.state == .searching }
    bench.modem.answers["+CEDRXRDP"] = "+CEDRXRDP: 4,\"0101\",\"0101\",\"0011\""
    bench.run { $0.link.state == .online }
    #expect(bench.modem.lines[before...].filter { $0.contains("+CEDRXRDP") }.count == 2)
    #expect(grants(bench).last?.cycle == .milliseconds(81_920))
  }

  // MARK: - The last datagram

  private func last(
    _ payload: Int = 4, _ change: (inout FakeModem, inout NetworkSettings) -> Void = { _, _ in },
    before: (inout Bench) -> Void = { _ in }
  ) -> Bench {
    var bench = online { modem, network in
      modem.registration = "5,\"0A1B\",\"01234567\",9,,,\"00000001\",\"00100110\""
      change(&modem, &network)
    }
    before(&bench)
    bench.give(
      .send([UInt8](repeating: 0x41, count: payload), expectsAnswer: true, isLast: true))
    bench.run { $0.received.count == 2 || $0.isOver }
    return bench
  }

  @Test("on NB-IoT the last datagram says so") func releases() {
    let bench = last()
    #expect(bench.modem.lines.contains("AT+QISENDEX=0,\"41414141\",2"))
    #expect(bench.modem.sent.last == Array("AAAA".utf8))
  }

  @Test("elsewhere, where it is too long, and with SMS to deal with it is sent as any other")
  func plain() {
    let others = [
      last { modem, _ in modem.registration = "5,\"0A1B\",\"01234567\",7" }, last(241),
      last(before: { bench in
        bench.give(.listMessages)
        bench.give(.deleteMessages([3]))
      }),
    ]
    for bench in others {
      #expect(!bench.modem.lines.contains { $0.hasPrefix("AT+QISENDEX") })
      #expect(bench.received.count == 2)
    }
  }

  @Test("firmware that refuses it gets it as any other, this time and from then on") func refused()
  {
    var bench = last { modem, _ in modem.answers["+QISENDEX=0,\"41414141\",2"] = "ERROR" }
    #expect(bench.received.count == 2)
    bench.give(.send(Array("AAAA".utf8), expectsAnswer: true, isLast: true))
    bench.run { $0.received.count == 3 || $0.isOver }
    #expect(bench.received.count == 3)
    #expect(bench.modem.lines.count { $0.hasPrefix("AT+QISENDEX") } == 1)
  }
}
