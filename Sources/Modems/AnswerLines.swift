import AT
import Cellular
import Primitives

// What the profiles look for among the lines that answered a batch.

extension [[UInt8]] {
  /// The values of the first line of that name; nil without one.
  func values(of name: StaticString) -> ParameterList? {
    first { $0.isNamed(name) }.map { ParameterList($0) }
  }

  /// The values of the first line of that name whose first value is `number`.
  func values(of name: StaticString, number: Int) -> ParameterList? {
    for line in self where line.isNamed(name) {
      let values = ParameterList(line)
      if values.integer(0) == number { return values }
    }
    return nil
  }

  /// Whether a line of that name, `<context>,<state>`, shows context 1 as active.
  func showContextActive(_ name: StaticString) -> Bool {
    values(of: name, number: 1)?.integer(1) == 1
  }
}
