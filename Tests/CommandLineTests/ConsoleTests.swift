import AT
import Link
import Modems
import Primitives
import Testing

@testable import godwit

@Suite("The console's packets and text") struct ConsoleTests {
  @Test("a request is read as it was written", arguments: [true, false]) func request(wakes: Bool)
    throws
  {
    let command = try TypedCommand(Array("AT+COPS=1,2,\"9 1\"".utf8)) { $0 }
    let request = ConsoleRequest(command: command, seconds: 180, wakes: wakes)
    #expect(try ConsoleRequest(request.packet, hiding: SecretMask()) == request)
  }

  @Test(
    "a request that isn't one is refused",
    arguments: [
      "at ", "at 5", "at 0 now AT", "at 181 now AT", "at 5 later AT", "at x now AT", "at 5 now ",
    ])
  func badRequest(text: String) {
    #expect(throws: ConsoleRequestFault.self) {
      try ConsoleRequest(Array(text.utf8), hiding: SecretMask())
    }
    guard case .refused(let answer) = ControlRequest(Array(text.utf8), now: .start) else {
      Issue.record("\(text) was taken")
      return
    }
    #expect(answer.hasPrefix("refused 1 "))
  }

  @Test("a request with a second line can't add a command") func injection() {
    for end in ["\r", "\n", "\r\n", "\u{0}", "\u{1A}"] {
      let packet = Array("at 5 now AT\(end)AT+CFUN=0".utf8)
      #expect(throws: ConsoleRequestFault.self) {
        try ConsoleRequest(packet, hiding: SecretMask())
      }
    }
  }

  @Test("an answer is read as it was written, in packets that fit", arguments: [64, 300, 4096])
  func answer(limit: Int) {
    let lines = (0..<40).map { Array("+X: \($0),\"answered 1 line\"".utf8) }
    let result = ConsoleResult.answered(
      Answer(outcome: .equipmentError(10), lines: lines, duration: .milliseconds(300)),
      urcs: [Array("refused 1 this".utf8)])
    let answer = ConsoleAnswer(result)
    let packets = answer.packets(limit: limit)
    #expect(packets.allSatisfy { $0.count <= limit })
    var read = ConsoleAnswer()
    for packet in packets {
      #expect(read.end == nil)
      read.take(packet)
    }
    #expect(read == answer)
    #expect(!read.isOK)
  }

  @Test("an answer is explained in words") func text() {
    var answer = ConsoleAnswer()
    for packet in ["line +CSQ: 20,99\nline +NEW: 1\n", "urc +CEREG: 5\n", "answered 300 OK"] {
      answer.take(Array(packet.utf8))
    }
    #expect(answer.isOK)
    #expect(
      String(decoding: ConsoleText.text(answer, to: Array("AT+CSQ".utf8)), as: UTF8.self) == """
        +CSQ: 20,99
            signal: received signal -73 dBm
        +NEW: 1
        OK in 300 ms
        * +CEREG: 5
            registration: registered, roaming

        """)
    #expect(
      String(decoding: ConsoleText.json(answer, to: Array("AT+CSQ".utf8)), as: UTF8.self)
        .hasPrefix(
          #"{"cmd":"AT+CSQ","outcome":"OK","milliseconds":300,"lines":[{"line":"+CSQ: 20,99","#))
  }

  @Test("an error is explained, and a refusal told") func failures() {
    var answer = ConsoleAnswer()
    answer.take(Array("answered 5 +CME ERROR: 10".utf8))
    #expect(
      String(decoding: ConsoleText.text(answer, to: Array("AT+CPIN?".utf8)), as: UTF8.self)
        == "+CME ERROR: 10\n    error: SIM not inserted\n")
    let refused = ConsoleAnswer(.refused(.asleep))
    #expect(
      String(decoding: ConsoleText.text(refused, to: Array("AT".utf8)), as: UTF8.self)
        == "not sent: the modem is asleep; --wake wakes it\n")
  }
}
