import Link
import Modems
import Primitives
import SMS
import Settings
import Telemetry

/// SMS, where they are listened to: listed once a wake, when the report is through or has failed,
/// since the network hands them over while the radio is connected. Each is counted, obeyed where it is
/// a command that proves itself, and deleted.
extension Agent where S: ~Copyable {
  /// The wake's last exchanges with the server are over: the modem may go, once the messages are
  /// dealt with.
  mutating func letGo(now: Instant) {
    guard plan.listensToMessages else { return drive(.release, now: now) }
    ageCommands(now: now)
    if windowEnds == nil { list(now: now) }
  }

  private mutating func list(now: Instant) {
    collected = []
    drive(.listMessages, now: now)
  }

  // MARK: - The window

  /// When the modem will next be kept reachable for messages: at the first confirmation from then
  /// on. Now, where it is; nil where none is wanted.
  public func nextWindow(now: Instant) -> Instant? {
    guard plan.listensToMessages, plan.messageWindow > .zero else { return nil }
    if windowEnds != nil { return now }
    return max(windowDue ?? now, earlier(schedule.next, reachDue) ?? now)
  }

  /// Everything is confirmed: where a window is due, the modem stays reachable for its time.
  mutating func openWindowIfDue(now: Instant) {
    guard plan.listensToMessages, plan.messageWindow > .zero, windowEnds == nil,
      isTrialWaitingForCommand || windowDue.map({ $0 <= now }) ?? true
    else { return }
    windowEnds = now + plan.messageWindow
    windowDue = now + plan.messageWindowInterval
    log("sms", "reachable for \(plan.messageWindow.text)", now)
  }

  mutating func endWindowIfDue(now: Instant) {
    guard let ends = windowEnds, ends <= now else { return }
    windowEnds = nil
    // Where a listing is on its way, its end lets the modem go.
    if case .releasing = cycle, !isStopping, collected == nil { list(now: now) }
  }

  /// One came while the window is open: it isn't left to the end, where others may have come too.
  mutating func announced(now: Instant) {
    guard windowEnds != nil, collected == nil else { return }
    // Whoever has used the day up is heard at the window's end only.
    if commandLedger.awakeSeconds < CommandLimits.awakeSecondsPerDay { list(now: now) }
  }

  /// What comes behind a command that starts the device anew is left for then, when other settings
  /// hold: another key, perhaps.
  mutating func take(_ message: StoredMessage, now: Instant) {
    guard collected != nil, !isRestartWanted else { return }
    do throws(PDUFault) {
      let pdu = try PDU(hex: message.pdu.hex)
      if case .deliver(let deliver) = pdu {
        return take(deliver, at: message.index, now: now)
      }
      record.messagesReceived += 1
      mention(Self.summary(pdu), now)
    } catch {
      record.messagesRefused += 1
      mention("a message \(error.text); deleted", now)
    }
    dealtWith(message.index, now: now)
  }

  /// Of a long message the parts are put together first. They stay in the module until it is whole and
  /// has been acted on, or is given up: whatever happens to the process loses none.
  private mutating func take(_ message: PDU.Deliver, at place: Int, now: Instant) {
    let data = message.userData
    // A silent message, one that replaces another, one for the card: none is a text to the device
    // (TS 23.040 §9.2.3.9, TS 23.038 §4).
    guard message.protocolIdentifier == 0, message.coding.messageClass != 2 else {
      return refuse(place, "it is for the module or the card, or no plain message", now: now)
    }
    guard let alphabet = message.coding.alphabet else { return dealtWith(place, now: now) }
    // There is room for a few parts only: a stranger's would drive out the owner's.
    if data.part != nil, let rules, !rules.mayObey(sender: message.sender.text) {
      return refuse(place, RemoteSilence.sender.text, now: now)
    }
    switch assembly.take(data.body, data.part, from: message.sender, at: place, now: now) {
    case .known: return
    case .missing:
      record.messagesReceived += 1
      awakeBegins(now: now)
      return mention("a part of a message; others are missing", now)
    case .whole(let body):
      dealtWith(place, now: now)
      if case .text(let text) = UserData.content(of: body, in: alphabet) {
        obey(text, from: message.sender, now: now)
      }
    case .repeated, .refused:
      dealtWith(place, now: now)
      record.commandsIgnored += 1
    }
    record.messagesReceived += 1
  }

  /// It isn't even looked into.
  private mutating func refuse(_ place: Int, _ reason: StaticString, now: Instant) {
    record.messagesReceived += 1
    passOver(reason, now)
    dealtWith(place, now: now)
  }

  private mutating func dealtWith(_ place: Int, now: Instant) {
    awakeBegins(now: now)
    collected?.append(place)
  }

  /// No more messages come: those that were told are deleted, and the modem may go once the answers
  /// are sent.
  mutating func endListing(now: Instant) {
    guard let dealtWith = collected else { return }
    collected = nil
    // What a message still lacks could never come in else.
    if isStorageFull { assembly.releaseAll() }
    isStorageFull = false
    let places = dealtWith + assembly.takeReleased()
    if !places.isEmpty { drive(.deleteMessages(places), now: now) }
    areMessagesDealtWith = true
    goOnAfterMessages(now: now)
  }

  mutating func goOnAfterMessages(now: Instant) {
    guard areMessagesDealtWith, answersOnTheirWay == 0 else { return }
    areMessagesDealtWith = false
    if isStopping { return }
    if trialRun == nil { awakeEnds(now: now) }
    if isRestartWanted { return restart(now: now) }
    if isReportWanted {
      isReportWanted = false
      if beginAskedReport(now: now) { return }
    }
    if windowEnds == nil { drive(.release, now: now) }
  }

  /// A report was asked for: it goes over the connection that is there, else as soon as may be.
  ///
  /// - Returns: whether it is on its way.
  private mutating func beginAskedReport(now: Instant) -> Bool {
    if ((try? store.waiting()) ?? 0) == 0 { _ = storeReportReading(now: now) }
    switch cycle {
    case .releasing where link.state == .online:
      owed = (try? store.waiting()) ?? 0
      record.attempts += 1
      sendNext(sent: 0, now: now)
      return true
    case .releasing: cycle = .releasing(isReportWaiting: true)
    case .waiting(_, let cause): cycle = .waiting(until: now, cause: cause)
    case .idle, .connecting, .resolving, .exchanging: break
    }
    return false
  }

  /// The modem is at rest: what was on its way isn't any more.
  mutating func forgetMessages(now: Instant) {
    awakeEnds(now: now)
    collected = nil
    areMessagesDealtWith = false
    answersOnTheirWay = 0
    isOutcomeOnItsWay = false
  }

  private static func summary(_ pdu: PDU) -> String {
    switch pdu {
    case .deliver: return "a message"
    case .statusReport(let report): return "status report of message \(report.reference)"
    case .submit: return "a message of the device's own"
    }
  }
}
