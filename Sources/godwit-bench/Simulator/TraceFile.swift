import Glibc
import Primitives

/// A UART trace that is written as it happens, so that it is there whatever ends the bench.
final class TraceFile {
  /// The file's size at most; what comes after is left out, and the last line says so.
  static let byteLimit = 16_777_216

  private let descriptor: Descriptor
  private var last: Instant?
  private var byteCount = 0

  init(path: String) throws(BenchError) {
    let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard number >= 0 else {
      throw .system("opening \(path)", remedy: "name a file in a folder that can be written")
    }
    descriptor = Descriptor(number)
    write(["# module: simulated", "# framing: exact"])
  }

  func append(_ entry: UARTTrace.Entry) {
    guard byteCount < Self.byteLimit else { return }
    let wait = last.map { entry.at - $0 } ?? .zero
    last = entry.at
    write(TraceText.lines(for: entry, after: wait))
    if byteCount >= Self.byteLimit { write(["# the trace ends here: the file is full"]) }
  }

  private func write(_ lines: [String]) {
    let text = Array((lines.joined(separator: "\n") + "\n").utf8)
    byteCount += text.count
    Descriptor.writeAll(text, to: descriptor.number)
  }
}
