import Cellular
import Link
import Modems
import Primitives

/// Which module it is: found out, remembered, or another than the configuration says.
extension Agent where S: ~Copyable {
  /// The name of the memory of a module that was found out.
  static var moduleKey: StaticString { "module" }
  /// The same of the module's and the card's numbers.
  static var identityKey: StaticString { "identity" }

  /// What an earlier process has read is shown until it is read anew.
  mutating func recallIdentity() {
    do {
      guard let numbers = try store.recall(Self.identityKey) else { return }
      record.identity = ModuleIdentity(numbers: numbers)
    } catch {
      record.storeFailures += 1
    }
  }

  /// What an earlier process found out is believed until the module doesn't answer to it.
  mutating func recallModule(now: Instant) {
    guard link.settings.detects else { return }
    do {
      guard let bytes = try store.recall(Self.moduleKey), let known = RememberedModule(bytes)
      else { return }
      link.recall(known)
      log("modem", "remembered: \(String(known.family)) at \(known.baud) baud", now)
    } catch {
      record.storeFailures += 1
    }
  }

  mutating func found(_ module: DetectedModule, now: Instant) {
    let (maker, model) = (module.maker.printable, module.model.printable)
    let start = module.pulse.map { ", started by a pulse of \($0.text)" } ?? ""
    let name = String(module.family)
    log("modem", "found \(name): \(maker) \(model) at \(module.baud) baud\(start)", now)
    keep(link.remembered?.bytes, as: Self.moduleKey, now: now)
  }

  mutating func forgotten(now: Instant) {
    log("modem", "the module that was found doesn't answer: it is found out anew", now)
    keep(nil, as: Self.moduleKey, now: now)
  }

  mutating func identified(_ identity: ModuleIdentity, now: Instant) {
    record.identity = identity
    cardRead(identity, now: now)
    keep(identity.numbers, as: Self.identityKey, now: now)
    let before = record.otherModule
    record.otherModule =
      link.settings.detects ? nil : OtherModule(identity.model, configured: link.module)
    guard let other = record.otherModule, other != before else { return }
    log("modem", other.text, now)
  }

  /// Only what is news is written: each start of the module with a known one costs no flash.
  private mutating func keep(_ value: [UInt8]?, as key: StaticString, now: Instant) {
    do {
      if try store.recall(key) == value { return }
      try store.remember(value, as: key)
    } catch {
      record.storeFailures += 1
      log(
        "store", "can't be written: what the module told is found out anew at the next start", now)
    }
  }
}

extension ModuleIdentity {
  /// IMEI, ICCID and IMSI, a blank behind each; empty where it isn't known.
  var numbers: [UInt8] {
    var bytes: [UInt8] = []
    for digits in [imei?.digits, iccid?.digits, imsi?.digits] { bytes += (digits ?? []) + [0x20] }
    return bytes
  }

  init(numbers: [UInt8]) {
    self.init()
    let parts = numbers.split(separator: 0x20, omittingEmptySubsequences: false).map { Array($0) }
    guard parts.count >= 3 else { return }
    (imei, iccid, imsi) = (IMEI(parts[0]), ICCID(parts[1]), IMSI(parts[2]))
  }
}

/// A module that isn't the one that the configuration names. It is used as configured all the same.
public struct OtherModule: Equatable, Sendable {
  /// As it says itself.
  public let model: [UInt8]
  /// The configuration's name.
  public let configured: [UInt8]
  /// The name of its own family; `generic` where none is known.
  public let advised: [UInt8]

  /// - Returns: nil where the configured profile is for that model, where the model isn't known,
  ///   and where no other profile would suit it better than the configured generic one.
  public init?(_ model: [UInt8], configured profile: ModuleProfile) {
    if model.isEmpty || profile.covers.contains(where: { model.hasPrefix($0) }) { return nil }
    let own = ModuleProfile.covering(model: model)
    self.model = model
    configured = Array(profile.name)
    advised = Array(own.name)
    if configured == advised { return nil }
  }

  public var text: String {
    "the module says \(model.printable), the configuration module = \(configured.printable): "
      + "please write module = \(advised.printable)"
  }
}
