import Primitives

/// When the service centre took a message: local time and its distance from UTC. TS 23.040
/// §9.2.3.11.
public struct SMSTimestamp: Hashable, Sendable {
  public let utc: UTC
  /// Local time less UTC.
  public let offsetMinutes: Int

  /// - Returns: nil when a field isn't decimal or out of range, which service centres do send: the
  ///   message counts, its time doesn't.
  init?(octets: [UInt8]) {
    guard octets.count == 7 else { return nil }
    var fields: [Int] = []
    for octet in octets.prefix(6) {
      let (tens, ones) = (Int(octet & 0xF), Int(octet >> 4))
      guard tens < 10, ones < 10 else { return nil }
      fields.append(tens * 10 + ones)
    }
    let (tens, ones) = (Int(octets[6] & 7), Int(octets[6] >> 4))
    // TS 23.038: the zone counts quarters of an hour, -12 h to +14 h in the world as it is.
    guard ones < 10, tens * 10 + ones <= 56 else { return nil }
    let minutes = (tens * 10 + ones) * 15 * (octets[6] & 8 == 0 ? 1 : -1)
    guard
      let local = UTC(
        year: 2000 + fields[0], month: fields[1], day: fields[2], hour: fields[3],
        minute: fields[4], second: fields[5])
    else { return nil }
    utc = local + .seconds(Int64(-60 * minutes))
    offsetMinutes = minutes
  }
}
