import Link

/// The machine as SVG: a box for each state, an arrow for each change, its number in the text's table.
enum LifeCycleDrawing {
  private static let (width, height, boxWidth, boxHeight) = (980.0, 640.0, 110.0, 40.0)

  static var svg: String {
    var lines = [
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(Int(width)) \#(Int(height))" "#
        + #"font-family="sans-serif" font-size="14">"#,
      "<title>The modem's life: states and changes, numbered as in life-cycle.md</title>",
      #"<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" "#
        + #"markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="dimgray"/></marker></defs>"#,
      #"<rect width="100%" height="100%" fill="white"/>"#,
    ]
    for (index, change) in LifeCycle.transitions.enumerated() {
      lines += arrow(from: change.from, to: change.to, number: index + 1)
    }
    for stage in LifeCycle.Stage.allCases { lines += box(stage) }
    return (lines + ["</svg>"]).joined(separator: "\n")
  }

  /// The way of a good report goes around; failures end in the middle.
  private static func place(_ stage: LifeCycle.Stage) -> (x: Double, y: Double) {
    switch stage {
    case .off: (90, 120)
    case .starting: (340, 60)
    case .ready: (640, 60)
    case .searching: (890, 170)
    case .registered: (890, 360)
    case .online: (760, 560)
    case .draining: (400, 580)
    case .asleep: (90, 480)
    case .standby: (90, 300)
    case .failed: (450, 310)
    }
  }

  private static func box(_ stage: LifeCycle.Stage) -> [String] {
    let (x, y) = place(stage)
    let fill: String
    switch stage {
    case .off, .asleep, .standby: fill = "aliceblue"
    case .failed: fill = "mistyrose"
    case .online: fill = "honeydew"
    case .starting, .ready, .searching, .registered, .draining: fill = "cornsilk"
    }
    return [
      #"<rect x="\#(Int(x - boxWidth / 2))" y="\#(Int(y - boxHeight / 2))" width="\#(Int(boxWidth))" "#
        + #"height="\#(Int(boxHeight))" rx="8" fill="\#(fill)" stroke="black"/>"#,
      #"<text x="\#(Int(x))" y="\#(Int(y + 5))" text-anchor="middle">\#(stage.text)</text>"#,
    ]
  }

  /// Bent to its right, so that two opposite arrows don't lie on each other.
  private static func arrow(
    from: LifeCycle.Stage, to: LifeCycle.Stage, number: Int
  ) -> [String] {
    let (a, b) = (place(from), place(to))
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = (dx * dx + dy * dy).squareRoot()
    let bend = 0.13 * length
    let (cx, cy) = ((a.x + b.x) / 2 - dy / length * bend, (a.y + b.y) / 2 + dx / length * bend)
    let start = edge(of: a, towards: (cx, cy))
    let end = edge(of: b, towards: (cx, cy))
    let (lx, ly) = (
      (start.x + 2 * cx + end.x) / 4, (start.y + 2 * cy + end.y) / 4 + 4
    )
    return [
      #"<path d="M\#(Int(start.x)) \#(Int(start.y)) Q\#(Int(cx)) \#(Int(cy)) \#(Int(end.x)) "#
        + #"\#(Int(end.y))" fill="none" stroke="dimgray" marker-end="url(#tip)"/>"#,
      #"<text x="\#(Int(lx))" y="\#(Int(ly))" text-anchor="middle" font-size="12" stroke="white" "#
        + #"stroke-width="4" paint-order="stroke">\#(number)</text>"#,
    ]
  }

  /// Where the straight line from a box's middle to a point leaves the box.
  private static func edge(
    of box: (x: Double, y: Double), towards point: (Double, Double)
  ) -> (x: Double, y: Double) {
    let (dx, dy) = (point.0 - box.x, point.1 - box.y)
    let scale = min(
      dx == 0 ? .infinity : boxWidth / 2 / abs(dx), dy == 0 ? .infinity : boxHeight / 2 / abs(dy))
    return (box.x + dx * scale, box.y + dy * scale)
  }
}
