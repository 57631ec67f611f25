/// The standard library's own are inlined, some eighty bytes of code for each piece of each text;
/// these, which stand in front of them wherever this module is imported, are a call.
extension DefaultStringInterpolation {
  @inline(never)
  public mutating func appendLiteral(_ literal: String) { write(literal) }

  @inline(never)
  public mutating func appendInterpolation(_ text: String) { write(text) }

  @inline(never)
  public mutating func appendInterpolation(_ number: Int) { write(number.description) }

  @inline(never)
  public mutating func appendInterpolation(_ number: Int64) { write(number.description) }
}
