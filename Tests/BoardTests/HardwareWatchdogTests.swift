import Foundation
import Primitives
import Testing

@testable import Board

/// A file in the place of `/dev/watchdog`: it keeps what a driver would get.
/// Not covered: a driver's own time (no driver is here).
@Suite("The board's watchdog") struct HardwareWatchdogTests {
  private func fake() throws -> (path: String, contents: () -> String?) {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "godwit-watchdog-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "watchdog")
    try Data().write(to: file)
    return (file.path, { try? String(contentsOf: file, encoding: .utf8) })
  }

  @Test("is fed, and let go by the magic character alone") func letGo() throws {
    let (path, contents) = try fake()
    let watchdog = HardwareWatchdog(path: Array(path.utf8))
    #expect(!watchdog.isArmed)
    #expect(try watchdog.arm() == .seconds(15))
    try watchdog.feed()
    try watchdog.feed()
    #expect(contents() == "ww")
    try watchdog.disarm()
    #expect(contents() == "wwV")
    try watchdog.feed()
    try watchdog.disarm()
    #expect(contents() == "wwV")
  }

  @Test("is not let go by a process that dies") func death() throws {
    let (path, contents) = try fake()
    do {
      let watchdog = HardwareWatchdog(path: Array(path.utf8))
      _ = try watchdog.arm()
      try watchdog.feed()
    }
    #expect(contents() == "w")
  }

  @Test("that isn't there is said") func missing() {
    let watchdog = HardwareWatchdog(path: Array("/nonexistent/watchdog".utf8))
    #expect(throws: BoardError.self) { try watchdog.arm() }
    #expect(!watchdog.isArmed)
  }
}
