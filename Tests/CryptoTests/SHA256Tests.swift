import Crypto
import Testing

@Suite("SHA-256") struct SHA256Tests {
  @Test(
    "gives the hashes of the standard's examples (FIPS 180-2 appendix B, NIST CAVP)",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func examples(message: String, hash: String) {
    #expect(SHA256.hash(Array(message.utf8)).hex == hash)
  }

  @Test("a million times a, in pieces of any size") func long() {
    var hash = SHA256()
    var rest = 1_000_000
    var piece = 1
    while rest > 0 {
      let count = min(piece, rest)
      hash.update(repeatElement(UInt8(ascii: "a"), count: count))
      rest -= count
      piece = piece * 3 % 997
    }
    #expect(hash.finish().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}

@Suite("HMAC-SHA-256") struct HMACTests {
  @Test(
    "gives the tags of RFC 4231 §4",
    arguments: [
      (
        [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
      ),
      (
        [UInt8](repeating: 0xaa, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ] as [([UInt8], [UInt8], String)])
  func vectors(key: [UInt8], message: [UInt8], tag: String) {
    #expect(HMAC.tag(of: message, key: key).hex == tag)
  }

  @Test("tags are the same only byte for byte") func compare() {
    #expect(ConstantTime.areEqual([1, 2, 3], [1, 2, 3]))
    #expect(ConstantTime.areEqual([], []))
    for other: [UInt8] in [[1, 2], [1, 2, 4], [0, 2, 3], [1, 2, 3, 0], []] {
      #expect(!ConstantTime.areEqual([1, 2, 3], other))
    }
  }
}

extension [UInt8] {
  fileprivate var hex: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
