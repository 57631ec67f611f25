import Cellular
import Primitives
import Testing

@Suite("Extended discontinuous reception, TS 24.008 §10.5.5.32") struct EDRXTests {
  @Test(
    "a code has a cycle of its mode, or none",
    arguments: [
      ("0000", 5120, nil), ("0001", 10_240, nil), ("0010", 20_480, 20_480),
      ("0011", 40_960, 40_960), ("0100", 61_440, 20_480), ("0101", 81_920, 81_920),
      ("0110", 102_400, 20_480), ("0111", 122_880, 20_480), ("1000", 143_360, 20_480),
      ("1001", 163_840, 163_840), ("1010", 327_680, 327_680), ("1011", 655_360, 655_360),
      ("1100", 1_310_720, 1_310_720), ("1101", 2_621_440, 2_621_440),
      ("1110", 2_621_440, 5_242_880), ("1111", 2_621_440, 10_485_760),
    ] as [(String, Int64, Int64?)])
  func cycles(bits: String, wide: Int64, narrow: Int64?) throws {
    let code = try #require(EDRXCode(bits: Array(bits.utf8)))
    #expect(code.bits == Array(bits.utf8))
    #expect(EDRXMode.wideband.cycle(code) == .milliseconds(wide))
    #expect(EDRXMode.narrowband.cycle(code) == narrow.map { .milliseconds($0) })
  }

  @Test(
    "the longest cycle that isn't longer than the wish is asked for",
    arguments: [
      (5_119, nil, nil), (5_120, "0000", nil), (20_000, "0001", nil), (20_480, "0010", "0010"),
      (82_000, "0101", "0101"), (150_000, "1000", "0101"), (2_621_440, "1101", "1101"),
      (5_000_000, "1101", "1101"), (5_242_880, "1101", "1110"), (99_000_000, "1101", "1111"),
    ] as [(Int64, String?, String?)])
  func wishes(milliseconds: Int64, wide: String?, narrow: String?) {
    let wish = Duration.milliseconds(milliseconds)
    #expect(EDRXMode.wideband.code(cycle: wish)?.bits == wide.map { Array($0.utf8) })
    #expect(EDRXMode.narrowband.code(cycle: wish)?.bits == narrow.map { Array($0.utf8) })
  }

  @Test("each cycle that a mode has is asked for by a code that means it") func everyCode() throws {
    for mode in [EDRXMode.wideband, .narrowband] {
      for value in 0...15 {
        let code = try #require(EDRXCode(value))
        guard let cycle = mode.cycle(code) else { continue }
        #expect(mode.code(cycle: cycle).flatMap { mode.cycle($0) } == cycle)
        #expect(cycle >= mode.shortestCycle && cycle <= mode.longestCycle)
        #expect(mode.code(pagingWindow: mode.pagingWindow(code)) == code)
      }
    }
    #expect(EDRXMode.narrowband.shortestCycle == .milliseconds(20_480))
  }

  @Test(
    "the shortest paging window that isn't shorter than the wish is asked for",
    arguments: [
      (0, nil, nil), (1, "0000", "0000"), (1_281, "0001", "0000"), (20_480, "1111", "0111"),
      (20_481, nil, "1000"), (40_960, nil, "1111"), (40_961, nil, nil),
    ] as [(Int64, String?, String?)])
  func windows(milliseconds: Int64, wide: String?, narrow: String?) {
    let wish = Duration.milliseconds(milliseconds)
    #expect(EDRXMode.wideband.code(pagingWindow: wish)?.bits == wide.map { Array($0.utf8) })
    #expect(EDRXMode.narrowband.code(pagingWindow: wish)?.bits == narrow.map { Array($0.utf8) })
  }

  @Test("only four 0 and 1 are a code", arguments: ["", "000", "00000", "0002", "000a"])
  func bits(text: String) { #expect(EDRXCode(bits: Array(text.utf8)) == nil) }

  @Test(
    "what the network granted is read, TS 27.007 §7.41",
    arguments: [
      ("+CEDRXRDP: 4,\"1010\",\"1001\",\"1101\"", 163_840, 17_920),
      ("+CEDRXP: 5,\"1110\",\"1110\",\"0000\"", 5_242_880, 2560),
      ("+CEDRXRDP: 5,\"0000\",\"0010\"", 20_480, nil), ("+CEDRXRDP: 4,\"0101\"", nil, nil),
      ("+CEDRXRDP: 0", nil, nil), ("+CEDRXRDP: 0,\"0101\",\"0101\",\"0000\"", nil, nil),
      ("+CEDRXP: 5,\"0010\",\"0001\",\"0000\"", nil, nil),
    ] as [(String, Int64?, Int64?)])
  func grants(line: String, cycle: Int64?, window: Int64?) throws {
    let state = try #require(EDRXState(ParameterList(Array(line.utf8))))
    #expect(state.cycle == cycle.map { .milliseconds($0) })
    #expect(state.pagingWindow == window.map { .milliseconds($0) })
  }

  @Test("a line without a technology says nothing") func empty() {
    #expect(EDRXState(ParameterList(Array("+CEDRXS:".utf8))) == nil)
  }
}
