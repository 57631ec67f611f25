import Primitives

extension ModuleProfile {
  /// Every family there is a profile for.
  public static let all: [ModuleProfile] = [
    .quectelBG95, .quectelEC25, .quectelM95, .ubloxSARAR4, .ubloxSARAR5, .simcomSIM7080,
    .simcomSIM7000, .simcomSIM7600, .simcomSIM800, .telitME910, .sierraHL78, .cinterionEXS82,
    .fibocomL610, .sequansGM02S, .generic,
  ]

  /// - Parameter name: as the configuration has it.
  /// - Returns: nil for a name that no profile has.
  public static func named(_ name: [UInt8]) -> ModuleProfile? {
    all.first { name.equals($0.name) }
  }

  /// The family that a module is of, by what it answers to `AT+CGMM` or as a whole line of `ATI`: the
  /// longest of all names that its model begins with. The generic one where none fits.
  public static func covering(model: [UInt8]) -> ModuleProfile {
    var best: Int?
    var length = 0
    for index in all.indices {
      for name in all[index].covers where model.hasPrefix(name) && name.utf8CodeUnitCount > length {
        best = index
        length = name.utf8CodeUnitCount
      }
    }
    return best.map { all[$0] } ?? .generic
  }
}
