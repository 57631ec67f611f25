import Primitives

/// `<AcT>` of TS 27.007 §7.2, as the standard numbers it.
///
/// Trap: old Quectel BG firmware says 8 for LTE-M. That is its profile's affair, not this type's.
public enum AccessTechnology: Equatable, Sendable {
  case gsm, gsmCompact, utran, edge, hsdpa, hsupa, hspa, lte, ecGSM, nbIoT
  /// 10 and above: 5G and satellite.
  case other(Int)

  public init?(code: Int) {
    guard (0...99).contains(code) else { return nil }
    self = Self.named.indices.contains(code) ? Self.named[code] : .other(code)
  }

  public var text: String {
    switch self {
    case .gsm: "GSM"
    case .gsmCompact: "GSM compact"
    case .utran: "UMTS"
    case .edge: "EDGE"
    case .hsdpa: "HSDPA"
    case .hsupa: "HSUPA"
    case .hspa: "HSPA"
    case .lte: "LTE or LTE-M"
    case .ecGSM: "EC-GSM-IoT or LTE-M"
    case .nbIoT: "NB-IoT"
    case .other(let code): "access technology \(code)"
    }
  }

  private static let named: [AccessTechnology] = [
    .gsm, .gsmCompact, .utran, .edge, .hsdpa, .hsupa, .hspa, .lte, .ecGSM, .nbIoT,
  ]
}

/// A radio access technology to search for, in the order of preference.
public enum RAT: Hashable, Sendable {
  case gsm, umts, lte, lteM, nbIoT

  public var text: String {
    switch self {
    case .gsm: "2G"
    case .umts: "3G"
    case .lte: "LTE"
    case .lteM: "LTE-M"
    case .nbIoT: "NB-IoT"
    }
  }
}
