import Primitives
import Testing

@testable import godwit_bench

@Suite("A request over HTTP") struct HTTPRequestTests {
  private static let post =
    "POST /api/v1/x?page=2 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length:  5 \r\nX-A:\r\n\r\nhello"

  @Test("is read whatever the sizes of the reads are") func split() throws {
    let bytes = Array(Self.post.utf8)
    let wanted = HTTPRequest(
      method: "POST", path: "/api/v1/x",
      fields: [
        .init(name: "host", value: "127.0.0.1"), .init(name: "content-length", value: "5"),
        .init(name: "x-a", value: ""),
      ], body: Array("hello".utf8))
    for size in [1, 2, 3, 7, 64, bytes.count] {
      var reader = HTTPRequestReader()
      var outcome = HTTPRequestReader.Outcome.incomplete
      for start in stride(from: 0, to: bytes.count, by: size) {
        #expect(outcome == .incomplete)
        outcome = reader.push(Array(bytes[start..<min(bytes.count, start + size)]))
      }
      #expect(outcome == .request(wanted), "reads of \(size)")
    }
  }

  @Test("what follows it is ignored") func pipelined() {
    #expect(Self.status(Self.post + Self.post) == 200)
  }

  @Test("a caller that waits before its body is told to go on, once") func waits() {
    var reader = HTTPRequestReader()
    let head =
      "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    #expect(reader.push(Array(head.utf8)) == .wantsContinue)
    #expect(reader.push(Array("ab".utf8)) == .incomplete)
    guard case .request(let request) = reader.push(Array("c".utf8)) else {
      Issue.record("the body is there")
      return
    }
    #expect(request.body == Array("abc".utf8))
  }

  @Test(
    "what isn't exactly of the grammar is refused",
    arguments: [
      ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 200),
      ("GET / HTTP/1.0\r\nHost: x\r\n\r\n", 200),
      ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
      ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
      ("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
      ("G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
      ("GET /\u{7F} HTTP/1.1\r\nHost: x\r\n\r\n", 400),
      ("GET / HTTP/1.1\nHost: x\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: x\r\rA: b\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
      ("GET / HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
      (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        411
      ),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16385\r\n\r\n", 413),
    ])
  func grammar(text: String, status: Int) { #expect(Self.status(text) == status) }

  @Test("every part of it has a limit") func limits() {
    func get(_ path: Int, fields: [String] = []) -> String {
      "GET /" + String(repeating: "a", count: path) + " HTTP/1.1\r\nHost: x\r\n"
        + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }
    let line = HTTPRequestReader.lineLimit - "GET / HTTP/1.1\r".utf8.count + 1
    #expect(Self.status(get(line)) == 200)
    #expect(Self.status(get(line + 1)) == 414)
    #expect(Self.status(String(repeating: "a", count: HTTPRequestReader.lineLimit)) == nil)
    #expect(Self.status(String(repeating: "a", count: HTTPRequestReader.lineLimit + 1)) == 414)
    let most = HTTPRequestReader.fieldLimit - 1
    #expect(Self.status(get(1, fields: (0..<most).map { "a\($0): b" })) == 200)
    #expect(Self.status(get(1, fields: (0...most).map { "a\($0): b" })) == 431)
    let long = "a: " + String(repeating: "b", count: HTTPRequestReader.headLimit)
    #expect(Self.status(get(1, fields: [long])) == 431)
    #expect(Self.status("GET / HTTP/1.1\r\n" + long) == 431)
  }

  @Test("random bytes are never taken") func noise() {
    for seed in 0..<50 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var reader = HTTPRequestReader()
      for _ in 0..<8 {
        let bytes = (0..<800).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        if case .request = reader.push(bytes) { Issue.record("seed \(seed)") }
      }
    }
  }

  /// 200 for a request that is taken; nil while it isn't whole.
  private static func status(_ text: String) -> Int? {
    var reader = HTTPRequestReader()
    return switch reader.push(Array(text.utf8)) {
    case .incomplete, .wantsContinue: nil
    case .request: 200
    case .refused(let response): response.status
    }
  }
}
