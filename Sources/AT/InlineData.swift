import Primitives

/// Data in the middle of a line, and data in front of a mark.
extension Engine {
  /// Whether the line may still turn out to hold data.
  var isInlineDataDue: Bool {
    guard intake.mayHoldInlineData, !intake.hasInlineData, case .running = state else {
      return false
    }
    return true
  }

  /// A comma or a quote has come: is that where the data begins?
  mutating func lookForData(now: Instant, _ events: inout [Event]) {
    guard case .running(let exchange) = state, let count = exchange.inlineData?(intake.line)
    else { return }
    intake.hasInlineData = true
    if count <= 0 { return }
    guard count <= Self.dataLimit else {
      events += giveUp(.oversized, exchange, now: now)
      return
    }
    intake.mode = .data(left: count)
  }

  mutating func takeMark(_ byte: UInt8, matched: Int, now: Instant, _ events: inout [Event]) {
    guard case .running(let exchange) = state, let mark = exchange.connectData?.end else {
      intake.mode = .text
      return takeText(byte, now: now, &events)
    }
    intake.append(byte, to: mark, matched: matched)
  }

  mutating func takeTail(_ byte: UInt8, now: Instant, _ events: inout [Event]) {
    guard case .running(let exchange) = state else {
      intake.mode = .text
      return takeText(byte, now: now, &events)
    }
    guard intake.data.count < Self.dataLimit else {
      events += giveUp(.oversized, exchange, now: now)
      return
    }
    intake.append(tail: byte)
  }
}
