import Primitives

extension [CommandEntry] {
  /// The group but for commands that a family hasn't.
  func without(_ names: StaticString...) -> [CommandEntry] {
    filter { entry in !names.contains { entry.isNamed($0) } }
  }

  /// A command of the group, to build another on it. The name is one of the group's.
  func entry(_ name: StaticString) -> CommandEntry {
    guard let entry = first(where: { $0.isNamed(name) }) else {
      preconditionFailure("no such command in the group")
    }
    return entry
  }
}

extension CommandEntry {
  fileprivate func isNamed(_ other: StaticString) -> Bool { [UInt8](name).equals(other) }
}
