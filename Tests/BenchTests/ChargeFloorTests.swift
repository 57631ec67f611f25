import Primitives
import Testing

@testable import ModemSimulator
@testable import godwit_bench

@Suite("The floor of a report's charge") struct ChargeFloorTests {
  /// By hand, from the facts: mA times s.
  @Test("a warm report of a BG95") func warmBG95() throws {
    let floor = ChargeFloor(.warm, of: try #require(WakeFacts.of("quectel-bg95")))
    let byHand: [(String, Int64)] = [
      ("boot", 45_360),  // 2.4 s x 18.9
      ("card", 16_065),  // 0.85 s x 18.9
      ("cell", 34_260),  // 0.6 s x 57.1
      ("access", 11_997),  // 0.43 s x 27.9
      ("access, on air", 3840),  // 0.02 s x 192
      // 110 + 28 bytes at 180 kbit/s are 6.133 ms, the acknowledgement 5 ms.
      ("round trip", 4990),  // 0.178867 s x 27.9
      ("round trip, on air", 2137),  // 0.011133 s x 192
      ("network's tail", 279_000),  // 10 s x 27.9
      ("active time", 37_800),  // 2 s x 18.9
    ]
    #expect(floor.terms.map(\.name) == byHand.map(\.0))
    #expect(floor.terms.map(\.microcoulombs) == byHand.map(\.1))
    #expect(floor.microcoulombs == 435_449)
  }

  @Test("without PSM a report ends with the log-out, and on GSM it opens a context") func cold() {
    let names = WakeFacts.of("quectel-m95").map { ChargeFloor(.standby, of: $0).terms.map(\.name) }
    #expect(
      names == [
        "boot", "card", "search", "access", "access, on air", "registration",
        "registration, on air", "context", "context, on air", "round trip", "round trip, on air",
        "log-out",
      ])
  }

  @Test("every family that is simulated has its facts, and no other") func families() {
    #expect(
      WakeFacts.all.map(\.module).sorted()
        == ModemPersonality.all.map { String(decoding: $0.name, as: UTF8.self) }.sorted())
  }

  @Test(
    "the floor and the simulator took the same currents from the facts", arguments: WakeFacts.all)
  func currents(facts: WakeFacts) throws {
    let simulated = try #require(ModemPersonality.named(Array(facts.module.utf8))).currents
    let pairs: [(PowerDraw, Int64)] = [
      (.booting, facts.currents.booting), (.radioOff, facts.currents.radioOff),
      (.idle, facts.currents.awake), (.searching, facts.currents.searching),
      (.connected, facts.currents.connected), (.transmitting, facts.currents.transmitting),
    ]
    for (draw, microamperes) in pairs {
      #expect(simulated[draw] == microamperes * 1000, "\(facts.module): \(draw.text)")
    }
  }

  @Test("and the same times", arguments: WakeFacts.all) func boots(facts: WakeFacts) throws {
    let personality = try #require(ModemPersonality.named(Array(facts.module.utf8)))
    #expect(facts.key == personality.startPulse ?? .zero)
    #expect(facts.boot == Self.middle(personality.boot.uart))
    #expect(facts.wake == Self.middle(personality.sleep.wake ?? personality.boot.uart))
    let (network, real) = (NetworkFacts.lteM, NetworkTiming.real)
    let pairs: [(Duration, ClosedRange<Duration>)] = [
      (network.search, real.knownSearch), (network.camp, real.camp), (network.access, real.access),
      (network.attach, real.attach), (network.context, real.contextChange),
      (network.uplink, real.uplink), (network.downlink, real.downlink),
      (network.logOut, real.detach),
    ]
    for (floor, range) in pairs { #expect(floor == Self.middle(range)) }
    #expect(network.tail == real.inactivityTail)
  }

  private static func middle(_ range: ClosedRange<Duration>) -> Duration {
    (range.lowerBound + range.upperBound) / 2
  }
}
