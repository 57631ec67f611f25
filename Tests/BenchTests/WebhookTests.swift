import Glibc
import Primitives
import Testing

@testable import godwit_bench

@Suite("The webhook") struct WebhookTests {
  @Test(
    "is on this machine, or is refused",
    arguments: [
      ("http://127.0.0.1:8099/hook?a=b", "http://127.0.0.1:8099/hook?a=b"),
      ("http://localhost:8099", "http://127.0.0.1:8099/"),
      ("http://127.0.0.1", "http://127.0.0.1:80/"),
      ("https://127.0.0.1/hook", nil), ("http://192.0.2.1/hook", nil),
      ("http://127.0.0.1.evil.example/", nil), ("http://127.0.0.1@evil.example/", nil),
      ("http://127.0.0.1:0/", nil), ("http://127.0.0.1:99999/", nil),
      ("http://127.0.0.1:1:2/", nil),
      ("http://127.0.0.1/a b", nil), ("http://127.0.0.1/a\r\nX: y", nil), ("", nil),
    ])
  func address(text: String, wanted: String?) {
    #expect((try? WebhookAddress(text))?.text == wanted)
  }

  @Test("is called once for each piece of news, and a refusal is told") func calls() throws {
    let listener = Descriptor(try Loopback.listeningTCP(port: 0))
    let port = Loopback.port(of: listener.number)
    let client = WebhookClient(try WebhookAddress("http://127.0.0.1:\(port)/hook"))
    #expect(client.push(WebhookCall(method: "PATCH", body: Array("{}".utf8))))
    #expect(client.push(WebhookCall(method: "POST", body: Array("[]".utf8))))
    #expect(client.deadline == .start)
    let first = try Self.take(client, listener.number, answer: "HTTP/1.1 204 No Content\r\n\r\n")
    #expect(first.request.hasPrefix("PATCH /hook HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"))
    #expect(first.request.hasSuffix("Content-Length: 2\r\nConnection: close\r\n\r\n{}"))
    #expect(first.failures == [])
    let second = try Self.take(client, listener.number, answer: "HTTP/1.1 500 No\r\n\r\n")
    #expect(second.request.hasPrefix("POST /hook "))
    #expect(second.failures.map(\.text) == ["http://127.0.0.1:\(port)/hook answered 500"])
    #expect(client.deadline == nil)
  }

  @Test("nobody who listens, and nobody who answers, is told; the rest goes on") func dead() throws
  {
    let listener = Descriptor(try Loopback.listeningTCP(port: 0))
    let port = Loopback.port(of: listener.number)
    let client = WebhookClient(try WebhookAddress("http://127.0.0.1:\(port)/"))
    for _ in 0..<WebhookClient.queueLimit {
      #expect(client.push(WebhookCall(method: "POST", body: [])))
    }
    #expect(!client.push(WebhookCall(method: "POST", body: [])))
    #expect(client.serve(PollSet(), now: .start) == [])
    #expect(client.deadline == .start + WebhookClient.patience)
    let failures = client.serve(PollSet(), now: .start + WebhookClient.patience)
    #expect(failures.map(\.text) == ["http://127.0.0.1:\(port)/ didn't answer"])
    #expect(client.deadline == .start + WebhookClient.patience + WebhookClient.patience)
  }

  /// Lets one call through: what came, and what the client says of it.
  private static func take(
    _ client: WebhookClient, _ listener: Int32, answer: String
  ) throws -> (request: String, failures: [WebhookClient.Failure]) {
    var request: [UInt8] = []
    var failures: [WebhookClient.Failure] = []
    var peer: Peer?
    for now in 0..<100 as Range<Int64> {
      var set = PollSet()
      client.addInterest(to: &set)
      set.wait(until: .milliseconds(now + 5), now: .milliseconds(now))
      failures += client.serve(set, now: .milliseconds(now))
      if peer == nil { peer = Loopback.accept(listener).map { Peer($0) } }
      if case .bytes(let bytes) = peer?.descriptor.read(limit: 4096) { request += bytes }
      let text = String(decoding: request, as: UTF8.self)
      guard text.hasSuffix("\r\n\r\n{}") || text.hasSuffix("\r\n\r\n[]") else { continue }
      _ = peer?.descriptor.write(Array(answer.utf8))
      peer = nil
      set = PollSet()
      client.addInterest(to: &set)
      set.wait(until: .milliseconds(1000), now: .milliseconds(0))
      failures += client.serve(set, now: .milliseconds(now))
      return (text, failures)
    }
    throw Missing()
  }

  private struct Missing: Error {}

  private final class Peer {
    let descriptor: Descriptor
    init(_ number: Int32) { descriptor = Descriptor(number) }
  }
}
