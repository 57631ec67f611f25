import ModemSimulator
import Primitives
import Testing

/// Captured sessions of a BG96, played to the module: the same questions, the same shape of
/// answers. Texts that belong to one firmware, number or peer are put in.
@Suite("Captured sessions") struct SessionTests {
  @Test("vshymanskyy/TinyGSM#475: a TCP socket from opening to close") func socket() throws {
    var bench = Bench.registered()
    _ = bench.ask("AT+QIACT=1\r")
    bench.modem.network.names = [
      .init(Array("kangaroo.rmq.example".utf8), .address(Array("192.0.2.155".utf8)))
    ]
    let opening = bench.ask("AT+QIOPEN=1,0,\"TCP\",\"kangaroo.rmq.example\",1883,0,0\r", for: 1500)
    #expect(opening == "\r\nOK\r\n\r\n+QIOPEN: 0,0\r\n")
    #expect(bench.ask("AT+QISEND=0,83\r") == "\r\n> ")
    #expect(bench.ask(String(repeating: "x", count: 83)) == "\r\nSEND OK\r\n")
    #expect(bench.ask("AT+QIRD=0,0\r") == "\r\n+QIRD: 0,0,0\r\n\r\nOK\r\n")
    let state = "+QISTATE: 0,\"TCP\",\"192.0.2.155\",1883,49153,2,1,0,0,\"uart1\""
    #expect(bench.ask("AT+QISTATE=1,0\r") == "\r\n\(state)\r\n\r\nOK\r\n")
    bench.output = []
    bench.input(.socketReceived(try #require(bench.lastOpened), [0x20, 2, 0, 5]))
    bench.wait(1500)
    #expect(bench.heard == "\r\n+QIURC: \"recv\",0\r\n")
    #expect(bench.ask("AT+QIRD=0,0\r") == "\r\n+QIRD: 4,0,4\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIRD=0,4\r") == "\r\n+QIRD: 4\r\n \u{2}\u{0}\u{5}\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIRD=0,0\r") == "\r\n+QIRD: 4,4,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QICLOSE=0\r", for: 400) == "\r\nOK\r\n")
    #expect(bench.ask("AT+QIRD=0,0\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+QISTATE=1,0\r") == "\r\nOK\r\n")
  }

  @Test("vshymanskyy/TinyGSM#157: a reset while talking, unanswered questions, echo again")
  func reset() {
    var bench = Bench.running()
    bench.wait(20_000)
    #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
    #expect(bench.ask("AT+CFUN=1,1\r").hasPrefix("AT+CFUN=1,1\r\r\nOK\r\n"))
    _ = bench.wait(for: "\r\nPOWERED DOWN", within: 3000)
    bench.output = []
    for _ in 1...8 {
      bench.write("AT\r")
      bench.wait(290)
    }
    #expect(!bench.said("OK"))
    bench.wait(10_000)
    #expect(bench.said("\r\nRDY\r\n"))
    #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
    #expect(bench.ask("AT&FZE0\r") == "AT&FZE0\r\r\nOK\r\n")
    #expect(bench.ask("AT+CPIN?\r") == "\r\n+CPIN: READY\r\n\r\nOK\r\n")
  }
}
