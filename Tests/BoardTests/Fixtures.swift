import CLinux
import Glibc
import Primitives
import Testing

@testable import Board

/// A folder of its own under the system's temporary one, removed afterwards with what is in it.
struct TemporaryFolder: ~Copyable {
  let path: [UInt8]

  init() {
    var template = Array("/tmp/godwit-board-XXXXXX".utf8CString)
    #expect(mkdtemp(&template) != nil)
    path = template.dropLast().map { UInt8(bitPattern: $0) }
  }

  deinit {
    guard let folder = opendir(cString(path)) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      _ = unlink(cString(file(name)))
    }
    closedir(folder)
    rmdir(cString(path))
  }

  func file(_ name: [UInt8]) -> [UInt8] { path + [UInt8(ascii: "/")] + name }
  func file(_ name: String) -> [UInt8] { file(Array(name.utf8)) }

  func write(_ name: String, _ contents: [UInt8]) -> [UInt8] {
    let path = file(name)
    let descriptor = open(cString(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    #expect(Glibc.write(descriptor, contents, contents.count) == contents.count)
    close(descriptor)
    return path
  }
}

func cString(_ bytes: [UInt8]) -> [CChar] { (bytes + [0]).map { CChar(bitPattern: $0) } }

/// The modem's end of a pseudo-terminal, and the path of ours.
struct PseudoTerminal: ~Copyable {
  let descriptor: Int32
  let path: [UInt8]

  init() {
    var name = [UInt8](repeating: 0, count: 64)
    descriptor = linux_pty_open(&name, name.count)
    #expect(descriptor >= 0)
    path = Array(name.prefix { $0 != 0 })
  }

  deinit { linux_close(descriptor) }

  /// The next `count` bytes, waiting for each read at most two seconds.
  func read(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 4096)
    while bytes.count < count, linux_wait_readable(descriptor, 2000) == 1 {
      let taken = linux_read(descriptor, &room, min(room.count, count - bytes.count))
      if taken <= 0 { break }
      bytes += room[..<taken]
    }
    return bytes
  }

  func write(_ bytes: [UInt8]) {
    #expect(linux_write(descriptor, bytes, bytes.count) == bytes.count)
  }
}

/// What a body throws; nil when it throws nothing.
func thrown(_ body: () throws(BoardError) -> Void) -> BoardError? {
  do throws(BoardError) {
    try body()
    return nil
  } catch {
    return error
  }
}
