import Glibc

/// Standard output as a person sees it.
enum Terminal {
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns and rows; 80 by 24 where the terminal doesn't say.
  static var size: (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Writes one line at once, so that a pipe's reader sees it as it happens.
  static func say(_ line: String) {
    Descriptor.writeAll(Array((line + "\n").utf8), to: STDOUT_FILENO)
  }

  static func complain(_ line: String) {
    Descriptor.writeAll(Array((line + "\n").utf8), to: STDERR_FILENO)
  }

  /// Turns to a screen of its own, without a cursor (xterm's control sequences, DECSET 1049, 25).
  static func enterScreen() { write("\u{1B}[?1049h\u{1B}[?25l") }

  static func leaveScreen() { write("\u{1B}[?25h\u{1B}[?1049l") }

  /// Replaces what the screen shows, in one write and without clearing it first: no flicker.
  static func draw(_ lines: [String]) {
    var text = "\u{1B}[H"
    for (index, line) in lines.enumerated() {
      text += (index == 0 ? "" : "\r\n") + line + "\u{1B}[K"
    }
    write(text + "\u{1B}[J")
  }

  private static func write(_ text: String) {
    Descriptor.writeAll(Array(text.utf8), to: STDOUT_FILENO)
  }
}
