import AT
import Primitives

/// Release assistance: with the last datagram the network is told that one answer is all that will
/// follow, and then lets the radio go at once. TS 24.301 §9.9.4.25: 1 nothing follows, 2 one
/// datagram to the device follows. The modules have it on NB-IoT only.
extension SocketCommands {
  /// The same sockets, where `sendLast` makes a send that tells it; nil for a payload that is too
  /// long for it.
  func releasing(
    by sendLast: @escaping @Sendable ([UInt8], SocketProgress) -> Exchange?
  ) -> SocketCommands {
    var commands = self
    commands.sendLast = sendLast
    return commands
  }
}

extension BG95 {
  /// The command takes no payload behind a prompt, so what fits on a line is the limit; the module's
  /// is 256 bytes. TCP/IP application note V1.1, §2.3.9.
  static let lastLimit = 240

  static let sendLast: @Sendable ([UInt8], SocketProgress) -> Exchange? = { payload, _ in
    guard payload.count <= lastLimit else { return nil }
    return Exchange(
      "AT+QISENDEX=0,\"\(HexText(payload))\",2", timeout: .seconds(120),
      completion: .special(success: "SEND OK", failure: "SEND FAIL"))
  }
}
