import Cellular
import Primitives
import Testing

@Suite("Timers of power saving mode, TS 24.008 §10.5.7.4 and §10.5.7.4a") struct TimerTests {
  @Test(
    "a periodic update is rounded up, in the finest unit that reaches",
    arguments: [
      (54 * 60, "00000110", 3600), (3600, "00000110", 3600), (6 * 3600, "00100110", 21_600),
      (24 * 3600, "00111000", 86_400), (140 * 3600, "01001110", 504_000),
      (7 * 86_400, "01010001", 612_000), (30 * 86_400, "11000011", 3_456_000),
      (413 * 86_400, "11011111", 35_712_000), (0, "01100000", 0), (1, "01100001", 2),
    ])
  func periodic(wish: Int, bits: String, seconds: Int) {
    let timer = PeriodicTAU(atLeast: .seconds(wish))
    #expect(timer?.octet.bits == Array(bits.utf8))
    #expect(timer?.duration == .seconds(seconds))
  }

  @Test(
    "an active time is rounded up, in the finest unit that reaches",
    arguments: [
      (2, "00000001", 2), (5, "00000011", 6), (10, "00000101", 10), (60, "00011110", 60),
      (62, "00011111", 62), (63, "00100010", 120), (1860, "00111111", 1860),
      (1861, "01000110", 2160), (11_160, "01011111", 11_160), (0, "00000000", 0),
    ])
  func active(wish: Int, bits: String, seconds: Int) {
    let timer = ActiveTime(atLeast: .seconds(wish))
    #expect(timer?.octet.bits == Array(bits.utf8))
    #expect(timer?.duration == .seconds(seconds))
  }

  @Test("what can't be represented is refused") func refused() {
    #expect(ActiveTime(atLeast: .seconds(11_161)) == nil)
    #expect(ActiveTime(atLeast: .milliseconds(11_160_001)) == nil)
    #expect(ActiveTime(atLeast: .seconds(-1)) == nil)
    #expect(PeriodicTAU(atLeast: .seconds(35_712_001)) == nil)
    #expect(PeriodicTAU(atLeast: .milliseconds(2001))?.duration == .seconds(4))
  }

  @Test("every octet decodes, and encodes to the same time again") func everyOctet() {
    for octet in UInt8.min...UInt8.max {
      let timer = TimerOctet(octet: octet)
      #expect(TimerOctet(bits: timer.bits) == timer)
      let active = ActiveTime(timer).duration
      let periodic = PeriodicTAU(timer).duration
      #expect((active == nil) == (octet >> 5 == 7))
      #expect((periodic == nil) == (octet >> 5 == 7))
      if let active { #expect(ActiveTime(atLeast: active)?.duration == active) }
      if let periodic { #expect(PeriodicTAU(atLeast: periodic)?.duration == periodic) }
    }
  }

  @Test("an undefined unit of the active time is read as minutes") func undefined() {
    #expect(ActiveTime(TimerOctet(octet: 0b0110_1100)).duration == .seconds(720))
  }

  @Test("only eight 0 and 1 are an octet", arguments: ["", "0000001", "000000010", "0000000a"])
  func bits(text: String) { #expect(TimerOctet(bits: Array(text.utf8)) == nil) }
}
