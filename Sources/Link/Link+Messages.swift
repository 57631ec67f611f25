import AT
import Cellular
import Modems
import Primitives

/// What is still to be done with SMS. Only what an open connection was asked for: the network hands
/// them over while the radio is connected.
struct MessageChores: Sendable {
  var isListWanted = false
  /// Places to be emptied.
  var deletions: [Int] = []
  /// The first one may be on its way.
  var outbox: [(pdu: [UInt8], length: Int)] = []

  var isEmpty: Bool { !isListWanted && deletions.isEmpty && outbox.isEmpty }
}

/// SMS: listing, deleting and sending, between the datagrams.
extension Link {
  /// The radio is connected, or there is nothing else that it could be on for.
  var mayHandleMessages: Bool { state == .online || modem.isForMessagesOnly }

  /// The attempt ends, but the module is registered, so its messages can be had all the same: perhaps
  /// one says how to do better.
  mutating func giveUpRegistered(_ cause: LinkCause, now: Instant) {
    guard failure == nil, hasMessagesInReach else { return giveUp(cause, now: now) }
    tally.failures += 1
    modem.obstacle = cause
    stayForMessages(cause, now: now)
  }

  /// The attempt has failed, and the module takes commands.
  mutating func attemptFailed(_ cause: LinkCause, now: Instant) {
    guard hasMessagesInReach, cause.rung == .socket || cause.rung == .context else {
      return goToRest(now: now)
    }
    failure = nil
    giveUpRegistered(cause, now: now)
  }

  /// Registered for SMS only is enough.
  var hasMessagesInReach: Bool {
    guard settings.network.takesMessages, case .online = goal, !modem.isRadioOff else {
      return false
    }
    return modem.registration?.status.allowsMessages == true
  }

  /// No socket can be had. The owner has a moment to take the messages before the module goes to rest.
  mutating func stayForMessages(_ cause: LinkCause, now: Instant) {
    let arrival = modem.messagesAt ?? now + limits.messageArrival
    modem.messagesAt = arrival
    guard arrival <= now else {
      phase = .pausing(until: arrival)
      return
    }
    goal = .nothing
    modem.isForMessagesOnly = true
    emit(.messagesOnly(cause))
    advance(now: now)
  }

  mutating func listMessages(now: Instant) {
    guard mayHandleMessages else { return emit(.messagesNotListed(error: nil)) }
    chores.isListWanted = true
    beginWaitingChore(now: now)
  }

  /// Those that were listed last; the rest waits for the next listing.
  mutating func deleteMessages(_ indices: [Int], now: Instant) {
    guard mayHandleMessages else { return }
    chores.deletions += indices.prefix(MessageCommands.listLimit - chores.deletions.count)
    beginWaitingChore(now: now)
  }

  mutating func sendMessage(_ pdu: [UInt8], length: Int, now: Instant) {
    guard mayHandleMessages, chores.outbox.count < LinkLimits.outbox,
      let centre = pdu.first, pdu.count == 1 + Int(centre) + length
    else {
      tally.refusedSends += 1
      return emit(.messageRefused(error: nil))
    }
    chores.outbox.append((pdu, length))
    beginWaitingChore(now: now)
  }

  private mutating func beginWaitingChore(now: Instant) {
    switch phase {
    case .online, .idle: advance(now: now)
    default: break
    }
  }

  /// Begins the next chore.
  ///
  /// - Returns: false when there is none.
  mutating func beginChore(now: Instant) -> Bool {
    if let next = chores.outbox.first {
      if !modem.isPDUMode {
        run(Batch(purpose: .messageMode, parts: MessageCommands.prepare), now: now)
      } else {
        begin(MessageCommands.send(next.pdu, length: next.length), .message, now: now)
      }
      return true
    }
    if chores.isListWanted {
      let prepare = modem.isPDUMode ? [] : MessageCommands.prepare
      run(Batch(purpose: .listing, parts: prepare + [MessageCommands.list]), now: now)
      return true
    }
    if !chores.deletions.isEmpty {
      let parts = chores.deletions.map { MessageCommands.delete($0) }
      chores.deletions = []
      run(Batch(purpose: .deletion, parts: parts), now: now)
      return true
    }
    return false
  }

  /// A listing that ended in an error may have shown some messages all the same.
  mutating func listed(_ batch: Batch, now: Instant) {
    chores.isListWanted = false
    modem.isPDUMode = true
    // Nothing has to be read meanwhile: the owner decides first what it does with the messages.
    if drainAt != nil { drainAt = now + limits.drainRead }
    let listing = MessageListing(batch.lines)
    tally.damagedMessages += Int64(listing.damaged)
    if modem.isStorageFull {
      // What nobody will ever take makes room.
      modem.isStorageFull = false
      chores.deletions += listing.others.prefix(MessageCommands.listLimit - chores.deletions.count)
    }
    if let refusal = batch.refusal, listing.messages.isEmpty {
      emit(.messagesNotListed(error: refusal.messageError))
    } else {
      for message in listing.messages { emit(.message(message)) }
      emit(.messagesListed(listing.messages.count))
    }
    advance(now: now)
  }

  mutating func messageAnswered(_ answer: Answer, now: Instant) {
    // The connection may have been lost meanwhile, and that been told.
    guard !chores.outbox.isEmpty else { return advance(now: now) }
    chores.outbox.removeFirst()
    if answer.isOK {
      tally.shortMessagesSent += 1
      emit(.messageSent(reference: MessageCommands.reference(answer)))
    } else {
      emit(.messageRefused(error: answer.outcome.messageError))
    }
    advance(now: now)
  }

  /// The connection is gone: what wasn't sent won't be, and what was on its way may have been.
  mutating func dropChores() {
    for _ in chores.outbox { emit(.messageRefused(error: nil)) }
    chores = MessageChores()
  }

  /// The process ends: messages that were dealt with are still deleted, and one that is on its way
  /// goes; everything else isn't wanted any more.
  mutating func keepDeletions() {
    chores.isListWanted = false
    var onItsWay = 0
    if case .working(.message) = phase { onItsWay = 1 }
    while chores.outbox.count > onItsWay {
      chores.outbox.removeLast()
      emit(.messageRefused(error: nil))
    }
  }

  // MARK: - Setting up

  /// The profile's own settings, and the one for SMS, which is everybody's.
  var storedSettings: [StoredSetting] { module.settings + [MessageCommands.storage] }

  /// After a cold start, once the module is registered: before it has read its card it refuses what
  /// has to do with messages.
  var messagesIfWanted: [Exchange] {
    guard settings.network.takesMessages, !modem.isPDUMode else { return [] }
    return MessageCommands.prepare + [MessageCommands.storage.read]
  }

  mutating func messagesPrepared(_ batch: Batch) {
    guard settings.network.takesMessages, !modem.isPDUMode else { return }
    modem.isPDUMode = !batch.isTextMode
    if MessageCommands.isFull(batch.lines) { messageNoticed(.storageFull) }
    if MessageCommands.storage.isRight(batch.lines, settings.network) == false {
      modem.wrongSettings.append(module.settings.count)
    }
  }

  // MARK: - What it says by itself

  mutating func messageNoticed(_ notice: MessageNotice) {
    switch notice {
    case .arrived:
      tally.announcedMessages += 1
      emit(.messageAnnounced)
    case .storageFull:
      modem.isStorageFull = true
      emit(.messageStorageFull)
    }
  }
}

extension Outcome {
  /// The number of a +CMS ERROR, or of the +CME ERROR that some firmware gives in its place.
  var messageError: Int? {
    if case .messageError(let code) = self { return code }
    return equipmentError
  }
}
