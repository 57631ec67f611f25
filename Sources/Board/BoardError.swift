import CLinux
import Primitives

/// What the machine refused, with the kernel's error number where there is one (errno(3)).
///
/// The text says what was wrong and then what a person can do about it.
public enum BoardError: Error, Equatable, Sendable {
  case uart(UARTFault, path: [UInt8])
  case pin(PinFault, PinAddress)
  case control(ControlFault, path: [UInt8])
  case file(FileFault, path: [UInt8])
  /// A call that fails only when the kernel is out of something or lacks a feature.
  case kernel(KernelService, errno: Int32)
}

/// Why the modem's serial line can't be used.
public enum UARTFault: Equatable, Sendable {
  case cannotOpen(errno: Int32)
  case busy
  case notSerial
  case unknownBaudRate(Int32)
  /// The driver didn't take the rate or the flow control.
  case settingsRefused(baud: Int32, FlowControl, errno: Int32)
  /// More than `UART.outputLimit` bytes wait to be sent.
  case outputFull(waitingBytes: Int)
  /// The other end of the line has gone (a USB modem unplugged, a pseudo-terminal closed).
  case hungUp
  case transferFailed(errno: Int32)
}

/// Why a pin can't be used.
public enum PinFault: Equatable, Sendable {
  case cannotOpen(errno: Int32)
  case cannotSet(errno: Int32)
  case cannotRead(errno: Int32)
  /// The desk has closed its connection.
  case deskGone
}

/// Why the control socket can't be used, from either side.
public enum ControlFault: Equatable, Sendable {
  case cannotListen(errno: Int32)
  /// Another process answers on it.
  case taken
  /// Something that isn't a socket has that name.
  case notSocket
  case cannotConnect(errno: Int32)
  case notAnswering
  case transferFailed(errno: Int32)
  case packetTooLong(lengthBytes: Int)
}

/// Why a file can't be read or written.
public enum FileFault: Equatable, Sendable {
  case cannotOpen(errno: Int32)
  case cannotRead(errno: Int32)
  case cannotWrite(errno: Int32)
  case tooLong(limitBytes: Int)
  /// Its group or others may read or write it: the permissions, as chmod(1) has them.
  case notPrivate(mode: Int32)
  case cannotEnter(errno: Int32)
}

/// What was asked of the kernel.
public enum KernelService: Equatable, Sendable {
  case eventLoop, timer, watching, signals, settingTheClock, randomNumbers, standardInput
}

extension BoardError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .uart(let fault, let path): "serial line \(path.printable): \(fault.text)"
    case .pin(let fault, let pin): "pin \(pin.text): \(fault.text(pin))"
    case .control(let fault, let path): "control socket \(path.printable): \(fault.text)"
    case .file(let fault, let path): "file \(path.printable): \(fault.text)"
    case .kernel(let service, let errno):
      "\(service.text): \(reason(errno))\(service.remedy(errno))"
    }
  }
}

extension UARTFault {
  var text: String {
    switch self {
    case .cannotOpen(linux_ENOENT), .cannotOpen(linux_ENXIO), .cannotOpen(linux_ENODEV):
      "there is no such device; check [modem] uart, and that its driver is loaded and the port is "
        + "enabled in the device tree"
    case .cannotOpen(linux_EACCES), .cannotOpen(linux_EPERM):
      "permission denied; run as root or as a member of the device's group (often dialout)"
    case .cannotOpen(linux_EBUSY), .busy:
      "another process uses it; stop that one (`fuser -v` with the path names it; often a getty, "
        + "ModemManager or a second godwit)"
    case .cannotOpen(let errno): "\(reason(errno)); check [modem] uart"
    case .notSerial: "it is not a serial device; name the modem's UART in [modem] uart"
    case .unknownBaudRate(let baud):
      "\(baud) is no rate that Linux has a code for; use 9600, 19200, 38400, 57600, 115200, "
        + "230400, 460800 or 921600"
    case .settingsRefused(let baud, let flow, let errno):
      "its driver refuses \(baud) baud with flow control \(flow.text) (\(reason(errno))); choose "
        + "another rate or flow-control = none"
    case .outputFull(let count):
      "\(count) bytes wait and none are taken; the modem holds CTS: check its power, the CTS wire, "
        + "or set flow-control = none"
    case .hungUp: "it was hung up; the device has gone: check the plug and the supply"
    case .transferFailed(let errno): "\(reason(errno)); check the wiring and the kernel's log"
    }
  }
}

