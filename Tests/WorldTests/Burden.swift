import Agent
import ModemSimulator
import Primitives
import World

/// What network and module had to bear, as the simulated module counted it, with the time of each
/// to `Burden.grain`. It is read from outside: nothing that the driver says of itself goes into it
/// but the time that it searched.
struct Burden {
  static let grain = Duration.seconds(60)

  private(set) var radioStarts: [Instant] = []
  private(set) var resets: [Instant] = []
  private(set) var boots: [Instant] = []
  private(set) var searches: [(ended: Instant, time: Duration)] = []
  private var counters: ModemCounters
  private var searched: Duration

  init(_ world: World) {
    counters = world.modem.counters
    searched = world.agent.link.counters.searched
  }

  /// Runs the world, looking at it whenever something happens, but once a minute at most.
  mutating func run(_ world: World, until end: Instant) throws {
    while world.now < end {
      let next = max(world.now + Self.grain, world.nextMoment ?? end)
      try world.run(until: min(next, end))
      note(world)
    }
  }

  mutating func note(_ world: World) {
    let (now, new) = (world.now, world.modem.counters)
    func add(_ count: Int, _ moments: inout [Instant]) {
      if count > 0 { moments += [Instant](repeating: now, count: count) }
    }
    add(new.radioStarts - counters.radioStarts, &radioStarts)
    add(new.resets - counters.resets, &resets)
    add(new.boots - counters.boots, &boots)
    counters = new
    let time = world.agent.link.counters.searched
    // A process that came up anew counts from zero.
    let more = time < searched ? time : time - searched
    searched = time
    if more > .zero { searches.append((now, more)) }
  }

  /// What a test did itself isn't the device's doing.
  mutating func forgive(_ world: World) {
    counters = world.modem.counters
    searched = world.agent.link.counters.searched
  }

  /// The most of `moments` that lie within `period`.
  static func most(_ moments: [Instant], within period: Duration) -> Int {
    var most = 0
    var first = 0
    for (index, moment) in moments.enumerated() {
      while moments[first] + (period - grain) <= moment { first += 1 }
      most = max(most, index - first + 1)
    }
    return most
  }

  /// The most time that was searched within a day.
  var searchedInADay: Duration {
    var most = Duration.zero
    for (index, last) in searches.enumerated() {
      var sum = Duration.zero
      for search in searches[...index].reversed() {
        if search.ended + (.seconds(86_400) - Self.grain) <= last.ended { break }
        sum += search.time
      }
      most = max(most, sum)
    }
    return most
  }
}
