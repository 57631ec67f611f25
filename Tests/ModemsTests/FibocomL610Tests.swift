import AT
import Cellular
import Modems
import Primitives
import Testing

@Suite("Fibocom L610") struct FibocomL610Tests {
  private let profile = ModuleProfile.fibocomL610

  @Test(
    "what its unsolicited lines mean",
    arguments: [
      ("RDY", ModuleURC.booting), ("+MIPCALL: 10.76.51.180", .contextActivated(error: 0)),
      ("+MIPCALL: 1,10.76.51.180", .contextActivated(error: 0)), ("+MIPCALL: 0", .contextLost),
      ("+MIPOPEN: 1,1", .socketOpened(error: 0)), ("+MIPOPEN: 1,0", .socketOpened(error: 1)),
      ("+MIPOPEN: 2,1", .other), ("+MIPSTAT: 1,1", .socketOpened(error: 1)),
      ("+MIPSTAT: 1,0", .other), ("+MIPREAD: 1,12", .dataAvailable(12)),
      ("+MIPCLOSE: 1,0", .other), ("+MIPCLOSE: 1,2", .socketClosed),
      ("+MIPCLOSED: 1,1", .socketClosed), ("+MIPPUSH: 1,0", .other), ("+SIM: Inserted", .other),
      ("+CGREG: 1", .registration(.init(status: .home))), ("", .other),
    ])
  func meaning(line: String, expected: ModuleURC) {
    #expect(profile.meaning(wire(line)) == expected)
  }

  @Test(
    "which technology is right",
    arguments: [
      ([RAT.lte], "+GTRAT: 3", true), ([.lte], "+GTRAT: 10,3,0", false),
      ([.lte, .gsm], "+GTRAT: 10,3,0", true), ([.lte, .gsm], "+GTRAT: 10", true),
      ([.gsm, .lte], "+GTRAT: 10,3,0", false), ([.gsm], "+GTRAT: 0", true), ([.gsm], "", nil),
    ])
  func compared(rats: [RAT], line: String, expected: Bool?) {
    #expect(
      profile.isRight("rat", line, NetworkSettings(accessPoint: nil, rats: rats)) == expected)
  }

  @Test("what it writes for each setting; LTE-M and PSM it doesn't have") func written() {
    #expect(
      profile.written(wholeWish([.lteM, .lte, .gsm])) == [
        "AT+GTRAT=10,3,0", "AT+CTZU=1", "AT+CGDCONT=1,\"IP\",\"em\"",
      ])
    #expect(profile.written(wholeWish([.lte])).first == "AT+GTRAT=3")
    #expect(profile.written(wholeWish([.lteM])).first == "AT+CTZU=1")
  }

  @Test("the data session is called for with its access point") func context() {
    #expect(
      profile.context.activate(wholeWish([])).map { shownLine($0) } == [
        "AT+MIPCALL=1,\"em\",\"***\",\"***\""
      ])
    let open = NetworkSettings(accessPoint: AccessPoint(apn: APN(wire("em"))!))
    #expect(profile.context.activate(open).map { shownLine($0) } == ["AT+MIPCALL=1,\"em\""])
    let nothing = NetworkSettings(accessPoint: nil)
    #expect(profile.context.activate(nothing).map { shownLine($0) } == ["AT+MIPCALL=1"])
    #expect(profile.context.isActive([wire("+MIPCALL: 1,10.76.51.180")]))
    #expect(!profile.context.isActive([wire("+MIPCALL: 0")]))
  }

  @Test("a socket is opened and awaited", arguments: [(Transport.udp, 1), (.tcp, 0)])
  func opening(transport: Transport, code: Int) {
    let said = profile.opening(socketTarget("coap.example", transport), [.ok]).0
    #expect(said == ["AT+MIPOPEN=1,,\"coap.example\",5683,\(code)", "wait 45 s", "open"])
  }

  @Test("the payload goes out at the prompt") func send() {
    let exchange = profile.socket!.send(
      wire("hello"), socketTarget("coap.example", .udp), SocketProgress())
    #expect(shownLine(exchange) == "AT+MIPSEND=1,5")
    let run = profile.run(exchange, "\r\n>\r\n+MIPSEND: 1,0,2043\r\n\r\nOK\r\n")
    #expect(run?.written == ["hello"])
    #expect(run?.answer.outcome == .ok)
    #expect(profile.socket!.accepted(run!.answer) == nil)
    let full = profile.run(exchange, "\r\n>\r\n+MIPSEND: 1,1,0\r\n\r\nOK\r\n")
    #expect(profile.socket!.accepted(full!.answer) == 0)
  }

  @Test("what is read is counted", arguments: ["hello", "\r\nOK\r\n", "+MIPREAD: 1,3"])
  func read(data: String) {
    var progress = SocketProgress()
    progress.available = data.utf8.count
    let exchange = profile.socket!.read(progress)
    #expect(shownLine(exchange) == "AT+MIPREAD=1,\(data.utf8.count)")
    let said = "\r\n+MIPDATA: 1,\(data.utf8.count)\r\n" + data + "\r\nOK\r\n"
    #expect(profile.run(exchange, said)?.answer.data == wire(data))
  }
}
