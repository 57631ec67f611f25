import Glibc

/// Files as a board's disk needs them: copied with their holes, read and written in place.
enum HilFiles {
  private static let chunk = 1_048_576
  /// lseek(2): the next data, the next hole. Linux' numbers; the C library hides their names.
  private static let (seekData, seekHole) = (Int32(3), Int32(4))

  /// Copies a file with its holes.
  static func copy(_ source: String, to target: String) throws(BenchError) {
    let input = Descriptor(try opened(source, O_RDONLY, "name a file that is there"))
    let output = Descriptor(
      try opened(target, O_WRONLY | O_CREAT | O_TRUNC, "see that its folder has room"))
    let end = lseek(input.number, 0, SEEK_END)
    var position: off_t = 0
    while position < end {
      let begin = lseek(input.number, position, seekData)
      if begin < 0 { break }
      let hole = lseek(input.number, begin, seekHole)
      try copy(input.number, begin..<hole, to: output.number, path: target)
      position = hole
    }
    guard end >= 0, ftruncate(output.number, end) == 0 else { throw full(target) }
  }

  private static func copy(
    _ input: Int32, _ range: Range<off_t>, to output: Int32, path: String
  ) throws(BenchError) {
    var buffer = [UInt8](repeating: 0, count: chunk)
    var position = range.lowerBound
    while position < range.upperBound {
      let wanted = min(chunk, Int(range.upperBound - position))
      let count = buffer.withUnsafeMutableBytes { pread(input, $0.baseAddress, wanted, position) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw full(path) }
      try write(Array(buffer.prefix(count)), to: output, at: Int64(position), path: path)
      position += off_t(count)
    }
  }

  /// A file's size in bytes; 0 when it isn't there.
  static func size(_ path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// A whole file.
  static func read(_ path: String) throws(BenchError) -> [UInt8] {
    let input = Descriptor(try opened(path, O_RDONLY, "name a file that is there"))
    var bytes: [UInt8] = []
    while true {
      switch input.read(limit: chunk) {
      case .bytes(let more): bytes += more
      case .nothing: continue
      case .ended: return bytes
      }
    }
  }

  /// Writes `bytes` at `offset` of an open file.
  static func write(
    _ bytes: [UInt8], to number: Int32, at offset: Int64, path: String
  ) throws(BenchError) {
    var rest = bytes[...]
    var position = off_t(offset)
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, position) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw full(path) }
      rest = rest.dropFirst(count)
      position += off_t(count)
    }
  }

  /// The caller owns the number.
  static func opened(_ path: String, _ flags: Int32, _ remedy: String) throws(BenchError) -> Int32 {
    let number = open(path, flags | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw .system("opening \(path)", remedy: remedy) }
    return number
  }

  /// Makes a folder and those above it.
  static func makeFolders(_ path: String) throws(BenchError) {
    let parent = Path.folder(of: path)
    if parent != "." && parent != "/" && !exists(parent) { try makeFolders(parent) }
    try Path.makeFolder(path)
  }

  /// Removes a folder with all that is in it.
  static func removeTree(_ path: String) {
    for name in names(in: path) {
      let entry = Path.join(path, name)
      var status = stat()
      if lstat(entry, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        removeTree(entry)
      } else {
        unlink(entry)
      }
    }
    rmdir(path)
  }

  /// What is in a folder, sorted; nothing where there is none.
  static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func full(_ path: String) -> BenchError {
    .system("writing \(path)", remedy: "make room on its disk")
  }
}
