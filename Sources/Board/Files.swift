import CLinux
import Primitives

/// A file through which the kernel tells a sensor's value (sysfs, procfs, hwmon, IIO).
public enum SensorFile {
  /// One page, which is all that sysfs ever gives.
  public static let limitBytes = 4096

  /// The file's whole text, read anew.
  public static func read(_ path: [UInt8]) throws(BoardError) -> [UInt8] {
    try BoundedFile.read(path, limitBytes: limitBytes)
  }
}

/// A file that is read whole, up to a limit.
public enum BoundedFile {
  /// - Throws: `.tooLong` when there is more than `limitBytes`; `.cannotRead` too for a pipe or
  ///   device that has nothing yet, since it is never waited for.
  public static func read(_ path: [UInt8], limitBytes: Int) throws(BoardError) -> [UInt8] {
    let descriptor = linux_open_to_read(path + [0])
    if descriptor < 0 { throw .file(.cannotOpen(errno: -descriptor), path: path) }
    defer { _ = linux_close(descriptor) }
    return try read(descriptor, path, limitBytes)
  }

  /// Reads a file that is its owner's alone: a key.
  ///
  /// - Throws: `.notPrivate` when its group or others may do anything with it, before a byte of it is
  ///   read; else as `read`.
  public static func readPrivate(_ path: [UInt8], limitBytes: Int) throws(BoardError) -> [UInt8] {
    let descriptor = linux_open_to_read(path + [0])
    if descriptor < 0 { throw .file(.cannotOpen(errno: -descriptor), path: path) }
    defer { _ = linux_close(descriptor) }
    let mode = linux_file_mode(descriptor)
    if mode < 0 { throw .file(.cannotRead(errno: -mode), path: path) }
    if mode & 0o077 != 0 { throw .file(.notPrivate(mode: mode), path: path) }
    return try read(descriptor, path, limitBytes)
  }

  private static func read(
    _ descriptor: Int32, _ path: [UInt8], _ limitBytes: Int
  ) throws(BoardError) -> [UInt8] {
    switch readAll(descriptor, limitBytes: limitBytes) {
    case .whole(let bytes): return bytes
    case .tooLong: throw .file(.tooLong(limitBytes: limitBytes), path: path)
    case .failed(let errno): throw .file(.cannotRead(errno: errno), path: path)
    }
  }

  /// Whether the path leads to anything.
  public static func exists(_ path: [UInt8]) -> Bool {
    var status = linux_file_status()
    return linux_stat(path + [0], &status) == 0
  }

  /// Makes a folder the one that relative paths are seen from (chdir(2)).
  public static func enterFolder(_ path: [UInt8]) throws(BoardError) {
    let result = linux_change_folder(path + [0])
    if result < 0 { throw .file(.cannotEnter(errno: -result), path: path) }
  }
}

/// The process's own streams, written and read without buffers in between.
public enum StandardStream: Sendable {
  case output, error

  /// Writes everything.
  ///
  /// - Returns: false when the stream can't take it (a closed pipe, a full disk).
  @discardableResult
  public func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBufferPointer {
        linux_write(descriptor, $0.baseAddress, $0.count)
      }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Whether a person may be looking at it.
  public var isTerminal: Bool { linux_is_terminal(descriptor) == 1 }

  /// All of standard input, waiting for its end.
  public static func readInput(limitBytes: Int) throws(BoardError) -> [UInt8] {
    switch readAll(0, limitBytes: limitBytes) {
    case .whole(let bytes): return bytes
    case .tooLong:
      throw .file(.tooLong(limitBytes: limitBytes), path: Array("(standard input)"))
    case .failed(let errno): throw .kernel(.standardInput, errno: errno)
    }
  }

  /// The next bytes of standard input, waiting for some; empty at its end.
  public static func readPart() throws(BoardError) -> [UInt8] {
    var room = [UInt8](repeating: 0, count: 4096)
    let count = linux_read(0, &room, room.count)
    if count < 0 { throw .kernel(.standardInput, errno: Int32(-count)) }
    return Array(room[..<count])
  }

  private var descriptor: Int32 {
    switch self {
    case .output: 1
    case .error: 2
    }
  }
}

private enum WholeRead {
  case whole([UInt8])
  case tooLong
  case failed(errno: Int32)
}

private func readAll(_ descriptor: Int32, limitBytes: Int) -> WholeRead {
  var bytes: [UInt8] = []
  var room = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = linux_read(descriptor, &room, room.count)
    if count < 0 { return .failed(errno: Int32(-count)) }
    if count == 0 { return .whole(bytes) }
    if bytes.count + count > limitBytes { return .tooLong }
    bytes += room[..<count]
  }
}
