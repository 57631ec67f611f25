/// Writes JSON (RFC 8259), commas included; the caller balances what it begins.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  public init() {}

  public mutating func beginObject() { open("{") }
  public mutating func endObject() { close("}") }
  public mutating func beginArray() { open("[") }
  public mutating func endArray() { close("]") }

  /// The name of the next value.
  public mutating func key(_ name: StaticString) {
    string(Array(name))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func value(_ number: Int64) { raw(Array("\(number)".utf8)) }
  public mutating func value(_ number: DecimalNumber) { raw(Array(number.text.utf8)) }
  public mutating func value(_ flag: Bool) { raw(flag ? Array("true") : Array("false")) }
  public mutating func value(_ text: String) { string(Array(text.utf8)) }
  public mutating func null() { raw(Array("null")) }

  /// A string. Bytes that aren't UTF-8 come out as U+FFFD.
  public mutating func string(_ text: [UInt8]) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in String(decoding: text, as: UTF8.self).utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: bytes += Array("\\u00") + [byte.hexDigits.0, byte.hexDigits.1]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  private mutating func raw(_ text: [UInt8]) {
    separate()
    bytes += text
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func open(_ mark: Unicode.Scalar) {
    separate()
    bytes.append(UInt8(ascii: mark))
    needsComma = false
  }

  private mutating func close(_ mark: Unicode.Scalar) {
    bytes.append(UInt8(ascii: mark))
    needsComma = true
  }
}

/// Whole members of an object: a name and its value. nil is written as `null`.
extension JSONWriter {
  public mutating func member(_ name: StaticString, _ value: Int64?) {
    key(name)
    if let value { self.value(value) } else { null() }
  }

  public mutating func member(_ name: StaticString, _ value: String?) {
    key(name)
    if let value { self.value(value) } else { null() }
  }

  public mutating func member(_ name: StaticString, text: [UInt8]?) {
    key(name)
    if let text { string(text) } else { null() }
  }

  /// An object, whose members `write` adds.
  public mutating func member(_ name: StaticString, _ write: (inout JSONWriter) -> Void) {
    key(name)
    beginObject()
    write(&self)
    endObject()
  }
}
