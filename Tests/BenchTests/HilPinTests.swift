import Primitives
import Testing

@testable import godwit_bench

/// A line of the log and what it says.
private struct Logged: Sendable {
  let text: String
  let expected: QtestLog
}

private let logged = [
  Logged(
    text: "[S +2.085141] IRQ raise 5",
    expected: .output(line: 5, isHigh: true, at: .microseconds(2_085_141))),
  Logged(
    text: "[S +2.592567] IRQ lower 5",
    expected: .output(line: 5, isHigh: false, at: .microseconds(2_592_567))),
  Logged(
    text: "[R +6.204719] set_irq_in /machine/unattached/device[6] unnamed-gpio-in 6 1",
    expected: .input(line: 6, isHigh: true, at: .microseconds(6_204_719))),
  Logged(
    text: "[R +6.204719] set_irq_in /machine/unattached/device[6] unnamed-gpio-in 7 0",
    expected: .input(line: 7, isHigh: false, at: .microseconds(6_204_719))),
  Logged(text: "[I 0.000001] OPENED", expected: .other(at: .microseconds(1))),
  Logged(
    text: "[S +0.221087] OK 0x0000000000000000", expected: .other(at: .microseconds(221_087))),
]

@Suite("QEMU's log of the pins") struct QtestLogTests {
  @Test(
    "is read line by line; QEMU 7.2.22, PL061 of the virt machine",
    arguments: logged)
  private func line(_ row: Logged) { #expect(QtestLog(row.text.utf8) == row.expected) }

  @Test(
    "leaves QEMU's own words alone",
    arguments: [
      "", "qemu-system-aarch64: -kernel x: No such file or directory", "[S 5] OK",
      "[S +1.5] IRQ raise 5",
      "[X +1.500000] IRQ raise 5", "[S +1.500000] IRQ raise five",
      "[S +99999999999999999999.000000] OK x",
    ])
  func foreign(text: String) { #expect(QtestLog(text.utf8) == nil) }

  @Test("puts stamps on the bench's clock by the smallest lag seen") func clock() {
    var clock = StampClock()
    // The first line comes 50 ms late; the second at once, so the offset is 1000 ms from there on.
    let lines: [(stamp: Int64, now: Int64)] = [(10, 1060), (20, 1020), (520, 1600)]
    let moments = lines.map {
      clock.moment(of: .milliseconds($0.stamp), now: .milliseconds($0.now)).milliseconds
    }
    #expect(moments == [1060, 1020, 1520])
  }

  @Test("finds a device by its type in the answer of qom-list") func device() {
    let answer = Array(
      #"{"return": [{"name": "device[5]", "type": "child<gpex-pcihost>"}, {"name": "device[6]", "type": "child<pl061>"}]}"#
        .utf8)
    #expect(QemuMachine.deviceName(of: "pl061", in: answer) == "device[6]")
    #expect(QemuMachine.deviceName(of: "pl0", in: answer) == nil)
    #expect(QemuMachine.deviceName(of: "pl061", in: []) == nil)
  }
}

@Suite("The pins of a board") struct PinTraceTests {
  private func at(_ milliseconds: Int64) -> Instant { .milliseconds(milliseconds) }

  @Test("pulses are told from edges, by pin and by time") func pulses() {
    var trace = PinTrace()
    let edges: [(PinName, Bool, Int64)] = [
      (.powerKey, false, 0), (.powerKey, true, 100), (.powerKey, true, 150), (.status, true, 200),
      (.powerKey, false, 700), (.powerKey, true, 900),
    ]
    let noted = edges.map { trace.note($0.0, isAsserted: $0.1, at: at($0.2)) }
    #expect(noted == [false, true, false, true, true, true])
    let both = [
      PinTrace.Pulse(began: at(100), length: .milliseconds(600)),
      PinTrace.Pulse(began: at(900), length: nil),
    ]
    #expect(trace.pulses(on: .powerKey) == both)
    #expect(trace.pulses(on: .powerKey, from: at(101)) == [both[1]])
    #expect(trace.isAsserted(.status) && !trace.isAsserted(.ring))
  }

  @Test("are written with microseconds, counted from the rig's start") func text() {
    var trace = PinTrace()
    trace.note(.powerKey, isAsserted: true, at: Instant(sinceStart: .microseconds(1_002_045)))
    trace.note(.powerKey, isAsserted: false, at: at(1600))
    #expect(
      trace.text(from: at(1000)) == """
        # milliseconds, pin, level (1: asserted)
        2.045 power-key 1
        600.000 power-key 0

        """)
  }

  @Test("beyond the limit are counted, not kept") func limit() {
    var trace = PinTrace()
    for count in 0..<(PinTrace.limit + 3) {
      trace.note(.ring, isAsserted: count % 2 == 0, at: at(Int64(count)))
    }
    #expect(trace.edges.count == PinTrace.limit)
    #expect(trace.droppedEdges > 0)
  }
}
