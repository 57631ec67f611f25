import AT
import Cellular
import Modems
import Primitives
import Testing

@Suite("Telit ME910") struct TelitME910Tests {
  private let profile = ModuleProfile.telitME910

  @Test(
    "what its unsolicited lines mean",
    arguments: [
      ("SRING: 1", ModuleURC.dataWaiting), ("SRING: 1,5", .dataAvailable(5)), ("SRING: 2", .other),
      ("NO CARRIER", .socketClosed), ("NO CARRIER: 1", .socketClosed),
      ("#PSMURC: 60,3600", .asleep), ("#PSMURC: 1", .other), ("+CPIN: READY", .sim(.ready)),
      ("+CEREG: 2", .registration(.init(status: .searching))), ("#QSS: 3", .other), ("", .other),
    ])
  func meaning(line: String, expected: ModuleURC) {
    #expect(profile.meaning(wire(line)) == expected)
  }

  @Test(
    "a setting is compared as the module means it",
    arguments: [
      ("#WS46", "#WS46: 2", true), ("#WS46", "#WS46: 0", false), ("#WS46", "", nil),
      ("+WS46", "+WS46: 28", true), ("+WS46", "+WS46: 30", false),
      ("psm", "+CPSMS: 1,,,\"00000110\",\"00011110\"", true),
      ("psm", "+CPSMS: 1,,,6,30", true), ("psm", "+CPSMS: 1,,,33,30", true),
      ("psm", "+CPSMS: 1,,,162,33", false), ("psm", "+CPSMS: 0", false),
      ("socket sizes", "#SCFG: 1,1,1500,0,600,50", true),
      ("socket sizes", "#SCFG: 1,1,300,90,600,50", false), ("socket sizes", "", nil),
      ("socket form", "#SCFGEXT: 1,1,0,0,0,0", true), ("socket form", "#SCFGEXT: 1,1,0,0,0", true),
      ("socket form", "#SCFGEXT: 1,1,1,0,0,1", false), ("socket form", "#SCFGEXT: 2,1,0,0", nil),
    ])
  func compared(name: String, line: String, expected: Bool?) {
    #expect(profile.isRight(name, line, wholeWish([.lteM, .nbIoT])) == expected)
  }

