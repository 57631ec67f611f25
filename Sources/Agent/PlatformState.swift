import Cellular
import Link

/// The platform's words for a device, as the device itself sees it. The portal may show another for
/// a while: a device that loses its power isn't missed by the network.
public enum PlatformState: Sendable {
  /// Attached to no network (hub: "Endpoint isn't attached to a network").
  case offline
  /// Registered, so that SMS arrive, without a data session.
  case attached
  /// A data session is up: from "Create PDP context" to "Delete PDP context". A module that sleeps in
  /// power saving mode keeps it.
  case online
  /// The network refuses the SIM, the module or their data for good, as it does when the device or
  /// its SIM is switched off in the portal.
  case blocked

  public var text: StaticString {
    switch self {
    case .offline: "Offline"
    case .attached: "Attached"
    case .online: "Online"
    case .blocked: "Blocked"
    }
  }
}

extension Agent where S: ~Copyable {
  /// The platform's word for where the device stands.
  public var platformState: PlatformState {
    switch link.attachment {
    case .session: return .online
    case .registered: return .attached
    case .none:
      let refusal = record.registration?.rejectCause?.consequence
      return refusal == .identityRefused ? .blocked : .offline
    }
  }
}
