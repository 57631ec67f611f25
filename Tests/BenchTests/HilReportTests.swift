import Primitives
import Testing

@testable import godwit_bench

@Suite("Results of the boards") struct HilReportTests {
  private static let results = [
    HilResult(
      label: "1", title: "boots", outcome: .passed, took: .milliseconds(12_345), remarks: ["fast"]),
    HilResult(
      label: "2a", title: "a < b & \"c\"", outcome: .failed("no report\n  console: \u{1B}[0m"),
      took: .seconds(3), kept: ".build/hil/x/2a",
      said: [
        HilExcerpt("console", of: (1...20).map { "line \($0)" }),
        HilExcerpt("shell", of: [String(repeating: "x", count: 300)]),
      ]),
    HilResult(label: "8", title: "2038", outcome: .skipped("is for qemu-armv7"), took: .zero),
  ]

  @Test("are TAP") func tap() {
    let lines = Self.results.enumerated().map { HilReport.tap($0.element, number: $0.offset + 1) }
    #expect(HilReport.header(count: 3) == "TAP version 13\n1..3")
    #expect(lines[0] == "ok 1 - 1: boots # 12.3 s\n# fast")
    #expect(
      lines[1] == """
        not ok 2 - 2a: a < b & "c" # 3 s
          ---
          message: |
            no report
              console: \u{1B}[0m
          traces: .build/hil/x/2a
          console: |
            line 6
            line 7
            line 8
            line 9
            line 10
            line 11
            line 12
            line 13
            line 14
            line 15
            line 16
            line 17
            line 18
            line 19
            line 20
          shell: |
            \(String(repeating: "x", count: 200))…
          ...
        """)
    #expect(lines[2] == "ok 3 - 8: 2038 # SKIP is for qemu-armv7")
  }

  private static let excerpt =
    (6...20).map { "&#10;line \($0)" }.joined() + "&#10;shell:&#10;"
    + String(repeating: "x", count: 200) + "…"

  @Test("are JUnit's XML, whatever is in them") func junit() {
    let report = HilReport(board: "qemu-arm64", results: Self.results)
    #expect(
      report.junit == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite name="hil.qemu-arm64" tests="3" failures="1" skipped="1" time="15.345">
          <testcase classname="hil.qemu-arm64" name="1: boots" time="12.345">
            <system-out>fast</system-out>
          </testcase>
          <testcase classname="hil.qemu-arm64" name="2a: a &lt; b &amp; &quot;c&quot;" time="3.000">
            <failure message="no report&#10;  console: ?[0m">traces: .build/hil/x/2a&#10;console:\(Self.excerpt)</failure>
          </testcase>
          <testcase classname="hil.qemu-arm64" name="8: 2038" time="0.000">
            <skipped message="is for qemu-armv7"/>
          </testcase>
        </testsuite>

        """)
    #expect(report.summary == "1 passed, 1 failed, 1 skipped")
  }

  @Test("name what is missing and what came twice") func delivery() {
    #expect(throws: Never.self) {
      try Delivery(acknowledged: [1, 2], delivered: [2, 1, 3]).check()
    }
    #expect(throws: HilFailure("2 acknowledged readings never came: [4, 5]")) {
      try Delivery(acknowledged: [1, 4, 5], delivered: [1]).check()
    }
    #expect(throws: HilFailure("reading 1 came twice, in two reports")) {
      try Delivery(acknowledged: [1], delivered: [1, 2, 1]).check()
    }
  }
}

@Suite("The list of scenarios") struct HilScenarioTests {
  @Test("has every number of the list, and no label twice") func complete() {
    let labels = HilScenarios.all.map(\.label)
    #expect(Set(labels).count == labels.count)
    let numbers = Set(labels.map { String($0.prefix { $0.isNumber }) })
    #expect(numbers == Set((1...9).map(String.init)))
  }

  @Test("is narrowed by numbers and by labels, in its own order") func chosen() throws {
    let chosen = try HilCommand.choose("3b,2").map(\.label)
    #expect(chosen == ["2a", "2b", "2c", "2d", "2e", "2f", "3b"])
    #expect(try HilCommand.choose(nil).count == HilScenarios.all.count)
    #expect(throws: BenchError.self) { try HilCommand.choose("2,99") }
    #expect(throws: BenchError.self) { try HilCommand.choose("2z") }
  }

  @Test("cuts the power at 25 different moments") func moments() {
    let texts = PowerCutScenario.moments.map(\.text)
    #expect(texts.count == 25 && Set(texts).count == 25)
  }
}

@Suite("What a scenario puts into the guest") struct GuestPlanTests {
  @Test("an acknowledgement counts only as a whole line of its own form") func acknowledged() {
    #expect(GuestPlan.acknowledged("feed: stored 17") == 17)
    #expect(GuestPlan.acknowledged("feed: refused 17: disk full") == nil)
    #expect(GuestPlan.acknowledged("feed: stored ") == nil)
    var log = ConsoleLog()
    let completed = ["feed: stored 1", "7\r\nfeed: sto"].map { log.append(Array($0.utf8)) }
    #expect(completed == [[], ["feed: stored 17"]])
    #expect(log.tail(5) == ["feed: stored 17", "feed: sto"])
  }

  @Test("no line for the shell is longer than a terminal takes (4095 bytes, termios(3))")
  func lineLengths() {
    var guest = GuestPlan()
    guest.feed = GuestPlan.Feed(first: 1, pause: .milliseconds(300))
    #expect(guest.commands.count == 2)
    for line in guest.commands { #expect(line.utf8.count < 4095) }
    #expect(guest.commands[1].contains("sleep 0.3"))
  }

  @Test("the board's sleeps are read from what godwit says") func suspension() {
    let lines = [
      "12:00:01 board: slept 4123 ms", "12:00:02 modem: asleep", "board: slept x ms",
      "12:00:09 board: slept 250 ms",
    ]
    #expect(Suspension.spans(in: lines) == [.milliseconds(4123), .milliseconds(250)])
  }
}
