import Primitives

/// Settings that were changed from afar and are being tried, as they stand in the vault. What it says
/// survives everything; so a crash or a power cut at any moment ends in the old settings or the new
/// ones, and somebody hears which.
public struct Trial: Equatable, Sendable {
  public enum Stage: UInt8, Sendable {
    /// The next start tries them.
    case armed = 1
    /// They are on trial. A start that finds this has crashed, or lost its power, in between.
    case running
    /// They have proven themselves.
    case kept
    /// The old ones hold again.
    case undone
  }

  /// What ended it.
  public enum Ending: UInt8, Sendable {
    case none = 0
    case confirmed, timeUp, interrupted, rolledBack

    public var text: StaticString {
      switch self {
      case .none: "on trial"
      case .confirmed: "kept: they have proven themselves"
      case .timeUp: "undone: no report went through them in time"
      case .interrupted: "undone: the device started anew meanwhile"
      case .rolledBack: "undone: as was asked for"
      }
    }

    /// For whoever is told that they are undone.
    public var reason: StaticString {
      switch self {
      case .none, .confirmed: "not tried"
      case .timeUp: "no report went through them in time"
      case .interrupted: "the device started anew meanwhile"
      case .rolledBack: "as was asked for"
      }
    }
  }

  public var stage = Stage.armed
  public var ending = Ending.none
  public var changes: [SettingChange]
  /// Whether earlier changes go: the file's settings, and only these on top.
  public var replacesAll = false
  /// It is the second time, since the old settings failed too.
  public var isExtension = false
  /// A command that was signed under the new values has to come in, besides.
  public var needsCommand = false
  /// What the answer with the outcome needs.
  public var receipt = RemoteReceipt(words: .own)
  /// To whom; empty: nobody.
  public var recipient: [UInt8] = []
  /// Attempts and radio accesses that were made for its sake, those of the return included.
  public var accesses: UInt8 = 0
  /// How often the outcome was handed to the network.
  public var tellings: UInt8 = 0

  private static let version: UInt8 = 2
  /// What a slot of the vault takes.
  public static let limitBytes = 1024

  public init(changes: [SettingChange]) { self.changes = changes }

  /// Reads what `kept` makes; nil for anything else, which counts as lost.
  public init?(kept bytes: [UInt8]) {
    guard bytes.count >= 8, bytes[0] == Self.version, let stage = Stage(rawValue: bytes[1]),
      let ending = Ending(rawValue: bytes[2])
    else { return nil }
    (self.stage, self.ending) = (stage, ending)
    replacesAll = bytes[3] & 1 != 0
    isExtension = bytes[3] & 2 != 0
    needsCommand = bytes[3] & 4 != 0
    (accesses, tellings) = (bytes[4], bytes[5])
    var rest = bytes[6...]
    guard let recipient = HeldSettings.take(&rest), let receipt = HeldSettings.take(&rest),
      let read = RemoteReceipt(kept: receipt), let changes = HeldSettings.list(rest)
    else { return nil }
    (self.recipient, self.receipt, self.changes) = (recipient, read, changes)
  }

  /// - Returns: nil for more than the vault takes.
  public var kept: [UInt8]? {
    let flags: UInt8 = (replacesAll ? 1 : 0) | (isExtension ? 2 : 0) | (needsCommand ? 4 : 0)
    let receipt = receipt.kept
    guard let changes = HeldSettings.bytes(changes), let count = UInt8(exactly: recipient.count)
    else { return nil }
    let kept =
      [Self.version, stage.rawValue, ending.rawValue, flags, accesses, tellings, count] + recipient
      + [UInt8(receipt.count)] + receipt + changes
    return kept.count <= Self.limitBytes ? kept : nil
  }

  /// What is left of one that was kept, once its changes hold: what the answer needs. It changes
  /// nothing any more.
  public var adopted: Trial {
    var adopted = self
    (adopted.changes, adopted.replacesAll) = ([], false)
    return adopted
  }

  /// What holds while it is tried, and after it is kept. The key isn't among the settings: it goes
  /// into the device's identity.
  public func settings(over old: [SettingChange]) -> [SettingChange] {
    HeldSettings.merged(replacesAll ? [] : old, changes.filter { $0.setting != .key })
  }

  /// The key that is tried; nil: the device's own.
  public var key: DeviceKey? {
    guard let change = changes.first(where: { $0.setting == .key }) else { return nil }
    do throws(DeviceKeyFault) {
      return try DeviceKey(change.value)
    } catch {
      return nil
    }
  }

  /// Whether it is about the way into the network.
  public var concernsAccess: Bool {
    concerns([.apn, .user, .password, .authentication, .chosenOperator, .blockedOperators, .rats])
  }

  /// Whether it is about where the server is.
  public var concernsServer: Bool { concerns([.server, .dns]) }

  private func concerns(_ settings: [RemoteSetting]) -> Bool {
    replacesAll || changes.contains { settings.contains($0.setting) }
  }

  /// For a person: `apn=em`, with blanks between.
  public var shown: [UInt8] {
    if changes.isEmpty {
      return Array(stage == .kept && !replacesAll ? "the last change" : "the file's settings")
    }
    return Array(changes.map { $0.shown }.joined(separator: [0x20]))
  }
}
