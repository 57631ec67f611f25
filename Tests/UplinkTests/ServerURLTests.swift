import Primitives
import Testing
import Uplink

@Suite("Server URLs") struct ServerURLTests {
  @Test(
    "are taken apart as RFC 7252 §6.4 says",
    arguments: [
      ("coap://collector.example:5683/r", "collector.example", 5683, ["r"]),
      ("coap://127.0.0.1", "127.0.0.1", 5683, []), ("coap://h/", "h", 5683, []),
      ("coap://h:/a", "h", 5683, ["a"]), ("COAP://H.Example:1/a/b", "h.example", 1, ["a", "b"]),
      ("coap://h:65535/a//b/", "h", 65_535, ["a", "", "b", ""]),
      ("coap://h/~sensors/temp%20x%2Fy;v=1", "h", 5683, ["~sensors", "temp x/y;v=1"]),
      ("coap://h/@:!$&'()*+,;=-._~", "h", 5683, ["@:!$&'()*+,;=-._~"]),
    ] as [(String, String, UInt16, [String])])
  func parts(text: String, host: String, port: UInt16, path: [String]) throws {
    let url = try ServerURL(Array(text.utf8))
    #expect(url.scheme == .coap)
    #expect(String(decoding: url.host.bytes, as: UTF8.self) == host)
    #expect(url.port == port)
    #expect(url.path == path.map { Array($0.utf8) })
  }

  @Test(
    "are refused with the reason",
    arguments: [
      ("", .noScheme), ("collector.example", .noScheme), ("coap:/h", .noScheme),
      ("h:5683/r", .noScheme), ("coaps://h/r", .unsupportedScheme),
      ("mqtt://h/r", .unsupportedScheme), ("://h", .unsupportedScheme),
      ("coap://", .badHost), ("coap:///r", .badHost), ("coap://-h/r", .badHost),
      ("coap://h h/r", .badHost), ("coap://1.2.3.4.5/r", .badHost), ("coap://300.1.1.1", .badHost),
      ("coap://[::1]/r", .ipv6), ("coap://u@h/r", .userInformation),
      ("coap://h:0/r", .badPort), ("coap://h:65536/r", .badPort), ("coap://h:x/r", .badPort),
      ("coap://h:1:2/r", .badPort), ("coap://h:-1/r", .badPort), ("coap://h/a b", .badPath),
      ("coap://h/%", .badPath), ("coap://h/%2", .badPath), ("coap://h/%zz", .badPath),
      ("coap://h/a/../b", .badPath), ("coap://h/%2e", .badPath), ("coap://h/\"", .badPath),
      ("coap://h/ä", .badPath), ("coap://h/a?b=1", .queryOrFragment),
      ("coap://h#a", .queryOrFragment), ("coap://h?a", .queryOrFragment),
    ] as [(String, ServerURLError)])
  func refused(text: String, error: ServerURLError) {
    #expect(throws: error) { try ServerURL(Array(text.utf8)) }
  }

  @Test("limits hold: segment and whole") func limits() throws {
    let longest = String(repeating: "a", count: ServerURL.segmentLimit)
    #expect(try ServerURL(Array("coap://h/\(longest)".utf8)).path == [Array(longest.utf8)])
    #expect(throws: ServerURLError.badPath) { try ServerURL(Array("coap://h/\(longest)a".utf8)) }
    let many = "coap://h/" + String(repeating: "a/", count: 300)
    #expect(throws: ServerURLError.tooLong(bytes: 609)) { try ServerURL(Array(many.utf8)) }
  }
}
