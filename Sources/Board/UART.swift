import CLinux
import Primitives

/// The modem's serial line: raw bytes, 8 data bits, no parity, one stop bit (termios(3)), held by
/// this process alone, never waited for. Closed when it goes out of scope.
public struct UART: ~Copyable {
  /// The most bytes that may wait for the line: far above what the modem is ever sent at once, so
  /// that only a modem that takes nothing reaches it.
  public static let outputLimit = 16_384
  /// The most bytes that one read brings.
  public static let readLimit = 4096

  /// To be watched: readable always, writable while `hasOutputWaiting`.
  public let descriptor: Int32
  private let path: [UInt8]
  private var waiting: [UInt8] = []
  private var room = [UInt8](repeating: 0, count: UART.readLimit)

  /// Opens the line and drops what had been received on it before.
  ///
  /// - Parameter baud: 1200 to 921,600; the rates that Linux has codes for.
  public init(path: [UInt8], baud: Int32, flowControl: FlowControl) throws(BoardError) {
    if linux_is_baud_rate(baud) == 0 { throw .uart(.unknownBaudRate(baud), path: path) }
    let descriptor = linux_serial_open(path + [0])
    if descriptor < 0 { throw .uart(.cannotOpen(errno: -descriptor), path: path) }
    if let fault = Self.prepare(descriptor, baud: baud, flowControl) {
      _ = linux_close(descriptor)
      throw .uart(fault, path: path)
    }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { linux_serial_close(descriptor) }

  /// What has arrived, in the order of arrival; empty when nothing has.
  ///
  /// - Throws: `.hungUp` when the device has gone; the line can only be closed then.
  public mutating func read() throws(BoardError) -> [UInt8] {
    let count = linux_read(descriptor, &room, room.count)
    if count > 0 { return Array(room[..<count]) }
    if count == -Int(linux_EAGAIN) { return [] }
    if count == 0 || count == -Int(linux_EIO) { throw .uart(.hungUp, path: path) }
    throw .uart(.transferFailed(errno: Int32(-count)), path: path)
  }

  /// Sends bytes, or keeps those that the line doesn't take at once: see `flush`.
  ///
  /// - Throws: `.outputFull`, and nothing of `bytes` is kept, when more than `outputLimit` would
  ///   wait.
  public mutating func write(_ bytes: [UInt8]) throws(BoardError) {
    if waiting.count + bytes.count > Self.outputLimit {
      throw .uart(.outputFull(waitingBytes: waiting.count), path: path)
    }
    waiting += bytes
    try flush()
  }

  /// Sends what waits, as far as the line takes it. To be called when the line is writable.
  public mutating func flush() throws(BoardError) {
    while !waiting.isEmpty {
      let count = linux_write(descriptor, waiting, waiting.count)
      if count == -Int(linux_EAGAIN) { return }
      if count == -Int(linux_EIO) { throw .uart(.hungUp, path: path) }
      if count < 0 { throw .uart(.transferFailed(errno: Int32(-count)), path: path) }
      waiting.removeFirst(count)
    }
  }

  /// Whether bytes wait for the line to take more.
  public var hasOutputWaiting: Bool { !waiting.isEmpty }

  private static func prepare(_ descriptor: Int32, baud: Int32, _ flow: FlowControl) -> UARTFault? {
    let claimed = linux_serial_claim(descriptor)
    if claimed == -linux_EBUSY { return .busy }
    if claimed == -linux_ENOTTY { return .notSerial }
    if claimed < 0 { return .cannotOpen(errno: -claimed) }
    let result = linux_serial_configure(descriptor, baud, flow == .rtsCTS ? 1 : 0)
    return result < 0 ? .settingsRefused(baud: baud, flow, errno: -result) : nil
  }
}

/// Who may hold whom back on the serial line.
public enum FlowControl: Equatable, Sendable {
  case none
  /// Hardware: the modem's CTS holds us, our RTS holds the modem (V.24 circuits 106 and 133).
  case rtsCTS

  var text: String {
    switch self {
    case .none: "none"
    case .rtsCTS: "rts-cts"
    }
  }
}
