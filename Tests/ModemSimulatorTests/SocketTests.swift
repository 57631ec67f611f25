import ModemSimulator
import Primitives
import Testing

@Suite("Sockets and names") struct SocketTests {
  @Test("move datagrams, one a read, and say so once until the buffer is empty") func datagrams()
    throws
  {
    var bench = Bench.registered()
    let opened = bench.openSocket()
    let id = try #require(opened)
    let open = SimulatedModem.Effect.openSocket(
      id, .udp, host: Array("192.0.2.1".utf8), port: 5683)
    #expect(bench.trace.contains { $0.effect == open })
    bench.wait(3000)
    bench.output = []
    bench.input(.socketReceived(id, Array("one".utf8)))
    bench.wait(1500)
    #expect(bench.heard == "\r\n+QIURC: \"recv\",0\r\n")
    let rings = bench.trace.filter { if case .ringIndicator = $0.effect { true } else { false } }
    #expect(rings.suffix(2).map(\.effect) == [true, false].map { .ringIndicator(isAsserted: $0) })
    #expect(rings.suffix(2).last?.at == (rings.suffix(2).first?.at ?? 0) + 120)
    bench.input(.socketReceived(id, Array("three".utf8)))
    bench.wait(500)
    #expect(bench.heard == "\r\n+QIURC: \"recv\",0\r\n")
    #expect(bench.ask("AT+QIRD=0,0\r") == "\r\n+QIRD: 8,0,8\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIRD=0,1500\r") == "\r\n+QIRD: 3\r\none\r\n\r\nOK\r\n")
    bench.input(.socketReceived(id, Array("x".utf8)))
    bench.output = []
    bench.wait(500)
    #expect(bench.heard == "")
    #expect(bench.ask("AT+QIRD=0,2\r") == "\r\n+QIRD: 2\r\nth\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIRD=0\r") == "\r\n+QIRD: 3\r\nree\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIRD=0\r") == "\r\n+QIRD: 1\r\nx\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIRD=0,1500\r") == "\r\n+QIRD: 0\r\n\r\nOK\r\n")
    bench.output = []
    bench.input(.socketReceived(id, Array("y".utf8)))
    bench.wait(1500)
    #expect(bench.heard == "\r\n+QIURC: \"recv\",0\r\n")
  }

  @Test("read TCP as a stream, all of it where no length is given") func stream() throws {
    var bench = Bench.registered()
    let opened = bench.openSocket(type: "TCP")
    let id = try #require(opened)
    for part in ["ab", "cd", "ef"] { bench.input(.socketReceived(id, Array(part.utf8))) }
    bench.wait(2000)
    #expect(bench.ask("AT+QIRD=0,3\r") == "\r\n+QIRD: 3\r\nabc\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIRD=0\r") == "\r\n+QIRD: 3\r\ndef\r\n\r\nOK\r\n")
  }

