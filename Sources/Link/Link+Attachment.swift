import Cellular
import Primitives

/// How far the network has let the module in.
public enum Attachment: Equatable, Sendable {
  case none
  /// Messages come and go.
  case registered
  /// Data may flow too.
  case session
}

extension Link {
  /// As far as the module has said since it started; one that sleeps in power saving mode keeps what
  /// it had.
  public var attachment: Attachment {
    let kept = state == .asleep || modem.isWarm ? keptAttachment : .none
    switch modem.registration?.status {
    case nil: return kept
    case let status? where status.allowsData:
      return modem.isContextActive ?? (kept == .session) ? .session : .registered
    case .homeSMSOnly, .roamingSMSOnly: return .registered
    default: return .none
    }
  }

  /// What the link waits for at this moment, and until when at the longest; nil while it rests, when
  /// only its owner wakes it.
  public var wait: (what: StaticString, until: Instant?) { (phase.name, deadline) }
}

extension Phase {
  /// What its deadline is the end of.
  var name: StaticString {
    switch self {
    case .resting: "its owner"
    case .detecting: "a module to be found"
    case .awaitingStatus: "the STATUS line's level"
    case .probing: "an answer to AT"
    case .holdingOff: "the module to notice a pulse again"
    case .pressing: "the end of the pulse"
    case .booting: "the module to have started"
    case .working: "the answer to a command"
    case .pausing: "the moment to try again"
    case .idle: "something to do"
    case .searching: "a network"
    case .activating: "the data session"
    case .opening: "the socket"
    case .online: "traffic"
    case .draining: "the module to fall asleep"
    case .goingOff: "the module to be off"
    case .confirming: "the STATUS line to confirm it"
    }
  }
}
