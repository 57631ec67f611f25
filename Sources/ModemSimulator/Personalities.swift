import Primitives

extension ModemPersonality {
  /// Every family that is simulated. A line each.
  public static let all: [ModemPersonality] = [
    .bg95,
    .ec25,
    .m95,
    .telitME910,
    .sierraHL78,
    .cinterionEXS82,
    .fibocomL610,
    .saraR4,
    .saraR5,
    .sim7080,
    .sim7600,
    .sim800,
    .sim7000,
    .gm02s,
  ]

  /// The family of a configuration's `module = …`; nil for a name that isn't simulated.
  public static func named(_ text: [UInt8]) -> ModemPersonality? {
    all.first { $0.name == text }
  }
}
