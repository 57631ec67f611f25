@testable import godwit_bench

/// A folder of its own for a test, gone with it.
final class Folder {
  let path: String

  init() throws { path = try Path.makeTemporaryFolder() }

  deinit { Path.removeFolder(path) }
}
