import ModemSimulator
import Primitives
import Testing

@testable import godwit_bench

/// What isn't covered here: the sockets (HTTPServerTests, WebhookTests) and the whole chain with curl
/// (end-to-end/test_sms.py).
@Suite("The SMS centre") struct MessageCentreTests {
  private static let sms = "/api/v1/endpoint/1/sms"
  private static let utc = UTC(year: 2026, month: 11, day: 23, hour: 12)!

  /// A centre with a token, and a network that does as it is told.
  private struct Bench {
    var centre = MessageCentre(
      endpoint: CentreEndpoint(name: "desk"), origin: "http://127.0.0.1:8025",
      applicationToken: "desk", seed: 1)
    var undelivered: [[UInt8]] = []
    var canBePaged = true
    var isOldestOnAir = false
    var seconds: Int64 = 0
    var token = ""
    var said: [String] = []
    var calls: [WebhookCall] = []

    init() throws { try authenticate() }

    mutating func authenticate() throws {
      let answer = ask("POST", "/api/v1/authenticate", #"{"application_token":"desk"}"#)
      let parts = String(decoding: answer.body, as: UTF8.self).split(separator: "\"")
      #expect(answer.status == 200)
      token = String(try #require(parts.count == 5 ? parts[3] : nil))
    }

    var moment: MessageCentre.Moment {
      MessageCentre.Moment(
        now: .milliseconds(seconds * 1000), utc: MessageCentreTests.utc + .seconds(seconds))
    }

    private var network: MessageCentre.NetworkView {
      MessageCentre.NetworkView(
        undelivered: undelivered, isOldestOnAir: isOldestOnAir, canBePaged: canBePaged)
    }

    mutating func ask(
      _ method: String, _ path: String, _ body: String = "", fields: [HTTPRequest.Field]? = nil
    ) -> HTTPResponse {
      let bearer = HTTPRequest.Field(name: "authorization", value: "Bearer \(token)")
      let request = HTTPRequest(
        method: method, path: path, fields: fields ?? [bearer], body: Array(body.utf8))
      let (response, effects) = centre.answer(request, network: network, at: moment)
      take(effects)
      return response
    }

    /// Sends a text; its number.
    mutating func send(_ text: String, more: String = "") -> String {
      let body = #"{"source_address":12345689,"payload":"\#(text)"\#(more)}"#
      let answer = ask("POST", MessageCentreTests.sms, body)
      #expect(answer.status == 201)
      return String(answer.location?.split(separator: "/").last ?? "")
    }

    mutating func look() { take(centre.look(network, at: moment)) }

    mutating func status(_ id: String) -> String {
      let answer = ask("GET", "\(MessageCentreTests.sms)/\(id)")
      let text = String(decoding: answer.body, as: UTF8.self)
      let parts = text.split(separator: #""status":{"id":"#)
      return parts.count == 2 ? String(parts[1].prefix { $0 != "}" }) : "\(answer.status)"
    }

    mutating func take(_ effects: [MessageCentre.Effect]) {
      for effect in effects {
        switch effect {
        case .offer(let tpdu): undelivered.append(tpdu)
        case .withdraw(let tpdu):
          if let place = undelivered.lastIndex(of: tpdu) { undelivered.remove(at: place) }
        case .call(let call): calls.append(call)
        case .said(let text): said.append(text)
        }
      }
    }
  }

  @Test("a message goes to the network, and is delivered once the module has it") func delivered()
    throws
  {
    var bench = try Bench()
    bench.canBePaged = false
    let id = bench.send("This is the message text")
    #expect(bench.undelivered.count == 1)
    #expect(bench.status(id) == #"3,"description":"BUFFERED""#)
    bench.canBePaged = true
    #expect(bench.status(id) == #"2,"description":"IN PROGRESS""#)
    bench.undelivered = []
    bench.seconds = 7
    bench.look()
    #expect(bench.status(id) == #"4,"description":"DELIVERED""#)
    #expect(
      bench.said == [
        "message \(id) to the device from 12345689: taken",
        "message \(id) to the device: delivered",
      ])
    let receipt =
      #"{"id":\#(id),"submit_date":"2026-11-23T12:00:00.000+0000","#
      + #""final_date":"2026-11-23T12:00:07.000+0000","organisation":{"id":1,"name":"desk"},"#
      + #""endpoint":{"id":1,"name":"desk"},"status":{"id":4,"description":"DELIVERED"}}"#
    #expect(bench.calls == [WebhookCall(method: "PATCH", body: Array(receipt.utf8))])
  }

  @Test("of messages that are alike, the oldest is delivered first") func alike() throws {
    var bench = try Bench()
    let ids = (0..<3).map { _ in bench.send("again") }
    bench.undelivered.removeFirst()
    bench.look()
    #expect(ids.map { bench.status($0).contains("DELIVERED") } == [true, false, false])
    #expect(bench.ask("DELETE", "\(Self.sms)/\(ids[1])").status == 204)
    #expect(bench.undelivered.count == 1)
    bench.undelivered = []
    bench.look()
    #expect(ids.map { bench.status($0).contains("DELIVERED") } == [true, false, true])
  }

  @Test("a long one is delivered with the last of its parts") func parts() throws {
    var bench = try Bench()
    let id = bench.send(String(repeating: "a", count: 161))
    #expect(bench.undelivered.count == 2)
    bench.undelivered.removeFirst()
    bench.look()
    #expect(bench.status(id).contains("IN PROGRESS"))
    bench.undelivered = []
    bench.look()
    #expect(bench.status(id).contains("DELIVERED"))
    #expect(bench.calls.count == 1)
  }

  @Test("what waits can be cancelled, once; what is on its way or through can't") func cancelled()
    throws
  {
    var bench = try Bench()
    let (first, second) = (bench.send("one"), bench.send("two"))
    bench.isOldestOnAir = true
    #expect(bench.ask("DELETE", "\(Self.sms)/\(first)").status == 409)
    #expect(bench.ask("DELETE", "\(Self.sms)/\(second)").status == 204)
    #expect(bench.status(second).contains("CANCELED"))
    #expect(bench.ask("DELETE", "\(Self.sms)/\(second)").status == 409)
    bench.isOldestOnAir = false
    bench.undelivered = []
    #expect(bench.ask("DELETE", "\(Self.sms)/\(first)").status == 409)
    #expect(bench.status(first).contains("DELIVERED"))
    #expect(bench.ask("DELETE", "\(Self.sms)/1").status == 404)
    #expect(bench.ask("DELETE", "\(Self.sms)/x").status == 404)
  }

  @Test("one that nobody takes in time expires, and is taken back") func expired() throws {
    var bench = try Bench()
    bench.canBePaged = false
    let day = bench.send("one")
    let minute = bench.send("two", more: #","expiry_date":"2026-11-23T12:01:00.000+0000""#)
    #expect(bench.centre.nextExpiry == Self.utc + .seconds(60))
    bench.seconds = 59
    #expect(bench.status(minute).contains("BUFFERED"))
    bench.seconds = 60
    #expect(bench.status(minute).contains("EXPIRED"))
    #expect(bench.undelivered.count == 1)
    bench.seconds = 86_399
    try bench.authenticate()
    #expect(bench.status(day).contains("BUFFERED"))
    bench.seconds = 86_400
    #expect(bench.status(day).contains("EXPIRED"))
    #expect(bench.undelivered.isEmpty)
    #expect(bench.centre.nextExpiry == nil)
  }

  @Test("a token holds for 240 minutes, and nothing works without") func tokens() throws {
    var bench = try Bench()
    let wrong = bench.ask("POST", "/api/v1/authenticate", #"{"application_token":"no"}"#)
    #expect(wrong.status == 401)
    for value in ["", "Bearer", "Bearer x", "Basic \(bench.token)", "Bearer \(bench.token)x"] {
      let field = HTTPRequest.Field(name: "authorization", value: value)
      #expect(bench.ask("GET", Self.sms, fields: [field]).status == 401, "\(value)")
    }
    #expect(bench.ask("GET", Self.sms, fields: []).status == 401)
    bench.seconds = 240 * 60 - 1
    #expect(bench.ask("GET", Self.sms).status == 200)
    bench.seconds = 240 * 60
    #expect(bench.ask("GET", Self.sms).status == 401)
  }

  @Test(
    "a body that isn't what it should be is refused, and nothing is sent",
    arguments: [
      "", "{", "[]", "null", #"{"source_address":12345689}"#, #"{"payload":"x"}"#,
      #"{"source_address":"","payload":"x"}"#, #"{"source_address":-1,"payload":"x"}"#,
      #"{"source_address":1.5,"payload":"x"}"#, #"{"source_address":"123456789012","payload":7}"#,
      #"{"source_address":"123456789012345678901","payload":"x"}"#,
      #"{"source_address":"A name of 12","payload":"x"}"#,
      #"{"source_address":"漢","payload":"x"}"#,
      #"{"source_address":1,"payload":"x","dcs":4}"#,
      #"{"source_address":1,"payload":"x","udh":"00"}"#,
      #"{"source_address":1,"payload":"x","expiry_date":"tomorrow"}"#,
      #"{"source_address":1,"payload":"x","expiry_date":"2026-11-23T12:00:00Z"}"#,
      #"{"source_address":1,"payload":"\#(String(repeating: "a", count: 1531))"}"#,
      #"{"source_address":1,"payload":"\#(String(repeating: "ж", count: 671))"}"#,
      String(repeating: "[", count: 16_000), String(repeating: #"{"a":"#, count: 3000),
    ])
  func refused(body: String) throws {
    var bench = try Bench()
    let answer = bench.ask("POST", Self.sms, body)
    #expect(answer.status == 400)
    #expect(answer.body.starts(with: Array(#"{"error_code":400,"#.utf8)))
    #expect(bench.undelivered.isEmpty && bench.said.isEmpty)
  }

  @Test(
    "an unknown path is 404, a known one with another method 405",
    arguments: [
      ("GET", "/", 404), ("GET", "/api/v1/authenticate", 405),
      ("PUT", "/api/v1/endpoint/1/sms", 405),
      ("POST", "/api/v1/endpoint/1/sms/1", 405), ("GET", "/api/v1/endpoint/2/sms", 404),
      ("GET", "/api/v1/endpoint/1/sms/1", 404), ("GET", "/api/v1/endpoint/1/sms/", 404),
      ("GET", "/api/v1/endpoint/1/sms/1/2", 404), ("GET", "/api/v1/endpoint/01x/sms", 404),
      ("GET", "/api/v1/endpoint/1/data", 404), ("GET", "/api/v2/endpoint/1/sms", 404),
    ])
  func paths(method: String, path: String, status: Int) throws {
    var bench = try Bench()
    #expect(bench.ask(method, path).status == status)
  }

  @Test("takes no more than the network keeps, and forgets the oldest that are through")
  func limits() throws {
    var bench = try Bench()
    for _ in 0..<MessageCentre.partLimit { _ = bench.send("x") }
    let body = #"{"source_address":1,"payload":"x"}"#
    #expect(bench.ask("POST", Self.sms, body).status == 503)
    for _ in 0..<4 {
      bench.undelivered = []
      bench.look()
      for _ in 0..<MessageCentre.partLimit { _ = bench.send("x") }
    }
    #expect(bench.centre.messages.count == MessageCentre.messageLimit)
    #expect(bench.centre.waitingCount == MessageCentre.partLimit)
  }

  @Test(
    "a message from the device goes to the webhook where its number has 8 digits at most",
    arguments: [("12345689", true), ("+491701234567", false), ("123456789", false)])
  func fromDevice(number: String, isCalled: Bool) throws {
    var bench = try Bench()
    // SMS-SUBMIT without validity, "ok" in the default alphabet.
    let digits = Array(number.utf8.filter { $0 != UInt8(ascii: "+") })
    var octets: [UInt8] = []
    for place in stride(from: 0, to: digits.count, by: 2) {
      let high = place + 1 < digits.count ? digits[place + 1] & 15 : 15
      octets.append(high << 4 | digits[place] & 15)
    }
    let type: UInt8 = number.hasPrefix("+") ? 0x91 : 0x81
    let tpdu = [1, 0, UInt8(digits.count), type] + octets + [0, 0, 2, 0xEF, 0x35]
    bench.take(bench.centre.submitted(tpdu, at: bench.moment))
    #expect(bench.said == ["message 46638644 from the device to \(number): ok"])
    #expect(bench.calls.map(\.method) == (isCalled ? ["POST"] : []))
    let list = String(decoding: bench.ask("GET", Self.sms).body, as: UTF8.self)
    #expect(list.contains(#""payload":"ok""#) && list.contains(#""description":"MO""#))
    bench.take(bench.centre.submitted([1, 0], at: bench.moment))
    #expect(bench.said.last == "a message from the device can't be read")
  }
}
