import AT
import Primitives

/// The lines without a name by which the stacks of 2G modules speak of a socket: `0, CONNECT OK`.
/// Quectel M95 TCP/IP manual, SIM800 AT manual V1.09 §8. The link's socket is number 0.
enum NumberedLines {
  /// Error numbers of `.socketOpened`, which the modules say in words.
  static let connectFailed = 1
  static let alreadyConnected = 2

  /// - Returns: `.other` for a line that is about no socket, or another one.
  static func meaning(_ line: [UInt8]) -> ModuleURC {
    if line.equals("ALREADY CONNECT") { return .socketOpened(error: alreadyConnected) }
    guard line.hasPrefix("0,") else { return .other }
    let text = Array(line.dropFirst(2).drop { $0 == UInt8(ascii: " ") })
    if text.equals("CONNECT OK") { return .socketOpened(error: 0) }
    if text.equals("CONNECT FAIL") { return .socketOpened(error: connectFailed) }
    if text.equals("ALREADY CONNECT") { return .socketOpened(error: alreadyConnected) }
    return text.equals("CLOSED") ? .socketClosed : .other
  }

  /// A name that isn't found looks like a server that doesn't answer: both are CONNECT FAIL.
  static let failure: @Sendable (Int) -> SocketFailure = { error in
    error == alreadyConnected ? .stale : .remote
  }

  /// Answers to a send; the module has the bytes, the server needn't.
  static let sent = Completion.special(success: "0, SEND OK", failure: "0, SEND FAIL")
  static let closed = Completion.special(success: "0, CLOSE OK", failure: "0, CLOSE FAIL")

  /// `NORMAL POWER DOWN`, `NORMAL POWER OFF` (SIM800C) and what the supply is to blame for:
  /// `UNDER_VOLTAGE POWER DOWN`, `OVER-VOLTAGE POWER DOWN`.
  static func isGoodbye(_ line: [UInt8]) -> Bool {
    line.equals("NORMAL POWER OFF") || Array(line.suffix(11)).equals(" POWER DOWN")
  }
}
