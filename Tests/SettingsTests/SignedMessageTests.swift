import Primitives
import Settings
import Testing

@Suite("A signed command") struct SignedMessageTests {
  private let device = try! DeviceLabel(Array("meadow-7"))
  private let key = (0..<32).map { UInt8($0) }

  /// The tag was computed with Python's hmac module.
  @Test("has the form and the tag that other programs make too") func known() throws {
    let message = SignedMessage.sign(
      Array("set apn=em"), device: device, counter: 1_795_000_000, key: key)
    #expect(message == Array("gw 1795000000 9A9D6278B9F45FFE968B set apn=em".utf8))
  }

  @Test("reads back, with the mark in either case") func readsBack() throws {
    for counter: UInt64 in [1, 1_795_000_000, 999_999_999_999_999_999] {
      var message = try #require(
        SignedMessage.sign(Array("status"), device: device, counter: counter, key: key))
      #expect(try SignedMessage(message, device: device, key: key).counter == counter)
      message[0] = UInt8(ascii: "G")
      #expect(try SignedMessage(message, device: device, key: key).text == Array("status"))
    }
  }

  @Test("is refused after any change of one bit") func everyBit() throws {
    let message = try #require(
      SignedMessage.sign(Array("set apn=em"), device: device, counter: 77, key: key))
    var accepted = 0
    for index in message.indices {
      for bit in UInt8(0)..<8 {
        var changed = message
        changed[index] ^= 1 << bit
        // A letter's case in the mark and in the hexadecimal tag says nothing.
        if changed[index] | 0x20 == message[index] | 0x20, index < 26, bit == 5 { continue }
        if (try? SignedMessage(changed, device: device, key: key)) != nil { accepted += 1 }
      }
    }
    #expect(accepted == 0)
  }

  @Test("is of use for one device and one key only") func bound() throws {
    let message = try #require(
      SignedMessage.sign(Array("reboot"), device: device, counter: 5, key: key))
    let other = try DeviceLabel(Array("meadow-8"))
    #expect(throws: SignatureFault.wrongTag) {
      try SignedMessage(message, device: other, key: key)
    }
    #expect(throws: SignatureFault.wrongTag) {
      try SignedMessage(message, device: device, key: key.reversed())
    }
    #expect(throws: SignatureFault.wrongTag) { try SignedMessage(message, device: device, key: []) }
  }

  @Test(
    "is told from other messages",
    arguments: [
      ("", SignatureFault.notSigned), ("hello", .notSigned), ("gw 1 2", .notSigned),
      ("go 5 00112233445566778899 status", .notSigned),
      ("gw 05 00112233445566778899 status", .malformed),
      ("gw x 00112233445566778899 status", .malformed),
      ("gw 5 001122334455667788 status", .malformed),
      ("gw 5 001122334455667788zz status", .malformed),
      ("gw 5 00112233445566778899 ", .malformed),
      ("gw 5 00112233445566778899 st\u{0A}", .malformed),
      ("gw 5 00112233445566778899 status", .wrongTag),
      ("gw 9999999999999999999 00112233445566778899 status", .malformed),
    ])
  func refused(message: String, fault: SignatureFault) {
    #expect(throws: fault) { try SignedMessage(Array(message.utf8), device: device, key: key) }
  }

  @Test("isn't made of what no console takes, nor with a short key") func limits() {
    let long = [UInt8](repeating: 0x61, count: 257)
    for text in [[], long, Array("a\u{0A}b".utf8), Array("ä".utf8)] {
      #expect(SignedMessage.sign(text, device: device, counter: 1, key: key) == nil)
    }
    let text = Array("status".utf8)
    #expect(SignedMessage.sign(text, device: device, counter: 1, key: [1, 2, 3]) == nil)
  }

  @Test("a hundred thousand forgeries are all refused") func forgeries() throws {
    var random = SeededRandom(seed: 5)
    let message = try #require(
      SignedMessage.sign(Array("set apn=em"), device: device, counter: 77, key: key))
    var accepted = 0
    for _ in 0..<100_000 {
      var forged = message
      for _ in 0...Int(random.next(below: 3)) {
        let index = Int(random.next(below: UInt64(forged.count)))
        switch random.next(below: 3) {
        case 0: forged[index] = UInt8(truncatingIfNeeded: random.next())
        case 1: forged.remove(at: index)
        default: forged.insert(UInt8(0x20 + random.next(below: 0x5F)), at: index)
        }
        if forged.isEmpty { break }
      }
      let isSame = forged.map { $0 | 0x20 } == message.map { $0 | 0x20 }
      if !isSame, (try? SignedMessage(forged, device: device, key: key)) != nil { accepted += 1 }
    }
    #expect(accepted == 0)
  }
}
