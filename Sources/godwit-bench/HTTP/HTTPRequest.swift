import Primitives

/// A request to the desk's own small server (RFC 9112 §3).
struct HTTPRequest: Equatable, Sendable {
  struct Field: Equatable, Sendable {
    /// In lower case.
    let name: String
    let value: String
  }

  var method: String
  /// Without the query, not decoded.
  var path: String
  var fields: [Field] = []
  var body: [UInt8] = []

  /// A field's value; nil where it isn't there.
  func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// Reads one request, whatever the sizes of the reads were. Hostile until it is read: everything has
/// a limit, and what isn't exactly of the grammar is refused.
struct HTTPRequestReader: Sendable {
  enum Outcome: Equatable, Sendable {
    case incomplete
    /// The caller waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    case wantsContinue
    case request(HTTPRequest)
    case refused(HTTPResponse)
  }

  /// The request line, in bytes.
  static let lineLimit = 2048
  /// The request line and all fields, in bytes.
  static let headLimit = 8192
  static let fieldLimit = 64
  static let bodyLimit = 16_384

  private var bytes: [UInt8] = []
  private var head: Head?
  private var hasSaidContinue = false
  /// So many bytes hold no end of a header.
  private var seen = 0

  private struct Head: Sendable {
    var request: HTTPRequest
    let bodyStart: Int
    let bodyCount: Int
  }

  /// Bytes that have come; those behind the request's end are ignored, since every answer ends the
  /// connection.
  mutating func push(_ more: [UInt8]) -> Outcome {
    bytes += more.prefix(max(0, Self.headLimit + Self.bodyLimit - bytes.count))
    if head == nil {
      guard let end = Self.end(of: bytes, from: seen) else {
        seen = bytes.count
        if bytes.count > Self.headLimit { return .refused(.tooLarge(431, "the header")) }
        if bytes.count > Self.lineLimit, bytes.firstIndex(of: UInt8(ascii: "\n")) == nil {
          return .refused(.tooLarge(414, "the request line"))
        }
        return .incomplete
      }
      guard end <= Self.headLimit else { return .refused(.tooLarge(431, "the header")) }
      switch Self.read(bytes[..<end]) {
      case .failure(let refusal): return .refused(refusal.response)
      case .success(let (request, count)):
        head = Head(request: request, bodyStart: end, bodyCount: count)
      }
    }
    guard var head else { return .incomplete }
    guard bytes.count >= head.bodyStart + head.bodyCount else {
      guard head.request.value("expect") != nil, !hasSaidContinue else { return .incomplete }
      hasSaidContinue = true
      return .wantsContinue
    }
    head.request.body = Array(bytes[head.bodyStart..<(head.bodyStart + head.bodyCount)])
    return .request(head.request)
  }

  private struct Refusal: Error { let response: HTTPResponse }

  /// Behind the empty line, which doesn't end within the first `seen` bytes; nil while there is none.
  private static func end(of bytes: [UInt8], from seen: Int) -> Int? {
    guard bytes.count >= max(4, seen) else { return nil }
    return (max(4, seen)...bytes.count).first { end in bytes[(end - 4)...].hasPrefix("\r\n\r\n") }
  }

  private static func read(_ head: ArraySlice<UInt8>) -> Result<(HTTPRequest, Int), Refusal> {
    func refused(_ what: String) -> Result<(HTTPRequest, Int), Refusal> {
      .failure(Refusal(response: .refusal(400, what)))
    }
    guard let lines = lines(head) else { return refused("a line doesn't end in CR LF") }
    guard lines[0].count <= lineLimit else {
      return .failure(Refusal(response: .tooLarge(414, "the request line")))
    }
    let words = lines[0].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 3, isToken(words[0]), words[1].first == UInt8(ascii: "/"),
      words[1].allSatisfy({ (0x21...0x7E).contains($0) })
    else { return refused("the request line isn't METHOD /PATH HTTP/1.1") }
    guard words[2].equals("HTTP/1.1") || words[2].equals("HTTP/1.0") else {
      return .failure(Refusal(response: .refusal(505, "only HTTP/1.1 is spoken here")))
    }
    var request = HTTPRequest(
      method: text(words[0]), path: text(words[1].prefix { $0 != UInt8(ascii: "?") }))
    guard lines.count - 1 <= fieldLimit else {
      return .failure(Refusal(response: .tooLarge(431, "the number of fields")))
    }
    for line in lines.dropFirst() {
      guard let field = field(line) else { return refused("a field isn't NAME: VALUE") }
      request.fields.append(field)
    }
    return body(request)
  }

  /// How long the body is (RFC 9112 §6.3). Two lengths, or a transfer coding, could be read in two
  /// ways and aren't read at all.
  private static func body(_ request: HTTPRequest) -> Result<(HTTPRequest, Int), Refusal> {
    func refused(_ status: Int, _ what: String) -> Result<(HTTPRequest, Int), Refusal> {
      .failure(Refusal(response: .refusal(status, what)))
    }
    if request.value("transfer-encoding") != nil {
      return refused(411, "a body needs its Content-Length; a transfer coding isn't read")
    }
    guard request.fields.count(where: { $0.name == "host" }) == 1 else {
      return refused(400, "one Host field is needed")
    }
    let lengths = request.fields.filter { $0.name == "content-length" }
    guard let length = lengths.first else { return .success((request, 0)) }
    guard lengths.count == 1, (1...9).contains(length.value.utf8.count),
      let count = Array(length.value.utf8).asciiWholeNumber
    else { return refused(400, "Content-Length isn't one whole number") }
    guard count <= bodyLimit else { return .failure(Refusal(response: .tooLarge(413, "the body"))) }
    return .success((request, Int(count)))
  }

  /// The lines before the empty one, each without its CR LF; nil where a CR or LF stands alone.
  private static func lines(_ head: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
    var lines = head.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    lines.removeLast(2)
    for index in lines.indices {
      guard lines[index].last == UInt8(ascii: "\r") else { return nil }
      lines[index].removeLast()
      if lines[index].contains(UInt8(ascii: "\r")) { return nil }
    }
    return lines
  }

  private static func field(_ line: ArraySlice<UInt8>) -> HTTPRequest.Field? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isToken(line[..<colon]) else {
      return nil
    }
    let blanks = Array(" \t".utf8)
    var value = line[(colon + 1)...].drop { blanks.contains($0) }
    while let last = value.last, blanks.contains(last) { value.removeLast() }
    guard value.allSatisfy({ $0 == UInt8(ascii: "\t") || $0 >= 0x20 && $0 != 0x7F }) else {
      return nil
    }
    return HTTPRequest.Field(name: text(line[..<colon]).lowercased(), value: text(value))
  }

  /// RFC 9110 §5.6.2.
  private static func isToken(_ word: ArraySlice<UInt8>) -> Bool {
    let marks = Array("!#$%&'*+-.^_`|~".utf8)
    return !word.isEmpty
      && word.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || marks.contains($0) }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
