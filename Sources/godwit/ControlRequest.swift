import Primitives
import Telemetry

/// What somebody asks over the control socket: one packet of text, hostile until it is this.
///
/// `put …`, see `PutRequest`; `status` for JSON, `status text` for people, `follow` for every line
/// of the log from now on.
enum ControlRequest {
  enum StatusForm { case json, text }

  case put([Reading])
  case status(StatusForm)
  case follow
  /// Nothing is done; the answer says why.
  case refused(answer: [UInt8])

  /// The most bytes of an unknown request that are shown in the answer.
  private static let shownLimit = 32

  /// - Parameter now: when the packet came.
  init(_ packet: [UInt8], now: Instant) {
    if packet.hasPrefix("put ") {
      do throws(PutRefusal) {
        self = .put(try PutRequest.readings(in: packet, now: now))
      } catch {
        self = .refused(answer: error.answer)
      }
    } else if packet.equals("status") {
      self = .status(.json)
    } else if packet.equals("status text") {
      self = .status(.text)
    } else if packet.equals("follow") {
      self = .follow
    } else {
      let shown = packet.prefix(Self.shownLimit).printable
      let reason = "there is no request '\(shown)'; send put, status, status text or follow"
      self = .refused(answer: Array("refused 1 \(reason)".utf8))
    }
  }
}
