import Primitives

/// Reads final result codes, verbose and numeric. V.250 §5.7.1, TS 27.007 §9.2, TS 27.005 §3.2.5.
enum ResultCode {
  /// - Returns: what `line` means for an exchange that ends in `completion`; nil when it is no
  ///   final result code for it.
  static func read(_ line: [UInt8], for completion: Completion) -> Outcome? {
    if let outcome = error(line) { return outcome }
    switch completion {
    case .result: return line.equals("OK") || line.equals("0") ? .ok : nil
    case .answer: return nil
    case .special(let success, let failure):
      if line.equals(success) { return .ok }
      return line.equals(failure) ? .refused : nil
    case .call:
      if line.equals("OK") || line.equals("0") { return .ok }
      if line.equals("CONNECT") || line.hasPrefix("CONNECT ") || line.equals("1") {
        return .connect
      }
      return isRefusedCall(line) ? .refused : nil
    }
  }

  /// Whether the line could be any exchange's end: so it is no URC, whenever it comes.
  static func isFinal(_ line: [UInt8]) -> Bool {
    line.equals("OK") || error(line) != nil || line.equals("SEND OK") || line.equals("SEND FAIL")
      || (line.count == 1 && line[0].isASCIIDigit)
  }

  private static func error(_ line: [UInt8]) -> Outcome? {
    if line.equals("ERROR") || line.equals("4") { return .error }
    if line.equals("COMMAND NOT SUPPORT") || line.equals("ABORTED") { return .errorText(line) }
    if line.isNamed("+CME ERROR") { return coded(line) { .equipmentError($0) } }
    if line.isNamed("+CMS ERROR") { return coded(line) { .messageError($0) } }
    return nil
  }

  private static func coded(_ line: [UInt8], _ outcome: (Int) -> Outcome) -> Outcome {
    let rest = line.drop { $0 != UInt8(ascii: ":") }.dropFirst()
    let text = Array(rest.drop { $0 == UInt8(ascii: " ") })
    guard let code = text.asciiWholeNumber, code <= 99_999 else { return .errorText(line) }
    return outcome(Int(code))
  }

  private static func isRefusedCall(_ line: [UInt8]) -> Bool {
    line.equals("NO CARRIER") || line.equals("BUSY") || line.equals("NO ANSWER")
      || line.equals("NO DIALTONE") || line.equals("3") || line.equals("6") || line.equals("7")
      || line.equals("8")
  }
}
