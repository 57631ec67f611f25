import Modems
import Primitives
import Settings
import Telemetry

/// What somebody asks over the control socket: one packet of text, hostile until it is this.
///
/// `put …`, see `PutRequest`; `status` and `doctor` for JSON, `status text` and `doctor text` for
/// people, `follow` for every line of the log from now on; `at …`, see `ConsoleRequest`;
/// `provision …`, see `ProvisionPacket`.
enum ControlRequest {
  enum StatusForm { case json, text }

  case put([Reading])
  case status(StatusForm)
  case doctor(StatusForm)
  case follow
  case console(ConsoleRequest)
  case provision(Provisioning)
  /// Nothing is done; the answer says why.
  case refused(answer: [UInt8])

  /// The most bytes of an unknown request that are shown in the answer.
  private static let shownLimit = 32

  /// - Parameters:
  ///   - now: when the packet came.
  ///   - mask: what logs and traces must not show of a person's command line.
  init(_ packet: [UInt8], now: Instant, hiding mask: SecretMask = SecretMask()) {
    if packet.hasPrefix("put ") {
      do throws(PutRefusal) {
        self = .put(try PutRequest.readings(in: packet, now: now))
      } catch {
        self = .refused(answer: error.answer)
      }
    } else if packet.hasPrefix(ConsoleRequest.prefix) {
      do throws(ConsoleRequestFault) {
        self = .console(try ConsoleRequest(packet, hiding: mask))
      } catch {
        self = .refused(answer: Array("refused 1 \(error.text)".utf8))
      }
    } else if packet.hasPrefix("provision ") {
      if let provisioning = ProvisionPacket.provisioning(in: packet) {
        self = .provision(provisioning)
      } else {
        let form = "the request isn't of the form: provision NAME KEY COUNTER [again]"
        self = .refused(answer: Array("refused 1 \(form)".utf8))
      }
    } else if packet.equals("status") {
      self = .status(.json)
    } else if packet.equals("status text") {
      self = .status(.text)
    } else if packet.equals("doctor") {
      self = .doctor(.json)
    } else if packet.equals("doctor text") {
      self = .doctor(.text)
    } else if packet.equals("follow") {
      self = .follow
    } else {
      let shown = packet.prefix(Self.shownLimit).printable
      let reason =
        "there is no request '\(shown)'; send put, status, doctor, follow, at or provision"
      self = .refused(answer: Array("refused 1 \(reason)".utf8))
    }
  }
}
