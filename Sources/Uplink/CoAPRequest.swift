import Primitives
import Telemetry

/// A POST: what is sent where. Its options are Uri-Host, Uri-Path, Content-Format and Uri-Query
/// (RFC 7252 §5.10); the port is the datagram's own, so Uri-Port is never needed.
///
/// UDP's checksum is made in the modem, behind the UART: a byte that is changed on the UART would
/// reach the server as good. So each request carries a check of its own, as its last Uri-Query; see
/// board/server.md for the server's part.
public struct CoAPRequest: Equatable, Sendable {
  public var path: [[UInt8]]
  public var query: [[UInt8]]
  /// A number of the IANA registry "CoAP Content-Formats".
  public var contentFormat: UInt16
  public var payload: [UInt8]
  /// The server's name, where the URL has one; an address is the datagram's own (§5.10.1).
  public var host: HostName?

  public init(
    path: [[UInt8]], query: [[UInt8]], contentFormat: UInt16, payload: [UInt8], host: HostName?
  ) {
    self.path = path
    self.query = query
    self.contentFormat = contentFormat
    self.payload = payload
    self.host = host
  }

  /// The report of a batch: `POST <path>?d=<device>&b=<identity>&c=<check>` with a SenML pack in
  /// CBOR. The identity is the same on every attempt, so that the server counts a repeated report
  /// once.
  public init(report batch: Batch, device: DeviceName, to server: ServerURL, now: Instant) {
    path = server.path
    query = [Array("d=") + device.bytes, Array("b=") + batch.identity.bytes]
    contentFormat = SenMLCBOR.contentFormat
    payload = SenMLCBOR.encode(batch, device: device, now: now)
    if case .name(let name) = server.host { host = name } else { host = nil }
  }

  /// `c=` and eight hexadecimal digits: the CRC-32 of the line
  /// `POST /<path>?<query> <content format>`, its line feed, and the payload. Path and query are
  /// taken as their options hold them, without percent-encoding and without the check itself.
  ///
  /// Uri-Host, message ID and token aren't in it: a server needn't know the first as it was sent,
  /// and an answer with other than our ID and token isn't taken (`CoAPExchange`).
  public var check: [UInt8] {
    var crc = CRC32()
    crc.update([UInt8]("POST "))
    if path.isEmpty { crc.update([UInt8]("/")) }
    for segment in path { crc.update([UInt8]("/") + segment) }
    for (index, item) in query.enumerated() {
      crc.update([UInt8](index == 0 ? "?" : "&") + item)
    }
    crc.update(Array(" \(contentFormat)\n".utf8))
    crc.update(payload)
    return [UInt8]("c=") + crc.value.hexText
  }

  /// The request as a Confirmable message.
  public func message(messageID: UInt16, token: [UInt8]) -> CoAPMessage {
    var options: [CoAPOption] = []
    if let host { options.append(CoAPOption(CoAPOption.uriHost, host.bytes)) }
    for segment in path { options.append(CoAPOption(CoAPOption.uriPath, segment)) }
    options.append(CoAPOption(CoAPOption.contentFormat, uint: UInt32(contentFormat)))
    for item in query + [check] { options.append(CoAPOption(CoAPOption.uriQuery, item)) }
    return CoAPMessage(
      type: .confirmable, code: .post, messageID: messageID, token: token, options: options,
      payload: payload)
  }
}
