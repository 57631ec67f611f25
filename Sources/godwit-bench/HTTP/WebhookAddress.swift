import Primitives

/// Where the centre's news go: a server of this machine alone.
struct WebhookAddress: Equatable, Sendable {
  let port: UInt16
  /// With its query.
  let path: String

  /// Reads `http://127.0.0.1[:PORT][/PATH]`; `localhost` is the same host.
  init(_ text: String) throws(BenchError) {
    let wrong = BenchError.usage(
      "--webhook \(text): write http://127.0.0.1:PORT/PATH; the desk calls this machine alone")
    guard text.hasPrefix("http://"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw wrong
    }
    let rest = text.dropFirst("http://".count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let path = rest.dropFirst(authority.count)
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts[0] == "127.0.0.1" || parts[0] == "localhost",
      path.isEmpty || path.hasPrefix("/"), !path.contains("#")
    else { throw wrong }
    guard let port = parts.count == 2 ? UInt16(parts[1]) : 80, port > 0 else { throw wrong }
    self.port = port
    self.path = path.isEmpty ? "/" : String(path)
  }

  var text: String { "http://127.0.0.1:\(port)\(path)" }
}
