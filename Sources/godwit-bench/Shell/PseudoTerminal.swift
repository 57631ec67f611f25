import Glibc
import Primitives

/// The modem's side of a pseudo-terminal whose other side stands for the board's UART.
///
/// Nobody holds the other side open while the modem is off, so that a host which closes its UART
/// is seen to do so. inotify(7) tells when it is opened again; until then the master would report
/// POLLHUP without end, so it isn't polled.
final class PseudoTerminal {
  /// The path that the host opens: a symbolic link to the pty's device.
  let path: String
  /// Whether the host has its UART open.
  private(set) var isOpen = false
  /// Bytes that the modem sent while nobody listened, as a line without a receiver loses them.
  private(set) var unheardBytes: Int64 = 0

  private let master: Descriptor
  private let openings: Descriptor
  private let device: String
  private static let readLimit = 4096
  /// ioctl_tty(2): `TIOCSPTLCK` and `TIOCGPTN`, which a C macro with a cast hides from Swift.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  init(path: String) throws(BenchError) {
    self.path = path
    let remedy = "see that /dev/pts is mounted and has a free pty"
    let number = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard number >= 0 else { throw .system("opening a pseudo-terminal", remedy: remedy) }
    let master = Descriptor(number)
    var locked: Int32 = 0
    var index: UInt32 = 0
    guard ioctl(number, Self.setLock, &locked) == 0, ioctl(number, Self.getNumber, &index) == 0
    else { throw .system("unlocking a pseudo-terminal", remedy: remedy) }
    let device = "/dev/pts/\(index)"
    guard Self.makeRaw(device) else { throw .system("setting \(device) raw", remedy: remedy) }
    let watch = inotify_init1(O_NONBLOCK | O_CLOEXEC)
    guard watch >= 0, inotify_add_watch(watch, device, UInt32(IN_OPEN)) >= 0 else {
      throw .system("watching \(device)", remedy: "raise fs.inotify.max_user_instances")
    }
    try Self.link(device, at: path)
    self.master = master
    self.device = device
    openings = Descriptor(watch)
  }

  deinit { unlink(path) }

  func addInterest(to set: inout PollSet) {
    set.addReadable(openings.number)
    if isOpen { set.addReadable(master.number) }
  }

  /// What the host wrote since the last call, `limit` bytes at most in one piece.
  func read(_ set: PollSet) -> [UInt8] {
    if set.isReadable(openings.number) { look() }
    guard isOpen else { return [] }
    switch master.read(limit: Self.readLimit) {
    case .bytes(let bytes): return bytes
    case .nothing: return []
    case .ended:
      discardUnread()
      look()
      return []
    }
  }

  /// Finds out whether the host has its side open, and forgets the openings so far, our own too.
  private func look() {
    _ = openings.read(limit: Self.readLimit)
    var state = pollfd(fd: master.number, events: 0, revents: 0)
    isOpen = poll(&state, 1, 0) >= 0 && state.revents & Int16(POLLHUP) == 0
  }

  /// Sends to the host; what nobody takes is lost, as on a real line.
  func write(_ bytes: [UInt8]) {
    let taken = isOpen ? master.write(bytes) ?? 0 : 0
    unheardBytes += Int64(bytes.count - taken)
  }

  /// A UART that is opened again doesn't hand out what came before; a pty would.
  private func discardUnread() {
    let number = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard number >= 0 else { return }
    let slave = Descriptor(number)
    tcflush(slave.number, TCIFLUSH)
  }

  private static func makeRaw(_ device: String) -> Bool {
    let number = open(device, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard number >= 0 else { return false }
    let slave = Descriptor(number)
    var attributes = termios()
    guard tcgetattr(slave.number, &attributes) == 0 else { return false }
    cfmakeraw(&attributes)
    return tcsetattr(slave.number, TCSANOW, &attributes) == 0
  }

  private static func link(_ device: String, at path: String) throws(BenchError) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK {
      throw BenchError(
        "\(path) is there and is no symbolic link", remedy: "name another path or remove it")
    }
    unlink(path)
    guard symlink(device, path) == 0 else {
      throw .system("linking \(path)", remedy: "see that its folder is there and writable")
    }
  }
}
