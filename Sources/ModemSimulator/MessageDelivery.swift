import Primitives

/// Short messages on their way to the module.
struct MessageState: Sendable {
  /// At the network, the oldest first.
  var held: [[UInt8]] = []
  /// The module had no room for the oldest; the network waits until it hears that there is some.
  var isFull = false
  /// The network believes that the module sleeps (PSM), until it hears from it.
  var isBeyondReach = false
  /// Went straight to the host, which has to say AT+CNMA (AT+CSMS=1).
  var unacknowledged: [UInt8]?
  /// URCs that came while a command was running, and stand among its lines.
  var news: [[UInt8]] = []
}

enum MessageEvent: Equatable, Sendable {
  /// The network calls the module.
  case page
  /// The host didn't acknowledge.
  case unacknowledged
}

extension CommandGroup {
  /// AT+CNMA (TS 27.005 §3.4.4).
  static let messageAcknowledgement = CommandEntry("+CNMA") { modem, command in
    switch command.kind {
    case .test: modem.inform("+CNMA: (0-2)")
    case .execute, .set:
      guard modem.messages.unacknowledged != nil else { return .messageError(340) }
      modem.messages.unacknowledged = nil
      modem.agenda.cancel(.message(.unacknowledged))
      modem.offerMessages()
    case .read, .malformed: return .error
    }
    return .ok
  }
}

extension SimulatedModem {
  /// Messages that the network keeps for this module.
  public var heldMessages: Int { messages.held.count }

  /// The same, the oldest first, and before them one that the module was given and hasn't
  /// acknowledged: what isn't here any more is the module's.
  public var undeliveredMessages: [[UInt8]] {
    (messages.unacknowledged.map { [$0] } ?? []) + messages.held
  }

  /// Whether the network would page the module now: it is registered, doesn't sleep in PSM, and has
  /// room.
  public var canBePaged: Bool {
    radio.phase == .camped && !messages.isBeyondReach && !messages.isFull
  }

  /// Whether the oldest of them is on its way over the air, or with a host that hasn't acknowledged.
  public var isMessageOnAir: Bool {
    messages.unacknowledged != nil || agenda.contains(.radio(.done(.message)))
  }

  /// Takes a message back from the network: the newest of those that are alike.
  ///
  /// - Returns: false when it isn't there any more, or is on its way.
  public mutating func withdraw(message tpdu: [UInt8]) -> Bool {
    guard let place = messages.held.lastIndex(of: tpdu), place > 0 || !isMessageOnAir else {
      return false
    }
    messages.held.remove(at: place)
    return true
  }

  mutating func messageArrived(_ tpdu: [UInt8]) {
    guard (1...MessageLimit.tpdu).contains(tpdu.count), messages.held.count < MessageLimit.held
    else {
      counters.messagesMissed += 1
      return
    }
    messages.held.append(tpdu)
    offerMessages()
  }

  /// Sends the oldest one on its way, if the module can be reached and takes it: over a connection
  /// that is there, or by a page, which a module in PSM doesn't hear and one with eDRX hears late.
  mutating func offerMessages() {
    guard !messages.held.isEmpty, !messages.isFull, messages.unacknowledged == nil,
      messagesAreRead, radio.phase == .camped, !radio.pending.contains(.message),
      !agenda.contains(.radio(.done(.message)))
    else { return }
    switch radio.connection {
    case .connected: request(.message)
    case .connecting: radio.pending.append(.message)
    case .none:
      if messages.isBeyondReach || agenda.contains(.message(.page)) { return }
      schedule(.message(.page), after: pagingDelay())
    }
  }

  mutating func perform(_ event: MessageEvent) {
    switch event {
    case .page:
      guard radio.connection == .none, radio.phase == .camped, !messages.held.isEmpty else {
        return offerMessages()
      }
      radio.pending.append(.message)
      connect()
    case .unacknowledged:
      guard let message = messages.unacknowledged else { return }
      // Nothing goes straight to the host any more, and the network sends it again.
      session.newMessage[1] = 0
      session.newMessage[3] = 0
      messages.unacknowledged = nil
      messages.held.insert(message, at: 0)
      offerMessages()
    }
  }

