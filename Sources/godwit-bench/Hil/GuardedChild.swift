import Glibc
import Primitives

/// A program with inherited descriptors that doesn't outlive the bench.
///
/// It has its own process group, so that Ctrl-C reaches the bench alone; should the bench be
/// killed, the kernel ends it where setpriv(1) is there to ask for it (prctl(2),
/// `PR_SET_PDEATHSIG`).
enum GuardedChild {
  /// - Parameters:
  ///   - input: where its standard input comes from; nil: there is none.
  ///   - output: where its standard output goes; nil: nowhere.
  ///   - error: where its standard error goes.
  static func spawn(
    _ arguments: [String], input: Int32? = nil, output: Int32?, error: Int32
  ) throws(BenchError) -> pid_t {
    let guardian = "/usr/bin/setpriv"
    let isGuarded = access(guardian, X_OK) == 0
    let line = isGuarded ? [guardian, "--pdeathsig", "KILL", "--"] + arguments : arguments
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    if let output {
      posix_spawn_file_actions_adddup2(&actions, output, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, error, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals blocked or ignored here must not be so there, or it couldn't be asked to end.
    var none = sigset_t()
    sigemptyset(&none)
    var usual = sigset_t()
    sigemptyset(&usual)
    sigaddset(&usual, SIGPIPE)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var vector: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) }
    vector.append(nil)
    defer { for text in vector { free(text) } }
    var identifier: pid_t = 0
    let result = posix_spawn(&identifier, line[0], &actions, &attributes, vector, environ)
    guard result == 0 else {
      throw BenchError(
        "starting \(line[0]): \(String(cString: strerror(result)))",
        remedy: "name a program that can be run")
    }
    return identifier
  }

  /// How it ended, or nil while it runs.
  static func reap(_ identifier: pid_t) -> String? {
    var status: Int32 = 0
    guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
    return text(status)
  }

  /// Waits for its end.
  @discardableResult static func wait(_ identifier: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    return status
  }

  /// Asks it to end, with all that it started, and ends it when it doesn't within a second.
  static func end(_ identifier: pid_t) {
    kill(-identifier, SIGTERM)
    for _ in 0..<50 {
      if reap(identifier) != nil { return }
      usleep(20_000)
    }
    kill(-identifier, SIGKILL)
    wait(identifier)
  }

  /// Runs a program to its end; what it says on standard error is kept.
  ///
  /// - Returns: its exit status (128 and the signal's number when one ended it), and its words.
  static func run(_ arguments: [String]) throws(BenchError) -> (status: Int32, words: [UInt8]) {
    let ends = try Descriptor.pipe()
    let reader = Descriptor(ends.read)
    let identifier: pid_t
    do {
      identifier = try spawn(arguments, output: nil, error: ends.write)
    } catch {
      close(ends.write)
      throw error
    }
    close(ends.write)
    var words: [UInt8] = []
    reading: while true {
      var set = PollSet()
      set.addReadable(reader.number)
      set.wait(until: nil, now: .start)
      switch reader.read(limit: 65_536) {
      case .bytes(let bytes): words += bytes
      case .nothing: continue
      case .ended: break reading
      }
    }
    let status = wait(identifier)
    return (status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, words)
  }

  private static func text(_ status: Int32) -> String {
    let signal = status & 0x7F
    return signal == 0
      ? "ended with status \(status >> 8 & 0xFF)"
      : "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
  }
}

/// Two connected sockets: ours closes on exec and doesn't block; theirs is inherited.
struct SocketPair {
  let ours: Int32
  let theirs: Int32

  /// The caller owns both numbers.
  init() throws(BenchError) {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw .system("opening a socket pair", remedy: "raise the limit of open files")
    }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    (ours, theirs) = (ends[0], ends[1])
  }
}

extension Path {
  /// A program's path: as given where it has a slash, else from `$PATH` or the system's folders.
  static func program(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let listed = getenv("PATH").map { String(cString: $0) } ?? ""
    let folders = listed.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
    return folders.map { join($0, name) }.first { access($0, X_OK) == 0 }
  }
}
