import ModemSimulator
import Primitives
import Testing

@Suite("A report and the sleep after it") struct ThinSliceTests {
  @Test("goes from the power key to the answer and into PSM and out of it", arguments: 1...20)
  func cycle(seed: UInt64) throws {
    var bench = Bench.running(seed: seed)
    _ = bench.ask("AT\r")
    #expect(bench.said("AT\r"))
    #expect(bench.said("\r\nOK\r\n"))
    _ = bench.ask("ATE0\r")
    bench.wait(10_000)
    #expect(bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r") == "\r\nOK\r\n")
    bench.wait(400)
    let opened = bench.openSocket()
    let id = try #require(opened)
    #expect(bench.said("\r\n+QIOPEN: 0,0\r\n"))
    #expect(bench.ask("AT+QISEND=0,4\r", for: 50) == "\r\n> ")
    _ = bench.ask("\u{1}\u{2}\r\n", for: 500)
    #expect(bench.heard == "\r\nSEND OK\r\n")
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, [1, 2, 13, 10]) })
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    let received = bench.wait(for: "+QIURC: \"recv\",0\r\n", within: 1000)
    #expect(received)
    #expect(bench.ask("AT+QIRD=0,1500\r", for: 50) == "\r\n+QIRD: 4\r\nOK\r\n\r\n\r\nOK\r\n")
    bench.output = []
    let announced = bench.wait(for: "\r\n+QPSMTIMER: 21600,2\r\n", within: 3000)
    #expect(announced)
    let asleep = bench.wait(for: "\r\nPSM POWER DOWN\r\n", within: 3000)
    #expect(asleep)
    bench.wait(1100)
    #expect(!bench.isStatusOn)
    #expect(bench.trace.last { $0.effect == .closeSocket(id) } != nil)
    #expect(bench.modem.state == "PSM")
    bench.output = []
    bench.pulse(600)
    bench.wait(3000)
    #expect(bench.isStatusOn)
    #expect(bench.said("\r\nRDY\r\n"))
  }
}
