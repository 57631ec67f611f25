import Modems
import Primitives

/// What answered.
public struct DetectedModule: Sendable {
  /// The name only: a profile is large, and this goes through many hands.
  public private(set) var family: StaticString
  public var maker: [UInt8]
  public var model: [UInt8]
  /// Bits a second.
  public var baud: Int
  /// The pulse that started it; nil when it was on.
  public var pulse: Duration?

  public init(
    profile: ModuleProfile, maker: [UInt8], model: [UInt8], baud: Int, pulse: Duration?
  ) {
    family = profile.name
    self.maker = maker
    self.model = model
    self.baud = baud
    self.pulse = pulse
  }

  /// The generic one for a module that none of the others covers.
  public var profile: ModuleProfile { .named(Array(family)) ?? .generic }
}

extension DetectedModule: Equatable {
  public static func == (a: DetectedModule, b: DetectedModule) -> Bool {
    Array(a.family) == Array(b.family) && a.maker == b.maker && a.model == b.model
      && a.baud == b.baud && a.pulse == b.pulse
  }
}

/// What of a module that was found out is worth keeping over the process's end.
public struct RememberedModule: Sendable {
  /// The profile's name.
  public private(set) var family: StaticString
  /// Bits a second.
  public var baud: Int
  /// The pulse that has started it; nil while it was never seen off.
  public var pulse: Duration?

  public init(profile: ModuleProfile, baud: Int, pulse: Duration?) {
    family = profile.name
    self.baud = baud
    self.pulse = pulse
  }

  public var profile: ModuleProfile { .named(Array(family)) ?? .generic }

  /// From `bytes`.
  ///
  /// - Returns: nil for anything else, and for a profile or rate that this version doesn't know:
  ///   the module is then found out anew.
  public init?(_ bytes: [UInt8]) {
    let words = bytes.split(separator: UInt8(ascii: " "))
    guard words.count == 3, let profile = ModuleProfile.named(Array(words[0])),
      let baud = words[1].asciiWholeNumber, (Self.lowestBaud...Self.highestBaud).contains(baud),
      let milliseconds = words[2].asciiWholeNumber, milliseconds <= Self.longestPulse
    else { return nil }
    family = profile.name
    self.baud = Int(baud)
    pulse = milliseconds > 0 ? .milliseconds(milliseconds) : nil
  }

  /// One line of text: the profile's name, bits a second, milliseconds (0: none known).
  public var bytes: [UInt8] {
    Array(family) + Array(" \(baud) \(pulse?.wholeMilliseconds ?? 0)".utf8)
  }

  private static let lowestBaud: Int64 = 1200
  private static let highestBaud: Int64 = 4_000_000
  /// Milliseconds.
  private static let longestPulse: Int64 = 20_000
}
