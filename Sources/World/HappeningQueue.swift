import Primitives

/// What is going to happen, soonest first; what falls on the same moment happens in the order in
/// which it was put in, so that a run is repeatable.
struct HappeningQueue<Happening> {
  private var heap: [Entry] = []
  private var count: UInt64 = 0

  private struct Entry {
    var at: Instant
    var order: UInt64
    var happening: Happening

    static func < (a: Entry, b: Entry) -> Bool {
      a.at == b.at ? a.order < b.order : a.at < b.at
    }
  }

  var next: Instant? { heap.first?.at }

  mutating func put(_ happening: Happening, at: Instant) {
    heap.append(Entry(at: at, order: count, happening: happening))
    count += 1
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the soonest out, if it is due at `now`.
  mutating func take(dueAt now: Instant) -> Happening? {
    guard let first = heap.first, first.at <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child] < heap[smallest] { smallest = child }
      }
      if smallest == parent { return first.happening }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
