import Primitives

/// Starts one QEMU board after another from the same disk.
final class QemuSource: BoardSource {
  /// A board is up some 3 s after its start on an idle machine; the rest is for a busy one.
  let bootLimit = Duration.seconds(90)
  let board: QemuBoard
  /// The scenario's disk image.
  let disk: String
  /// The log of its writes, where one is kept.
  var log: String?
  private let folder: String

  /// - Parameter folder: the scenario's own.
  init(_ board: QemuBoard, folder: String) throws(BenchError) {
    self.board = board
    self.folder = folder
    disk = Path.join(folder, "data.img")
    for file in [board.starter, board.data] where !HilFiles.exists(file) {
      throw BenchError(
        "\(file) isn't there", remedy: "build it: \(board.imageCommand)", status: 2)
    }
    try HilFiles.copy(board.data, to: disk)
  }

  func powerOn(_ guest: GuestPlan) throws(BenchError) -> BoardUnderTest {
    var setup = QemuSetup(folder: folder, disk: .plain(path: disk), clock: guest.clock)
    setup.mayRestart = guest.watchdog != nil
    if let log { setup.disk = .logged(path: disk, log: log) }
    try Path.write(guest.configuration(GuestPlan.Wiring()), to: setup.configuration)
    return try QemuMachine(board, setup)
  }
}
