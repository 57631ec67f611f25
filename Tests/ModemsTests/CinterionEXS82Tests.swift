import AT
import Cellular
import Modems
import Primitives
import Testing

@Suite("Cinterion EXS82") struct CinterionEXS82Tests {
  private let profile = ModuleProfile.cinterionEXS82

  @Test(
    "what its unsolicited lines mean",
    arguments: [
      ("^SYSSTART", ModuleURC.ready), ("^SYSSTART AIRPLANE MODE", .other), ("^SYSRESUME", .ready),
      ("^SHUTDOWN", .poweredDown), ("+CIEV: \"suspendReady\",1", .asleep),
      ("+CIEV: suspendready,1", .asleep), ("+CIEV: \"suspendReady\",0", .other),
      ("+CIEV: \"suspendAvailable\",1", .other), ("^SISW: 0,1", .socketOpened(error: 0)),
      ("^SISW: 0,2", .other), ("^SISW: 1,1", .other), ("^SISR: 0,1", .dataWaiting),
      ("^SISR: 0,2", .socketClosed), ("^SISR: 0,12,0", .other), ("^SISR: 1,1", .other),
      ("^SIS: 0,0,48,\"The remote peer has closed the connection\"", .socketClosed),
      ("^SIS: 0,0,20,\"x\"", .socketOpened(error: 20)), ("^SIS: 0,0,2200,\"Http\"", .other),
      ("^SIS: 0,0,0", .other), ("^SIND: nitz,1", .other), ("", .other),
      ("+CEREG: 5", .registration(.init(status: .roaming))),
    ])
  func meaning(line: String, expected: ModuleURC) {
    #expect(profile.meaning(wire(line)) == expected)
  }

  @Test(
    "a setting is compared as the module means it",
    arguments: [
      ("service URCs", "^SCFG: \"Tcp/withURCs\",\"on\"", true),
      ("service URCs", "^SCFG: \"Tcp/withURCs\",\"off\"", false),
      ("service URCs", "^SCFG: \"SIM/CS\",\"off\"", nil),
      ("suspend", "^SCFG: \"MEopMode/PowerMgmt/Suspend\",\"0\"", false),
      ("network time", "+CTZU: 0", false),
      ("authentication", "^SGAUTH: 1,1,\"me\"", true),
      ("authentication", "^SGAUTH: 1,2,\"me\"", false),
      ("authentication", "^SGAUTH: 2,1,\"me\"", false),
      ("rat", "^SXRAT: 10, 7, 8", true), ("rat", "^SXRAT: 12, 7, 8", false),
      ("rat", "^SXRAT: 10, 8, 7", false), ("rat", "", nil),
    ])
  func compared(name: String, line: String, expected: Bool?) {
    #expect(profile.isRight(name, line, wholeWish([.lteM, .nbIoT])) == expected)
  }

