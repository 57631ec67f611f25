import AT
import Cellular
import Modems
import Primitives

/// What one attempt wants of the network otherwise than the settings; nil: as in the settings.
public struct NetworkWish: Equatable, Sendable {
  public var accessPoint: AccessPoint?
  public var rats: [RAT]?

  public init(accessPoint: AccessPoint? = nil, rats: [RAT]? = nil) {
    self.accessPoint = accessPoint
    self.rats = rats
  }
}

/// What is known of operators beyond the module's sleep.
struct OperatorMemory: Sendable {
  /// The one that it was registered with last, where, and the band of its cell.
  var current: PLMN?
  var area: UInt32?
  var band: Int?
  /// Tried first instead of a blocked one.
  var preferred: PLMN?
  /// Those that the last scan found, none of them blocked.
  var candidates: [PLMN] = []
  var scannedAt: Instant?
  /// When the manual choice was made last.
  var chosenAt: Instant?
  var clearedAt: Instant?
  /// It was taken off a blocked operator and has to be let search again.
  var isDeregistered = false
}

/// One exchange about operators.
enum OperatorJob: Sendable {
  case automatic, deregister, scan, readMode, readForbidden, clearForbidden
  case select(PLMN, isOnly: Bool)

  var searchesAnew: Bool {
    switch self {
    case .automatic, .deregister, .select, .clearForbidden: true
    case .scan, .readMode, .readForbidden: false
    }
  }

  var exchange: Exchange {
    switch self {
    case .automatic: OperatorCommands.automatic
    case .deregister: OperatorCommands.deregister
    case .scan: OperatorCommands.scan
    case .readMode: OperatorCommands.read
    case .readForbidden: OperatorCommands.readForbidden
    case .clearForbidden: OperatorCommands.clearForbidden
    case .select(let plmn, false): OperatorCommands.select(plmn)
    case .select(let plmn, true): OperatorCommands.selectOnly(plmn)
    }
  }
}

/// Operators: which one it is, choosing one, leaving a blocked one, and the card's list of forbidden
/// ones. The module keeps its last network and searches there first by itself, so the remembered one
/// is never forced upon it: that would cost a new search wherever it isn't in reach.
extension Link {
  /// Tells who has served well before: where a blocked operator has to be left, it is tried first.
  public mutating func prefer(_ plmn: PLMN?) { operators.preferred = plmn }

  /// Other wishes than before make the module's set-up void: it is read and compared anew.
  mutating func take(_ wish: NetworkWish) {
    var wished = settings.network
    wished.accessPoint = wish.accessPoint ?? wished.accessPoint
    wished.rats = wish.rats ?? wished.rats
    guard wished != network else { return }
    network = wished
    unproven = UnprovenSettings()
    isNetworkNew = true
    modem.isSetUp = false
    modem.wrongSettings = []
    modem.mustDeactivate = modem.isContextActive == true
  }

  // MARK: - Reading

  var operatorReads: [Exchange] {
    isOperatorRefused || !isOperatorWanted
      ? [] : [OperatorCommands.format, OperatorCommands.read]
  }

  /// Where nothing in particular is wanted, nothing is asked.
  private var isOperatorWanted: Bool {
    network.operatorChoice != nil || !network.blockedOperators.isEmpty
  }

  /// It rides on the look at the context. Where each command has a line of its own, it is asked only
  /// in another tracking area than last time.
  var operatorIfWanted: [Exchange] {
    guard isOperatorWanted,
      module.dialect.joinsCommands || isElsewhere || modem.registration?.trackingArea == nil
    else { return [] }
    let cell = isCellRefused ? nil : module.cell
    return operatorReads + (cell.map { [$0] } ?? [])
  }

  /// Whether the module isn't in the tracking area any more whose operator is known.
  var isElsewhere: Bool {
    guard isOperatorWanted, !isOperatorRefused, let registration = modem.registration,
      registration.status.allowsData, let area = registration.trackingArea
    else { return false }
    return area != operators.area
  }

  /// Only where it matters, and with the identities, which are read on a cold start.
  var pinIfWanted: [Exchange] {
    module.staysAwakeWithPIN && network.psm != nil && !isPINRefused
      ? [OperatorCommands.readPIN] : []
  }

  mutating func noteOperator(in lines: [[UInt8]]) {
    if let state = OperatorState(lines) {
      modem.operatorState = state
      modem.isOperatorSettled = false
      if let plmn = state.plmn, plmn != operators.current {
        (operators.current, operators.band) = (plmn, nil)
        emit(.network(plmn))
      }
    }
    // Asked is asked, whatever came of it: until the area changes it isn't asked on a warm wake.
    if let registration = modem.registration, registration.status.allowsData {
      operators.area = registration.trackingArea
    }
    guard let name = module.cell?.answers.first,
      let line = lines.first(where: { name.matches($0) }),
      let band = OperatorCommands.band(in: line), band != operators.band
    else { return }
    operators.band = band
    emit(.band(band))
  }

  /// A new search is a radio access, and only so many are left.
  mutating func begin(_ job: OperatorJob, now: Instant) {
    if job.searchesAnew, !operators.isDeregistered, !mayStartRadio(isReset: false) {
      return giveUp(.heldBack, now: now)
    }
    begin(job.exchange, .operators(job), now: now)
  }

  // MARK: - Choosing

