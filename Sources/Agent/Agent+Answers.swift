import Cellular
import Link
import Primitives
import SMS
import Settings
import Telemetry

/// Answers to commands, as SMS.
extension Agent where S: ~Copyable {
  mutating func say(_ outcome: RemoteOutcome, _ asking: Asking, now: Instant) {
    if asking.isSilent { return }
    say(outcome, asking.receipt, to: asking.sender, now: now)
  }

  mutating func say(
    _ outcome: RemoteOutcome, _ receipt: RemoteReceipt, to sender: SMSAddress, now: Instant
  ) {
    guard let number = recipient(for: sender), let text = answerText(outcome, receipt, now) else {
      return
    }
    _ = answer(text, to: number, now: now)
  }

  /// Who gets the answer: a number of digits, whatever the sender calls himself; nil: nobody.
  func recipient(for sender: SMSAddress) -> [UInt8]? {
    let number: [UInt8]
    switch plan.commands?.holding.sms.answerTo {
    case nil, .nobody?: return nil
    case .sender?: number = sender.isName ? [] : sender.text
    case .number(let fixed)?: number = fixed.bytes
    }
    let digits = number.first == UInt8(ascii: "+") ? number.dropFirst() : number[...]
    return digits.isEmpty || !digits.allSatisfy { $0.isASCIIDigit } ? nil : number
  }

  func answerText(_ outcome: RemoteOutcome, _ receipt: RemoteReceipt, _ now: Instant) -> [UInt8]? {
    guard let holding = plan.commands?.holding else { return nil }
    return RemoteAnswer.text(
      for: receipt, outcome: outcome, facts: facts(now: now), configuration: holding)
  }

  /// Sends a text, within the day's limit, while there is a connection.
  ///
  /// - Returns: whether it is on its way.
  mutating func answer(_ text: [UInt8], to recipient: [UInt8], now: Instant) -> Bool {
    refreshDay(now: now)
    guard let number = SMSAddress(number: recipient),
      let message = SMSSubmit(
        to: number, text: text, reference: UInt8(truncatingIfNeeded: random.next()))
    else { return false }
    var next = commandLedger
    next.answers += UInt32(message.parts.count)
    let isAllowed = next.answers <= CommandLimits.answersPerDay || !plan.obeysLimits
    guard isAllowed, keep(commandLedger: next) else {
      log("sms", "an answer is left out: there were too many today", now)
      return false
    }
    for part in message.parts {
      answersOnTheirWay += 1
      drive(.sendMessage(pdu: part.octets, length: part.length), now: now)
    }
    return true
  }

  /// One part has been sent, or can't be.
  mutating func answered(isSent: Bool, now: Instant) {
    guard answersOnTheirWay > 0 else { return }
    answersOnTheirWay -= 1
    if isOutcomeOnItsWay, isSent { forgetTrial() }
    guard answersOnTheirWay == 0 else { return }
    isOutcomeOnItsWay = false
    goOnAfterMessages(now: now)
  }

  /// What the device knows of itself, for answers.
  private func facts(now: Instant) -> RemoteFacts {
    var facts = RemoteFacts()
    facts.state = Array(platformState.text)
    facts.version = Array(plan.version)
    facts.operatorDigits = record.plmn?.digits ?? []
    facts.isOnline = platformState == .online
    facts.imei = record.identity?.imei?.digits ?? []
    facts.time = clock.utc(at: now)
    if let registration = record.registration {
      facts.radioAccess = registration.technology.map { Array($0.text.utf8) } ?? []
      facts.isRoaming = registration.status == .roaming
      (facts.area, facts.cell) = (registration.trackingArea, registration.cell)
    }
    facts.waiting = (try? store.counts())?.waiting ?? 0
    facts.isTrial = trialRun != nil
    return facts
  }
}
