import CLinux
import Primitives

/// A file that grows to a limit and is then renamed, `.1` behind its name, in place of the one that
/// was renamed before: so both together never take more than twice the limit.
///
/// It is open only while something is written, and never synced: whoever writes seldom and in large
/// pieces wears the flash least.
public struct RotatingFile: Sendable {
  public let path: [UInt8]
  public let limitBytes: Int64

  public init(path: [UInt8], limitBytes: Int64) {
    self.path = path
    self.limitBytes = limitBytes
  }

  /// Writes behind what is there.
  ///
  /// - Parameters:
  ///   - bytes: at most `limitBytes` with the header.
  ///   - header: comes first in a file that is empty.
  /// - Throws: `.cannotOpen`, or `.cannotWrite`, and then a part may have been written.
  public func append(_ bytes: [UInt8], header: [UInt8]) throws(BoardError) {
    var descriptor = try open()
    let size = linux_file_size(descriptor)
    if size > 0, size + Int64(bytes.count) > limitBytes {
      _ = linux_close(descriptor)
      let renamed = linux_rename(path + [0], path + Array(".1") + [0])
      if renamed < 0 { throw .file(.cannotWrite(errno: -renamed), path: path) }
      descriptor = try open()
    }
    defer { _ = linux_close(descriptor) }
    var rest = linux_file_size(descriptor) == 0 ? header + bytes : bytes
    while !rest.isEmpty {
      let count = linux_write(descriptor, rest, rest.count)
      if count <= 0 { throw .file(.cannotWrite(errno: Int32(-count)), path: path) }
      rest.removeFirst(count)
    }
  }

  private func open() throws(BoardError) -> Int32 {
    let descriptor = linux_open_to_append(path + [0])
    if descriptor < 0 { throw .file(.cannotOpen(errno: -descriptor), path: path) }
    return descriptor
  }
}
