import Primitives
import SMS

/// One message as `godwit sms decode` shows it: a PDU, or all the parts of a long message.
struct DecodedMessage: Equatable {
  /// A part's, of a long message the first one's.
  let pdu: PDU
  /// Of a long message that is whole: the content of all its parts.
  var joined: UserData.Content?

  /// Puts parts together of which all are there, in any order and doubled; a message stands where
  /// its last part stood, and the parts of an incomplete one stand for themselves.
  static func joined(_ pdus: [PDU]) -> [DecodedMessage] {
    var messages: [DecodedMessage?] = []
    var waiting: [Incomplete] = []
    for pdu in pdus {
      messages.append(DecodedMessage(pdu: pdu))
      guard let key = PartKey(pdu), let userData = pdu.userData, let part = userData.part else {
        continue
      }
      let place = Place(index: messages.count - 1, number: part.number, body: userData.body)
      guard let index = waiting.firstIndex(where: { $0.key == key && !$0.contradicts(place) })
      else {
        waiting.append(Incomplete(key: key, places: [place]))
        continue
      }
      waiting[index].places.append(place)
      guard let body = waiting[index].body else { continue }
      let done = waiting.remove(at: index)
      let first = done.places.first { $0.number == 1 }.map { pdus[$0.index] } ?? pdu
      for place in done.places { messages[place.index] = nil }
      messages[messages.count - 1] = DecodedMessage(
        pdu: first, joined: UserData.content(of: body, in: key.alphabet))
    }
    return messages.compactMap { $0 }
  }

  /// Where a part stands among the PDUs.
  private struct Place {
    let index: Int
    let number: UInt8
    let body: [UInt8]
  }

  /// Parts of a message of which others are missing.
  private struct Incomplete {
    let key: PartKey
    var places: [Place]

    /// Whether the part belongs to another message with the same reference.
    func contradicts(_ place: Place) -> Bool {
      places.contains { $0.number == place.number && $0.body != place.body }
    }

    /// Of all parts in order; nil as long as one is missing.
    var body: [UInt8]? {
      var body: [UInt8] = []
      for number in 1...key.count {
        guard let place = places.first(where: { $0.number == number }) else { return nil }
        body += place.body
      }
      return body
    }
  }
}

/// What the parts of a message have in common.
private struct PartKey: Equatable {
  let isFromDevice: Bool
  let address: SMSAddress
  let reference: UInt16
  let isWide: Bool
  let count: UInt8
  let alphabet: DataCoding.Alphabet

  /// nil for a message that has no other parts.
  init?(_ pdu: PDU) {
    guard let part = pdu.userData?.part, part.count > 1 else { return nil }
    let coding: DataCoding
    switch pdu {
    case .deliver(let message):
      (isFromDevice, address, coding) = (false, message.sender, message.coding)
    case .submit(let message):
      (isFromDevice, address, coding) = (true, message.recipient, message.coding)
    case .statusReport: return nil
    }
    guard let alphabet = coding.alphabet else { return nil }
    (reference, isWide, count) = (part.reference, part.isWide, part.count)
    self.alphabet = alphabet
  }
}

extension PDU {
  var userData: UserData? {
    switch self {
    case .deliver(let message): message.userData
    case .submit(let message): message.userData
    case .statusReport: nil
    }
  }
}
