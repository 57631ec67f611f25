import FoundationEssentials
import Primitives

/// Who may use the API: an application token is changed for an `auth_token`, which every other call
/// has to bear (the developer hub, "API Authentication"). It guards against a wrong line, not
/// against an attacker: the desk prints its application token.
struct CentreAccess: Sendable {
  /// An `auth_token` holds for 240 minutes.
  static let validity = Duration.seconds(240 * 60)
  /// Tokens that hold at once; the oldest goes.
  static let tokenLimit = 32

  let applicationToken: String
  private var random: SeededRandom
  private var tokens: [Token] = []

  private struct Token: Sendable {
    let text: String
    let end: Instant
  }

  init(applicationToken: String, seed: UInt64) {
    self.applicationToken = applicationToken
    random = SeededRandom(seed: seed)
  }

  /// A new `auth_token` in the form of a JWT (RFC 7519 §3), signed by nobody.
  mutating func authenticate(_ text: String, now: Instant, utc: UTC) -> String? {
    guard text == applicationToken else { return nil }
    let seconds = (utc + Self.validity).millisecondsSince1970 / 1000
    let claims = "{\"iss\":\"godwit-desk\",\"exp\":\(seconds)}"
    let parts = [
      Array("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".utf8), Array(claims.utf8),
      (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) },
    ]
    let token = parts.map(Self.base64URL).joined(separator: ".")
    tokens.append(Token(text: token, end: now + Self.validity))
    if tokens.count > Self.tokenLimit { tokens.removeFirst() }
    return token
  }

  /// Whether a request's `Authorization: Bearer` holds.
  func allows(_ request: HTTPRequest, now: Instant) -> Bool {
    let words = (request.value("authorization") ?? "").split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bearer" else { return false }
    return tokens.contains { $0.text == words[1] && $0.end > now }
  }

  private static func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