  /// The oldest message is over the air.
  mutating func messageTaken() {
    guard messagesAreRead, let tpdu = messages.held.first else { return }
    if route(tpdu) {
      messages.held.removeFirst()
      counters.messagesReceived += 1
    } else {
      messages.isFull = true
      let memory = Array(memory(2).name)
      if let text = personality.messages.fullText(self, memory) { sendURC(text) }
    }
    offerMessages()
  }

  /// Messages were deleted, or another memory was chosen: the network hears of it
  /// (RP-SMMA, TS 24.011 §7.2.2), and sends what it kept.
  mutating func roomWasMade() {
    guard messages.isFull else { return }
    let memory = memory(2)
    guard messages(in: memory).count < capacity(memory) else { return }
    messages.isFull = false
    if radio.phase == .camped { request(.memoryAvailable) }
  }

  /// Where AT+CNMI sends a message; false where there is no room for it.
  private mutating func route(_ tpdu: [UInt8]) -> Bool {
    let (mode, forDeliveries, forReports) =
      (session.newMessage[0], session.newMessage[1], session.newMessage[3])
    switch tpdu[0] & 0x03 {
    case 0:
      let header = deliveryHeader(tpdu)
      // Type 0 is acknowledged and thrown away (TS 23.040 §9.2.3.9).
      if header?.protocolIdentifier == 0x40 { return true }
      let isDirect = forDeliveries == 2 || forDeliveries == 3 && header?.messageClass == 3
      if isDirect, mode > 0, header?.messageClass != 2 {
        passOn(tpdu, "+CMT")
        return true
      }
      guard let index = store(tpdu) else { return false }
      if forDeliveries > 0 { announce("+CMTI: \(quoted: Array(memory(2).name)),\(index)") }
    case 2:
      if forReports == 1, mode > 0 { passOn(tpdu, "+CDS") }
      if forReports == 2 {
        guard let index = store(tpdu) else { return false }
        announce("+CDSI: \(quoted: Array(memory(2).name)),\(index)")
      }
    default: break
    }
    return true
  }

  /// Two lines at once.
  private mutating func passOn(_ tpdu: [UInt8], _ name: StaticString) {
    let alpha: ATText = Array(name).equals("+CMT") ? "," : ""
    if session.smsFormat == 1 {
      tell(textNews(tpdu, name))
    } else {
      tell("\(Array(name)): \(alpha)\(tpdu.count)\r\n\(hexadecimal(tpdu))")
    }
    guard session.smsService == 1 else { return }
    messages.unacknowledged = tpdu
    schedule(.message(.unacknowledged), after: .seconds(15))
  }

  // MARK: - News

  /// In mode 0 the module keeps them; 16 at most, of which the oldest go (TS 27.005 §3.4.1).
  private mutating func announce(_ text: ATText) {
    guard session.newMessage[0] == 0 else { return tell(text) }
    session.heldNews = Array((session.heldNews + [text.bytes]).suffix(16))
  }

  /// A URC: at once, or among the lines of the command that runs.
  private mutating func tell(_ text: ATText) {
    let isRunning = execution.map { !$0.isWaiting } ?? false
    if isRunning, noise.next(below: 2) == 0 {
      messages.news.append(text.bytes)
    } else {
      sendURC(text)
    }
  }

  /// After AT+CNMI: what was kept comes out, or with `<bfr>` 1 is forgotten.
  mutating func releaseNews() {
    guard session.newMessage[0] > 0 else { return }
    if session.newMessage[4] == 0 { messages.news += session.heldNews }
    session.heldNews = []
  }

  /// Between the lines of an answer and its final result.
  mutating func tellNews() {
    let news = messages.news
    messages.news = []
    for text in news { sendURC(text) }
  }

  /// Between two lines of an answer.
  mutating func tellNewsAmongLines() {
    guard !messages.news.isEmpty, session.profile.isVerbose else { return }
    sendLines()
    tellNews()
  }

  /// `+CMTI` for what lay in the card at the boot.
  mutating func announceUnread() {
    guard personality.messages.announcesUnread, session.newMessage[1] > 0 else { return }
    let memory = memory(2)
    for message in messages(in: memory) where message.status == .unread {
      announce("+CMTI: \(quoted: Array(memory.name)),\(message.index)")
    }
  }
}
