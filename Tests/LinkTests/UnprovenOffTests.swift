import Link
import Modems
import Primitives
import Testing

/// A module that is only taken for off, without a STATUS line.
@Suite("Perhaps off") struct UnprovenOffTests {
  /// Its key turns a running module off, as a Telit's does.
  private static let module: ModuleProfile = {
    var module = ModuleProfile.quectelBG95
    module.power.onPulse = .milliseconds(700)
    module.power.offPulse = .milliseconds(700)
    module.power.resetPulse = nil
    return module
  }()

  private func deafened() -> Bench {
    var modem = FakeModem(hasStatusLine: false)
    modem.deafAtLine = 4
    var bench = Bench(modem: modem, module: Self.module)
    bench.give(.start)
    bench.give(.connect(bench.target))
    bench.run { $0.isOver }
    bench.events = []
    bench.now = bench.now + .seconds(300)
    return bench
  }

  @Test("is asked once before its key, which would turn it off, is pressed") func running() {
    var bench = deafened()
    #expect(bench.modem.isOn)
    #expect(bench.key.count == 2)
    bench.modem.isDeaf = false
    bench.give(.connect(bench.target))
    bench.run { !$0.received.isEmpty || $0.isOver }
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.key.count == 2)
  }

  @Test("is started by its key where it is off indeed") func off() {
    var bench = deafened()
    bench.modem.isDeaf = false
    bench.modem.goOff("", now: bench.now, after: 0)
    bench.give(.connect(bench.target))
    bench.run { !$0.received.isEmpty || $0.isOver }
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.key.count == 4)
  }
}
