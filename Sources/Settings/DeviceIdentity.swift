import Primitives

/// What one device has that no other of its batch has: its key, and its name where the configuration
/// doesn't say it. It stays in the vault.
public struct DeviceIdentity: Equatable, Sendable {
  public var key: DeviceKey
  /// Instead of the configuration's; nil: that holds.
  public var name: DeviceLabel?

  private static let version: UInt8 = 1

  public init(key: DeviceKey, name: DeviceLabel?) {
    self.key = key
    self.name = name
  }

  /// Reads what `kept` makes; nil for anything else, which counts as lost.
  public init?(kept bytes: [UInt8]) {
    guard bytes.first == Self.version,
      let end = bytes.firstIndex(of: UInt8(ascii: " ")), bytes.count > end + 1
    else { return nil }
    let label = Array(bytes[1..<end])
    do throws(DeviceKeyFault) {
      key = try DeviceKey(Array(bytes[(end + 1)...]))
    } catch {
      return nil
    }
    if label.isEmpty { return }
    do throws(ValueProblem) {
      name = try DeviceLabel(label)
    } catch {
      return nil
    }
  }

  /// The version's byte, the name, a blank and the key in hexadecimal.
  public var kept: [UInt8] {
    [Self.version] + (name?.bytes ?? []) + [UInt8(ascii: " ")] + key.bytes.hex
  }
}
