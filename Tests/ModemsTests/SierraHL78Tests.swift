import AT
import Cellular
import Modems
import Primitives
import Testing

@Suite("Sierra HL78") struct SierraHL78Tests {
  private let profile = ModuleProfile.sierraHL78
  private let mark = "--EOF--Pattern--"

  @Test(
    "what its unsolicited lines mean",
    arguments: [
      ("+KSUP: 0", ModuleURC.ready), ("+KSUP: 2", .ready), ("+PSMEV: 1", .asleep),
      ("+PSMEV: 0", .other), ("+KUDP_DATA: 1,12", .dataAvailable(12)),
      ("+KTCP_DATA: 1,1500", .dataAvailable(1500)), ("+KUDP_IND: 1,1", .socketOpened(error: 0)),
      ("+KTCP_IND: 1,1", .socketOpened(error: 0)), ("+KTCP_NOTIF: 1,4", .socketClosed),
      ("+KTCP_NOTIF: 1,3", .socketOpened(error: 3)),
      ("+KUDP_NOTIF: 1,0", .socketOpened(error: 100)),
      ("+KCNX_IND: 1,1,0", .contextActivated(error: 0)), ("+KCNX_IND: 1,0", .contextLost),
      ("+KCNX_IND: 1,3", .other), ("+KCNX_IND: 1,2,1,5,30", .contextActivated(error: 2)),
      ("+KCNX_IND: 1,4,1", .other), ("+KCNX_IND: 2,0", .other), ("+KTCP_DATA: 1", .other),
      ("+CEREG: 4", .registration(.init(status: .unknown))), ("", .other),
    ])
  func meaning(line: String, expected: ModuleURC) {
    #expect(profile.meaning(wire(line)) == expected)
  }

  @Test(
    "a setting is compared as the module means it",
    arguments: [
      ("+KSREP", "+KSREP: 1", true), ("+KSREP", "+KSREP: 0", false), ("+KSREP", "", nil),
      ("sleep", "+KSLEEP: 1,2,0", true), ("sleep", "+KSLEEP: 2", false),
      ("sleep", "+KSLEEP: 1,0,0", false), ("rat", "+KSRAT: 1", true), ("rat", "+KSRAT: 2", false),
      ("rat order", "+KSELACQ: 1,2", true), ("rat order", "+KSELACQ: 2,1", false),
      ("rat order", "+KSELACQ: 1,2,3", false), ("rat order", "+KSELACQ: 0", false),
      ("rat order", "+KSELACQ: 0,1,2", true), ("rat order", "+KSELACQ: 0,2,1", false),
      ("rat order", "", nil),
    ])
  func compared(name: String, line: String, expected: Bool?) {
    #expect(profile.isRight(name, line, wholeWish([.lteM, .nbIoT])) == expected)
  }

