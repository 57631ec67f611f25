import Primitives

/// A server that knows some names, from RFC 1035 alone. Shares no code with the driver's look-up.
public struct NameServer: Sendable {
  public static let port: UInt16 = 53

  /// Names and the addresses that they have; any other name doesn't exist.
  public var names: [(name: String, address: [UInt8])] = []
  /// Seconds for which its answers hold.
  public var timeToLive: UInt32 = 300
  /// It says nothing.
  public var isDead = false
  /// What it was asked so far.
  public private(set) var questions = 0

  public init() {}

  /// - Returns: nil for what is no question about one name.
  mutating func answer(to query: [UInt8]) -> [UInt8]? {
    questions += 1
    guard !isDead, query.count > 12, query[2] & 0x80 == 0, query[4] == 0, query[5] == 1,
      let (name, end) = Self.name(in: query), end + 4 == query.count
    else { return nil }
    let isAddressAsked = Array(query[end...]) == [0, 1, 0, 1]
    let known = names.first { $0.name == name }
    let record =
      isAddressAsked
      ? known.map { [0xC0, 12, 0, 1, 0, 1] + Self.bytes(timeToLive) + [0, 4] + $0.address } : nil
    let code: UInt8 = known == nil ? 3 : 0
    let header =
      Array(query[0..<2]) + [0x81, 0x80 | code, 0, 1, 0, record == nil ? 0 : 1, 0, 0, 0, 0]
    return header + query[12...] + (record ?? [])
  }

  /// The name, and where the question goes on behind it. RFC 1035 §3.1.
  private static func name(in query: [UInt8]) -> (String, Int)? {
    var labels: [String] = []
    var at = 12
    while at < query.count, query[at] > 0 {
      let end = at + 1 + Int(query[at])
      guard query[at] < 64, end < query.count else { return nil }
      labels.append(String(decoding: query[at + 1..<end], as: UTF8.self))
      at = end
    }
    return at < query.count ? (labels.joined(separator: "."), at + 1) : nil
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
