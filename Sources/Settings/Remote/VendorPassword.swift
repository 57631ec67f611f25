import Primitives

extension RemoteWords {
  /// What a maker's devices leave the factory with; it stands in public manuals, so it proves nothing.
  public var vendorPasswords: [StaticString] {
    switch self {
    case .concox: ["666666", "123456", "000000"]
    case .coban, .elinz, .reachfar: ["123456"]
    case .meitrack: ["0000", "666888", "8888"]
    case .queclink: ["queclink", "gl100", "gl200", "gl300", "gmt100"]
    case .rut: ["admin01"]
    case .own, .teltonika, .ruptela, .bitrek: []
    }
  }

  func isDefault(_ password: [UInt8]) -> Bool {
    vendorPasswords.contains { password.equals($0) }
  }
}