  @Test("what it writes for each setting; the password comes before the user") func written() {
    #expect(
      profile.written(wholeWish([.lteM, .nbIoT, .gsm])) == [
        "AT^SCFG=\"Tcp/WithURCs\",\"on\"", "AT^SCFG=\"MEopMode/PowerMgmt/Suspend\",\"1\"",
        "AT+CTZU=1", "AT+CPSMS=1,,,\"00000110\",\"00011110\"", "AT+CGDCONT=1,\"IP\",\"em\"",
        "AT^SGAUTH=1,1,\"***\",\"***\"", "AT^SXRAT=12,7,8", "AT+CFUN=1;^SXRAT=12,7,8",
      ])
    let line = profile.settings.first { "\($0.name)" == "authentication" }!.writes(wholeWish([]))
    #expect(line[0].line.bytes == wire("AT^SGAUTH=1,1,\"hush\",\"me\""))
  }

  @Test(
    "the numbers for what is searched for",
    arguments: [
      ([RAT.gsm], "AT^SXRAT=0"), ([.lteM], "AT^SXRAT=7"), ([.nbIoT], "AT^SXRAT=8"),
      ([.gsm, .lteM], "AT^SXRAT=9,0,7"), ([.nbIoT, .lteM], "AT^SXRAT=10,8,7"),
      ([.nbIoT, .gsm], "AT^SXRAT=11,8,0"), ([.gsm, .nbIoT, .lteM], "AT^SXRAT=12,0,8"),
    ])
  func rats(rats: [RAT], expected: String) {
    let written = profile.written(NetworkSettings(accessPoint: nil, rats: rats))
    #expect(written.filter { $0.hasPrefix("AT^SXRAT") } == [expected])
  }

  @Test("a service is described on one line, opened, and awaited") func opening() {
    #expect(
      profile.opening(socketTarget("coap.example", .udp), [.ok, .ok]).0 == [
        """
        AT^SISS=0,"srvType","Socket";^SISS=0,"conId","1";\
        ^SISS=0,"address","sockudp://coap.example:5683"
        """, "AT^SISO=0", "wait 30 s", "open",
      ])
  }

  @Test("where one line isn't taken, it is described in three") func openingSplit() {
    let all = profile.opening(socketTarget("192.0.2.1", .tcp), [.error, .ok, .ok, .ok, .ok]).0
    #expect(
      all.dropFirst() == [
        "AT^SISS=0,\"srvType\",\"Socket\"", "AT^SISS=0,\"conId\",\"1\"",
        "AT^SISS=0,\"address\",\"socktcp://192.0.2.1:5683\"", "AT^SISO=0", "wait 30 s", "open",
      ])
    let refused = profile.opening(socketTarget("192.0.2.1", .tcp), [.error(3), .error(3)]).0
    #expect(refused.last == "stale")
  }

  @Test("the longest host name fits on the line that describes the service") func longest() {
    let label = String(repeating: "a", count: 61)
    let name = [label, label, label, label].joined(separator: ".")
    let line = profile.opening(socketTarget(name, .udp), []).0[0]
    #expect(line.utf8.count <= CommandLine.limit)
  }

  @Test("the payload follows the line that asks for it, as much as it takes") func send() {
    let exchange = profile.socket!.send(
      wire("hello"), socketTarget("coap.example", .udp), SocketProgress())
    #expect(shownLine(exchange) == "AT^SISW=0,5")
    // The service says meanwhile that it may be written: two values, not three.
    let run = profile.run(exchange, "\r\n^SISW: 0,1\r\n\r\n^SISW: 0,5,0\r\n\r\nOK\r\n")
    #expect(run?.written == ["hello"])
    #expect(run?.answer.outcome == .ok)
    let part = profile.run(exchange, "\r\n^SISW: 0,3,1500\r\n\r\nOK\r\n")
    #expect(part?.written == ["hel"])
    #expect(part?.answer.accepted == 3)
  }

  @Test(
    "what is read is counted, in either shape of the answer",
    arguments: [
      ("\r\n^SISR: 0,4\r\nOK\r\n\r\nOK\r\n", "OK\r\n"),
      ("\r\n^SISR: 0,4,0,\"192.0.2.1:5683\"\r\nabcd\r\nOK\r\n", "abcd"),
      ("\r\n^SISR: 0,4,\"192.0.2.1:5683\"\r\nabcd\r\nOK\r\n", "abcd"),
      ("\r\n^SISR: 0,0\r\n\r\nOK\r\n", ""), ("\r\n^SISR: 0,-1\r\n\r\nOK\r\n", ""),
      ("\r\n^SISR: 0,-2\r\n\r\nOK\r\n", ""),
      ("\r\n^SISR: 0,1\r\n\r\n^SISR: 0,3,0\r\nabc\r\nOK\r\n", "abc"),
    ])
  func read(said: String, data: String) {
    let answer = profile.run(profile.socket!.read(SocketProgress()), said)?.answer
    #expect(answer?.data == wire(data))
    #expect(answer?.isOK == true)
  }

  @Test("the card's number by whichever command there is", arguments: ["^SCID", "+CCID"])
  func identity(name: String) {
    var identity = ModuleIdentity()
    let lines = ["+CPIN: READY", "\(name): 89882390000012345678", "901430000012345", "EXS82-W"]
    profile.readIdentity(lines.map { wire($0) }, &identity)
    #expect(identity.iccid == ICCID(wire("89882390000012345678")))
  }
}