extension PinFault {
  func text(_ pin: PinAddress) -> String {
    switch (self, pin) {
    case (.cannotOpen(let errno), .desk):
      "\(reason(errno)); start the simulated modem first, or name its pin socket"
    case (.cannotOpen(linux_ENOENT), .gpio), (.cannotOpen(linux_ENODEV), .gpio),
      (.cannotOpen(linux_ENXIO), .gpio), (.cannotOpen(linux_ENOTTY), .gpio):
      "there is no such GPIO chip; `gpiodetect` lists them, and /sys must be mounted"
    case (.cannotOpen(linux_EBUSY), .gpio):
      "the line is in use; `gpioinfo` names its user, which must release it (device tree, sysfs "
        + "or another process)"
    case (.cannotOpen(linux_EINVAL), .gpio):
      "the chip has no such line, or it can't be used this way; `gpioinfo` lists the lines"
    case (.cannotOpen(linux_EACCES), .gpio), (.cannotOpen(linux_EPERM), .gpio):
      "permission denied; run as root or as a member of the chip's group (often gpio)"
    case (.cannotOpen(let errno), .gpio): "\(reason(errno)); check the pin in [modem]"
    case (.cannotSet(let errno), _): "it can't be set: \(reason(errno)); check the chip's driver"
    case (.cannotRead(let errno), _): "it can't be read: \(reason(errno)); check the chip's driver"
    case (.deskGone, _): "the simulated modem has gone; start it again"
    }
  }
}

extension ControlFault {
  /// Whether the caller hasn't the right to ask.
  public var isForbidden: Bool { self == .cannotConnect(errno: linux_EACCES) }

  /// Whether it only means that no process is there.
  public var isNobodyListening: Bool {
    switch self {
    case .cannotConnect(let errno): errno == linux_ENOENT || errno == linux_ECONNREFUSED
    case .cannotListen, .taken, .notSocket, .notAnswering, .transferFailed, .packetTooLong: false
    }
  }

  var text: String {
    switch self {
    case .cannotListen(linux_ENAMETOOLONG), .cannotConnect(linux_ENAMETOOLONG):
      "the path has more than 107 bytes; choose a shorter one in [control] socket"
    case .cannotListen(linux_ENOENT): "its folder doesn't exist; create it"
    case .cannotListen(let errno):
      "it can't be set up: \(reason(errno)); check [control] socket and the folder's permissions"
    case .taken: "another process answers on it; stop that one (a second godwit?)"
    case .notSocket: "something that is no socket has this name; move it away"
    case .cannotConnect(linux_ENOENT), .cannotConnect(linux_ECONNREFUSED):
      "nobody listens; start `godwit run`, or name its configuration with --config"
    case .cannotConnect(linux_EACCES):
      "permission denied; run as root or as a member of the socket's group"
    case .cannotConnect(let errno): "\(reason(errno)); check that `godwit run` is alive"
    case .notAnswering: "no answer in time; check that `godwit run` is alive"
    case .transferFailed(let errno): "\(reason(errno)); try again"
    case .packetTooLong(let length):
      "\(length) bytes are too many; send at most \(ControlSocket.packetLimit) at a time"
    }
  }
}

extension FileFault {
  var text: String {
    switch self {
    case .cannotOpen(linux_ENOENT), .cannotOpen(linux_ENOTDIR), .cannotEnter(linux_ENOENT):
      "there is no such file; check the path"
    case .cannotOpen(linux_EACCES), .cannotEnter(linux_EACCES):
      "permission denied; check its owner and mode"
    case .cannotOpen(let errno), .cannotEnter(let errno): "\(reason(errno)); check the path"
    case .cannotRead(let errno):
      "it can't be read: \(reason(errno)); check the device or driver behind it"
    case .cannotWrite(linux_EINVAL): "the kernel doesn't know the word that was written to it"
    case .cannotWrite(let errno):
      "it can't be written: \(reason(errno)); check its folder's permissions and the disk's room"
    case .tooLong(let limit): "it has more than \(limit) bytes; name another file"
    case .notPrivate(let mode):
      "its permissions (\(String(mode, radix: 8))) let others at it; make it its owner's alone with "
        + "`chmod 600`"
    }
  }
}

extension KernelService {
  fileprivate var text: String {
    switch self {
    case .eventLoop: "event loop"
    case .timer: "timer"
    case .watching: "watching a descriptor"
    case .signals: "signals"
    case .settingTheClock: "setting the clock"
    case .randomNumbers: "random numbers"
    case .standardInput: "standard input"
    }
  }

  fileprivate func remedy(_ errno: Int32) -> String {
    switch self {
    case .settingTheClock:
      errno == linux_EPERM ? "; run as root or with the capability CAP_SYS_TIME" : ""
    case .eventLoop, .timer, .watching, .signals, .randomNumbers, .standardInput: ""
    }
  }
}

/// The C library's words for an error number, and the number.
private func reason(_ errno: Int32) -> String {
  "\(String(decoding: bytes(at: linux_error_text(errno)), as: UTF8.self)) (errno \(errno))"
}

/// The bytes before the NUL that ends a C string; none for no string.
func bytes(at text: UnsafePointer<UInt8>?) -> [UInt8] {
  guard let text else { return [] }
  var length = 0
  while text[length] != 0 { length += 1 }
  return Array(UnsafeBufferPointer(start: text, count: length))
}