  @Test("what it writes for each setting") func written() {
    #expect(
      profile.written(wholeWish([.nbIoT, .lteM])) == [
        "AT+KSREP=1", "AT+CTZU=1", "AT+KSLEEP=1,2,10", "AT+CPSMS=1,,,\"00000110\",\"00011110\"",
        "AT+CGDCONT=1,\"IP\",\"em\"", "AT+KSELACQ=0,2,1", "AT+KSRAT=1,1", "AT+KSRAT=1",
      ])
    let one = NetworkSettings(accessPoint: nil, rats: [.lteM])
    #expect(
      profile.written(one) == [
        "AT+KSREP=1", "AT+CTZU=1", "AT+KSLEEP=2", "AT+CPSMS=0", "AT+KSELACQ=0,0", "AT+KSRAT=0,1",
        "AT+KSRAT=0",
      ])
    #expect(profile.isRight("sleep", "+KSLEEP: 2", one) == true)
    #expect(profile.isRight("rat order", "+KSELACQ: 0", one) == true)
    #expect(profile.isRight("rat order", "+KSELACQ: 1,2,3", one) == false)
    #expect(profile.isRight("rat order", "+KSELACQ: 0,1,2", one) == false)
  }

  @Test("the connection is described anew before it is brought up") func context() {
    #expect(
      profile.context.activate(wholeWish([])).map { shownLine($0) } == [
        "AT+KCNXCFG=1,\"GPRS\",\"em\",\"***\",\"***\",\"IPV4\"", "AT+KCNXUP=1",
      ])
    let start = "+KCNXCFG: 1,\"GPRS\",\"em\",\"\",\"\",\"IPV4\""
    #expect(
      profile.context.isActive([wire(start + ",\"10.0.0.2\",\"9.9.9.9\",\"0.0.0.0\",1")]))
    #expect(
      !profile.context.isActive([wire(start + ",\"0.0.0.0\",\"0.0.0.0\",\"0.0.0.0\",0")]))
    #expect(!profile.context.isActive([]))
  }

  @Test("UDP has a session of the module's number") func udp() {
    let (said, progress) = profile.opening(
      socketTarget("coap.example", .udp), [.ok("+KUDPCFG: 2")])
    #expect(said == ["AT+KUDPCFG=1,0,,0,,,0,0", "wait 30 s", "open"])
    let socket = profile.socket!
    let exchange = socket.send(wire("hello"), socketTarget("coap.example", .udp), progress)
    #expect(shownLine(exchange) == "AT+KUDPSND=2,\"coap.example\",5683,5")
    #expect(shownLine(socket.close(progress)) == "AT+KUDPCLOSE=2")
    #expect(shownLine(socket.close(SocketProgress())) == "AT+KUDPCLOSE=1")
  }

  @Test("TCP has a session and a connection") func tcp() {
    let target = socketTarget("192.0.2.1", .tcp)
    let (said, progress) = profile.opening(target, [.ok("+KTCPCFG: 1"), .ok])
    #expect(
      said == ["AT+KTCPCFG=1,0,\"192.0.2.1\",5683", "AT+KTCPCNX=1", "wait 120 s", "open"])
    let socket = profile.socket!
    #expect(shownLine(socket.send(wire("hello"), target, progress)) == "AT+KTCPSND=1,5")
    #expect(shownLine(socket.read(progress)) == "AT+KTCPRCV=1,1500")
    #expect(shownLine(socket.close(progress)) == "AT+KTCPCLOSE=1,1;+KTCPDEL=1")
  }

  @Test("the payload goes out at CONNECT, and its mark behind it") func send() {
    let exchange = profile.socket!.send(
      wire(mark), socketTarget("192.0.2.1", .udp), SocketProgress())
    let run = profile.run(
      exchange, "\r\nCONNECT\r\n\r\n+KTCP_NOTIF: 1,4\r\n\r\nOK\r\n")
    #expect(run?.written == [mark + mark])
    #expect(run?.answer.outcome == .ok)
  }

  @Test(
    "as much is read as has been announced; the mark may stand in it",
    arguments: ["hello", "\r\nOK\r\n", "--EOF--Pattern--", "CONNECT\r\n"])
  func read(data: String) {
    var progress = SocketProgress()
    progress.available = data.utf8.count
    let exchange = profile.socket!.read(progress)
    #expect(shownLine(exchange) == "AT+KUDPRCV=1,\(data.utf8.count)")
    let said = "\r\nCONNECT\r\n" + data + mark + "\r\nOK\r\n"
    #expect(profile.run(exchange, said)?.answer.data == wire(data))
    let told = "\r\nCONNECT\r\n" + data + mark + "\r\n+KUDP_RCV: 192.0.2.1,5683,\r\n\r\nOK\r\n"
    #expect(profile.run(exchange, told)?.answer.data == wire(data))
  }

  @Test(
    "which layer a notification is about",
    arguments: [
      (100, SocketFailure.context), (3, .name), (4, .remote), (5, .remote), (12, .remote),
      (9, .stale), (6, .busy), (11, .busy), (13, .untrusted),
    ])
  func failures(error: Int, layer: SocketFailure) {
    #expect(profile.socket!.failure(error) == layer)
  }
}
