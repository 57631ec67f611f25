import Primitives

/// An answer of the desk's own small server (RFC 9112 §4). It always ends the connection.
struct HTTPResponse: Equatable, Sendable {
  var status: Int
  /// JSON; empty where there is none.
  var body: [UInt8] = []
  var location: String?
  var allow: String?

  init(_ status: Int, body: [UInt8] = []) {
    self.status = status
    self.body = body
  }

  /// An error, and what to do about it.
  static func refusal(_ status: Int, _ what: String) -> HTTPResponse {
    var json = JSONWriter()
    json.beginObject()
    json.member("error_code", Int64(status))
    json.member("error_token", reason(status))
    json.member("message", what)
    json.endObject()
    return HTTPResponse(status, body: json.bytes)
  }

  static func tooLarge(_ status: Int, _ what: String) -> HTTPResponse {
    refusal(status, "\(what) is longer than the desk reads")
  }

  var bytes: [UInt8] {
    var head = "HTTP/1.1 \(status) \(Self.reason(status))\r\n"
    if status != 204 { head += "Content-Length: \(body.count)\r\n" }
    if !body.isEmpty { head += "Content-Type: application/json\r\n" }
    if let location { head += "Location: \(location)\r\n" }
    if let allow { head += "Allow: \(allow)\r\n" }
    if status == 401 { head += "WWW-Authenticate: Bearer\r\n" }
    return Array((head + "Connection: close\r\n\r\n").utf8) + body
  }

  static let goOn = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 204: "No Content"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 421: "Misdirected Request"
    case 431: "Request Header Fields Too Large"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    default: "Answer"
    }
  }
}
