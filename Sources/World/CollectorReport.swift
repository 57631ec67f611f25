import Primitives

/// One report as it first arrived.
public struct CollectorReport: Equatable, Sendable {
  /// What makes it that report.
  struct Key: Hashable {
    let device: String
    let identity: String
  }

  /// The query's `d`.
  public var device: String
  /// The query's `b`, `0123abcd-17`.
  public var identity: String
  /// In the pack's order.
  public var readings: [CollectedReading]
  /// Readings that the device says it dropped.
  public var lostReadings: Int64
  public var payloadBytes: Int
  public var datagramBytes = 0
  public var peer: [UInt8]
  public var firstSeen: Instant

  var key: Key { Key(device: device, identity: identity) }

  /// The same for the same content (FNV-1a over the sorted lines). Times are left out: one since
  /// boot grows with every attempt, and becomes UTC when the clock is set.
  var fingerprint: UInt64 {
    var lines = readings.map { "\($0.name)\t\($0.value)\t\($0.unit ?? "")\n" }
    lines.sort()
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for line in lines + ["\(lostReadings)"] {
      for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return hash
  }

  /// Reads a request.
  static func parse(
    _ message: CollectorMessage, path: [String]?, peer: [UInt8], now: Instant
  ) -> Result<CollectorReport, CollectorRefusal> {
    do throws(CollectorRefusal) {
      return .success(try read(message, path: path, peer: peer, now: now))
    } catch {
      return .failure(error)
    }
  }

  private static func read(
    _ message: CollectorMessage, path: [String]?, peer: [UInt8], now: Instant
  ) throws(CollectorRefusal) -> CollectorReport {
    // Uri-Host, Uri-Port, Uri-Path, Uri-Query (RFC 7252 §5.10.1).
    if message.options.contains(where: {
      $0.number & 1 == 1 && ![3, 7, 11, 15].contains($0.number)
    }) {
      throw CollectorRefusal(code: (4, 2), reason: "critical option")
    }
    guard message.code == 2 else { throw CollectorRefusal(code: (4, 5), reason: "POST only") }
    if let path, message.texts(11) != path {
      throw CollectorRefusal(code: (4, 4), reason: "no such path")
    }
    guard message.uint(12) == 112 else {
      throw CollectorRefusal(code: (4, 15), reason: "Content-Format 112 only")
    }
    let query = message.texts(15)
    guard let device = value("d=", in: query), !device.isEmpty,
      let identity = value("b=", in: query), isIdentity(identity)
    else { throw CollectorRefusal(code: (4, 0), reason: "query needs d and b") }
    let pack = try CollectorSenML.read(message.payload, device: device)
    return CollectorReport(
      device: device, identity: identity, readings: pack.readings, lostReadings: pack.lost,
      payloadBytes: message.payload.count, peer: peer, firstSeen: now)
  }

  private static func value(_ prefix: String, in query: [String]) -> String? {
    let found = query.filter { $0.hasPrefix(prefix) }
    return found.count == 1 ? String(found[0].dropFirst(prefix.count)) : nil
  }

  /// Eight hexadecimal digits, a dash and a decimal number.
  private static func isIdentity(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[0].count == 8 && parts[0].allSatisfy(\.isHexDigit)
      && UInt32(parts[1]) != nil
  }
}

/// One reading, resolved, as a test compares it.
public struct CollectedReading: Equatable, Sendable {
  /// Without the device's name.
  public var name: String
  /// Plain decimal digits without exponent or trailing zeros: `-12.5`.
  public var value: String
  public var unit: String?
  public var time: CollectedTime

  public init(name: String, value: String, unit: String?, time: CollectedTime) {
    self.name = name
    self.value = value
    self.unit = unit
    self.time = time
  }
}

/// When a reading was taken, as the pack says.
public enum CollectedTime: Equatable, Sendable {
  /// Milliseconds since 1970.
  case utc(milliseconds: Int64)
  /// That long before the pack was sent.
  case beforeSending(milliseconds: Int64)
  case unknown
}

/// Why a request is refused, and with which code.
struct CollectorRefusal: Error {
  var code: (kind: UInt8, detail: UInt8)
  var reason: String

  /// - Parameter proof: the request's check, by which the device knows that what was refused is
  ///   what it sent.
  func response(_ proof: [UInt8]) -> CollectorResponse {
    CollectorResponse(
      code: code.kind << 5 | code.detail, payload: proof + Array(" \(reason)".utf8))
  }
}