  @Test("what it writes for each setting") func written() {
    #expect(
      profile.written(wholeWish([.lteM])) == [
        "AT#WS46=0", "AT+WS46=28", "AT+CPSMS=1,,,\"00000110\",\"00011110\"",
        "AT+CPSMS=1,,,6,30", "AT+CTZU=1", "AT+CGDCONT=1,\"IP\",\"em\"",
        "AT+CGAUTH=1,1,\"***\",\"***\"",
        "AT#SCFG=1,1,1500,0,600,50", "AT#SCFGEXT=1,1,0,0,0,0",
      ])
    #expect(profile.settings.filter { $0.needsRestart }.map { "\($0.name)" } == ["#WS46", "+WS46"])
  }

  @Test(
    "the numbers for what is searched for",
    arguments: [
      ([RAT.lteM], ["AT#WS46=0", "AT+WS46=28"]), ([.nbIoT], ["AT#WS46=1", "AT+WS46=28"]),
      ([.nbIoT, .lteM, .gsm], ["AT#WS46=3", "AT+WS46=30"]), ([.lte, .umts], ["AT+WS46=31"]),
      ([.gsm], ["AT+WS46=12"]), ([], []),
    ])
  func rats(rats: [RAT], expected: [String]) {
    let settings = NetworkSettings(accessPoint: nil, rats: rats)
    #expect(
      profile.written(settings).filter { $0.hasPrefix("AT#WS") || $0.hasPrefix("AT+WS") }
        == expected)
  }

  @Test("UDP opens in one step, TCP is looked at once more") func opening() {
    let udp = profile.opening(socketTarget("coap.example", .udp), [.ok])
    #expect(udp.0 == ["AT#SD=1,1,5683,\"coap.example\",0,0,1", "open"])
    #expect(shownLine(profile.socket?.read(udp.1)) == "AT#SRECV=1,1500,1")
    let tcp = profile.opening(
      socketTarget("192.0.2.1", .tcp), [.ok, .ok("#SS: 1,2,10.0.0.1,1024")])
    #expect(tcp.0 == ["AT#SD=1,0,5683,\"192.0.2.1\",0,0,1", "AT#SS=1", "open"])
    #expect(shownLine(profile.socket?.read(tcp.1)) == "AT#SRECV=1,1500")
    #expect(
      profile.opening(socketTarget("192.0.2.1", .tcp), [.ok, .ok("#SS: 1,0")]).0.last == "remote")
  }

  @Test(
    "what a refused socket is evidence about",
    arguments: [
      (Answer.refused, "remote"), (.error, "stale"), (.error(556), "context"),
      (.error(558), "name"),
      (.error(559), "remote"), (.error(560), "busy"), (.error(553), "stale"),
    ])
  func refused(answer: Answer, expected: String) {
    #expect(profile.opening(socketTarget("coap.example", .udp), [answer]).0.last == expected)
  }

  @Test(
    "what is read is counted, with the sender's address and without",
    arguments: [
      ("\r\n#SRECV: 1,6\r\nOK\r\nOK\r\nOK\r\n", "OK\r\nOK"),
      ("\r\n#SRECV: 1,2,3\r\nok\r\nOK\r\n", "ok"),
      ("\r\n#SRECV: 192.0.2.1,5683,1,4,0\r\nSRIN\r\nOK\r\n", "SRIN"),
      ("\r\n#SRECV: \"192.0.2.1\",5683,1,2,0\r\n\r\n\r\nOK\r\n", "\r\n"),
      ("\r\n#SRECV: 1,0\r\nOK\r\n", ""), ("\r\nSRING: 1,4\r\n\r\n#SRECV: 1,1\r\nx\r\nOK\r\n", "x"),
    ])
  func read(said: String, data: String) {
    let answer = profile.run(profile.socket!.read(SocketProgress()), said)?.answer
    #expect(answer?.data == wire(data))
    #expect(answer?.isOK == true)
  }

  @Test("the payload goes out at the prompt, as it is") func send() {
    let exchange = profile.socket!.send(
      wire("a\u{1A}b"), socketTarget("coap.example", .udp), SocketProgress())
    #expect(shownLine(exchange) == "AT#SSENDEXT=1,3")
    let run = profile.run(exchange, "\r\n> \r\nOK\r\n")
    #expect(run?.answer.outcome == .ok)
    #expect(run?.written == ["a\u{1A}b"])
  }

  @Test("context 1 is active when its own line says so") func context() {
    #expect(profile.context.isActive([wire("#SGACT: 2,0"), wire("#SGACT: 1,1")]))
    #expect(!profile.context.isActive([wire("#SGACT: 1,0"), wire("#SGACT: 2,1")]))
    #expect(!profile.context.isActive([]))
    #expect(profile.context.activate(wholeWish([])).map { shownLine($0) } == ["AT#SGACT=1,1"])
    #expect(
      shownLine(profile.context.setServers([IPv4Address(9, 9, 9, 9)]))
        == "AT#DNS=1,\"9.9.9.9\",\"9.9.9.9\";#DNS?")
  }

  @Test("after a reboot nothing is asked before it can be over") func restart() {
    #expect(shownLine(profile.restart) == "AT#REBOOT")
    #expect(profile.power.pollAfterRestart >= .seconds(8))
  }

  @Test("the identities with the card's number in front") func identity() {
    var identity = ModuleIdentity()
    let lines = [
      "+CPIN: READY", "#CCID: 89882390000012345678", "901430000012345", "861234567890123",
      "Telit", "ME910C1-E2", "30.00.525",
    ]
    profile.readIdentity(lines.map { wire($0) }, &identity)
    #expect(identity.iccid == ICCID(wire("89882390000012345678")))
    #expect(identity.imei == IMEI(wire("861234567890123")))
    #expect(identity.model == wire("ME910C1-E2"))
    #expect(profile.covers.contains { identity.model.hasPrefix($0) })
  }
}
