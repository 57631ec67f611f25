import AT
import Cellular
import Primitives

/// SMS in PDU mode, TS 27.005 §3 and §4: every family speaks the standard's commands, and the
/// standard's alone are used. Only PDU mode shows a message as it is: alphabet, header, leading
/// blanks.
public enum MessageCommands {
  /// Most messages that one listing hands over: as many as the engine keeps lines for, two each.
  public static let listLimit = Engine.linesPerAnswer / 2

  /// What the module forgets at each start: PDU mode; and that a message is stored and announced,
  /// not handed over at once, when it could be lost. Other values may have been saved by an earlier
  /// owner.
  public static let prepare = [Exchange("AT+CMGF=0"), Exchange("AT+CNMI=2,1")]

  /// All messages of the storage, read ones too. It marks them as read.
  public static let list = Exchange(
    "AT+CMGL=4", answers: [.named("+CMGL"), .hexadecimal(behind: "+CMGL")], timeout: .seconds(30))

  /// A place that is empty already may be an error.
  public static func delete(_ index: Int) -> Exchange {
    Exchange("AT+CMGD=\(index)", timeout: .seconds(10))
  }

  /// - Parameters:
  ///   - pdu: the service centre's address, a 0 for the stored one, then the SMS-SUBMIT.
  ///   - length: octets of the latter.
  public static func send(_ pdu: [UInt8], length: Int) -> Exchange {
    Exchange(
      "AT+CMGS=\(length)", answers: [.named("+CMGS")], timeout: .seconds(180), payload: pdu.hex,
      prompt: .text, payloadEnd: "\u{1A}", promptTimeout: .seconds(10))
  }

  /// The reference that the network will name in a status report; nil where the module doesn't say.
  public static func reference(_ answer: Answer) -> Int? {
    answer.line(named: "+CMGS").flatMap { ParameterList($0, first: 1).integer(0) }
  }

  /// Messages are listed from the storage that new ones go to. Where the two differ, which only an
  /// earlier owner can have brought about, all are set to the card's, or else to the module's.
  public static let storage = StoredSetting(
    name: "message storage", read: Exchange("AT+CPMS?", answers: [.named("+CPMS")]),
    isWanted: { $0.takesMessages },
    isRight: { lines, _ in
      // Three times name, used, total.
      guard let values = lines.values(of: "+CPMS"), values.has(6) else { return nil }
      return values.text(0) == values.text(6)
    },
    writes: { _ in
      [
        Exchange("AT+CPMS=\"SM\",\"SM\",\"SM\"", answers: [.named("+CPMS")], timeout: .seconds(10)),
        Exchange("AT+CPMS=\"ME\",\"ME\",\"ME\"", answers: [.named("+CPMS")], timeout: .seconds(10)),
      ]
    })
}

extension MessageCommands {
  /// Whether the answer to `storage.read` says that there is no room.
  public static func isFull(_ lines: [[UInt8]]) -> Bool {
    guard let values = lines.values(of: "+CPMS"), let used = values.integer(1),
      let total = values.integer(2)
    else { return false }
    return total > 0 && used >= total
  }
}

/// A message in the module's storage.
public struct StoredMessage: Equatable, Sendable {
  /// Its place, for `Link.Input.deleteMessages`.
  public var index: Int
  public var status: Status
  /// Octets, the service centre's address first.
  public var pdu: [UInt8]

  public enum Status: Equatable, Sendable {
    case unread
    /// It was listed before.
    case read
  }

  public init(index: Int, status: Status, pdu: [UInt8]) {
    self.index = index
    self.status = status
    self.pdu = pdu
  }
}

/// The answer to `MessageCommands.list`.
public struct MessageListing: Equatable, Sendable {
  /// Those from the network; what the device itself has stored is left out.
  public private(set) var messages: [StoredMessage] = []
  /// Those that don't have the length that the module says, or none of their bytes: the line was
  /// bad. They stay in the module.
  public private(set) var damaged = 0
  /// The places, as far as they are known, of what isn't among `messages`: damaged ones, and what the
  /// device itself has stored.
  public private(set) var others: [Int] = []

  /// - Parameter lines: `+CMGL: <index>,<stat>,[<alpha>],<length>`, each followed by its message.
  ///   A listing that was repeated shows the same places again.
  public init(_ lines: [[UInt8]]) {
    var header: ParameterList?
    for line in lines {
      if line.isNamed("+CMGL") {
        if header != nil { damaged += 1 }
        header = ParameterList(line)
      } else if let values = header {
        header = nil
        take(values, line)
      }
    }
    if header != nil { damaged += 1 }
  }

  private mutating func take(_ values: ParameterList, _ hex: [UInt8]) {
    guard let index = values.integer(0), let state = values.integer(1),
      let length = values.integer(values.count - 1), let pdu = Self.octets(hex),
      let centre = pdu.first, pdu.count == 1 + Int(centre) + length
    else {
      damaged += 1
      if let index = values.integer(0), index >= 0 { others.append(index) }
      return
    }
    if state > 1 { others.append(index) }
    // 0 received unread, 1 received read, 2 stored unsent, 3 stored sent.
    guard state == 0 || state == 1, !messages.contains(where: { $0.index == index }) else { return }
    messages.append(
      StoredMessage(index: index, status: state == 0 ? .unread : .read, pdu: pdu))
  }

  private static func octets(_ hex: [UInt8]) -> [UInt8]? {
    guard hex.count % 2 == 0 else { return nil }
    var octets: [UInt8] = []
    octets.reserveCapacity(hex.count / 2)
    for index in stride(from: 0, to: hex.count, by: 2) {
      guard let high = hex[index].hexDigitValue, let low = hex[index + 1].hexDigitValue else {
        return nil
      }
      octets.append(high << 4 | low)
    }
    return octets
  }
}

/// What a module says about messages by itself.
public enum MessageNotice: Equatable, Sendable {
  /// One has been stored (`+CMTI`, `+CDSI`), or was handed over at once all the same.
  case arrived
  /// There is no room: the network keeps what comes, until some are deleted.
  case storageFull

  /// nil for a line that is about something else.
  public init?(_ line: [UInt8]) {
    if line.isNamed("+CMTI") || line.isNamed("+CDSI") || line.isNamed("+CMT")
      || line.isNamed("+CDS")
    {
      self = .arrived
    } else if line.isNamed("+QIND"), ParameterList(line, first: 1).text(0).equals("smsfull") {
      self = .storageFull
    } else {
      return nil
    }
  }
}
