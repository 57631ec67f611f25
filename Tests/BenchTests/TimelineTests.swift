import Primitives
import Testing

@testable import godwit_bench

@Suite("The picture of the modem's life") struct TimelineTests {
  @Test("a slice shows the share of each activity") func shares() {
    var timeline = Timeline(slice: .seconds(1))
    timeline.sample([.zero, .zero], now: .milliseconds(0))
    #expect(timeline.deadline == .milliseconds(1000))
    timeline.sample([.milliseconds(500), .milliseconds(500)], now: .milliseconds(999))
    #expect(timeline.columns.isEmpty)
    timeline.sample([.milliseconds(500), .milliseconds(500)], now: .milliseconds(1000))
    timeline.sample([.milliseconds(1500), .milliseconds(500)], now: .milliseconds(2000))
    timeline.sample([.milliseconds(1501), .milliseconds(1499)], now: .milliseconds(3000))
    #expect(timeline.row(0, width: 5) == "  ▄█ ")
    #expect(timeline.row(1, width: 5) == "  ▄ █")
    #expect(timeline.row(1, width: 2) == " █")
  }

  @Test("the least share that counts still shows") func least() {
    var timeline = Timeline(slice: .seconds(1))
    timeline.sample([.zero], now: .milliseconds(0))
    timeline.sample([.milliseconds(5)], now: .milliseconds(1000))
    #expect(timeline.row(0, width: 1) == "▁")
  }

  @Test("a late sample fills the slices that were missed, up to the limit") func late() {
    var timeline = Timeline(slice: .seconds(1))
    timeline.sample([.zero], now: .milliseconds(0))
    timeline.sample([.seconds(3)], now: .milliseconds(3000))
    #expect(timeline.row(0, width: 4) == " ███")
    timeline.sample([.seconds(3)], now: .milliseconds(90_000_000))
    #expect(timeline.columns.count == Timeline.limit)
  }
}
