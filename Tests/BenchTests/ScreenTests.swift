import Primitives
import Testing

@testable import godwit_bench

@Suite("The desk's screen") struct ScreenTests {
  @Test("before anything happened") func start() {
    var state = DeskState()
    state.network = .accelerated
    state.putCommand = "godwit put garden=21.5"
    state.wanted = 3
    state.note("22:47:00 desk: accelerated network")
    #expect(
      Screen.lines(state, width: 80, height: 18).map(\.text) == [
        "GODWIT DESK  a simulated quectel-bg95 in the accelerated network",
        "No real network is this fast: a report and its sleep fit into 15 s, and the",
        "limits to radio accesses are off. --real-time takes the facts' own times.",
        "",
        "modem      off                not registered          STATUS off  0 µC",
        "wakes      0 by power key     0 sleeps in PSM",
        "device     starting",
        "readings   not known yet",
        "reports    0 of 3 confirmed",
        "",
        "events",
        "22:47:00 desk: accelerated network",
        "", "", "",
        "",
        "Ctrl-C stops everything. From another shell:",
        "godwit put garden=21.5",
      ])
  }

  @Test("in the middle of a run") func running() {
    let lines = Screen.lines(Self.running, width: 80, height: 40).map(\.text)
    #expect(
      Array(lines[4..<9]) == [
        "modem      PSM                registration kept       STATUS off  812.3 mC",
        "wakes      4 by power key     3 sleeps in PSM         2 violations",
        "device     asleep (PSM URC), idle",
        "readings   4 waiting          27 delivered, 1 lost",
        "reports    3 confirmed        next in 9 s             5 attempts, 1 failed",
      ])
    #expect(
      Array(lines[10..<13]) == [
        "transmitting" + String(repeating: " ", count: 55) + "█" + " 700.0 mC",
        "asleep or off" + String(repeating: " ", count: 54) + "  112 µC",
        "                 51 s ago" + String(repeating: " ", count: 40) + "now",
      ])
    #expect(
      Array(lines[14..<17]) == [
        "last report      5d3a0c11-3  2 readings, 97 bytes, confirmed at 22:47:31",
        "  load                              0.42 1            22:47:20",
        "  temperature                       21.5 Cel",
      ])
  }

  @Test("no line is wider than the terminal, and there are as many as it has rows")
  func fits() {
    for width in [1, 20, 40, 80, 200] {
      for height in [1, 12, 24, 60] {
        let lines = Screen.lines(Self.running, width: width, height: height)
        #expect(lines.allSatisfy { $0.width <= width }, "width \(width)")
        #expect(lines.count <= height, "height \(height)")
        if height >= 18 { #expect(lines.count == height, "height \(height)") }
      }
    }
  }

  @Test("the usual 24 rows hold the picture; a smaller terminal keeps the newest events")
  func small() {
    var state = Self.running
    state.activities = Activities.shown.map {
      DeskState.Activity(name: $0.name, chargeMicrocoulombs: 1)
    }
    state.timeline = Timeline(slice: .seconds(1))
    let usual = Screen.lines(state, width: 80, height: 24).map(\.text)
    #expect(Activities.shown.allSatisfy { row in usual.contains { $0.hasPrefix(row.name) } })
    #expect(usual.contains("22:47:32 modem: asleep: PSM URC"))
    #expect(usual[1].hasPrefix("No real network is this fast"))
    state.messages = Self.messages
    let full = Screen.lines(state, width: 80, height: 24).map(\.text)
    #expect(Activities.shown.allSatisfy { row in full.contains { $0.hasPrefix(row.name) } })
    #expect(full.contains("22:47:32 modem: asleep: PSM URC"))
    #expect(full[0].contains("in the accelerated network"))
    let lines = Screen.lines(Self.running, width: 80, height: 17).map(\.text)
    #expect(lines.contains("22:47:32 modem: asleep: PSM URC"))
    #expect(!lines.contains { $0.hasPrefix("last report") })
    #expect(!lines.contains { $0.hasPrefix("transmitting") })
  }

  @Test("the SMS centre's counts, where to send, and what came of it") func messages() {
    var state = Self.running
    state.messages = Self.messages
    state.device?.network = DeviceStatus.Network(apn: "emnify")
    var lines = Screen.lines(state, width: 80, height: 40).map(\.text)
    #expect(
      Array(lines[9..<11]) == [
        "messages   3 to the device, 1 waiting   2 from it     APN emnify",
        "           SMS: POST http://127.0.0.1:8025/api/v1/endpoint/1/sms, application t…",
      ])
    state.device?.trial = DeviceStatus.Trial(
      settings: "apn=emnify", outcome: "on trial", endsInMilliseconds: 29_500)
    lines = Screen.lines(state, width: 80, height: 40).map(\.text)
    #expect(lines[10] == "           apn=emnify: on trial, 29 s left")
  }

  @Test("a report that is due is said to be") func due() {
    var state = Self.running
    state.now = .milliseconds(109_400)
    let line = Screen.lines(state, width: 80, height: 40)[8].text
    #expect(line == "reports    3 confirmed        next due now            5 attempts, 1 failed")
  }

  @Test("a dead device is said where its state stood") func dead() {
    var state = Self.running
    state.exit = "ended with status 1"
    let line = Screen.lines(state, width: 80, height: 40)[6]
    #expect(line.text == "device     godwit ended with status 1")
    #expect(line.pieces.last?.style == .bad)
  }

  @Test(
    "charge is told in the unit that fits",
    arguments: [(0, "0 µC"), (999, "999 µC"), (81_250, "81.2 mC"), (1_234_567, "1234 mC")])
  func charge(microcoulombs: Int64, text: String) {
    #expect(Screen.charge(microcoulombs) == text)
  }

  @Test("a line is cut with a mark, and its styles stay") func cut() {
    var line = StyledLine("abc", .strong)
    line.add("def", .faint)
    #expect(line.cut(to: 6) == line)
    #expect(line.cut(to: 5).text == "abcd…")
    #expect(line.cut(to: 3).text == "ab…")
    #expect(line.cut(to: 1).text == "…")
    #expect(line.cut(to: 5).ansi == "\u{1B}[1mabc\u{1B}[0m\u{1B}[2md\u{1B}[0m\u{1B}[2m…\u{1B}[0m")
  }

  private static var messages: DeskState.Messages {
    var messages = DeskState.Messages(
      address: "http://127.0.0.1:8025/api/v1/endpoint/1/sms", applicationToken: "desk")
    (messages.delivered, messages.waiting, messages.received) = (3, 1, 2)
    return messages
  }

  private static var running: DeskState {
    var state = DeskState()
    state.network = .accelerated
    state.now = .milliseconds(100_000)
    state.nextReport = .milliseconds(109_500)
    state.modem.state = "PSM"
    state.modem.registration = "registration kept"
    state.modem.chargeMicrocoulombs = 812_345
    state.modem.pulses = 4
    state.modem.sleeps = 3
    state.modem.violations = 2
    state.device = DeviceStatus(
      json: Array(
        """
        {"device":"desk","state":"asleep","cause":"PSM URC","phase":"idle","lastFailure":null,
         "readings":{"waiting":4,"delivered":27,"setAside":0,"lost":1},
         "reports":{"attempts":5,"failed":1,"refused":0},"more":[1,2]}
        """.utf8))
    state.confirmed = 3
    state.lastReport = ReportText(
      identity: "5d3a0c11-3", device: "desk",
      rows: [
        ReportText.Row(name: "load", value: "0.42", unit: "1", time: "22:47:20"),
        ReportText.Row(name: "temperature", value: "21.5", unit: "Cel", time: ""),
      ], byteCount: 97, at: "22:47:31")
    state.activities = [
      DeskState.Activity(name: "transmitting", chargeMicrocoulombs: 700_000),
      DeskState.Activity(name: "asleep or off", chargeMicrocoulombs: 112),
    ]
    state.timeline.sample([.zero, .zero], now: .milliseconds(0))
    state.timeline.sample([.seconds(1), .zero], now: .milliseconds(1000))
    state.note("22:47:32 modem: asleep: PSM URC")
    return state
  }
}
