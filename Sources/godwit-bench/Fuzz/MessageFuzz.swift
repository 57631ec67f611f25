import Primitives
import SMS
import Settings

/// Feeds the parsers of what comes by SMS, and of the key that signs it.
enum MessageFuzz {
  /// A deliver in each alphabet, with a name, in parts, with ports; a status report; submits.
  static let pdus = [
    "0791947106004034040C919471831778780000620112214300801220D0BC4C8787E5E136480683C574E536",
    "0791947106004034040BD0C5A63B6DCE030000620112214300800C61B83B269BD16A3650B90D",
    "00440C91947183177878000062011221430080190500035A0201E6653A3C2C0FB74130194D062AB77720",
    "00440C919471831778780000620112214300800A060804123402016131",
    "004408812143659800086201122143008008050003070201D83D",
    "00440491214340F4620112214300690A0605040B8423F001AEFF",
    "0006FF0C91947183177878620112214300806201122153008000",
    "00110005812143F50000A709CF25280C77F7CA6D",
  ]

  static let keys = [
    "00112233445566778899AABBCCDDEEFF\n", "ABEiM0RVZneImaq7zN3u/w==\r\n",
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
  ]

  /// Signed with the key that is asked for, with another key, and for another device.
  static let commands: [[UInt8]] = [
    sign("set apn=em", key), sign("status", key), sign("report now", key.reversed()),
    sign("reboot", Array(key.dropLast())),
  ]

  private static let key = (0..<32).map { UInt8($0) }
  private static let device: DeviceLabel = {
    guard let label = try? DeviceLabel(Array("meadow-7".utf8)) else {
      preconditionFailure("a good name")
    }
    return label
  }()

  private static func sign(_ text: String, _ key: [UInt8]) -> [UInt8] {
    SignedMessage.sign(Array(text.utf8), device: device, counter: 1_795_000_000, key: key) ?? []
  }

  /// The case as it is, which is hexadecimal when its sample was; its octets; and a good PDU with
  /// some of its octets from the case.
  static func pdu(_ bytes: [UInt8], _ choice: inout SeededRandom) -> String? {
    for hex in [bytes, Array(bytes.prefix(PDU.limit)).hex, varied(by: bytes, &choice)] {
      for isFromDevice in [false, true] {
        if let fault = pdu(hex, isFromDevice: isFromDevice) { return fault }
      }
    }
    return nil
  }

  /// A good PDU of which one to four octets are those of a case.
  static func varied(by bytes: [UInt8], _ choice: inout SeededRandom) -> [UInt8] {
    var hex = Array(pdus[Int(choice.next(below: UInt64(pdus.count)))].utf8)
    for byte in bytes.prefix(Int(choice.next(below: 4)) + 1) {
      let octet = 2 * Int(choice.next(below: UInt64(hex.count / 2)))
      (hex[octet], hex[octet + 1]) = byte.hexDigits
    }
    return hex
  }

  private static func pdu(_ hex: [UInt8], isFromDevice: Bool) -> String? {
    let read: PDU
    do throws(PDUFault) {
      read = try PDU(hex: hex, isFromDevice: isFromDevice)
    } catch {
      let octets = 1...min(PDU.limit + 1, hex.count / 2 + 1)
      if !octets.contains(error.octet) { return "octet \(error.octet) of \(hex.count) digits" }
      return error.text.isEmpty ? "refused without a word" : nil
    }
    if let exact = try? PDU(hex: hex, isFromDevice: isFromDevice, isExact: true), exact != read {
      return "exactness reads another message"
    }
    switch read {
    case .deliver(let message): return fault(in: message.userData, for: message.sender)
    case .submit(let message): return fault(in: message.userData, for: message.recipient)
    case .statusReport: return nil
    }
  }

  /// A text that was read can be sent again, and then reads the same.
  private static func fault(in userData: UserData, for address: SMSAddress) -> String? {
    if userData.body.count > 160 { return "a body of \(userData.body.count)" }
    if let part = userData.part, part.number < 1 || part.number > part.count {
      return "part \(part.number) of \(part.count)"
    }
    guard case .text(let text) = userData.content, !address.isName else { return nil }
    guard let submit = SMSSubmit(to: address, text: text) else { return "its text can't be sent" }
    var body: [UInt8] = []
    var alphabet = DataCoding.Alphabet.gsm7
    for part in submit.parts {
      guard case .submit(let message)? = try? PDU(hex: part.hex, isFromDevice: true, isExact: true)
      else { return "what is sent of it is refused" }
      body += message.userData.body
      alphabet = message.coding.alphabet ?? alphabet
    }
    return UserData.content(of: body, in: alphabet) == .text(text)
      ? nil : "what is sent of it is another text"
  }

  static func signed(_ bytes: [UInt8]) -> String? {
    guard let message = try? SignedMessage(bytes, device: device, key: key) else { return nil }
    let right = SignedMessage.sign(
      message.text, device: device, counter: message.counter, key: key)
    // Letters of the mark and of the hexadecimal tag count in either case.
    let isOurs = commands.prefix(2).contains { $0.folded == bytes.folded }
    return isOurs && right?.folded == bytes.folded ? nil : "a command that nobody signed passes"
  }

  static func key(_ bytes: [UInt8]) -> String? {
    do throws(DeviceKeyFault) {
      let count = try DeviceKey(bytes).bytes.count
      return SignedMessage.keyLengths.contains(count) ? nil : "a key of \(count) bytes"
    } catch {
      return error.text.isEmpty ? "refused without a word" : nil
    }
  }
}

extension [UInt8] {
  /// Lower case as far as the command's own text.
  fileprivate var folded: [UInt8] {
    let spaces = indices.filter { self[$0] == UInt8(ascii: " ") }
    let end = spaces.count > 2 ? spaces[2] : 0
    return self[..<end].map { $0.isASCIILetter ? $0 | 0x20 : $0 } + self[end...]
  }
}
