import Agent
import Primitives
import Settings
import Testing
import World

/// A trial that was kept, and nobody could be told of it yet, while the settings change again.
@Suite("Kept trials that wait for their answer") struct KeptTrialTests {
  private typealias Bench = CommandBench

  private func world(_ change: SettingChange) throws -> World {
    let world = try Bench.world(Bench.plan())
    var trial = Trial(changes: [change])
    (trial.stage, trial.ending) = (.kept, .confirmed)
    trial.recipient = Array("1234".utf8)
    world.keep(trial.kept, in: .trial)
    world.restartProcess()
    return world
  }

  private func waiting(_ world: World) -> Trial? {
    world.kept(.trial).flatMap { Trial(kept: $0) }
  }

  @Test("don't come back over what was changed since") func settings() throws {
    let apn = try SettingChange(.apn, Array("right".utf8))
    let world = try world(apn)
    #expect(Bench.heldSettings(world) == [apn])
    #expect(waiting(world)?.changes == [])
    #expect(waiting(world)?.recipient == Array("1234".utf8))
    let later = try SettingChange(.interval, Array("2h".utf8))
    world.keep(HeldSettings.kept([later]), in: .settings)
    world.restartProcess()
    #expect(Bench.heldSettings(world) == [later])
  }

  @Test("give the device its key once") func key() throws {
    let world = try world(try SettingChange(.key, Bench.otherKey.bytes.hex))
    #expect(world.kept(.identity) == DeviceIdentity(key: Bench.otherKey, name: nil).kept)
    #expect(waiting(world)?.key == nil)
    let later = DeviceIdentity(key: Bench.key, name: nil).kept
    world.keep(later, in: .identity)
    world.restartProcess()
    #expect(world.kept(.identity) == later)
  }

  @Test("are answered all the same") func answer() throws {
    let world = try world(try SettingChange(.apn, Array("right".utf8)))
    try world.run(until: Bench.hours(2))
    #expect(Bench.answers(world).count == 1)
    #expect(world.kept(.trial) == nil)
    #expect(Bench.storedAPN(world) == "right")
  }
}
