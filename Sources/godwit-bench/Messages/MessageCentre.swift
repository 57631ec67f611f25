import ModemSimulator
import Primitives

/// The simulated network's SMS centre with the platform's API in front of it (the developer hub,
/// "Sending and receiving SMS"). Pure: requests and what the network did come in, answers and effects
/// go out.
struct MessageCentre: Sendable {
  enum Effect: Equatable, Sendable {
    /// Hand this SMS-DELIVER to the network.
    case offer([UInt8])
    /// Take it back.
    case withdraw([UInt8])
    case call(WebhookCall)
    /// For the screen and the log: what happened, without the text of messages to the device, which
    /// may hold passwords.
    case said(String)
  }

  /// The time, by both clocks.
  struct Moment: Equatable, Sendable {
    let now: Instant
    let utc: UTC
  }

  /// What the network knows of the module.
  struct NetworkView: Equatable, Sendable {
    /// Not with the module yet, the oldest first.
    var undelivered: [[UInt8]]
    /// The oldest is on its way: nobody can take it back.
    var isOldestOnAir = false
    var canBePaged: Bool
  }

  /// Messages kept, those that are through included; the oldest of these go.
  static let messageLimit = 200
  /// Parts that are under way at once: no more than the network keeps.
  static let partLimit = 60
  static let validity = Duration.seconds(86_400)
  /// A longer one is cut to this.
  static let longestValidity = Duration.seconds(7 * 86_400)

  let endpoint: CentreEndpoint
  /// `http://127.0.0.1:PORT`
  let origin: String
  var access: CentreAccess
  private(set) var messages: [CentreMessage] = []
  private var lastID: Int64 = 46_638_643
  private var reference: UInt8 = 0
  /// Parts that the network was given, in that order, each with its message.
  private var offered: [Part] = []

  private struct Part: Equatable, Sendable {
    let message: Int64
    let tpdu: [UInt8]
  }

  /// - Parameter seed: of the tokens.
  init(endpoint: CentreEndpoint, origin: String, applicationToken: String, seed: UInt64) {
    self.endpoint = endpoint
    self.origin = origin
    access = CentreAccess(applicationToken: applicationToken, seed: seed)
  }

  /// How many messages to the device aren't through yet, and how many it has.
  var waitingCount: Int { messages.count { !$0.isFromDevice && !$0.status.isFinal } }
  var deliveredCount: Int { messages.count { !$0.isFromDevice && $0.status == .delivered } }
  var receivedCount: Int { messages.count { $0.isFromDevice } }

  /// When the next message expires.
  var nextExpiry: UTC? {
    messages.filter { !$0.status.isFinal }.compactMap(\.expires).min()
  }

  // MARK: - What the network does

  /// Looks at what the module has taken, and at what has expired meanwhile.
  mutating func look(_ network: NetworkView, at moment: Moment) -> [Effect] {
    var effects: [Effect] = []
    // The network keeps their order: from the back, what isn't there any more was taken.
    var left = network.undelivered[...]
    var waiting: [Part] = []
    for part in offered.reversed() {
      if left.last == part.tpdu {
        left.removeLast()
        waiting.append(part)
      } else {
        effects += taken(part, at: moment)
      }
    }
    offered = waiting.reversed()
    for index in messages.indices where !messages[index].status.isFinal {
      messages[index].status = network.canBePaged ? .inProgress : .buffered
      if let end = messages[index].expires, end <= moment.utc, !isOnAir(index, network) {
        effects += withdraw(index)
        effects += finish(index, .expired, at: moment)
      }
    }
    return effects
  }

  /// The network took a message from the device.
  mutating func submitted(_ tpdu: [UInt8], at moment: Moment) -> [Effect] {
    guard let read = SubmittedText(tpdu: tpdu) else {
      return [.said("a message from the device can't be read")]
    }
    lastID += 1
    let message = CentreMessage(
      id: lastID, isFromDevice: true, sender: endpoint.msisdn, recipient: read.recipient,
      text: read.text, coding: read.coding, protocolIdentifier: read.protocolIdentifier,
      header: read.header, status: .delivered, submitted: moment.utc, finished: moment.utc,
      partCount: 1)
    keep(message)
    let line = String(
      read.text.map { $0.isNewline || $0.asciiValue.map { $0 < 32 } == true ? " " : $0 })
    let said = Effect.said("message \(lastID) from the device to \(read.recipient): \(line)")
    // Only an invalid number, of 8 digits or fewer, leads to the webhook.
    guard read.recipient.utf8.count(where: { $0.isASCIIDigit }) <= 8 else { return [said] }
    return [said, .call(message.arrival(of: endpoint))]
  }

