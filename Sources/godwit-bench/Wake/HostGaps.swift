import Primitives

/// Pauses that a family's documentation asks of the host. They are the module's time, not the
/// host's own.
struct HostGaps: Equatable, Sendable {
  /// From a final result or a URC to the next command.
  var beforeCommand = Duration.zero
  /// From the prompt to the payload.
  var behindPrompt = Duration.zero

  init() {}

  init(module: String) {
    switch module {
    case "ublox-sara-r4":
      // ubxlib's table: R410M and R412M 100 ms. UBX-17003787: 50 ms behind the `@`.
      (beforeCommand, behindPrompt) = (.milliseconds(100), .milliseconds(50))
    case "ublox-sara-r5":
      // UBX-17003787 §2.2.5.1 and ubxlib: 20 ms.
      (beforeCommand, behindPrompt) = (.milliseconds(20), .milliseconds(50))
    case "telit-me910":
      // ARMmbed/mbed-os, AT_SEND_DELAY: 20 ms behind each final result.
      beforeCommand = .milliseconds(20)
    case "sequans-gm02s":
      // toitware/cellular: 20 ms behind a final result.
      beforeCommand = .milliseconds(20)
    default: break
    }
  }
}