  /// What has to be done about the operator before anything else, by what `AT+COPS?` said.
  mutating func operatorStep(now: Instant) -> OperatorJob? {
    if operators.isDeregistered { return .automatic }
    guard let state = modem.operatorState, !modem.isOperatorSettled else { return nil }
    if state.plmn == nil, state.mode == 1 || state.mode == 4 { return nil }  // It searches.
    modem.isOperatorSettled = true
    if case .manual(let wanted)? = network.operatorChoice, state.plmn != wanted,
      isOver(limits.operatorRetry, since: operators.chosenAt, now: now)
    {
      operators.chosenAt = now
      return .select(wanted, isOnly: false)
    }
    if let plmn = state.plmn, isBlocked(plmn) { return leave(plmn, now: now) }
    guard network.operatorChoice == .automatic else { return nil }
    switch state.mode {
    case 1, 2: return .automatic
    case 4: return network.blockedOperators.isEmpty ? .automatic : nil
    default: return nil
    }
  }

  private func isBlocked(_ plmn: PLMN) -> Bool {
    network.operatorChoice != .manual(plmn) && network.blockedOperators.contains(plmn)
  }

  /// Another operator by hand; first a scan, unless a recent one's finds are left. Without any the
  /// attempt is over: a blocked operator isn't used.
  private mutating func leave(_ plmn: PLMN, now: Instant) -> OperatorJob? {
    if tries.selections < min(LinkLimits.selections, operators.candidates.count) {
      let next = operators.candidates[tries.selections]
      tries.selections += 1
      return .select(next, isOnly: false)
    }
    if tries.selections == 0, isOver(limits.operatorScan, since: operators.scannedAt, now: now) {
      operators.scannedAt = now
      return .deregister
    }
    giveUp(.operatorBlocked(plmn), now: now)
    return nil
  }

  private func isOver(_ time: Duration, since start: Instant?, now: Instant) -> Bool {
    start.map { $0 + time <= now } ?? true
  }

  /// A search has found nothing: was it a choice by hand of an earlier life, or the card's list? Each
  /// is looked at once, and only what is found there is changed; then the search begins anew.
  mutating func rescue(now: Instant) -> OperatorJob? {
    guard failure == nil, allowance.radioStarts > 0 else { return nil }
    if network.operatorChoice == .automatic, !modem.isModeChecked, !isOperatorRefused {
      modem.isModeChecked = true
      return .readMode
    }
    if network.clearsForbidden, !modem.isCardChecked,
      isOver(limits.forbiddenClear, since: operators.clearedAt, now: now)
    {
      modem.isCardChecked = true
      return .readForbidden
    }
    return nil
  }

  // MARK: - Answers

  mutating func operatorAnswered(_ job: OperatorJob, _ answer: Answer, now: Instant) {
    switch job {
    case .automatic:
      operators.isDeregistered = false
      searchAnew(now: now)
    case .deregister:
      operators.isDeregistered = true
      modem.registrations = []
      begin(OperatorCommands.scan, .operators(.scan), now: now)
    case .scan: scanned(answer.lines, now: now)
    case .select(let plmn, let isOnly):
      // One that doesn't know mode 4 says so at once; a failed search takes longer.
      if !answer.isOK, !isOnly, answer.duration < .seconds(2) {
        return begin(
          OperatorCommands.selectOnly(plmn), .operators(.select(plmn, isOnly: true)), now: now)
      }
      operators.isDeregistered = false
      searchAnew(now: now)
    case .readMode:
      guard let mode = OperatorState(answer.lines)?.mode, mode == 1 || mode == 2 else {
        return searchGoesOn(now: now)
      }
      begin(.automatic, now: now)
    case .readForbidden:
      guard OperatorCommands.isAnyForbidden(answer.lines) == true else {
        return searchGoesOn(now: now)
      }
      operators.clearedAt = now
      begin(.clearForbidden, now: now)
    case .clearForbidden:
      guard OperatorCommands.isCleared(answer.lines) else { return searchGoesOn(now: now) }
      tally.forbiddenClears += 1
      emit(.forbiddenCleared)
      if attemptEnds != nil { attemptEnds = now + attemptLimit }
      // The module has a copy of its own until it starts the card anew.
      (modem.isSIMReady, modem.simSince) = (false, nil)
      begin(OperatorCommands.cardOff, .radioOff, now: now)
    }
  }

  private mutating func scanned(_ lines: [[UInt8]], now: Instant) {
    var found: [PLMN] = []
    for line in lines { found += OperatorLine.available(in: line) }
    found.removeAll { network.blockedOperators.contains($0) }
    if let preferred = operators.preferred, let index = found.firstIndex(of: preferred) {
      found.remove(at: index)
      found.insert(preferred, at: 0)
    }
    operators.candidates = found
    guard let next = found.first else {
      // The next attempt begins with a search again.
      return giveUp(.operatorBlocked(operators.current ?? network.blockedOperators[0]), now: now)
    }
    tries.selections = 1
    begin(OperatorCommands.select(next), .operators(.select(next, isOnly: false)), now: now)
  }

  /// The module was let choose anew: what it has found is read at once.
  private mutating func searchAnew(now: Instant) {
    modem.registrations = []
    modem.operatorState = nil
    endSearch(now: now)
    modem.isContextActive = nil
    modem.socket = .none
    if attemptEnds != nil { attemptEnds = now + attemptLimit }
    readRegistration(now: now)
  }

  /// Nothing was found to be changed: what comes next is asked again.
  private mutating func searchGoesOn(now: Instant) {
    if let step = rescue(now: now) { return begin(step, now: now) }
    advance(now: now)
  }
}
