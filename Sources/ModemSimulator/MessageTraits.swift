import Primitives

/// What a family does its own way with short messages (TS 27.005). Where its facts are silent, a
/// choice is left to the firmware (`FirmwareTraits`), so that a host can't rely on either.
struct MessageTraits: Sendable {
  /// What AT+CPMS can name.
  var memories: [MessageMemory] = [.card, .module(23)]
  /// The memory that is chosen until AT+CPMS says otherwise.
  var chosen: StaticString = "SM"
  /// Whether AT+CPMS writes to the flash.
  var keepsChoice = false
  /// AT+CMGF after a boot: 0 PDU, 1 text.
  var format: @Sendable (SimulatedModem) -> Int = { $0.firmware.isOdd(11) ? 1 : 0 }
  /// AT+CNMI after a boot.
  var newMessage = [0, 0, 0, 0, 0]
  /// `+CMS ERROR` while the card or its messages are still being read. 500 was seen
  /// (gammu/gammu#438), 314 is TS 27.005's.
  var notReadyError: @Sendable (SimulatedModem) -> Int = { $0.firmware.isOdd(10) ? 500 : 314 }
  /// `+CMS ERROR` of AT+CMGR for a place without a message; nil: `OK` alone.
  var emptyError: @Sendable (SimulatedModem) -> Int? = { _ in 321 }
  /// `+CMTI` for each unread message once they are read after a boot.
  var announcesUnread = false
  /// The URC of a message that found no room; nil: none.
  var fullText: @Sendable (SimulatedModem, [UInt8]) -> ATText? = { _, _ in nil }
  /// How long AT+CMGS waits for the network.
  var sendLimit = Duration.seconds(120)
}

/// One memory for messages.
struct MessageMemory: Sendable {
  let name: StaticString
  let capacity: Int
  /// The number of its first place.
  let first: Int
  /// Another name for it.
  var alias: StaticString?

  /// The card: 50 as a rule; its records are counted from 1 (TS 31.102 §4.2.25).
  static let card = MessageMemory(name: "SM", capacity: 50, first: 1)

  /// The module's own, counted from 0.
  static func module(_ capacity: Int, alias: StaticString? = nil) -> MessageMemory {
    MessageMemory(name: "ME", capacity: capacity, first: 0, alias: alias)
  }

  func isCalled(_ text: [UInt8]) -> Bool {
    text.equals(name) || alias.map { text.equals($0) } ?? false
  }
}

extension MessageTraits {
  /// BG96 AT manual V2.2: 23 places in the module, chosen from the factory; an empty place is only
  /// `OK`, or error 321; error 512 is "SIM not ready".
  static let quectelIoT: MessageTraits = {
    var traits = MessageTraits()
    traits.memories = [.module(23, alias: "MT"), .card]
    traits.chosen = "ME"
    traits.format = { _ in 0 }
    traits.newMessage = [2, 1, 0, 0, 0]
    traits.notReadyError = { $0.firmware.isOdd(12) ? 512 : 314 }
    traits.emptyError = { $0.firmware.isOdd(19) ? 321 : nil }
    traits.fullText = { modem, memory in
      let type = Array("smsfull".utf8)
      let isOn = modem.session.indications.first { $0.type == type }?.isOn ?? true
      return isOn ? "+QIND: \"smsfull\",\(quoted: memory)" : nil
    }
    return traits
  }()

  /// EC2x AT manual, chapter 9: as BG96's, with 255 places and a choice that is kept.
  static let quectelCat4: MessageTraits = {
    var traits = quectelIoT
    traits.memories = [.module(255, alias: "MT"), .card]
    traits.keepsChoice = true
    return traits
  }()

  /// A user's logs of an M26 and an M95 (warthog618/modem#17; geolink/opentracker#28: error 3 until
  /// `Call Ready`).
  static let quectelGSM: MessageTraits = {
    var traits = MessageTraits()
    traits.memories = [.card, .module(25, alias: "MT")]
    traits.format = { _ in 0 }
    traits.newMessage = [2, 1, 0, 0, 0]
    traits.notReadyError = { _ in 3 }
    traits.emptyError = { $0.firmware.isOdd(19) ? 321 : nil }
    return traits
  }()

  /// Messages that lie in the card are announced right after `SMS DONE`
  /// (Xinyuan-LilyGO/T-SIM7600X#90).
  static let sim7600: MessageTraits = {
    var traits = MessageTraits()
    traits.newMessage = [2, 1, 0, 0, 0]
    traits.announcesUnread = true
    return traits
  }()

  /// u-blox: `+CMTI: "ME",<index>` (UNVERIFIED in the facts); Arduino's library waits 3 min for a
  /// message to go out.
  static let ublox: MessageTraits = {
    var traits = MessageTraits()
    traits.memories = [.module(23), .card]
    traits.chosen = "ME"
    traits.sendLimit = .seconds(180)
    return traits
  }()
}
