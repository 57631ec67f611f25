import Primitives
import Settings
import Testing

@Suite("A device's key") struct DeviceKeyTests {
  private static let bytes = (0..<16).map { UInt8($0 * 17) }

  /// The base64 is that of RFC 4648's alphabet, made with coreutils' base64.
  @Test(
    "is hexadecimal or base64, with blanks and a line end around it",
    arguments: [
      "00112233445566778899AABBCCDDEEFF", "00112233445566778899aabbccddeeff\n",
      " ABEiM0RVZneImaq7zN3u/w==\r\n",
    ])
  func read(text: String) throws {
    #expect(try DeviceKey(Array(text.utf8)).bytes == Self.bytes)
  }

  @Test("has 16 to 64 bytes in either form") func lengths() throws {
    for count in 0..<80 {
      let hex = [UInt8](repeating: 0xA5, count: count).hex
      if (16...64).contains(count) {
        #expect(try DeviceKey(hex).bytes.count == count)
      } else if count > 0 {
        #expect(throws: DeviceKeyFault.length(count)) { try DeviceKey(hex) }
      }
    }
    // 48 and 47 bytes of FF and FE, as base64 has them.
    #expect(try DeviceKey(Array(repeating: UInt8(ascii: "/"), count: 64)).bytes.count == 48)
    let padded = Array(repeating: UInt8(ascii: "/"), count: 62) + Array("8=".utf8)
    #expect(try DeviceKey(padded).bytes.count == 47)
  }

  @Test(
    "is refused with the reason",
    arguments: [
      ("", DeviceKeyFault.empty), (" \n", .empty), ("012", .odd), ("0123", .length(2)),
      ("key!", .digit(position: 4)), ("key", .padding), ("ABEiM0RVZneImaq7zN3u/w=", .padding),
      ("ABEiM0RVZneImaq7zN3u/w", .padding), ("ABEiM0RVZneImaq7zN3u/x==", .padding),
      ("ABEiM0RVZneImaq7zN3u====", .padding), ("ABEi M0RVZneImaq7zN3u/w==", .digit(position: 5)),
      (String(repeating: "0", count: 257), .tooLong), ("ABE=", .length(2)),
    ])
  func refused(text: String, fault: DeviceKeyFault) {
    #expect(throws: fault) { try DeviceKey(Array(text.utf8)) }
    #expect(fault.text.contains("; write one of 16 to 64 bytes"))
  }
}
