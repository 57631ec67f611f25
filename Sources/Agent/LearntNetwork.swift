import Cellular
import Primitives

/// What has worked with one SIM: operator, band and access point. Kept in the vault, written only
/// when it changes, dropped at a change of card or IMSI. The password isn't in it: an access point
/// that needs the configured credentials is kept as such.
public struct LearntNetwork: Equatable, Sendable {
  public var iccid: ICCID?
  public var imsi: IMSI?
  public var plmn: PLMN?
  /// Of LTE; nil where the module doesn't tell.
  public var band: Int?
  /// nil: none has worked yet. Blank: without one.
  public var apn: APN?
  /// It goes with the configured user and password.
  public var hasCredentials = false
  /// The configured one at that time.
  public var configured: APN?

  public init() {}

  static let version: UInt8 = 1
  /// Marks a text that isn't there.
  private static let absent: UInt8 = 255

  /// Version, band (0: none), whether credentials go with it, then the texts, each with its length
  /// in front.
  public var bytes: [UInt8] {
    var bytes = [Self.version, UInt8(clamping: band ?? 0), hasCredentials ? 1 : 0]
    for text in [iccid?.digits, imsi?.digits, plmn?.digits, apn?.bytes, configured?.bytes] {
      guard let text else {
        bytes.append(Self.absent)
        continue
      }
      bytes.append(UInt8(text.count))
      bytes += text
    }
    return bytes
  }

  /// - Returns: nil for anything but what `bytes` makes.
  public init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard reader.byte() == Self.version, let band = reader.byte(), let flag = reader.byte(),
      flag <= 1
    else { return nil }
    self.band = band == 0 ? nil : Int(band)
    hasCredentials = flag == 1
    var texts: [[UInt8]?] = []
    for _ in 0..<5 {
      guard let count = reader.byte() else { return nil }
      if count == Self.absent {
        texts.append(nil)
      } else if let text = reader.take(Int(count)) {
        texts.append(text)
      } else {
        return nil
      }
    }
    guard reader.remaining == 0 else { return nil }
    if let text = texts[0] { iccid = ICCID(text) }
    if let text = texts[1] { imsi = IMSI(text) }
    if let text = texts[2] { plmn = PLMN(text) }
    if let text = texts[3] { apn = text.isEmpty ? .blank : APN(text) }
    if let text = texts[4] { configured = APN(text) }
    if self.bytes != bytes { return nil }
  }
}
