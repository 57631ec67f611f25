import Primitives

/// Shows the desk: one screen on a terminal, redrawn when something changed, or plain lines.
final class DeskView {
  /// The screen is drawn so often at most.
  private static let pause = Duration.milliseconds(100)

  let isPlain: Bool
  private var drawn: [StyledLine] = []
  private var mayDrawAt = Instant.start
  private(set) var wantsDrawing = true

  init(isPlain: Bool) {
    self.isPlain = isPlain
    if !isPlain { Terminal.enterScreen() }
  }

  /// When `draw` wants to be called; nil when nothing changed.
  var deadline: Instant? { !isPlain && wantsDrawing ? mayDrawAt : nil }

  /// Says an event in plain mode; on a screen it is among the state's events.
  func say(_ line: String) { if isPlain { Terminal.say(line) } }

  func changed() { wantsDrawing = true }

  /// Draws what changed, if it is time.
  func draw(_ state: DeskState, now: Instant) {
    guard !isPlain, wantsDrawing, mayDrawAt <= now else { return }
    wantsDrawing = false
    mayDrawAt = now + Self.pause
    let (width, height) = Terminal.size
    let lines = Screen.lines(state, width: width, height: height)
    if lines == drawn { return }
    drawn = lines
    Terminal.draw(lines.map(\.ansi))
  }

  /// Forgets what is on the screen: its size has changed.
  func sizeChanged() { (drawn, wantsDrawing) = ([], true) }

  /// Gives the terminal back, and leaves the last picture on it.
  func close(_ state: DeskState) {
    guard !isPlain else { return }
    Terminal.leaveScreen()
    for line in Screen.lines(state, width: Terminal.size.width, height: 60) where !line.text.isEmpty
    {
      Terminal.say(line.ansi)
    }
  }
}
