import Foundation
import Primitives
import Testing

@testable import godwit

@Suite("Hostile packets at the control socket") struct ControlFuzzTests {
  /// 10^6 bytes; another number with GODWIT_FUZZ_BYTES, as in:
  /// GODWIT_FUZZ_BYTES=100000000 swift test -c release --filter ControlFuzzTests
  private static let bytes =
    ProcessInfo.processInfo.environment["GODWIT_FUZZ_BYTES"].flatMap { Int($0) } ?? 1_000_000
  private static let samples = [
    "put temperature 21.5 Cel utc:1795385327000\n", "put a -1e-3\nput b 2 - boot:12\n", "status",
    "status text", "follow", "at 10 now AT+CSQ", "at 180 wake AT+COPS=1,2,\"90143\";+CREG?",
  ]
  private static let tokens = [
    "put ", "at ", " ", "\n", "\r", "\0", "utc:", "boot:-", "godwit/x", "99999999999999999999", "-",
    "1e999999999", "now ", "wake ", "AT", "ATD1", ";", "\"", "\u{1A}", "é",
  ]

  @Test("are taken whole or refused in one printable line, and never end the process")
  func packets() {
    let seed: UInt64 = 20_261_122
    var random = SeededRandom(seed: seed)
    var fed = 0
    var taken = 0
    while fed < Self.bytes {
      let packet = Self.packet(&random)
      fed += packet.count + 1
      switch ControlRequest(packet, now: .milliseconds(1000)) {
      case .put(let readings):
        taken += 1
        #expect(!readings.isEmpty && readings.count <= packet.count, "seed \(seed)")
      case .console(let request):
        taken += 1
        let line = request.command.line.bytes
        #expect(line.allSatisfy { (0x20...0x7E).contains($0) }, "seed \(seed)")
        #expect((1...180).contains(request.seconds), "seed \(seed)")
      case .refused(let answer):
        #expect(answer.allSatisfy { (0x20...0x7E).contains($0) }, "seed \(seed)")
        #expect(answer.count < 512, "seed \(seed)")
      case .status, .doctor, .follow, .provision: taken += 1
      }
      var answer = ConsoleAnswer()
      answer.take(packet)
      _ = ControlAnswer(packet)
    }
    #expect(taken > 100)
  }

  /// A good packet with some changes, at most as long as the socket takes.
  private static func packet(_ random: inout SeededRandom) -> [UInt8] {
    var bytes = Array(samples[Int(random.next(below: UInt64(samples.count)))].utf8)
    for _ in 0..<random.next(below: 6) {
      let at = Int(random.next(below: UInt64(bytes.count + 1)))
      switch random.next(below: 5) {
      case 0: bytes.insert(UInt8(random.next(below: 256)), at: at)
      case 1: bytes.removeSubrange(at...)
      case 2: bytes += bytes.prefix(at)
      case 3:
        for _ in 0..<random.next(below: 40) { bytes.insert(UInt8(random.next(below: 256)), at: at) }
      default:
        let token = tokens[Int(random.next(below: UInt64(tokens.count)))]
        bytes.insert(contentsOf: Array(token.utf8), at: at)
      }
    }
    return Array(bytes.prefix(PutRequest.packetLimit))
  }
}
