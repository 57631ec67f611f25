import Primitives
import Testing

@Suite("CRC-32") struct CRC32Tests {
  @Test(
    "has the values that everybody's has (zlib's crc32; the first is the catalogue's check value)",
    arguments: [
      ("123456789", 0xCBF4_3926), ("", 0), ("a", 0xE8B7_BE43),
      ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
    ] as [(String, UInt32)])
  func vectors(text: String, expected: UInt32) {
    var crc = CRC32()
    crc.update(Array(text.utf8))
    #expect(crc.value == expected)
  }

  @Test("is the same however the bytes are cut") func pieces() {
    let bytes = Array("123456789".utf8)
    for cut in 0...bytes.count {
      var crc = CRC32()
      crc.update(Array(bytes[..<cut]))
      crc.update(Array(bytes[cut...]))
      #expect(crc.value == 0xCBF4_3926)
    }
  }

  @Test("is written as eight lower-case digits") func text() {
    #expect(UInt32(0xCBF4_3926).hexText == Array("cbf43926".utf8))
    #expect(UInt32(0x0A).hexText == Array("0000000a".utf8))
  }
}
