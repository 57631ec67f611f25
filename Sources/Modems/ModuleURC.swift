import Cellular
import Primitives

/// What an unsolicited line says.
public enum ModuleURC: Equatable, Sendable {
  /// The module has started; more is to come.
  case booting
  /// The module has started and takes commands.
  case ready
  case sim(SIMState)
  /// For the name that the line has; `ModuleProfile.registrations` says which are looked at.
  case registration(Registration)
  /// How an activation that goes on after its OK has ended; 0 is success.
  case contextActivated(error: Int)
  /// How an opening that goes on after its OK has ended; 0 is success.
  case socketOpened(error: Int)
  /// Data has arrived. Not said again before everything has been read.
  case dataWaiting
  /// So many bytes wait. Said again when more has come, and after a read that left some.
  case dataAvailable(Int)
  case socketClosed
  case contextLost
  /// The module goes to sleep in power saving mode; its UART is dead from now on.
  case asleep
  case poweredDown
  /// Nothing that concerns the link.
  case other
}
