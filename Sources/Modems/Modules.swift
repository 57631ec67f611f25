import Primitives

extension ModuleProfile {
  /// Every family there is a profile for.
  public static var all: [ModuleProfile] {
    [
      .quectelBG95,
      .quectelEC25,
      .quectelM95,
      .simcomSIM7080,
      .simcomSIM7600,
      .simcomSIM800,
      .simcomSIM7000,
      .ubloxSARAR4,
      .ubloxSARAR5,
      .sequansGM02S,
      .generic,
    ]
  }

  /// - Parameter name: as the configuration has it.
  /// - Returns: nil for a name that no profile has.
  public static func named(_ name: [UInt8]) -> ModuleProfile? {
    all.first { name.equals($0.name) }
  }
}
