import Glibc

/// A program that the bench started and owns: its output comes through a pipe, line by line.
final class ChildProcess {
  /// How a program ended.
  enum Exit: Equatable {
    case status(Int32)
    case signal(Int32)

    var text: String {
      switch self {
      case .status(let code): "ended with status \(code)"
      case .signal(let number):
        "was ended by signal \(number) (\(String(cString: strsignal(number))))"
      }
    }
  }

  let identifier: pid_t
  private(set) var exit: Exit?
  private let output: Descriptor
  private(set) var hasOutputEnded = false
  private var partial: [UInt8] = []

  /// A line longer than this is cut in two.
  private static let lineLimit = 4096

  /// Starts `arguments[0]` with standard output and error into one pipe.
  ///
  /// The child has its own process group, so that Ctrl-C reaches the bench alone, which then stops
  /// the child in order. Should the bench be killed, the kernel stops the child where setpriv(1) is
  /// there to ask for it (prctl(2), `PR_SET_PDEATHSIG`).
  init(_ arguments: [String]) throws(BenchError) {
    let ends = try Descriptor.pipe()
    let output = Descriptor(ends.read)
    let input = Descriptor(ends.write)
    let program = arguments[0]
    guard access(program, X_OK) == 0 else {
      throw .system("starting \(program)", remedy: "name a program that is there: --godwit PATH")
    }
    let guardian = "/usr/bin/setpriv"
    let isGuarded = access(guardian, X_OK) == 0
    let line = isGuarded ? [guardian, "--pdeathsig", "TERM", "--"] + arguments : arguments
    identifier = try Self.spawn(line, output: input.number)
    self.output = output
  }

  deinit { if exit == nil { kill(-identifier, SIGKILL) } }

  func addInterest(to set: inout PollSet) {
    if !hasOutputEnded { set.addReadable(output.number) }
  }

  /// The lines that the program completed since the last call.
  func readLines(_ set: PollSet) -> [String] {
    guard !hasOutputEnded, set.isReadable(output.number) else { return [] }
    switch output.read(limit: 65_536) {
    case .bytes(let bytes): partial += bytes
    case .nothing: return []
    case .ended: hasOutputEnded = true
    }
    return takeLines()
  }

  /// Looks whether the program has ended; its last lines still come from `readLines`.
  func reap() {
    var status: Int32 = 0
    guard exit == nil, waitpid(identifier, &status, WNOHANG) == identifier else { return }
    let signal = status & 0x7F
    exit = signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
  }

  /// Asks the program to stop (SIGTERM), or ends it and what it started (SIGKILL).
  func stop(byForce: Bool) {
    if exit == nil { kill(byForce ? -identifier : identifier, byForce ? SIGKILL : SIGTERM) }
  }

  private func takeLines() -> [String] {
    var lines: [String] = []
    while let end = partial.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(String(decoding: partial[..<end], as: UTF8.self))
      partial.removeFirst(end + 1)
    }
    if partial.count > Self.lineLimit || (hasOutputEnded && !partial.isEmpty) {
      lines.append(String(decoding: partial, as: UTF8.self))
      partial = []
    }
    return lines
  }

  private static func spawn(_ arguments: [String], output: Int32) throws(BenchError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
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
    var vector: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    vector.append(nil)
    defer { for text in vector { free(text) } }
    var identifier: pid_t = 0
    let error = posix_spawn(&identifier, arguments[0], &actions, &attributes, vector, environ)
    guard error == 0 else {
      throw BenchError(
        "starting \(arguments[0]): \(String(cString: strerror(error)))",
        remedy: "name a program that can be run")
    }
    return identifier
  }
}
