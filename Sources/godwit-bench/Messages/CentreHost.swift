import ModemSimulator
import Primitives

/// The centre between its API, the simulated network and the webhook.
final class CentreHost {
  /// What `desk` and `sim` take.
  static let options = ["--sms-port", "--webhook"]

  /// What a command line says of it.
  struct Plan: Sendable {
    /// nil: the usual one, or any where that is taken.
    var port: UInt16?
    var webhook: WebhookAddress?
    var endpoint: CentreEndpoint
  }

  /// Reads `--sms-port` and `--webhook`.
  static func plan(_ arguments: Arguments, endpoint: CentreEndpoint) throws(BenchError) -> Plan {
    let port = try arguments.number("--sms-port", in: 0...65_535)
    let webhook: WebhookAddress? =
      if let text = arguments.value("--webhook") { try WebhookAddress(text) } else { nil }
    return Plan(port: port.map { UInt16($0) }, webhook: webhook, endpoint: endpoint)
  }

  /// Tried first where no port is named, so that a line can be repeated.
  static let usualPort: UInt16 = 8025
  /// The desk's own. It opens a server of this machine that sends to a simulated modem.
  static let applicationToken = "desk"

  private(set) var centre: MessageCentre
  let port: UInt16
  let webhook: WebhookAddress?
  private let server: HTTPServer
  private let client: WebhookClient?
  private var said: [String] = []

  init(_ plan: Plan) throws(BenchError) {
    server = try Self.server(port: plan.port)
    port = server.port
    webhook = plan.webhook
    client = plan.webhook.map { WebhookClient($0) }
    var random = SystemRandomNumberGenerator()
    centre = MessageCentre(
      endpoint: plan.endpoint, origin: "http://127.0.0.1:\(server.port)",
      applicationToken: Self.applicationToken, seed: random.next())
  }

  /// The API's address, as it stands before `/api/v1`.
  var origin: String { centre.origin }

  func deadline(now: Instant, utc: UTC) -> Instant? {
    let expiry = centre.nextExpiry.map { now + max(.zero, $0 - utc) }
    return earlier(earlier(server.deadline, client?.deadline), expiry)
  }

  func addInterest(to set: inout PollSet) {
    server.addInterest(to: &set)
    client?.addInterest(to: &set)
  }

  /// Carries what is ready between API, network and webhook; returns what happened, a line each.
  func serve(_ set: PollSet, _ simulator: SimulatorHost, now: Instant, utc: UTC) -> [String] {
    let moment = MessageCentre.Moment(now: now, utc: utc)
    perform(centre.look(Self.view(simulator), at: moment), simulator, now: now)
    server.serve(set, now: now) { request in
      let (response, effects) = centre.answer(request, network: Self.view(simulator), at: moment)
      perform(effects, simulator, now: now)
      return response
    }
    for failure in client?.serve(set, now: now) ?? [] { said.append("webhook: \(failure.text)") }
    defer { said = [] }
    return said
  }

  /// The network took a message from the device.
  func submitted(_ tpdu: [UInt8], _ simulator: SimulatorHost, now: Instant, utc: UTC) {
    let moment = MessageCentre.Moment(now: now, utc: utc)
    perform(centre.submitted(tpdu, at: moment), simulator, now: now)
  }

  private func perform(
    _ effects: [MessageCentre.Effect], _ simulator: SimulatorHost, now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .offer(let tpdu): simulator.deliver(message: tpdu, now: now)
      case .withdraw(let tpdu): simulator.adjust { _ = $0.withdraw(message: tpdu) }
      case .call(let call):
        if client?.push(call) == false { said.append("webhook: too slow, a call was dropped") }
      case .said(let text): said.append(text)
      }
    }
  }

  private static func view(_ simulator: SimulatorHost) -> MessageCentre.NetworkView {
    MessageCentre.NetworkView(
      undelivered: simulator.modem.undeliveredMessages,
      isOldestOnAir: simulator.modem.isMessageOnAir, canBePaged: simulator.modem.canBePaged)
  }

  private static func server(port: UInt16?) throws(BenchError) -> HTTPServer {
    if let port { return try HTTPServer(port: port) }
    do {
      return try HTTPServer(port: usualPort)
    } catch {
      return try HTTPServer(port: 0)
    }
  }
}
