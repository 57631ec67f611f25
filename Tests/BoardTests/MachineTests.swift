import CLinux
import Glibc
import Primitives
import Testing

@testable import Board

@Suite("Files") struct FileTests {
  @Test("a sensor's file is read anew each time") func sensor() throws {
    let folder = TemporaryFolder()
    let path = folder.write("temp1_input", Array("21500\n"))
    #expect(try SensorFile.read(path) == Array("21500\n"))
    _ = folder.write("temp1_input", Array("21750\n"))
    #expect(try SensorFile.read(path) == Array("21750\n"))
    #expect(try !SensorFile.read(Array("/proc/loadavg")).isEmpty)
  }

  @Test("a file at the limit is read, one above it is refused") func limit() throws {
    let folder = TemporaryFolder()
    let whole = folder.write("whole", [UInt8](repeating: 1, count: SensorFile.limitBytes))
    #expect(try SensorFile.read(whole).count == SensorFile.limitBytes)
    let long = folder.write("long", [UInt8](repeating: 1, count: SensorFile.limitBytes + 1))
    let error = thrown { () throws(BoardError) in _ = try SensorFile.read(long) }
    #expect(error == .file(.tooLong(limitBytes: 4096), path: long))
  }

  @Test(
    "a private file is its owner's alone, or isn't read",
    arguments: [0o600, 0o400, 0o640, 0o604, 0o620, 0o602, 0o644, 0o610, 0o601, 0o000, 0o777])
  func privacy(mode: mode_t) {
    let folder = TemporaryFolder()
    let path = folder.write("key", Array("secret"))
    #expect(chmod(cString(path), mode) == 0)
    let error = thrown { () throws(BoardError) in
      #expect(try BoundedFile.readPrivate(path, limitBytes: 6) == Array("secret"))
      _ = try BoundedFile.readPrivate(path, limitBytes: 5)
    }
    // Root may read whatever the mode says, others not what they haven't.
    if mode & 0o400 == 0, geteuid() != 0 {
      #expect(error == .file(.cannotOpen(errno: EACCES), path: path))
    } else if mode & 0o077 != 0 {
      #expect(error == .file(.notPrivate(mode: Int32(mode)), path: path))
      #expect(error?.description.contains("`chmod 600`") == true)
    } else {
      #expect(error == .file(.tooLong(limitBytes: 5), path: path))
    }
  }

  @Test("a missing file, a folder and a silent pipe are errors, not waits") func unreadable() {
    let folder = TemporaryFolder()
    let (missing, pipe) = (folder.file("missing"), folder.file("pipe"))
    #expect(mkfifo(cString(pipe), 0o600) == 0)
    let writer = open(cString(pipe), O_RDWR)
    defer { close(writer) }
    for (path, fault) in [
      (missing, FileFault.cannotOpen(errno: ENOENT)), (folder.path, .cannotRead(errno: EISDIR)),
      (pipe, .cannotRead(errno: EAGAIN)),
    ] {
      let error = thrown { () throws(BoardError) in _ = try SensorFile.read(path) }
      #expect(error == .file(fault, path: path))
    }
  }
}

@Suite("Signals") struct SignalTests {
  @Test("the three signals are read in place of interrupting") func signals() throws {
    let signals = try Signals()
    #expect(try signals.next() == nil)
    for (number, signal) in [
      (SIGHUP, Signal.hangUp), (SIGTERM, .terminate), (SIGINT, .interrupt),
    ] {
      raise(number)
      #expect(linux_wait_readable(signals.descriptor, 1000) == 1)
      #expect(try signals.next() == signal)
      #expect(try signals.next() == nil)
    }
    raise(SIGPIPE)
  }
}

@Suite("Current process") struct CurrentProcessTests {
  @Test("the arguments are there without main's help") func arguments() {
    #expect(
      CurrentProcess.arguments.map { String(decoding: $0, as: UTF8.self) }
        == CommandLine.arguments)
  }

  @Test("a boot has one identity, random numbers differ") func identities() throws {
    let boot = try CurrentProcess.bootIdentity()
    #expect(boot.count == 36)
    #expect(try CurrentProcess.bootIdentity() == boot)
    #expect(try CurrentProcess.randomNumber() != CurrentProcess.randomNumber())
  }

  @Test("a service manager hears of it, and without one nothing happens") func notify() throws {
    let folder = TemporaryFolder()
    ServiceManager.ready()
    #expect(ServiceManager.watchdogLimit == nil)
    let manager = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(manager) }
    #expect(linux_bind(manager, folder.file("notify") + [0]) == 0)
    setenv("NOTIFY_SOCKET", cString(folder.file("notify")), 1)
    setenv("WATCHDOG_USEC", "30000000", 1)
    defer {
      unsetenv("NOTIFY_SOCKET")
      unsetenv("WATCHDOG_USEC")
    }
    ServiceManager.ready()
    ServiceManager.status(Array("asleep"))
    ServiceManager.alive()
    ServiceManager.stopping()
    var room = [UInt8](repeating: 0, count: 64)
    for expected in ["READY=1", "STATUS=asleep", "WATCHDOG=1", "STOPPING=1"] {
      let count = linux_receive(manager, &room, room.count)
      #expect(Array(room[..<max(0, count)]) == Array(expected.utf8))
    }
    #expect(ServiceManager.watchdogLimit == .seconds(30))
  }
}

@Suite("Errors") struct BoardErrorTests {
  private static let path = Array("/dev/ttyS7".utf8)
  private static let pin = PinAddress.gpio(
    chip: Array("gpiochip0".utf8), offset: 5, isActiveLow: true)

  @Test(
    "say what was wrong with what, and what to do",
    arguments: [
      (BoardError.uart(.cannotOpen(errno: ENOENT), path: path), ["/dev/ttyS7", "[modem] uart"]),
      (.uart(.cannotOpen(errno: EACCES), path: path), ["/dev/ttyS7", "dialout"]),
      (.uart(.busy, path: path), ["/dev/ttyS7", "fuser"]),
      (.uart(.notSerial, path: path), ["/dev/ttyS7", "name the modem's UART"]),
      (.uart(.unknownBaudRate(100), path: path), ["100", "115200"]),
      (.uart(.cannotOpen(errno: EIO), path: path), ["Input/output error (errno 5)"]),
      (.pin(.cannotOpen(errno: EBUSY), pin), ["gpiochip0 5 active-low", "gpioinfo"]),
      (.pin(.cannotOpen(errno: ENOENT), pin), ["gpiochip0 5", "gpiodetect"]),
      (.pin(.deskGone, .desk(path: path)), ["desk /dev/ttyS7", "start it again"]),
      (.control(.taken, path: path), ["/dev/ttyS7", "stop that one"]),
      (.control(.cannotConnect(errno: ENOENT), path: path), ["godwit run"]),
      (.file(.cannotOpen(errno: ENOENT), path: path), ["/dev/ttyS7", "check the path"]),
      (.kernel(.settingTheClock, errno: EPERM), ["Operation not permitted", "CAP_SYS_TIME"]),
    ])
  func texts(error: BoardError, parts: [String]) {
    for part in parts { #expect("\(error)".contains(part), "\(error)") }
  }
}
