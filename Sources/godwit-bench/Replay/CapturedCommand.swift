import AT
import Cellular
import Primitives

/// A command line as a log has it, and what may answer it: found by its name, since the log
/// doesn't say what its host expected.
struct CapturedCommand: Sendable {
  /// Without its CR.
  let bytes: [UInt8]
  /// The names of its extended commands with their kind; empty for basic ones such as `ATI`.
  private let parts: [Part]

  private struct Part: Sendable {
    let name: [UInt8]
    let isRead: Bool
    let isTest: Bool
  }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    parts = Self.commands(in: bytes.dropFirst(2)).compactMap { Self.part($0) }
  }

  /// Whether an engine can be given it: `AT` or `at` in front, and not too long.
  var isCommandLine: Bool {
    (bytes.hasPrefix("AT") || bytes.hasPrefix("at")) && bytes.count <= CommandLine.limit
  }

  /// - Parameter payload: what the host wrote at the prompt; nil where none came.
  func exchange(payload: [UInt8]?, timeout: Duration) -> Exchange {
    Exchange(
      "AT\(CapturedText(bytes: Array(bytes.dropFirst(2))))",
      answers: [.line { isAnswer($0) }], timeout: timeout, completion: completion,
      payload: payload, promptTimeout: timeout, isProbe: bytes.equals("AT"),
      countedBytes: CapturedCommand.countedBytes)
  }

  /// Whether the line names this command: an answer, or the late result of one that ends early.
  func isNamed(by line: [UInt8]) -> Bool { parts.contains { Self.isNamed($0.name, line) } }

  /// The text that ends it in success instead of OK.
  var finalText: StaticString? {
    guard case .special(let success, _) = completion else { return nil }
    return success
  }

  private func isAnswer(_ line: [UInt8]) -> Bool {
    if line == bytes { return false }  // The echo of a line in small letters.
    guard line.hasName else {
      return line.allSatisfy { (0x20...0x7E).contains($0) }
        && !Dialect.generic.bareURCs.contains { line.equals($0) }
    }
    return parts.contains { part in
      guard Self.isNamed(part.name, line) else { return false }
      guard Self.registrations.contains(where: { part.name.equals($0) }) else { return true }
      return part.isRead && Registration.isReadAnswer(line) || part.isTest
    }
  }

  private var completion: Completion {
    for part in parts {
      if let special = Self.specials.first(where: { part.name.equals($0.name) }) {
        return .special(success: special.success, failure: special.failure)
      }
    }
    return bytes.dropFirst(2).first.map { $0 | 0x20 } == UInt8(ascii: "d") ? .call : .result
  }

  /// Commands that end in a text of their own. Quectel TCP/IP note V1.1; SIM800 TCP/IP manual.
  private static let specials:
    [(name: StaticString, success: StaticString, failure: StaticString)] = [
      ("+QISEND", "SEND OK", "SEND FAIL"), ("+CIPSEND", "SEND OK", "SEND FAIL"),
      ("+CIPSHUT", "SHUT OK", "ERROR"),
    ]

  /// Where a URC has the form of an answer (TS 27.007 §7.2, §10.1.20, §10.1.22).
  private static let registrations: [StaticString] = ["+CREG", "+CGREG", "+CEREG", "+C5GREG"]

  /// How many bytes of data follow a line. Quectel: `+QIRD: n`; SIMCom: `+CIPRXGET: 2,id,n,left`;
  /// Sequans: `+SQNSRECV: id,n`; Fibocom: `+MIPDATA: id,n`.
  private static let countedBytes: @Sendable ([UInt8]) -> Int? = { line in
    let values = ParameterList(line)
    if line.isNamed("+QIRD") || line.isNamed("+QSSLRECV") {
      return values.count == 1 || values.isQuoted(1) ? values.integer(0) : nil
    }
    if line.isNamed("+CIPRXGET") { return values.integer(0) == 2 ? values.integer(2) : nil }
    if line.isNamed("+SQNSRECV") || line.isNamed("+MIPDATA") { return values.integer(1) }
    return nil
  }

  private static func isNamed(_ name: [UInt8], _ line: [UInt8]) -> Bool {
    guard line.starts(with: name) else { return false }
    return line.dropFirst(name.count).first { $0 != UInt8(ascii: " ") } == UInt8(ascii: ":")
  }

  /// The commands of one line (V.250 §5.4.4): `;` separates them, except inside quotes.
  private static func commands(in text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var isInside = false
    return text.split { byte in
      if byte == UInt8(ascii: "\"") { isInside.toggle() }
      return byte == UInt8(ascii: ";") && !isInside
    }
  }

  private static func part(_ text: ArraySlice<UInt8>) -> Part? {
    let name = text.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "?") }
    guard Array(name).hasName else { return nil }
    let rest = text.dropFirst(name.count)
    return Part(
      name: Array(name), isRead: rest.equals("?"), isTest: rest.equals("=?"))
  }
}

/// The text of a whole command, from a log, for an engine behind which no modem is. It promises
/// nothing of what `CommandText` asks: it is written to nobody.
private struct CapturedText: CommandText {
  let bytes: [UInt8]
  var commandText: [UInt8] { bytes }
}
