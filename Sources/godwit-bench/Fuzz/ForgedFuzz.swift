import Primitives
import Settings

/// Commands by SMS that a device must not obey, made of ones that it would: through the whole of what
/// decides, the rules and the counter.
enum ForgedFuzz {
  /// What is done to a true command.
  enum Kind: String, CaseIterable, Equatable {
    /// A digit of the tag, a byte of the text, or the counter is another.
    case tag, text, counter
    /// It ends too early, or goes on.
    case truncated, grown
    /// The tag of one with the text, or the counter, of another.
    case spliced
    /// Signed with another key, or for another device.
    case otherKey, otherDevice
    /// It came before, perhaps in other letters.
    case replayed
    /// It is true, and a later one came before it.
    case reordered
    /// Its words are in another order.
    case shuffled
    case unsigned
    /// Bytes that have nothing to do with it.
    case noise
  }

  /// One that the device never saw, and one of each kind made of it.
  struct Case {
    var kind: Kind
    var message: [UInt8]
    /// What came before it, and was obeyed.
    var earlier: [[UInt8]]
  }

  /// Feeds one case: a command of some kind and, every now and then, a true one.
  static func feed(_ bytes: [UInt8], _ choice: inout SeededRandom) -> String? {
    guard let kind = kind(&choice) else {
      var ledger = start
      return isObeyed(pick(fresh, &choice), &ledger) ? nil : "a true command isn't obeyed"
    }
    return fault(in: made(kind, noise: bytes, &choice))
  }

  /// What the next case is; nil for a true command.
  static func kind(_ choice: inout SeededRandom) -> Kind? {
    if choice.next(below: trueEvery) == 0 { return nil }
    return Kind.allCases[Int(choice.next(below: UInt64(Kind.allCases.count)))]
  }

  /// - Returns: what is wrong with what came of it; nil for nothing.
  static func fault(in one: Case) -> String? {
    var ledger = start
    for message in one.earlier where !isObeyed(message, &ledger) {
      return "a true command isn't obeyed"
    }
    return isObeyed(one.message, &ledger) ? "a command passes: \(one.kind)" : nil
  }

  static func isObeyed(_ message: [UInt8], _ ledger: inout CommandLedger) -> Bool {
    guard case .request(let request) = rules.judge(text: message, sender: Array("1234")) else {
      return false
    }
    guard case .signed(let counter) = request.authority else { return true }
    return ledger.take(counter: counter)
  }

  static func made(_ kind: Kind, noise: [UInt8], _ choice: inout SeededRandom) -> Case {
    let whole = pick(fresh, &choice)
    var words = parts(of: whole)
    var earlier: [[UInt8]] = []
    var message = whole
    switch kind {
    case .tag:
      let at = Int(choice.next(below: UInt64(words[2].count)))
      let digit = words[2][at].hexDigitValue ?? 0
      words[2][at] = Array("0123456789abcdef")[Int(digit ^ UInt8(1 + choice.next(below: 15)))]
      message = joined(words)
    case .text:
      let at = Int(choice.next(below: UInt64(words[3].count)))
      words[3][at] = 0x20 + (words[3][at] - 0x20 + UInt8(1 + choice.next(below: 94))) % 95
      message = joined(words)
    case .counter:
      words[1] = Array("\(newest + 1 + choice.next(below: 1 << 40))".utf8)
      message = joined(words)
      if words[1] == parts(of: whole)[1] { message = [] }
    case .truncated: message = Array(whole.prefix(Int(choice.next(below: UInt64(whole.count)))))
    case .grown:
      for _ in 0...choice.next(below: 20) { message.append(UInt8(0x20 + choice.next(below: 95))) }
    case .spliced:
      let other = parts(of: pick(fresh, &choice))
      words[choice.next(below: 2) == 0 ? 1 : 3] = other[choice.next(below: 2) == 0 ? 1 : 3]
      message = joined(words)
      if fresh.contains(message) { message = [] }
    case .otherKey: message = pick(foreign, &choice)
    case .otherDevice: message = pick(misled, &choice)
    case .replayed:
      earlier = [whole]
      if choice.next(below: 2) == 0 {
        words[0] = Array("GW")
        words[2] = words[2].map { $0.isASCIILetter ? $0 ^ 0x20 : $0 }
        message = joined(words)
      }
    case .reordered:
      earlier = [latest]
    case .shuffled:
      words.swapAt(Int(choice.next(below: 2)), 2 + Int(choice.next(below: 2)))
      message = joined(words)
    case .unsigned: message = words[3]
    case .noise: message = noise
    }
    return Case(kind: kind, message: message, earlier: earlier)
  }

  // MARK: - What there is

  /// One case in so many is a true command, so that the test can fail.
  private static let trueEvery: UInt64 = 64
  /// The counter of the last command that the device obeyed.
  private static let newest: UInt64 = 1_795_000_000
  private static let key = (0..<32).map { UInt8($0) }
  private static let texts = [
    "set apn=em", "status", "report now", "reboot", "rollback", "factory-reset", "get apn server",
    "set interval=1h psm=off roaming=on", "set senders=12345678,+491738718787", "set apn=iot.1nce",
  ]

  private static let rules = RemoteRules(configuration, key: DeviceKey(bytes: key))

  private static let start: CommandLedger = {
    var ledger = CommandLedger()
    _ = ledger.take(counter: newest)
    return ledger
  }()

  /// True ones that the device has not had yet.
  static let fresh = messages("meadow-7", key)
  /// The newest of all.
  private static let latest = signed("status", "meadow-7", newest + (1 << 50), key)
  private static let foreign =
    messages("meadow-7", key.map { $0 ^ 1 }) + messages("meadow-7", Array(key.dropLast()))
  private static let misled =
    messages("meadow-8", key) + messages("meadow-", key) + messages("m", key)

  private static func messages(_ name: String, _ key: [UInt8]) -> [[UInt8]] {
    texts.enumerated().flatMap { index, text in
      (0..<8).map { signed(text, name, newest + 1 + UInt64(index * 8 + $0), key) }
    }
  }

  private static func signed(
    _ text: String, _ name: String, _ counter: UInt64, _ key: [UInt8]
  ) -> [UInt8] {
    guard let label = try? DeviceLabel(Array(name.utf8)),
      let message = SignedMessage.sign(
        Array(text.utf8), device: label, counter: counter, key: key)
    else { preconditionFailure("a good command") }
    return message
  }

  private static let configuration: Configuration = {
    let text = """
      [device]
      name = meadow-7
      [modem]
      module = quectel-bg95
      uart = modem
      power-key = desk pins
      [network]
      apn = em
      [server]
      url = coap://collector.example/r
      [sms]
      listen = on
      commands = on
      """
    guard let configuration = try? ConfigurationParser.parse(Array(text.utf8)) else {
      preconditionFailure("a good configuration")
    }
    return configuration
  }()

  /// Mark, counter, tag and text.
  private static func parts(of message: [UInt8]) -> [[UInt8]] {
    message.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false).map { Array($0) }
  }

  private static func joined(_ parts: [[UInt8]]) -> [UInt8] {
    Array(parts.joined(separator: [0x20]))
  }

  private static func pick(_ list: [[UInt8]], _ choice: inout SeededRandom) -> [UInt8] {
    list[Int(choice.next(below: UInt64(list.count)))]
  }
}