  @Test("take counted data whole, Ctrl-Z, ESC and CR LF in it") func counted() throws {
    var bench = Bench.registered()
    let opened = bench.openSocket()
    let id = try #require(opened)
    _ = bench.ask("AT+QISEND=0,6\r", for: 50)
    #expect(bench.heard == "\r\n> ")
    bench.output = []
    bench.input(.uartReceived([0x1A, 0x1B, 0x0D, 0x0A, 0, 255]))
    bench.wait(1000)
    #expect(bench.heard == "\r\nSEND OK\r\n")
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, [26, 27, 13, 10, 0, 255]) })
    #expect(bench.ask("AT+QISEND=0,0\r") == "\r\n+QISEND: 6,6,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QISEND=0,1461\r") == "\r\nERROR\r\n")
  }

  @Test("take data up to Ctrl-Z, and give up at ESC") func controlZ() throws {
    var bench = Bench.registered()
    let opened = bench.openSocket()
    let id = try #require(opened)
    #expect(bench.ask("AT+QISEND=0\r") == "\r\n> ")
    #expect(bench.ask("hi\u{1A}", for: 500) == "\r\nSEND OK\r\n")
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, Array("hi".utf8)) })
    #expect(bench.ask("AT+QISEND=0\r") == "\r\n> ")
    #expect(bench.ask("hi\u{1B}") == "\r\nOK\r\n")
    #expect(bench.modem.counters.datagramsSent == 1)
  }

  @Test("echo data only where echo is on and AT+QISDE=1") func dataEcho() {
    for (settings, echo) in [
      ("ATE1+QISDE=1\r", "abc"), ("ATE1+QISDE=0\r", ""), ("ATE0+QISDE=1\r", ""),
    ] {
      var bench = Bench.registered()
      _ = bench.openSocket()
      _ = bench.ask(settings, for: 50)
      _ = bench.ask("AT+QISEND=0,3\r", for: 50)
      #expect(bench.ask("abc") == "\(echo)\r\nSEND OK\r\n")
    }
  }

  @Test("take hexadecimal with AT+QISENDEX; release assistance works in NB-IoT alone")
  func assisted() throws {
    for (access, release) in [(SimulatedNetwork.AccessTechnology.nbIoT, true), (.lteM, false)] {
      var network = SimulatedNetwork.real
      network.accessTechnology = access
      var bench = Bench.registered(network: network)
      bench.wait(30_000)
      let opened = bench.openSocket()
      let id = try #require(opened)
      _ = bench.ask("AT+QCSCON=1\r")
      #expect(bench.ask("AT+QISENDEX=0,\"48656C6F\",1\r", for: 100) == "\r\nSEND OK\r\n")
      bench.wait(3000)
      #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, Array("Helo".utf8)) })
      #expect(bench.said("+QCSCON: 1,0") == release)
    }
    var bench = Bench.registered()
    _ = bench.openSocket()
    #expect(bench.ask("AT+QISENDEX=0,\"486\"\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+QISENDEX=0,4865\r") == "\r\nERROR\r\n")
  }

  @Test(
    "refuse a wrong opening with its number, after OK",
    arguments: [
      ("AT+QIOPEN=1,0,\"UDP\",\"192.0.2.1\",\"5683\"\r", 552),
      ("AT+QIOPEN=1,0,UDP,\"192.0.2.1\",5683\r", 552),
      ("AT+QIOPEN=1,0,\"UDP\",\"192.0.2.1\",0\r", 552),
      ("AT+QIOPEN=1,0,\"UDP SERVICE\",\"127.0.0.1\",0,3000\r", 555),
      ("AT+QIOPEN=2,0,\"UDP\",\"192.0.2.1\",5683\r", 561),
      ("AT+QIOPEN=1,0,\"UDP\",\"nowhere.example\",5683\r", 565),
    ])
  func refused(line: String, error: Int) {
    var bench = Bench.registered()
    _ = bench.ask("AT+QIACT=1\r")
    #expect(bench.ask(line, for: 2000) == "\r\nOK\r\n\r\n+QIOPEN: 0,\(error)\r\n")
    #expect(bench.ask("AT+QIGETERROR\r").hasPrefix("\r\n+QIGETERROR: \(error), "))
  }

  @Test("are refused as taken until AT+QICLOSE, a failed opening's number too") func taken() throws
  {
    var bench = Bench.registered()
    let opened = bench.openSocket()
    let id = try #require(opened)
    let again = "AT+QIOPEN=1,0,\"UDP\",\"192.0.2.1\",5683\r"
    #expect(bench.ask(again) == "\r\nOK\r\n\r\n+QIOPEN: 0,563\r\n")
    #expect(bench.ask("AT+QICLOSE=0\r") == "\r\nOK\r\n")
    #expect(bench.trace.contains { $0.effect == .closeSocket(id) })
    #expect(bench.ask(again) == "\r\nOK\r\n\r\n+QIOPEN: 0,0\r\n")
    bench.input(.socketReceived(id, [1]))
    #expect(bench.modem.counters.datagramsMissed == 1)
    bench.opensSockets = false
    _ = bench.ask("AT+QIOPEN=1,1,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    for case (_, .openSocket(let late, .tcp, _, _)) in bench.trace {
      bench.input(.socketFailed(late, .refused))
    }
    bench.wait(500)
    #expect(bench.said("\r\n+QIOPEN: 1,566\r\n"))
    #expect(bench.ask("AT+QIOPEN=1,1,\"TCP\",\"192.0.2.1\",80\r").hasSuffix("+QIOPEN: 1,563\r\n"))
  }

  @Test("time out after 150 s when no one answers") func timeout() {
    var bench = Bench.registered()
    bench.opensSockets = false
    _ = bench.ask("AT+QIACT=1\r")
    #expect(bench.ask("AT+QIOPEN=1,0,\"TCP\",\"192.0.2.1\",80\r", for: 149_000) == "\r\nOK\r\n")
    bench.wait(1100)
    #expect(bench.said("\r\n+QIOPEN: 0,569\r\n"))
  }

  @Test("show their state") func state() throws {
    var bench = Bench.registered()
    let opened = bench.openSocket()
    let id = try #require(opened)
    let line = "\r\n+QISTATE: 0,\"UDP\",\"192.0.2.1\",5683,49153,2,1,0,0,\"uart1\"\r\n\r\nOK\r\n"
    for question in ["?", "=0,1", "=1,0"] { #expect(bench.ask("AT+QISTATE\(question)\r") == line) }
    #expect(bench.ask("AT+QISTATE=1,3\r") == "\r\nOK\r\n")
    bench.input(.socketReceived(id, Array("last".utf8)))
    bench.input(.socketClosed(id))
    _ = bench.wait(for: "\r\n+QIURC: \"closed\",0\r\n", within: 1000)
    #expect(bench.ask("AT+QIRD=0,9\r") == "\r\n+QIRD: 4\r\nlast\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QISEND=0,4\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+QICLOSE=0\r") == "\r\nOK\r\n")
  }

  @Test("close only after what was taken is on the air") func closing() throws {
    var bench = Bench.registered(network: .real)
    bench.wait(30_000)
    let opened = bench.openSocket()
    let id = try #require(opened)
    _ = bench.ask("AT+QISEND=0,1\r", for: 30)
    _ = bench.ask("x", for: 30)
    #expect(bench.ask("AT+QICLOSE=0\r", for: 100) == "")
    bench.wait(1500)
    #expect(bench.heard == "\r\nOK\r\n")
    let sent = bench.trace.firstIndex { $0.effect == .sendOnSocket(id, Array("x".utf8)) }
    let closed = bench.trace.firstIndex { $0.effect == .closeSocket(id) }
    #expect(try #require(sent) < (try #require(closed)))
  }

  @Test("push data in mode 1, with the length in it") func push() throws {
    var bench = Bench.registered()
    _ = bench.ask("AT+QIACT=1\r")
    _ = bench.ask("AT+QIOPEN=1,3,\"UDP\",\"192.0.2.1\",5683,0,1\r")
    let id = SocketID(number: 3, opening: 1)
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    bench.wait(2000)
    #expect(bench.heard == "\r\n+QIURC: \"recv\",3,4\r\nOK\r\n\r\n")
  }

  @Test("activate once; the second time is an error; what the network took needs QIDEACT first")
  func contexts() {
    var bench = Bench.registered()
    #expect(bench.ask("AT+QIACT=1\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+QIACT=1\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+QIACT?\r") == "\r\n+QIACT: 1,1,1,\"10.64.12.9\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGDCONT=1,\"IP\",\"em\"\r") == "\r\nERROR\r\n")
    #expect(
      bench.ask("AT+QIDNSCFG=1\r") == "\r\n+QIDNSCFG: 1,\"8.8.8.8\",\"8.8.4.4\"\r\n\r\nOK\r\n")
    bench.output = []
    bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(100)
    bench.wait(200)
    #expect(bench.heard == "\r\n+QIURC: \"pdpdeact\",1\r\n")
    #expect(bench.ask("AT+QIACT=1\r", for: 2000) == "\r\nERROR\r\n")
    #expect(bench.ask("AT+QIDEACT=1\r", for: 2000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+QIACT=1\r", for: 2000) == "\r\nOK\r\n")
  }

  @Test("look names up, one at a time") func names() {
    var bench = Bench.registered()
    bench.modem.network.names = [
      .init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8))),
      .init(Array("silent.example".utf8), .silence),
    ]
    _ = bench.ask("AT+QIACT=1\r")
    let found =
      "\r\nOK\r\n\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"192.0.2.7\"\r\n"
    #expect(bench.ask("AT+QIDNSGIP=1,\"A.example\"\r", for: 600) == found)
    let none = "\r\nOK\r\n\r\n+QIURC: \"dnsgip\",565\r\n"
    #expect(bench.ask("AT+QIDNSGIP=1,\"b.example\"\r", for: 600) == none)
    #expect(bench.ask("AT+QIDNSGIP=1,\"silent.example\"\r", for: 1000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+QIDNSGIP=1,\"a.example\"\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+QIGETERROR\r") == "\r\n+QIGETERROR: 564, dns busy\r\n\r\nOK\r\n")
    bench.output = []
    bench.wait(61_000)
    #expect(bench.heard == "")
    _ = bench.ask("AT+QIOPEN=1,0,\"UDP\",\"a.example\",5683\r", for: 1000)
    let open = SimulatedModem.Effect.openSocket(
      SocketID(number: 0, opening: 1), .udp, host: Array("192.0.2.7".utf8), port: 5683)
    #expect(bench.trace.contains { $0.effect == open })
  }

  @Test("twelve at once, no thirteenth") func twelve() {
    var bench = Bench.registered()
    _ = bench.ask("AT+QIACT=1\r")
    for number in 0..<12 {
      let answer = bench.ask("AT+QIOPEN=1,\(number),\"UDP\",\"192.0.2.1\",5683\r")
      #expect(answer == "\r\nOK\r\n\r\n+QIOPEN: \(number),0\r\n")
    }
    #expect(bench.ask("AT+QIOPEN=1,12,\"UDP\",\"192.0.2.1\",5683\r") == "\r\nERROR\r\n")
  }
}
