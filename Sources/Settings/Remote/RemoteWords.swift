/// Whose words a message is written in: Godwit's own, or a dialect of the trackers and routers that
/// the platform's consoles already send to.
public enum RemoteWords: UInt8, CaseIterable, Sendable {
  /// Godwit's own commands, signed.
  case own
  case teltonika, ruptela, concox, coban, meitrack, elinz, reachfar, queclink, bitrek, rut

  /// As it stands in the configuration and in logs.
  public var name: StaticString {
    switch self {
    case .own: "godwit"
    case .teltonika: "teltonika"
    case .ruptela: "ruptela"
    case .concox: "concox"
    case .coban: "coban"
    case .meitrack: "meitrack"
    case .elinz: "elinz"
    case .reachfar: "reachfar"
    case .queclink: "queclink"
    case .bitrek: "bitrek"
    case .rut: "rut"
    }
  }

  /// All but Godwit's own.
  public static var dialects: [RemoteWords] { allCases.filter { $0 != .own } }
}
