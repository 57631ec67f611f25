import Primitives

extension ModuleProfile {
  /// Every family there is a profile for.
  public static var all: [ModuleProfile] {
    [
      .quectelBG95
    ]
  }

  /// - Parameter name: as the configuration has it.
  /// - Returns: nil for a name that no profile has.
  public static func named(_ name: [UInt8]) -> ModuleProfile? {
    all.first { name.equals($0.name) }
  }
}
