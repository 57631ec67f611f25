import CLinux

/// The terminal at standard input while a line is edited: each key at once, and none echoed
/// (termios(3)).
public struct TerminalMode {
  /// Whether standard input is a terminal.
  public static var isTerminal: Bool { linux_is_terminal(0) == 1 }

  /// Where standard input is no terminal, nothing happens.
  public init() { _ = linux_terminal_edit() }

  /// Puts the terminal back as it was.
  public func restore() { linux_terminal_restore() }
}
