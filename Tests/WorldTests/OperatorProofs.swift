import Cellular
import Link
import Modems
import Primitives
import Testing

@testable import ModemSimulator

/// What the table of families says of operators.
extension FamilyProofTests {
  /// To the registration: a module without sockets comes no further.
  private func registers(_ bench: inout FamilyBench) throws {
    bench.connect()
    bench.run(for: .seconds(3600)) {
      $0.link.state == .registered || $0.link.state == .online || $0.failure != nil
    }
    try #require(bench.failure == nil, "\(bench.story)")
  }

  func operators(_ profile: ModuleProfile) throws {
    let other = try #require(PLMN(Array("20416".utf8)))
    var chosen = try bench(profile) {
      $0.network.others = [SimulatedOperator("Heath Net", "20416")]
      $0.settings.operatorChoice = .manual(other)
    }
    try registers(&chosen)
    chosen.run(for: .seconds(300))
    #expect(chosen.modem.serving.number == other.digits, "\(chosen.story)")
    if profile.socket == nil { return }
    var blocked = try bench(profile) {
      $0.network.others = [SimulatedOperator("Heath Net", "20416")]
      $0.settings.operatorChoice = .automatic
      $0.settings.blockedOperators = PLMN($0.network.operatorNumber).map { [$0] } ?? []
    }
    try goesOnline(&blocked)
    #expect(blocked.modem.serving.number == other.digits, "\(blocked.story)")
  }

  func forbidden(_ profile: ModuleProfile) throws {
    var bench = try bench(profile) {
      $0.sim.forbidden = [$0.network.operatorNumber]
      $0.settings.operatorChoice = .automatic
      $0.settings.clearsForbidden = true
    }
    try registers(&bench)
    #expect(bench.modem.sim.forbidden.isEmpty)
    #expect(bench.modem.counters.cardWrites == 1)
  }

  func band(_ profile: ModuleProfile) throws {
    var bench = try bench(profile) { $0.settings.operatorChoice = .automatic }
    try goesOnline(&bench)
    #expect(bench.events.contains(.band(20)), "\(bench.story)")
  }
}
