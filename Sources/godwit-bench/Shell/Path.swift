import Glibc

/// Paths and small files of this machine.
enum Path {
  /// `path` as seen from `folder`; an absolute one stays.
  static func join(_ folder: String, _ path: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }

  /// The folder that holds `path`: `.` where it names none.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// How `target` is seen from `folder`; both are absolute and without links. Short where they are
  /// near each other, since a socket's path has 107 bytes at most.
  static func way(from folder: String, to target: String) -> String {
    let (here, there) = (folder.split(separator: "/"), target.split(separator: "/"))
    let shared = zip(here, there).prefix { $0 == $1 }.count
    let up = [Substring](repeating: "..", count: here.count - shared)
    let way = (up + there.dropFirst(shared)).joined(separator: "/")
    return way.isEmpty ? "." : way
  }

  /// Without links, from the root; nil when it isn't there.
  static func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  /// The program `name` beside this one, as a build leaves them.
  static func sibling(_ name: String) -> String? {
    guard let own = resolved("/proc/self/exe") else { return nil }
    let path = join(folder(of: own), name)
    return access(path, X_OK) == 0 ? path : nil
  }

  /// Makes a folder where there is none; its parent must be there.
  static func makeFolder(_ path: String) throws(BenchError) {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw .system("making \(path)", remedy: "make its parent folder, or name another")
    }
  }

  /// A new folder of its own under `$TMPDIR`, else /tmp.
  static func makeTemporaryFolder() throws(BenchError) -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((parent + "/godwit-bench-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .system("making a folder in \(parent)", remedy: "set TMPDIR to one that can be written")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes a folder and the files in it; folders inside it stay, and so does it then.
  static func removeFolder(_ path: String) {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink(join(path, name)) }
    }
    closedir(folder)
    rmdir(path)
  }

  /// A text file of 1 MiB at most.
  static func read(_ path: String) throws(BenchError) -> String {
    let remedy = "name a file that is there and can be read"
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw .system("reading \(path)", remedy: remedy) }
    let file = Descriptor(number)
    var bytes: [UInt8] = []
    while bytes.count < readLimit {
      switch file.read(limit: 65_536) {
      case .bytes(let more): bytes += more
      case .nothing: continue
      case .ended(let errno) where errno != 0:
        throw BenchError("reading \(path): \(String(cString: strerror(errno)))", remedy: remedy)
      case .ended: return String(decoding: bytes, as: UTF8.self)
      }
    }
    throw BenchError("\(path) is longer than \(readLimit) bytes", remedy: remedy)
  }

  static func write(_ text: String, to path: String) throws(BenchError) {
    let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard number >= 0, Descriptor.writeAll(Array(text.utf8), to: number) else {
      throw .system("writing \(path)", remedy: "see that its folder is there and has room")
    }
    close(number)
  }

  private static let readLimit = 1_048_576
}
