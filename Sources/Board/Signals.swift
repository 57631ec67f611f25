import CLinux

/// SIGTERM, SIGINT and SIGHUP as something to read, so that they interrupt nothing (signalfd(2)).
public struct Signals: ~Copyable {
  /// To be watched for reading.
  public let descriptor: Int32

  /// Blocks the three for good and ignores SIGPIPE. Once per process, before any thread is made.
  public init() throws(BoardError) {
    let descriptor = linux_signals()
    if descriptor < 0 { throw .kernel(.signals, errno: -descriptor) }
    self.descriptor = descriptor
  }

  deinit { _ = linux_close(descriptor) }

  /// The next signal that came; nil when none is left.
  public func next() throws(BoardError) -> Signal? {
    let number = linux_next_signal(descriptor)
    switch number {
    case -linux_EAGAIN: return nil
    case linux_SIGHUP: return .hangUp
    case linux_SIGINT: return .interrupt
    case linux_SIGTERM: return .terminate
    default: throw .kernel(.signals, errno: number < 0 ? -number : linux_EINVAL)
    }
  }
}

/// What somebody asks the process to do (signal(7)).
public enum Signal: Equatable, Sendable {
  /// SIGTERM: end.
  case terminate
  /// SIGINT, Ctrl-C: end.
  case interrupt
  /// SIGHUP: the terminal has gone, or by custom: read the configuration again.
  case hangUp

  /// Its usual name.
  public var text: String {
    switch self {
    case .terminate: "SIGTERM"
    case .interrupt: "SIGINT"
    case .hangUp: "SIGHUP"
    }
  }
}
