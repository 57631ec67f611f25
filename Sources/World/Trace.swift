import Primitives
import Telemetry

/// All that passed between the parties, a line each, so that two runs can be compared and one can
/// be read: milliseconds, who, what.
public struct Trace: Sendable {
  /// Beyond this many bytes the trace goes on as a count and a checksum alone.
  public static let keptBytes = 4 << 20

  public private(set) var bytes: [UInt8] = []
  public private(set) var lines: Int64 = 0
  /// FNV-1a over every line, kept or not.
  public private(set) var checksum: UInt64 = 0xCBF2_9CE4_8422_2325

  public var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func host(_ bytes: [UInt8], now: Instant) { add(">", bytes.printable, now) }
  mutating func modem(_ bytes: [UInt8], now: Instant) { add("<", bytes.printable, now) }
  mutating func powerKey(_ isAsserted: Bool, now: Instant) {
    add("key", isAsserted ? "asserted" : "released", now)
  }
  mutating func statusLine(_ isOn: Bool, now: Instant) { add("STATUS", isOn ? "on" : "off", now) }
  mutating func log(_ event: Event, now: Instant) {
    add("log", "\(event.subject.printable): \(event.text.printable)", now)
  }

  private mutating func add(_ who: String, _ what: String, _ now: Instant) {
    let line = Array("\(now.milliseconds) \(who) \(what)\n".utf8)
    lines += 1
    for byte in line { checksum = (checksum ^ UInt64(byte)) &* 0x100_0000_01B3 }
    if bytes.count + line.count <= Self.keptBytes { bytes += line }
  }
}
