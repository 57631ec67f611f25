import Link
import Modems
import Primitives
import Testing

/// What a start from off proves of the stored settings, before a change of them counts.
@Suite("Stored settings that are to prove themselves") struct ProofTests {
  /// Started from off so often, with an answer from the server each time: whether the module then was
  /// as set.
  private func proofs(_ starts: Int, _ change: (inout FakeModem) -> Void) -> [Bool] {
    var modem = FakeModem()
    change(&modem)
    var bench = Bench(modem: modem)
    bench.releases = false
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    return (0..<starts).map { _ in
      bench.events = []
      bench.give(.connect(Bench.target))
      bench.run { !$0.received.isEmpty }
      let isProven = bench.link.hasStartedColdAsSet
      bench.give(.powerOff)
      bench.run { $0.isOver }
      return isProven
    }
  }

  @Test("one that is refused for good doesn't stand in the way of the others") func refused() {
    let proofs = proofs(3) {
      $0.answers["+QCFG=\"roamservice\""] = "+QCFG: \"roamservice\",1"
      $0.answers["+QCFG=\"roamservice\",2,1"] = "ERROR"
      $0.answers["+QCFG=\"roamservice\",2"] = "ERROR"
    }
    #expect(proofs == [false, true, true])
  }

  @Test("one that can't be read is written at each start, and proven by the second") func unread() {
    let proofs = proofs(3) { $0.answers["+CGDCONT?"] = "ERROR" }
    #expect(proofs == [false, true, true])
  }

  @Test("one that is taken and then read as another is never proven") func forgotten() {
    let proofs = proofs(3) {
      $0.answers["+QCFG=\"roamservice\""] = "+QCFG: \"roamservice\",1"
    }
    #expect(proofs == [false, false, false])
  }

  @Test("all as they should be are proven by the first start") func right() {
    #expect(proofs(1) { _ in } == [true])
  }
}
