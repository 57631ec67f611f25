import Glibc
import Primitives

/// Disks as a power cut leaves them, made from a log of the writes to one.
final class DiskReplay {
  let log: WriteLog
  private let base: String
  private let folder: String

  /// - Parameter base: the disk as it was before the first write of the log.
  init(_ log: WriteLog, base: String, folder: String) {
    self.log = log
    self.base = base
    self.folder = folder
  }

  /// The disk after a power cut behind `count` operations. Valid until the next call.
  func image(after count: Int, _ random: inout SeededRandom) throws(HilFailure) -> String {
    let path = Path.join(folder, "replay.img")
    let operations = log.surviving(after: count, &random)
    try files { () throws(BenchError) in
      try HilFiles.copy(base, to: path)
      let number = try HilFiles.opened(path, O_WRONLY, "see that its folder is writable")
      defer { close(number) }
      for operation in operations {
        switch operation {
        case .write(let offset, let data):
          try HilFiles.write(Array(log.bytes[data]), to: number, at: offset, path: path)
        case .flush, .discard: break
        }
      }
    }
    return path
  }

  /// The spool in that disk, taken out of it after its journal was replayed.
  ///
  /// - Returns: its path; nil when the disk has no spool yet.
  /// - Throws: when the file system isn't whole after the replay.
  func spool(after count: Int, _ random: inout SeededRandom) throws(HilFailure) -> String? {
    let image = try image(after: count, &random)
    // 0: nothing was wrong; 1: the journal was replayed (e2fsck(8), "exit code").
    let replay = try run("e2fsck", ["-y", "-E", "journal_only", image])
    guard replay.status <= 1 else { throw broken("replaying the journal", replay) }
    let check = try run("e2fsck", ["-f", "-n", image])
    guard check.status == 0 else { throw broken("the file system after it", check) }
    let spool = Path.join(folder, "replay.db")
    for suffix in ["", "-wal", "-shm"] { unlink(spool + suffix) }
    for suffix in ["", "-wal"] {
      _ = try run("debugfs", ["-R", "dump /spool.db\(suffix) \(spool)\(suffix)", image])
    }
    return HilFiles.exists(spool) ? spool : nil
  }

  private func run(
    _ program: String, _ arguments: [String]
  ) throws(HilFailure) -> (status: Int32, words: [UInt8]) {
    guard let path = Path.program(program) else {
      throw HilFailure("\(program) isn't installed; install Debian's e2fsprogs")
    }
    return try files { () throws(BenchError) in try GuardedChild.run([path] + arguments) }
  }

  private func broken(
    _ what: String, _ result: (status: Int32, words: [UInt8])
  ) -> HilFailure {
    HilFailure("\(what): e2fsck ended with status \(result.status): \(result.words.printable)")
  }
}
