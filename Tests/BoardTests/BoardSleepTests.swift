import Glibc
import Testing

@testable import Board

@Suite("The board's own sleep") struct BoardSleepTests {
  @Test("writes back the count of wake-ups before it names the depth") func order() throws {
    let system = FakeSystem()
    system.write("power/wakeup_count", "17\n")
    system.write("power/state", "")
    let sleep = BoardSleep(.memory, system: system.path)
    let count = try #require(try sleep.begin())
    #expect(system.read("power/state") == "")
    #expect(try sleep.finish(count) == .slept)
    #expect(system.read("power/wakeup_count") == "17\n")
    #expect(system.read("power/state") == "mem")
  }

  @Test("names the file that it can't use") func missing() throws {
    let system = FakeSystem()
    let sleep = BoardSleep(.freeze, system: system.path)
    let path = system.path + Array("/power/wakeup_count".utf8)
    #expect(throws: BoardError.file(.cannotOpen(errno: ENOENT), path: path)) { try sleep.begin() }
    system.write("power/wakeup_count", "3")
    let count = try #require(try sleep.begin())
    let state = system.path + Array("/power/state".utf8)
    #expect(throws: BoardError.file(.cannotOpen(errno: ENOENT), path: state)) {
      try sleep.finish(count)
    }
  }

  @Test("isn't tried where nothing would wake the board") func faults() {
    let system = FakeSystem()
    let sleep = BoardSleep(.freeze, system: system.path)
    #expect(sleep.fault(timerWakesBoard: false) == .noCapability)
    #expect(sleep.fault(timerWakesBoard: true) == .noClock)
    system.write("class/rtc/rtc1/wakealarm", "")
    #expect(sleep.fault(timerWakesBoard: true) == nil)
  }
}

/// A folder that stands for /sys.
private struct FakeSystem: ~Copyable {
  private let folder = TemporaryFolder()
  private static let folders = ["class", "class/rtc", "class/rtc/rtc1", "power"]
  private static let files = ["class/rtc/rtc1/wakealarm", "power/state", "power/wakeup_count"]

  var path: [UInt8] { folder.path }

  init() { for name in Self.folders { mkdir(cString(folder.file(name)), 0o700) } }

  deinit {
    for name in Self.files { _ = unlink(cString(folder.file(name))) }
    for name in Self.folders.reversed() { rmdir(cString(folder.file(name))) }
  }

  func write(_ name: String, _ text: String) { _ = folder.write(name, Array(text.utf8)) }

  func read(_ name: String) -> String? {
    let bytes = try? BoundedFile.read(folder.file(name), limitBytes: 100)
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }
}
