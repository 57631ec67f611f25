import FoundationEssentials
import Primitives

/// The body of `POST /api/v1/endpoint/{id}/sms`.
struct SendRequest: Equatable, Sendable, Decodable {
  /// The sender that the device sees: the hub writes a number, later documents a string.
  let sourceAddress: String
  let payload: String
  let expiry: UTC?

  private enum Key: String, CodingKey {
    case sourceAddress = "source_address"
    case payload
    case expiry = "expiry_date"
    case coding = "dcs"
    case header = "udh"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    if let number = try? values.decode(UInt64.self, forKey: .sourceAddress) {
      sourceAddress = "\(number)"
    } else {
      sourceAddress = try values.decode(String.self, forKey: .sourceAddress)
    }
    payload = try values.decode(String.self, forKey: .payload)
    func refuse(_ key: Key, _ what: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: values, debugDescription: what)
    }
    let date = try values.decodeIfPresent(String.self, forKey: .expiry)
    expiry = date.flatMap { UTC(platformText: $0) }
    if date != nil, expiry == nil { throw refuse(.expiry, "not 2026-11-23T12:00:00.000+0000") }
    // The desk chooses the alphabet by the text, and makes the headers of long texts itself.
    if let coding = try values.decodeIfPresent(Int.self, forKey: .coding), coding != 0 {
      throw refuse(.coding, "not played here")
    }
    if let header = try values.decodeIfPresent(String.self, forKey: .header), !header.isEmpty {
      throw refuse(.header, "not played here")
    }
  }

  /// Why such a text can't be sent.
  var refusal: String {
    "source_address is a number of up to 20 digits or a name of up to 11 characters, payload a text "
      + "of up to 1530 characters (670 where one isn't in the GSM alphabet)"
  }
}

/// The body of `POST /api/v1/authenticate`.
private struct AuthenticateRequest: Decodable {
  let applicationToken: String

  private enum CodingKeys: String, CodingKey {
    case applicationToken = "application_token"
  }
}

extension MessageCentre {
  /// Answers one request.
  mutating func answer(
    _ request: HTTPRequest, network: NetworkView, at moment: Moment
  ) -> (HTTPResponse, [Effect]) {
    let words = request.path.split(separator: "/", omittingEmptySubsequences: false)
    if request.path == "/api/v1/authenticate" {
      guard request.method == "POST" else { return (Self.wrongMethod("POST"), []) }
      return (authenticate(request, at: moment), [])
    }
    guard words.count == 6 || words.count == 7, request.path.hasPrefix("/api/v1/endpoint/"),
      words[5] == "sms"
    else {
      return (.refusal(404, "the desk plays /api/v1/authenticate and /api/v1/endpoint/ID/sms"), [])
    }
    guard access.allows(request, now: moment.now) else {
      let what = "no auth_token that holds; POST /api/v1/authenticate gives one for 240 minutes"
      return (.refusal(401, what), [])
    }
    guard Array(words[4].utf8).asciiWholeNumber == endpoint.id else {
      return (.refusal(404, "the desk has one endpoint: \(endpoint.id)"), [])
    }
    if words.count == 6 {
      switch request.method {
      case "GET":
        let effects = look(network, at: moment)
        return (list(), effects)
      case "POST": return send(request, network: network, at: moment)
      default: return (Self.wrongMethod("GET, POST"), [])
      }
    }
    let id = Array(words[6].utf8).asciiWholeNumber ?? 0
    switch request.method {
    case "GET":
      let effects = look(network, at: moment)
      return (show(id), effects)
    case "DELETE": return cancel(id, network: network, at: moment)
    default: return (Self.wrongMethod("GET, DELETE"), [])
    }
  }

  private mutating func send(
    _ request: HTTPRequest, network: NetworkView, at moment: Moment
  ) -> (HTTPResponse, [Effect]) {
    do {
      let wanted = try JSONDecoder().decode(SendRequest.self, from: Data(request.body))
      return send(wanted, network: network, at: moment)
    } catch {
      let what = "the body isn't {\"source_address\": …, \"payload\": \"…\"}: \(Self.text(error))"
      return (.refusal(400, what), [])
    }
  }

  private mutating func authenticate(_ request: HTTPRequest, at moment: Moment) -> HTTPResponse {
    guard
      let wanted = try? JSONDecoder().decode(AuthenticateRequest.self, from: Data(request.body))
    else {
      return .refusal(400, "the body isn't {\"application_token\": \"…\"}")
    }
    guard
      let token = access.authenticate(
        wanted.applicationToken, now: moment.now, utc: moment.utc)
    else {
      return .refusal(401, "not this desk's application token, which it shows on its screen")
    }
    var json = JSONWriter()
    json.beginObject()
    json.member("auth_token", token)
    json.endObject()
    return HTTPResponse(200, body: json.bytes)
  }

  private static func wrongMethod(_ allowed: String) -> HTTPResponse {
    var response = HTTPResponse.refusal(405, "use \(allowed)")
    response.allow = allowed
    return response
  }

  /// Which key is missing or wrong.
  private static func text(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "\(key.stringValue) is missing"
    case DecodingError.typeMismatch(_, let place), DecodingError.valueNotFound(_, let place):
      "\(place.codingPath.last?.stringValue ?? "the whole") has another type"
    case DecodingError.dataCorrupted(let place):
      "\(place.codingPath.last?.stringValue ?? "no JSON"): \(place.debugDescription)"
    default: "no JSON"
    }
  }
}
