import Primitives
import Testing
import Uplink

/// `"40 01"` as bytes.
func bytes(_ hex: String) -> [UInt8] {
  hex.split(separator: " ").map { UInt8($0, radix: 16)! }
}

@Suite("CoAP messages") struct CoAPMessageTests {
  static let temperature = Array("temperature".utf8)

  @Test("a request with a path, RFC 7252 appendix A, figure 16") func figure16() throws {
    let request = CoAPMessage(
      type: .confirmable, code: CoAPCode(0, 1), messageID: 0x7D34,
      options: [CoAPOption(CoAPOption.uriPath, Self.temperature)])
    let expected = bytes("40 01 7d 34 bb 74 65 6d 70 65 72 61 74 75 72 65")
    #expect(request.encoded() == expected)
    #expect(try CoAPMessage(expected) == request)
    let response = bytes("60 45 7d 34 ff 32 32 2e 33 20 43")
    let read = try CoAPMessage(response)
    #expect(
      read
        == CoAPMessage(
          type: .acknowledgement, code: CoAPCode(2, 5), messageID: 0x7D34,
          payload: Array("22.3 C".utf8)))
    #expect(read.encoded() == response)
  }

  @Test("a token stands before the options, RFC 7252 appendix A, figure 17") func figure17() throws
  {
    let request = CoAPMessage(
      type: .confirmable, code: CoAPCode(0, 1), messageID: 0x7D35, token: [0x20],
      options: [CoAPOption(CoAPOption.uriPath, Self.temperature)])
    let expected = bytes("41 01 7d 35 20 bb 74 65 6d 70 65 72 61 74 75 72 65")
    #expect(request.encoded() == expected)
    let response = try CoAPMessage(bytes("61 45 7d 35 20 ff 32 32 2e 33 20 43"))
    #expect(response.token == [0x20])
    #expect(response.payload == Array("22.3 C".utf8))
  }

  @Test("an empty message has four bytes") func empty() throws {
    let acknowledgement = CoAPMessage(type: .acknowledgement, code: .empty, messageID: 0xAD7B)
    #expect(acknowledgement.encoded() == bytes("60 00 ad 7b"))
    #expect(try CoAPMessage(bytes("60 00 ad 7b")) == acknowledgement)
  }

  @Test(
    "option deltas and lengths extend at 13 and 269, RFC 7252 §3.1",
    arguments: [
      (1, 0, "10"), (12, 12, "cc"), (13, 0, "d0 00"), (13, 13, "dd 00 00"), (268, 0, "d0 ff"),
      (269, 0, "e0 00 00"), (65_535, 0, "e0 fe f2"), (1, 268, "1d ff"), (1, 269, "1e 00 00"),
      (300, 400, "ee 00 1f 00 83"), (20, 1000, "de 07 02 db"),
    ] as [(UInt16, Int, String)])
  func extended(number: UInt16, length: Int, head: String) throws {
    let message = CoAPMessage(
      type: .nonConfirmable, code: .post, messageID: 1,
      options: [CoAPOption(number, [UInt8](repeating: 0xAA, count: length))], payload: [0xFF])
    let expected =
      bytes("50 02 00 01 " + head) + [UInt8](repeating: 0xAA, count: length) + [0xFF, 0xFF]
    #expect(message.encoded() == expected)
    #expect(try CoAPMessage(expected) == message)
  }

  @Test("options come out by number, equal ones in their order") func optionOrder() throws {
    let message = CoAPMessage(
      type: .confirmable, code: .post, messageID: 2,
      options: [
        CoAPOption(15, [3]), CoAPOption(11, [1]), CoAPOption(3, [9]), CoAPOption(11, [2]),
        CoAPOption(15, [4]),
      ])
    #expect(message.encoded() == bytes("40 02 00 02 31 09 81 01 01 02 41 03 01 04"))
    let read = try CoAPMessage(message.encoded())
    #expect(read.values(of: 11) == [[1], [2]])
    #expect(read.values(of: 15) == [[3], [4]])
    #expect(read.values(of: 12) == [])
  }

  @Test(
    "numbers take their fewest bytes, RFC 7252 §3.2",
    arguments: [
      (0, ""), (1, "01"), (112, "70"), (255, "ff"), (256, "01 00"), (65_536, "01 00 00"),
      (.max, "ff ff ff ff"),
    ] as [(UInt32, String)])
  func uint(value: UInt32, expected: String) {
    let option = CoAPOption(12, uint: value)
    #expect(option.value == bytes(expected))
    #expect(option.uint(limit: 4) == value)
    #expect(CoAPOption(12, [0] + option.value).uint(limit: option.value.count) == nil)
  }

  @Test(
    "malformed messages are refused for what is wrong with them",
    arguments: [
      ("", .truncated), ("40 01 00", .truncated), ("00 01 00 01", .unknownVersion),
      ("80 01 00 01", .unknownVersion), ("c0 01 00 01", .unknownVersion),
      ("49 01 00 01 1 2 3 4 5 6 7 8 9", .badTokenLength), ("4f 01 00 01", .badTokenLength),
      ("42 01 00 01 aa", .truncated), ("41 00 00 01 aa", .emptyWithContent),
      ("40 00 00 01 ff 00", .emptyWithContent), ("41 00 00 01", .truncated),
      ("40 20 00 01", .reservedCode), ("40 60 00 01", .reservedCode),
      ("40 c0 00 01", .reservedCode), ("40 e1 00 01", .reservedCode),
      ("40 01 00 01 ff", .emptyPayload), ("40 01 00 01 f0", .reservedOptionNibble),
      ("40 01 00 01 0f", .reservedOptionNibble), ("40 01 00 01 d0", .truncated),
      ("40 01 00 01 e0 00", .truncated), ("40 01 00 01 0d", .truncated),
      ("40 01 00 01 12 aa", .truncated), ("40 01 00 01 e0 ff ff", .optionNumberTooHigh),
      ("40 01 00 01 e0 fe f2 10", .optionNumberTooHigh),
    ] as [(String, CoAPFormatError)])
  func malformed(hex: String, error: CoAPFormatError) {
    #expect(throws: error) { try CoAPMessage(bytes(hex)) }
  }

  @Test("a message above the size limit is refused") func tooLong() throws {
    let head = bytes("40 02 00 01 ff")
    let fitting = head + [UInt8](repeating: 1, count: CoAPMessage.sizeLimit - head.count)
    #expect(try CoAPMessage(fitting).payload.count == CoAPMessage.sizeLimit - head.count)
    #expect(throws: CoAPFormatError.tooLong) { try CoAPMessage(fitting + [1]) }
  }

  @Test(
    "only Confirmable messages of this version are answered by a Reset, RFC 7252 §3, §4.2",
    arguments: [
      ("40 00 12 34", "70 00 12 34"), ("4f ff 12 34 00", "70 00 12 34"), ("50 00 12 34", nil),
      ("60 00 12 34", nil), ("70 00 12 34", nil), ("80 00 12 34", nil), ("40 00 12", nil),
    ] as [(String, String?)])
  func rejection(hex: String, expected: String?) {
    #expect(CoAPMessage.rejection(of: bytes(hex)) == expected.map(bytes))
  }

  @Test("no truncation and no changed byte makes reading trap; what is read comes out equal")
  func hostile() throws {
    let valid = CoAPMessage(
      type: .confirmable, code: .post, messageID: 0x1234, token: [1, 2, 3, 4],
      options: [
        CoAPOption(3, Array("collector.example".utf8)), CoAPOption(11, [0x72]),
        CoAPOption(12, uint: 112), CoAPOption(14, uint: 60), CoAPOption(300, [1, 2]),
      ], payload: [1, 2, 3]
    ).encoded()
    var read = 0
    for end in valid.indices { read += try readsBack(Array(valid[..<end])) }
    for index in valid.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = valid
        changed[index] = byte
        read += try readsBack(changed)
      }
    }
    #expect(read > 1000)
  }

  /// 1 when `datagram` is a message, which then must survive being written and read again.
  private func readsBack(_ datagram: [UInt8]) throws -> Int {
    guard let message = try? CoAPMessage(datagram) else { return 0 }
    #expect(try CoAPMessage(message.encoded()) == message)
    return 1
  }
}

@Suite("CoAP codes") struct CoAPCodeTests {
  @Test(
    "say what they are",
    arguments: [
      (0x00, "0.00", false, false), (0x02, "0.02", false, false), (0x44, "2.04", true, false),
      (0x5F, "2.31", true, false), (0x80, "4.00", true, true), (0x84, "4.04", true, true),
      (0x88, "4.08", true, false), (0x8D, "4.13", true, true), (0x9D, "4.29", true, false),
      (0xA3, "5.03", true, false), (0x60, "3.00", false, false), (0xE1, "7.01", false, false),
    ] as [(UInt8, String, Bool, Bool)])
  func meaning(raw: UInt8, text: String, isResponse: Bool, isPermanent: Bool) {
    let code = CoAPCode(rawValue: raw)
    #expect(code.text == text)
    #expect(code.isResponse == isResponse)
    #expect(code.isPermanent == isPermanent)
    #expect(CoAPCode(code.kind, code.detail) == code)
  }
}
