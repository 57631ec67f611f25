import Cellular
import Link
import Telemetry
import Uplink

/// From what is known to the one thing to say: what is nearer to the device goes first, since what
/// is behind it can't be judged while it stands.
extension Status {
  public var diagnosis: Diagnosis {
    if store == nil || isStoreFailing || record.failure == .store { return .storeFailed }
    if uartFault != nil { return .uartFailed }
    if pinFault != nil { return .pinsFailed }
    if let failure = record.failure { return diagnosis(of: failure) }
    if let refusal = record.refusal { return Diagnosis(refusal) }
    if isSearchRefused, let refused = diagnosisOfRegistration { return refused }
    if record.confirmed > 0 { return warning ?? .well }
    guard store?.waiting == 0, !isUnderWay else { return .underWay }
    return silentSensors > 0 ? .sensorsSilent : .nothingToSend
  }

  private func diagnosis(of failure: ReportFailure) -> Diagnosis {
    switch failure {
    case .store: return .storeFailed
    case .noAnswer: return .serverSilent
    case .reset: return .notTheServer
    case .server(let code, _): return Diagnosis(code)
    case .name(.noServers): return .nameServersMissing
    case .name(.noSuchName): return .nameUnknown
    case .name(.noAnswer): return .nameServersSilent
    case .name(.forbidden): return .addressForbidden
    case .link(let cause): return diagnosis(of: cause)
    case .held(let reason): return diagnosis(of: reason)
    }
  }

  /// Why nothing has even been tried since the start.
  private func diagnosis(of reason: LimitReason) -> Diagnosis {
    switch reason {
    case .refused(let cause): return Diagnosis(cause)
    case .sessionRefused(let cause): return Diagnosis(cause)
    case .unkept: return .storeFailed
    case .startsPerDay: return .intervalTooShort
    case .accessesPerHour: return limits.isIntervalTooShort ? .intervalTooShort : .heldBack
    case .backOff, .powerCyclesPerDay, .searchPerDay: return .heldBack
    }
  }

  private func diagnosis(of cause: LinkCause) -> Diagnosis {
    if record.otherModule != nil, Self.isSpeechless(cause) { return .moduleIsAnother }
    switch cause {
    case .uartFailed: return .uartFailed
    case .noModule: return .noModule
    case .keyIgnored: return .keyIgnored
    case .deaf: return .modemDeaf
    case .rebooted: return .modemReboots
    case .simMissing: return .simMissing
    case .simLocked: return .simLocked
    case .notRegistered(let status, let reject):
      return diagnosis(of: status, reject)
    case .registrationLost: return .registrationLost
    case .roamingForbidden: return .roamingOff
    case .operatorBlocked: return .operatorBlocked
    case .contextRefused(let error): return Diagnosis(contextError: error)
    case .contextLost: return .sessionLost
    case .nameNotFound: return .nameUnknown
    case .noSocketCommands: return .moduleWithoutSockets
    case .noSecureSockets, .trustUnsupported: return .secureUnsupported
    case .certificateRefused, .serverUntrusted, .secureSocketRefused: return .secureRefused
    case .serverUnreachable, .socketRefused, .socketClosed, .sendFailed: return .serverUnreachable
    // It sleeps only when the network has long been silent; what wasn't answered, is by its step.
    case .rested(.psmURC), .rested(.silence):
      return record.wasSending ? .serverSilent : .nameServersSilent
    case .rested: return .modemReboots
    case .heldBack: return diagnosisOfRegistration ?? diagnosis(of: .accessesPerHour)
    case .timeIsUp, .processStarted, .connectRequested, .consoleRequested, .released,
      .powerOffRequested, .statusOn, .statusOff, .answered, .silent, .bootURC, .settingsWritten,
      .registered, .socketOpen, .sleepIsLate, .idleForLong:
      return diagnosisOfRegistration ?? .connectLate
    }
  }

  /// Whether it may come of talking to the module in another one's words: its contexts and sockets
  /// fail, or it sleeps without being understood.
  private static func isSpeechless(_ cause: LinkCause) -> Bool {
    switch cause {
    case .rebooted, .rested: true
    default: cause.rung == .context || cause.rung == .socket
    }
  }

  private var isSearchRefused: Bool { linkState == .searching }

  /// What the registration alone says against sending; nil where it says nothing.
  private var diagnosisOfRegistration: Diagnosis? {
    guard let registration = record.registration, !registration.status.allowsData else {
      return nil
    }
    let isRefused = registration.rejectCause != nil || registration.status == .denied
    let isHalf = registration.status == .homeSMSOnly || registration.status == .roamingSMSOnly
    guard isRefused || isHalf else { return nil }
    return diagnosis(of: registration.status, registration.rejectCause)
  }

  private func diagnosis(of status: RegistrationStatus?, _ cause: RejectCause?) -> Diagnosis {
    if let cause { return Diagnosis(cause) }
    switch status {
    case .homeSMSOnly, .roamingSMSOnly: return .smsOnly
    case .denied: return isRoamingAllowed == false ? .roamingOff : .registrationRefused
    default:
      if isRoamingAllowed == false { return .roamingOff }
      return radioTypes == 1 ? .oneRadioTypeOnly : .noCoverage
    }
  }

  /// What is to be done although reports go through.
  private var warning: Diagnosis? {
    if record.otherModule != nil { return .moduleIsAnother }
    if isAccessElsewhere { return .apnStandsIn }
    if silentSensors > 0 { return .sensorsSilent }
    if utc == nil { return .clockUnknown }
    if link.refusedWrites > 0 { return .settingRefused }
    if limits.isIntervalTooShort { return .intervalTooShort }
    if isSleepWanted, record.registration?.grantsPSM == false { return .sleepNotGranted }
    if isSleepWanted, record.isPINOn == true { return .pinIsOn }
    return link.missedSleeps > 0 ? .sleepLate : nil
  }
}

extension Diagnosis {
  /// An EMM cause, TS 24.301 §9.9.3.9.
  init(_ cause: RejectCause) {
    switch cause.code {
    case 5, 6: self = .deviceRefused
    case 13: self = .roamingRefused
    case 19: self = .apnRefused
    case 22: self = .congestion
    default:
      switch cause.consequence {
      case .identityRefused: self = .simRefused
      case .placeRefused: self = .operatorRefused
      case .sessionRefused: self = .apnRefused
      case .congestion: self = .congestion
      case .networkPause, .temporary: self = .registrationRefused
      }
    }
  }

  /// The number of a +CME ERROR, TS 27.007 §9.2.2.
  init(contextError: Int?) {
    switch contextError {
    case 107, 108: self = .dataNotAllowed  // Services not allowed
    default:
      let cause = contextError.flatMap { SessionCause(equipmentError: $0) }
      self = cause.map { Diagnosis($0) } ?? .apnRefused
    }
  }

  /// An ESM cause, TS 24.301 §9.9.4.4.
  init(_ cause: SessionCause) {
    switch cause.code {
    case 8, 32, 33: self = .dataNotAllowed  // Barred, not supported, not subscribed
    case 26: self = .congestion  // Insufficient resources
    case 29: self = .credentialsRefused
    default: self = .apnRefused
    }
  }

  /// What the server answered, RFC 7252 §5.9.
  init(_ code: CoAPCode) {
    switch (code.kind, code.detail) {
    case (4, 4), (4, 5): self = .serverPath
    case (4, 1), (4, 3): self = .serverForbids
    case (4, 8), (4, 29): self = .serverBusy
    case (4, _): self = .serverRefuses
    default: self = .serverBusy
    }
  }
}
