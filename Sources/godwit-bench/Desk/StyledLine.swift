/// One line of a screen: pieces of text, each with a style.
struct StyledLine: Equatable, Sendable {
  enum Style: Equatable, Sendable { case usual, faint, strong, good, warning, bad }

  struct Piece: Equatable, Sendable {
    var text: String
    var style: Style
  }

  private(set) var pieces: [Piece] = []
  private var nextColumn: Int?

  init(_ text: String = "", _ style: Style = .usual) { add(text, style) }

  mutating func add(_ text: String, _ style: Style = .usual) {
    if text.isEmpty { return }
    if let column = nextColumn {
      nextColumn = nil
      add(String(repeating: " ", count: max(1, column - width)))
    }
    pieces.append(Piece(text: text, style: style))
  }

  /// What is added next begins at `column`, after at least one blank.
  mutating func pad(to column: Int) { nextColumn = column }

  /// The text alone.
  var text: String { pieces.reduce("") { $0 + $1.text } }

  /// Columns on a terminal; the bench writes no character that takes two.
  var width: Int { pieces.reduce(0) { $0 + $1.text.count } }

  /// At most `limit` columns, the last of which is `…` when something was left out.
  func cut(to limit: Int) -> StyledLine {
    guard width > limit, limit > 0 else { return limit > 0 ? self : StyledLine() }
    var line = StyledLine()
    for piece in pieces where line.width < limit - 1 {
      line.add(String(piece.text.prefix(limit - 1 - line.width)), piece.style)
    }
    line.add("…", .faint)
    return line
  }

  /// With the terminal's control sequences (ECMA-48 §8.3.117, SGR).
  var ansi: String {
    pieces.reduce("") { text, piece in
      switch piece.style {
      case .usual: text + piece.text
      case .faint: text + "\u{1B}[2m\(piece.text)\u{1B}[0m"
      case .strong: text + "\u{1B}[1m\(piece.text)\u{1B}[0m"
      case .good: text + "\u{1B}[32m\(piece.text)\u{1B}[0m"
      case .warning: text + "\u{1B}[33m\(piece.text)\u{1B}[0m"
      case .bad: text + "\u{1B}[1;31m\(piece.text)\u{1B}[0m"
      }
    }
  }
}
