import AT
import Cellular
import Primitives

/// Which operator the module is to take.
public enum OperatorChoice: Equatable, Sendable {
  case automatic
  /// This one where it is in reach, else any.
  case manual(PLMN)
}

/// Operators (TS 27.007 §7.3) and the card's list of forbidden ones (§8.18, TS 31.102 §4.2.16).
public enum OperatorCommands {
  /// Numbers instead of names; forgotten at every start.
  public static let format = Exchange("AT+COPS=3,2", timeout: .seconds(5))
  public static let read = Exchange(
    "AT+COPS?", answers: [.named("+COPS")], timeout: .seconds(20))
  public static let automatic = Exchange("AT+COPS=0", timeout: .seconds(180))
  public static let deregister = Exchange("AT+COPS=2", timeout: .seconds(180))
  /// 180 s on most; SARA's 1580 s on NB-IoT aren't waited for.
  public static let scan = Exchange(
    "AT+COPS=?", answers: [.named("+COPS")], timeout: .seconds(300))

  /// By hand, then automatically. A choice by hand alone survives the power on many modules, and a
  /// device that roams away from it would stay offline.
  public static func select(_ plmn: PLMN) -> Exchange {
    Exchange("AT+COPS=4,2,\"\(plmn)\"", timeout: .seconds(200))
  }

  /// By hand, for a module that doesn't know the former.
  public static func selectOnly(_ plmn: PLMN) -> Exchange {
    Exchange("AT+COPS=1,2,\"\(plmn)\"", timeout: .seconds(200))
  }

  // MARK: - The card

  /// EF FPLMN, four places of three octets.
  public static let readForbidden = Exchange(
    "AT+CRSM=176,28539,0,0,12", answers: [.named("+CRSM")], timeout: .seconds(5))
  public static let clearForbidden = Exchange(
    "AT+CRSM=214,28539,0,0,12,\"FFFFFFFFFFFFFFFFFFFFFFFF\"", answers: [.named("+CRSM")],
    timeout: .seconds(5))
  /// Radio and card off (§8.2).
  public static let cardOff = Exchange("AT+CFUN=0", timeout: .seconds(180))

  /// Whether the answer shows a list that isn't empty; nil where the card didn't show it: the
  /// command ends in OK even then.
  public static func isAnyForbidden(_ lines: [[UInt8]]) -> Bool? {
    guard let values = lines.values(of: "+CRSM"), values.integer(0) == 144, values.has(2) else {
      return nil
    }
    return values.text(2).contains { $0 | 0x20 != UInt8(ascii: "f") }
  }

  /// Whether the card took the write: 144, or 145 where it has more to say.
  public static func isCleared(_ lines: [[UInt8]]) -> Bool {
    let status = lines.values(of: "+CRSM")?.integer(0)
    return status == 144 || status == 145
  }

  /// Whether the card asks for a PIN when it starts: `+CLCK: 1` (§7.4).
  public static let readPIN = Exchange(
    "AT+CLCK=\"SC\",2", answers: [.named("+CLCK")], timeout: .seconds(5))

  public static func isPINOn(_ lines: [[UInt8]]) -> Bool? {
    lines.values(of: "+CLCK")?.integer(0).map { $0 == 1 }
  }

  // MARK: - The serving cell

  /// The band of an answer to `ModuleProfile.cell`: the number behind `BAND` (`"LTE BAND 20"`,
  /// `EUTRAN-BAND20`, `BAND:20`), 1 to 255. Bands of GSM have no number of that kind.
  public static func band(in line: [UInt8]) -> Int? {
    var rest = line[...]
    while rest.count > 4 {
      if rest.hasPrefix("BAND") {
        rest = rest.dropFirst(4)
        if let first = rest.first, first == UInt8(ascii: " ") || first == UInt8(ascii: ":") {
          rest = rest.dropFirst()
        }
        let digits = Array(rest.prefix(3).prefix { $0.isASCIIDigit })
        return digits.asciiWholeNumber.map { Int($0) }.flatMap { (1...255).contains($0) ? $0 : nil }
      }
      rest = rest.dropFirst()
    }
    return nil
  }
}

/// What `AT+COPS?` answers.
public struct OperatorState: Equatable, Sendable {
  /// 0 automatic, 1 by hand, 2 deregistered, 4 by hand, else automatically.
  public var mode: Int
  /// nil where the module isn't registered, or doesn't say it as a number.
  public var plmn: PLMN?

  /// - Returns: nil where no line is about it.
  public init?(_ lines: [[UInt8]]) {
    guard let values = lines.values(of: "+COPS"), let mode = values.integer(0) else { return nil }
    self.mode = mode
    plmn = values.integer(1) == 2 ? PLMN(values.text(2)) : nil
  }
}
