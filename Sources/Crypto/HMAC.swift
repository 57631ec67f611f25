/// HMAC-SHA-256 (RFC 2104 §2, FIPS 198-1): says that a message is from a holder of the key.
public enum HMAC {
  /// The 32 bytes of the tag of `message` under `key`, a key of any length.
  public static func tag(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    var padded = key.count > SHA256.blockLength ? SHA256.hash(key) : key
    padded += [UInt8](repeating: 0, count: SHA256.blockLength - padded.count)
    var inner = SHA256()
    inner.update(padded.map { $0 ^ 0x36 })
    inner.update(message)
    var outer = SHA256()
    outer.update(padded.map { $0 ^ 0x5C })
    outer.update(inner.finish())
    return outer.finish()
  }
}

/// Comparing secrets.
public enum ConstantTime {
  /// Whether two texts are the same, in a time that depends on their lengths alone: how long a wrong
  /// tag is compared must not tell how much of it is right.
  public static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for index in a.indices { difference |= a[index] ^ b[index] }
    return difference == 0
  }
}