  private mutating func taken(_ part: Part, at moment: Moment) -> [Effect] {
    guard let index = messages.firstIndex(where: { $0.id == part.message }),
      let place = messages[index].parts.lastIndex(of: part.tpdu)
    else { return [] }
    messages[index].parts.remove(at: place)
    guard messages[index].parts.isEmpty, !messages[index].status.isFinal else { return [] }
    return finish(index, .delivered, at: moment)
  }

  private mutating func finish(
    _ index: Int, _ status: CentreMessage.Status, at moment: Moment
  ) -> [Effect] {
    messages[index].status = status
    messages[index].finished = moment.utc
    let text = "message \(messages[index].id) to the device: \(status.text.lowercased())"
    return [.said(text), .call(messages[index].receipt(of: endpoint))]
  }

  private func isOnAir(_ index: Int, _ network: NetworkView) -> Bool {
    network.isOldestOnAir && offered.first?.message == messages[index].id
  }

  private mutating func withdraw(_ index: Int) -> [Effect] {
    let id = messages[index].id
    let parts = offered.filter { $0.message == id }
    offered.removeAll { $0.message == id }
    messages[index].parts = []
    return parts.map { .withdraw($0.tpdu) }
  }

  private mutating func keep(_ message: CentreMessage) {
    if messages.count >= Self.messageLimit,
      let oldest = messages.firstIndex(where: { $0.status.isFinal })
    {
      messages.remove(at: oldest)
    }
    messages.append(message)
  }

  // MARK: - What the API does

  mutating func send(
    _ request: SendRequest, network: NetworkView, at moment: Moment
  ) -> (HTTPResponse, [Effect]) {
    guard
      let text = CentreText(
        request.payload, from: request.sourceAddress, at: moment.utc, reference: reference)
    else {
      return (.refusal(400, request.refusal), [])
    }
    guard network.undelivered.count + text.tpdus.count <= Self.partLimit else {
      return (.refusal(503, "too many messages wait for the device; cancel some"), [])
    }
    let latest = moment.utc + Self.longestValidity
    let expires = request.expiry ?? moment.utc + Self.validity
    guard expires > moment.utc else {
      return (.refusal(400, "expiry_date is over already"), [])
    }
    lastID += 1
    if text.tpdus.count > 1 { reference &+= 1 }
    keep(
      CentreMessage(
        id: lastID, sender: request.sourceAddress, text: request.payload, coding: text.coding,
        status: .pending, submitted: moment.utc, expires: min(expires, latest),
        parts: text.tpdus, partCount: text.tpdus.count))
    offered += text.tpdus.map { Part(message: lastID, tpdu: $0) }
    var response = HTTPResponse(201)
    response.location = "\(origin)/api/v1/endpoint/\(endpoint.id)/sms/\(lastID)"
    let parts = text.tpdus.count == 1 ? "" : ", in \(text.tpdus.count) parts"
    let said = "message \(lastID) to the device from \(request.sourceAddress)\(parts): taken"
    return (response, [.said(said)] + text.tpdus.map { .offer($0) })
  }

  func show(_ id: Int64) -> HTTPResponse {
    guard let message = messages.first(where: { $0.id == id }) else { return Self.unknown }
    var json = JSONWriter()
    message.write(to: &json, of: endpoint)
    return HTTPResponse(200, body: json.bytes)
  }

  /// Newest first.
  func list() -> HTTPResponse {
    var json = JSONWriter()
    json.beginArray()
    for message in messages.reversed() { message.write(to: &json, of: endpoint) }
    json.endArray()
    return HTTPResponse(200, body: json.bytes)
  }

  mutating func cancel(
    _ id: Int64, network: NetworkView, at moment: Moment
  ) -> (HTTPResponse, [Effect]) {
    // What the module has taken since the last look isn't there to be cancelled.
    var effects = look(network, at: moment)
    guard let index = messages.firstIndex(where: { $0.id == id }) else {
      return (Self.unknown, effects)
    }
    guard !messages[index].status.isFinal else {
      let text = messages[index].status.text
      return (.refusal(409, "it is \(text): only what still waits can be cancelled"), effects)
    }
    guard !isOnAir(index, network) else {
      return (.refusal(409, "it is on its way to the device"), effects)
    }
    effects += withdraw(index)
    effects += finish(index, .cancelled, at: moment)
    return (HTTPResponse(204), effects)
  }

  private static let unknown = HTTPResponse.refusal(404, "there is no such SMS")
}
