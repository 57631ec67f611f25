import Crypto
import Primitives

/// A command by SMS that proves whom it is from: `gw COUNTER TAG TEXT`. The sender's number proves
/// nothing, since whoever hands a message in chooses it.
///
/// The tag is HMAC-SHA-256 (RFC 2104) under the device's own key, cut to 80 bits, over the device's
/// name, the counter and the text; so it is of use for one device, once, and for this text. Only
/// characters that every console, gateway and alphabet leaves alone occur.
public struct SignedMessage: Equatable, Sendable {
  /// Must be greater than every one that was accepted before. Whoever signs may take the time of
  /// day in seconds.
  public let counter: UInt64
  public let text: [UInt8]

  public static let mark: StaticString = "gw"
  /// Bytes of the tag that are sent: 80 bits, so that guessing costs more messages than there are.
  public static let tagLength = 10
  /// The longest text of a command: with mark, counter and tag it fits into two messages.
  public static let textLimit = 256
  /// The counter's digits.
  public static let counterDigits = 1...18
  /// Bytes of a device's key.
  public static let keyLengths = 16...64

  /// - Returns: the whole message; nil for a key, a counter or a text outside its limits.
  public static func sign(
    _ text: [UInt8], device: DeviceLabel, counter: UInt64, key: [UInt8]
  ) -> [UInt8]? {
    let digits = Array("\(counter)".utf8)
    guard keyLengths.contains(key.count), counterDigits.contains(digits.count), isText(text) else {
      return nil
    }
    let tag = tag(of: text, device: device, counter: digits, key: key)
    return Array(mark) + [space] + digits + [space] + tag.hex + [space] + text
  }

  /// Reads a message and proves it. Nothing of it may be acted on before.
  public init(
    _ message: [UInt8], device: DeviceLabel, key: [UInt8]
  ) throws(SignatureFault) {
    let parts = message.split(separator: Self.space, maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].lowercased == Array(Self.mark) else { throw .notSigned }
    guard Self.counterDigits.contains(parts[1].count), let counter = parts[1].asciiWholeNumber,
      parts[1].first != UInt8(ascii: "0"), let tag = Self.bytes(hex: Array(parts[2])),
      tag.count == Self.tagLength, Self.isText(Array(parts[3]))
    else { throw .malformed }
    text = Array(parts[3])
    self.counter = UInt64(counter)
    let right = Self.tag(of: text, device: device, counter: Array(parts[1]), key: key)
    guard Self.keyLengths.contains(key.count), ConstantTime.areEqual(tag, right) else {
      throw .wrongTag
    }
  }

  /// Whether a text says that it is one.
  static func isClaimed(by text: [UInt8]) -> Bool {
    let mark = text.prefix(Self.mark.utf8CodeUnitCount + 1)
    return mark.lowercased == Array(Self.mark) + [space]
  }

  private static let space = UInt8(ascii: " ")

  /// What is hashed can be cut into its parts in one way only: names have no NUL, digits neither.
  private static func tag(
    of text: [UInt8], device: DeviceLabel, counter: [UInt8], key: [UInt8]
  ) -> [UInt8] {
    let message = Array("godwit sms 1") + [0] + device.bytes + [0] + counter + [0] + text
    return Array(HMAC.tag(of: message, key: key).prefix(tagLength))
  }

  private static func isText(_ text: [UInt8]) -> Bool {
    (1...textLimit).contains(text.count) && text.allSatisfy { (0x20...0x7E).contains($0) }
  }

  private static func bytes(hex text: [UInt8]) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = text[index].hexDigitValue, let low = text[index + 1].hexDigitValue else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

/// Why a message isn't a command that may be obeyed. Never told to whoever sent it.
public enum SignatureFault: Error, Equatable, Sendable {
  /// It doesn't claim to be one.
  case notSigned
  case malformed
  /// Another key, another device, or changed on its way.
  case wrongTag
}

extension Collection<UInt8> {
  fileprivate var lowercased: [UInt8] {
    map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
}
