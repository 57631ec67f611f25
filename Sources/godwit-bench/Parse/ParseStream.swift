import AT
import Cellular
import Primitives

/// A stream as a busy modem sends it, the same for the same seed: reads of answers with URCs
/// between them, and reads of URCs alone.
struct ParseStream: Sendable {
  /// One read of the UART. A line never goes over two of them.
  struct Read: Sendable {
    var range: Range<Int>
    /// What was asked before it, as an index into `exchanges`; nil where nobody asked.
    var exchange: Int?
  }

  private(set) var bytes: [UInt8] = []
  private(set) var reads: [Read] = []
  /// Lines that aren't empty.
  private(set) var lines = 0
  private var random: SeededRandom

  init(bytes wanted: Int, seed: UInt64) {
    random = SeededRandom(seed: seed)
    bytes.reserveCapacity(wanted + 512)
    while bytes.count < wanted { appendRead() }
  }

  /// What the host of the stream asks over and over.
  static let exchanges: [Exchange] = [
    Exchange("AT+CEREG?", answers: [.namedIf("+CEREG", Registration.isReadAnswer)]),
    Exchange("AT+CSQ", answers: [.named("+CSQ")]),
    Exchange("AT+QCSQ", answers: [.named("+QCSQ")]),
    Exchange("AT+COPS?", answers: [.named("+COPS")]),
    Exchange("AT+CGDCONT?", answers: [.named("+CGDCONT")]),
    Exchange("AT+CCLK?", answers: [.named("+CCLK")]),
    Exchange("AT+QIRD=0,0", answers: [.named("+QIRD")]),
    Exchange("AT+CGPADDR=1", answers: [.named("+CGPADDR")]),
    Exchange("AT+CPSMS?", answers: [.named("+CPSMS")]),
    Exchange("AT+CMEE=1"),
  ]

  private mutating func appendRead() {
    let start = bytes.count
    if number(4) == 0 {
      for _ in 0...number(2) { line(urc()) }
      reads.append(Read(range: start..<bytes.count, exchange: nil))
      return
    }
    let exchange = number(Self.exchanges.count)
    if number(5) == 0 { line(urc()) }
    for information in answer(to: exchange) { line(information) }
    if number(50) == 0 {
      line("+CME ERROR: \([3, 14, 30, 50][number(4)])")
    } else {
      line("OK")
    }
    reads.append(Read(range: start..<bytes.count, exchange: exchange))
  }

  private mutating func answer(to exchange: Int) -> [String] {
    switch exchange {
    case 0: ["+CEREG: 4,5,\"\(hex(4))\",\"\(hex(8))\",7,,,\"00000101\",\"01001110\""]
    case 1: ["+CSQ: \(number(32)),99"]
    case 2:
      ["+QCSQ: \"eMTC\",-\(50 + number(50)),-\(70 + number(60)),\(number(200)),-\(number(20))"]
    case 3: ["+COPS: 0,0,\"Operator \(number(90))\",8"]
    case 4:
      [
        "+CGDCONT: 1,\"IP\",\"em\",\"10.\(number(256)).\(number(256)).\(number(256))\",0,0,0,0",
        "+CGDCONT: 2,\"IPV4V6\",\"ims\",\"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0\",0,0,0,0",
      ]
    case 5: ["+CCLK: \"26/11/22,1\(number(10)):5\(number(10)):4\(number(10))+04\""]
    case 6: ["+QIRD: \(number(9000)),\(number(9000)),\(number(1500))"]
    case 7: ["+CGPADDR: 1,\"10.\(number(256)).\(number(256)).\(number(256))\""]
    case 8: ["+CPSMS: 1,,,\"01001110\",\"00000101\""]
    default: []
    }
  }

  private mutating func urc() -> String {
    switch number(10) {
    case 0, 1: "+QIURC: \"recv\",\(number(12))"
    case 2, 3: "+CEREG: 5,\"\(hex(4))\",\"\(hex(8))\",7"
    case 4: "+CSCON: \(number(2))"
    case 5: "+CMTI: \"ME\",\(number(23))"
    case 6: "+CGEV: NW MODIFY 1,2,0"
    case 7: "+QIND: \"csq\",\(number(32)),99"
    case 8: "+CEDRXP: 4,\"1010\",\"1001\",\"1101\""
    default: "+QIOPEN: \(number(12)),0"
    }
  }

  private mutating func line(_ text: String) {
    bytes += Array("\r\n".utf8)
    bytes += Array(text.utf8)
    bytes += Array("\r\n".utf8)
    lines += 1
  }

  private mutating func number(_ bound: Int) -> Int { Int(random.next(below: UInt64(bound))) }

  private mutating func hex(_ digits: Int) -> String {
    let all = String(random.next(), radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - all.count)) + String(all.suffix(digits))
  }
}
