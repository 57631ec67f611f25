import Primitives

/// Walks JSON (RFC 8259) front to back, without recursion and without building a tree.
struct JSONReader {
  /// A member's value. Arrays and objects are checked and passed over.
  enum Value {
    case string([UInt8])
    /// Exactly as it was written, in the grammar of RFC 8259 §6.
    case number(ArraySlice<UInt8>)
    case bool, null, container
  }

  private let text: [UInt8]
  private let depthLimit: Int
  private var offset = 0
  /// The closing bracket of each level that is open.
  private var open: [UInt8] = []
  /// Whether the level that is open has had an item already.
  private var isFollowing = false

  init(_ text: [UInt8], depthLimit: Int) {
    self.text = text
    self.depthLimit = depthLimit
  }

  /// Enters an array or object; false, and nothing consumed, when something else stands there.
  mutating func begin(_ bracket: UInt8) throws(SenMLError) -> Bool {
    skipBlanks()
    guard let byte = peek else { throw .badJSON(offset: offset) }
    guard byte == bracket else { return false }
    try enter(bracket)
    return true
  }

  /// Moves to the next item of the level; false when the level ended, and was left.
  mutating func next(endingWith bracket: UInt8) throws(SenMLError) -> Bool {
    skipBlanks()
    if peek == bracket {
      offset += 1
      open.removeLast()
      isFollowing = true
      return false
    }
    if isFollowing {
      try expect(UInt8(ascii: ","))
      skipBlanks()
    }
    isFollowing = true
    return true
  }

  /// A member's name and its colon.
  mutating func key() throws(SenMLError) -> [UInt8] {
    let name = try string()
    skipBlanks()
    try expect(UInt8(ascii: ":"))
    return name
  }

  mutating func value() throws(SenMLError) -> Value {
    skipBlanks()
    switch peek {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool)
    case UInt8(ascii: "f"): return try word("false", .bool)
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      try skipContainer()
      return .container
    default: return .number(try number())
    }
  }

  /// Checks that nothing but blanks is left.
  mutating func end() throws(SenMLError) {
    skipBlanks()
    guard offset == text.count else { throw .badJSON(offset: offset) }
  }

  private var peek: UInt8? { offset < text.count ? text[offset] : nil }

  private mutating func enter(_ bracket: UInt8) throws(SenMLError) {
    guard open.count < depthLimit else { throw .tooDeep(offset: offset) }
    open.append(bracket == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: "}"))
    offset += 1
    isFollowing = false
  }

  private mutating func skipContainer() throws(SenMLError) {
    let level = open.count
    guard let bracket = peek else { throw .badJSON(offset: offset) }
    try enter(bracket)
    while open.count > level, let closing = open.last {
      guard try next(endingWith: closing) else { continue }
      if closing == UInt8(ascii: "}") { _ = try key() }
      skipBlanks()
      if let inner = peek, inner == UInt8(ascii: "[") || inner == UInt8(ascii: "{") {
        try enter(inner)
      } else {
        _ = try value()
      }
    }
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      offset += 1
    }
  }

  private mutating func expect(_ byte: UInt8) throws(SenMLError) {
    guard peek == byte else { throw .badJSON(offset: offset) }
    offset += 1
  }

  private mutating func word(_ word: StaticString, _ value: Value) throws(SenMLError) -> Value {
    guard text[offset...].hasPrefix(word) else { throw .badJSON(offset: offset) }
    offset += word.utf8CodeUnitCount
    return value
  }

  private mutating func number() throws(SenMLError) -> ArraySlice<UInt8> {
    let start = offset
    if peek == UInt8(ascii: "-") { offset += 1 }
    if peek == UInt8(ascii: "0") { offset += 1 } else { try digits() }
    if peek == UInt8(ascii: ".") {
      offset += 1
      try digits()
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      offset += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    return text[start..<offset]
  }

  /// One digit or more.
  private mutating func digits() throws(SenMLError) {
    let start = offset
    while let byte = peek, byte.isASCIIDigit { offset += 1 }
    guard offset > start else { throw .badJSON(offset: offset) }
  }

  private mutating func string() throws(SenMLError) -> [UInt8] {
    try expect(UInt8(ascii: "\""))
    var bytes: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return bytes
      case UInt8(ascii: "\\"):
        offset += 1
        bytes += try escape()
      case 0..<0x20: throw .badJSON(offset: offset)
      default:
        offset += 1
        bytes.append(byte)
      }
    }
    throw .badJSON(offset: offset)
  }

  /// What stands behind a backslash, as UTF-8 (RFC 8259 §7).
  private mutating func escape() throws(SenMLError) -> [UInt8] {
    guard let byte = peek else { throw .badJSON(offset: offset) }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try utf8()
    default: throw .badJSON(offset: offset - 1)
    }
  }

  /// The character of `XXXX`, or of a surrogate pair `XXXX\uXXXX`.
  private mutating func utf8() throws(SenMLError) -> [UInt8] {
    let start = offset
    var code = try fourHexDigits()
    if (0xD800...0xDBFF).contains(code) {
      try expect(UInt8(ascii: "\\"))
      try expect(UInt8(ascii: "u"))
      let low = try fourHexDigits()
      guard (0xDC00...0xDFFF).contains(low) else { throw .badJSON(offset: start) }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw .badJSON(offset: start) }
    return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func fourHexDigits() throws(SenMLError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = peek?.hexDigitValue else { throw .badJSON(offset: offset) }
      code = code << 4 | UInt32(digit)
      offset += 1
    }
    return code
  }
}
