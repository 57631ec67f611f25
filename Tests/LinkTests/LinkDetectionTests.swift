import Cellular
import Modems
import Primitives
import Testing

@testable import Link

/// The link with a module that nobody has named. Not covered: other rates than the module's, which
/// the fake modem doesn't know (DetectionTests, WorldTests).
@Suite("A link that finds its module out") struct LinkDetectionTests {
  private func bench(_ modem: FakeModem = FakeModem(), recalling: RememberedModule? = nil) -> Bench
  {
    var bench = Bench(modem: modem)
    let settings = LinkSettings(
      module: .generic, network: .forTests, hasStatusLine: modem.hasStatusLine, detects: true,
      baud: 115_200)
    bench.link = Link(settings, seed: 1)
    if let recalling { bench.link.recall(recalling) }
    return bench
  }

  private func found(_ bench: Bench) -> [DetectedModule] {
    bench.events.compactMap { if case .moduleFound(let module) = $0 { module } else { nil } }
  }

  @Test(
    "does nothing before a connection is wanted, then finds it and goes on",
    arguments: [true, false])
  func report(hasStatusLine: Bool) {
    var bench = bench(FakeModem(hasStatusLine: hasStatusLine))
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(found(bench).map { "\($0.profile.name)" } == ["quectel-bg95"])
    #expect(bench.link.remembered?.bytes == Array("quectel-bg95 115200 575".utf8))
    #expect(bench.key.count == 4)
  }

  @Test("the second report needs no finding out") func again() {
    var bench = bench()
    bench.report()
    (bench.events, bench.key) = ([], [])
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(found(bench).isEmpty)
    #expect(bench.key.count == 2)
  }

  @Test("a remembered module is taken for what it was") func remembered() throws {
    let known = try #require(RememberedModule(Array("quectel-bg95 115200 575".utf8)))
    var bench = bench(recalling: known)
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(found(bench).isEmpty)
  }

  @Test("a remembered one that doesn't answer is forgotten, and found out in the same attempt")
  func gone() throws {
    let known = try #require(RememberedModule(Array("ublox-sara-r4 9600 300".utf8)))
    var bench = bench(recalling: known)
    bench.report()
    #expect(bench.events.contains(.moduleForgotten))
    #expect(found(bench).map { "\($0.profile.name)" } == ["quectel-bg95"])
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test("a remembered one that another took the place of is that one") func changed() throws {
    let known = try #require(RememberedModule(Array("quectel-ec25 115200 0".utf8)))
    var bench = bench(recalling: known)
    bench.report()
    #expect(found(bench).map { "\($0.profile.name)" } == ["quectel-bg95"])
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test("nobody there: the attempt ends, and says so") func nobody() {
    var modem = FakeModem(hasStatusLine: false)
    modem.ignoredPulses = 100
    modem.ignoresReset = true
    var bench = bench(modem)
    bench.report()
    #expect(bench.failure == .noModule)
    #expect(bench.link.remembered == nil)
    #expect(!bench.isUARTOpen)
    #expect(bench.link.isAtRest)
  }

  @Test(
    "released before it was found out, it ends at rest and presses no more", arguments: [0, 12, 40])
  func released(seconds: Int64) {
    var modem = FakeModem(hasStatusLine: false)
    modem.ignoredPulses = 100
    modem.ignoresReset = true
    var bench = bench(modem)
    bench.give(.start)
    if seconds > 0 { bench.give(.connect(Bench.target)) }
    bench.run(for: .seconds(seconds)) { _ in false }
    let pressed = bench.key.count { $0.isAsserted }
    bench.give(.powerOff)
    bench.run(for: .seconds(60)) { $0.isOver }
    #expect(bench.events.contains(.asleep(.assumedOff)))
    #expect(bench.key.count { $0.isAsserted } == pressed)
  }

  @Test(
    "what is remembered comes back as it was; anything else is nothing",
    arguments: [
      ("quectel-bg95 115200 575", true), ("generic 9600 0", true), ("quectel-bg95 115200", false),
      ("quectel-bg95 0 575", false), ("nobody 9600 575", false), ("", false),
      ("quectel-bg95 9600 99999", false), ("quectel-bg95 -1 575", false),
    ])
  func bytes(text: String, isValid: Bool) {
    let known = RememberedModule(Array(text.utf8))
    #expect((known != nil) == isValid)
    if let known { #expect(known.bytes == Array(text.utf8)) }
  }
}
