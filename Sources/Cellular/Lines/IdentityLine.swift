import Primitives

/// Who module and card are. TS 27.007 §5.1 to §5.6: lines without a name, so that only the command
/// before them tells what they are.
public enum IdentityLine {
  static func meaning(of line: [UInt8], in context: LineContext) -> LineMeaning? {
    guard let outstanding = context.outstanding, outstanding.count == 1,
      outstanding[0].form == .execute
    else { return nil }
    let name = outstanding[0].name
    if name.equals("+CGSN") || name.equals("+GSN") { return imei(line) }
    if name.equals("+CIMI") {
      guard let imsi = IMSI(line) else { return nil }
      return identity("imsi", imsi.digits, "the card's IMSI")
    }
    if name.equals("+CCID") || name.equals("+QCCID") { return iccid(line) }
    guard line.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    if name.equals("+CGMI") || name.equals("+GMI") { return identity("maker", line, "the maker") }
    if name.equals("+CGMM") || name.equals("+GMM") { return identity("model", line, "the model") }
    if name.equals("+CGMR") || name.equals("+GMR") {
      return identity("firmware", line, "the firmware")
    }
    return nil
  }

  public static func imei(_ text: [UInt8]) -> LineMeaning? {
    IMEI(text).map { identity("imei", $0.digits, "the module's IMEI") }
  }

  public static func iccid(_ text: [UInt8]) -> LineMeaning? {
    ICCID(text).map { identity("iccid", $0.digits, "the card's number (ICCID)") }
  }

  private static func identity(
    _ name: StaticString, _ text: [UInt8], _ words: String
  ) -> LineMeaning {
    LineMeaning(.identity, fields: [LineField(name, .text(text))], sentence: words)
  }
}
