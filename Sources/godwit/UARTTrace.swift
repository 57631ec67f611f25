import Board
import Primitives

/// The record of the UART on its way into its file.
struct UARTTrace {
  /// The file's size at most, in bytes; as much again is kept of the one before.
  static let fileLimit: Int64 = 1_048_576

  private var recorder: UARTRecorder
  private let file: RotatingFile
  private let header: [UInt8]
  /// The fault that was said last, so that only news of it is.
  private var saidFault: BoardError?

  init(_ plan: TracePlan) {
    recorder = UARTRecorder(secrets: plan.secrets)
    file = RotatingFile(path: plan.path, limitBytes: Self.fileLimit)
    header = UARTRecorder.header(module: plan.module)
  }

  mutating func opened(utc: UTC?) { recorder.opened(utc: utc, now: BoardClock.now) }

  /// - Returns: a fault that hasn't been said yet.
  mutating func wrote(_ bytes: [UInt8]) -> BoardError? {
    recorder.wrote(bytes, now: BoardClock.now)
    return recorder.isFull ? save(isAll: false) : nil
  }

  /// - Returns: a fault that hasn't been said yet.
  mutating func read(_ bytes: [UInt8]) -> BoardError? {
    recorder.read(bytes, now: BoardClock.now)
    return recorder.isFull ? save(isAll: false) : nil
  }

  /// Writes all that has been gathered. What can't be written is lost: the trace never grows.
  ///
  /// - Returns: a fault that hasn't been said yet.
  mutating func save(isAll: Bool = true) -> BoardError? {
    let text = recorder.take(isAll: isAll)
    if text.isEmpty { return nil }
    do throws(BoardError) {
      try file.append(text, header: header)
      saidFault = nil
      return nil
    } catch {
      defer { saidFault = error }
      return error == saidFault ? nil : error
    }
  }
}

/// What is recorded, and where.
struct TracePlan {
  var path: [UInt8]
  var module: StaticString
  /// What must not be in it.
  var secrets: [[UInt8]]
}
