import AT
import Cellular
import Primitives

/// What module families share: the commands of TS 27.007 as they are mostly spoken.
public enum Standard {
  public static let sim = Exchange(
    "AT+CPIN?", answers: [.named("+CPIN")], timeout: .seconds(5))
  public static let clock = Exchange("AT+CCLK?", answers: [.named("+CCLK")])
  public static let radioOff = Exchange("AT+CFUN=4", timeout: .seconds(180))
  public static let radioOn = Exchange("AT+CFUN=1", timeout: .seconds(180))

  // MARK: - Identity

  public static let subscriber = Exchange("AT+CIMI", answers: [.bare(isDigits)])

  /// IMSI, IMEI, maker, model and firmware, each on a line without a name. The command for the
  /// ICCID, which every maker has his own of, goes in front.
  public static let identity = [
    subscriber,
    Exchange("AT+CGSN", answers: [.bare(isDigits), .named("+CGSN")]),
    Exchange("AT+CGMI", answers: [.bare(isText)]),
    Exchange("AT+CGMM", answers: [.bare(isText)]),
    Exchange("AT+CGMR", answers: [.bare(isText)]),
  ]

  public static let isDigits: @Sendable ([UInt8]) -> Bool = { line in
    (6...20).contains(line.count) && line.allSatisfy { $0.isASCIIDigit }
  }

  /// The card's number, with its filler F or without.
  public static let isICCID: @Sendable ([UInt8]) -> Bool = { ICCID($0) != nil }

  /// Maker, model or revision: short, and none of the lines that modules say by themselves.
  public static let isText: @Sendable ([UInt8]) -> Bool = { line in
    line.count <= 64 && line.allSatisfy { (0x20...0x7E).contains($0) }
      && !Dialect.generic.bareURCs.contains { line.equals($0) }
  }

  /// Reads the answers to `identity` with any command for the ICCID in front: the one line with a
  /// name, or digits. Digits come in the order in which they were asked for, and so do texts;
  /// some modules put a label in front of the firmware.
  public static let readIdentity: @Sendable ([[UInt8]], inout ModuleIdentity) -> Void = {
    lines, identity in
    var texts: [[UInt8]] = []
    for line in lines {
      if line.isNamed("+CGMR") || line.isNamed("Revision") {
        texts.append(ParameterList(line, first: 1).text(0))
      } else if line.isNamed("+CGSN") {
        identity.imei = IMEI(ParameterList(line, first: 1).text(0))
      } else if line.hasName {
        identity.iccid = identity.iccid ?? ICCID(ParameterList(line).text(0))
      } else if let iccid = ICCID(line) {
        identity.iccid = iccid
      } else if !isDigits(line) {
        texts.append(line)
      } else if identity.imsi == nil {
        identity.imsi = IMSI(line)
      } else {
        identity.imei = IMEI(line)
      }
    }
    if texts.count > 0 { identity.maker = texts[0] }
    if texts.count > 1 { identity.model = texts[1] }
    if texts.count > 2 { identity.firmware = texts[2] }
  }

  // MARK: - Unsolicited lines

  /// Registration, the card, and the end of context 1 where `AT+CGEREP` has it told (TS 27.007
  /// §10.1.19); everything else is `.other`.
  public static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.isNamed("+CEREG") || line.isNamed("+CGREG") || line.isNamed("+CREG") {
      return Registration(unsolicited: line).map { .registration($0) } ?? .other
    }
    if line.isNamed("+CPIN") { return SIMState(line).map { .sim($0) } ?? .other }
    if line.isNamed("+CGEV") {
      let event = ParameterList(line, first: 1).text(0)
      return event.equals("NW PDN DEACT 1") || event.equals("NW DETACH") ? .contextLost : .other
    }
    return .other
  }

  // MARK: - Data session

  /// Context 1 by `+CGACT` (TS 27.007 §10.1.10), where the sockets need no more.
  public static let context = ContextCommands(
    query: Exchange("AT+CGACT?", answers: [.named("+CGACT")], timeout: .seconds(5)),
    isActive: { lines in
      lines.contains { line in
        let values = ParameterList(line)
        return line.isNamed("+CGACT") && values.integer(0) == 1 && values.integer(1) == 1
      }
    },
    activate: { _ in [Exchange("AT+CGACT=1,1", timeout: .seconds(150))] },
    deactivate: Exchange("AT+CGACT=0,1", timeout: .seconds(40)))
}
