/// A CBOR data item as a server reads it (RFC 8949 §3): definite lengths only, bounded in depth and
/// in the number of items.
indirect enum CollectorCBOR {
  case unsigned(UInt64)
  /// -1 - the number.
  case negative(UInt64)
  case bytes([UInt8])
  case text(String)
  case array([CollectorCBOR])
  case map([(key: CollectorCBOR, value: CollectorCBOR)])
  case tag(UInt64, CollectorCBOR)
  case float(Double)
  case bool(Bool)
  case other

  static let depthLimit = 6
  static let itemLimit = 50_000

  /// - Returns: nil when the bytes aren't exactly one well-formed item within the limits.
  static func read(_ bytes: [UInt8]) -> CollectorCBOR? {
    var rest = bytes[...]
    var budget = itemLimit
    guard let item = item(&rest, depth: 0, &budget), rest.isEmpty else { return nil }
    return item
  }

  private static func item(
    _ rest: inout ArraySlice<UInt8>, depth: Int, _ budget: inout Int
  ) -> CollectorCBOR? {
    budget -= 1
    guard depth <= depthLimit, budget >= 0, let head = rest.popFirst() else { return nil }
    let info = head & 31
    guard let argument = argument(info, &rest) else { return nil }
    switch head >> 5 {
    case 0: return .unsigned(argument)
    case 1: return .negative(argument)
    case 2: return string(argument, &rest).map { .bytes($0) }
    case 3:
      guard let utf8 = string(argument, &rest) else { return nil }
      return String(validating: utf8, as: UTF8.self).map { .text($0) }
    case 4:
      guard argument <= UInt64(rest.count) else { return nil }
      var items: [CollectorCBOR] = []
      for _ in 0..<argument {
        guard let next = item(&rest, depth: depth + 1, &budget) else { return nil }
        items.append(next)
      }
      return .array(items)
    case 5:
      guard argument <= UInt64(rest.count) else { return nil }
      var pairs: [(key: CollectorCBOR, value: CollectorCBOR)] = []
      for _ in 0..<argument {
        guard let key = item(&rest, depth: depth + 1, &budget),
          let value = item(&rest, depth: depth + 1, &budget)
        else { return nil }
        pairs.append((key, value))
      }
      return .map(pairs)
    case 6: return item(&rest, depth: depth + 1, &budget).map { .tag(argument, $0) }
    default: return simple(info, argument)
    }
  }

  private static func argument(_ info: UInt8, _ rest: inout ArraySlice<UInt8>) -> UInt64? {
    guard info >= 24 else { return UInt64(info) }
    guard info <= 27, let bytes = string(1 << UInt64(info - 24), &rest) else { return nil }
    return bytes.reduce(0) { $0 << 8 + UInt64($1) }
  }

  private static func string(_ count: UInt64, _ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return Array(rest.prefix(Int(count)))
  }

  /// Major type 7 (§3.3).
  private static func simple(_ info: UInt8, _ argument: UInt64) -> CollectorCBOR? {
    switch info {
    case 20, 21: .bool(info == 21)
    case 24: argument < 32 ? nil : .other
    case 25: .float(half(UInt16(argument)))
    case 26: .float(Double(Float(bitPattern: UInt32(argument))))
    case 27: .float(Double(bitPattern: argument))
    default: .other
    }
  }

  /// Half precision (RFC 8949 appendix D).
  private static func half(_ bits: UInt16) -> Double {
    let exponent = Int(bits >> 10 & 31)
    let mantissa = Double(bits & 0x3FF)
    let magnitude: Double =
      switch exponent {
      case 0: mantissa / 16_777_216
      case 31: mantissa == 0 ? .infinity : .nan
      default: (mantissa + 1024) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
      }
    return bits >> 15 == 1 ? -magnitude : magnitude
  }
}
