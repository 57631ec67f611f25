import Glibc
import Primitives

/// The device under the desk: its program, its configuration, and what of it the bench must play.
struct DeskDevice {
  let program: String
  /// As the caller named it.
  let config: String
  let lines: SimulatorHost.Lines
  let server: NetworkHost
  let controlSocket: String
  private let text: ConfigurationText

  /// - Parameter godwit: nil takes the program that was built beside this one.
  init(config: String, godwit: String?) throws(BenchError) {
    guard let program = godwit ?? Path.sibling("godwit") else {
      throw BenchError(
        "godwit isn't beside godwit-bench", remedy: "build it, or name it with --godwit PATH",
        status: 2)
    }
    self.program = program
    self.config = config
    text = ConfigurationText(try Path.read(config))
    let folder = Path.folder(of: config)
    func needed(_ value: String?, _ what: String) throws(BenchError) -> String {
      guard let value else {
        throw BenchError(
          "\(config) has no \(what)", remedy: "take board/desk/godwit.conf as a pattern", status: 2)
      }
      return value
    }
    var lines = SimulatorHost.Lines(
      uart: Path.join(folder, try needed(text.value("modem", "uart"), "[modem] uart")),
      pins: Path.join(
        folder, try needed(text.deskPath("power-key"), "[modem] power-key = desk PATH")))
    if let baud = text.value("modem", "baud").flatMap({ Int($0) }), (300...4_000_000).contains(baud)
    {
      lines.baud = baud
    }
    self.lines = lines
    let url = try needed(text.value("server", "url"), "[server] url")
    guard let server = Self.host(ofURL: url) else {
      throw BenchError(
        "\(config): [server] url = \(url) names no server", remedy: "write coap://NAME/PATH",
        status: 2)
    }
    self.server = server
    controlSocket = Path.join(folder, text.value("control", "socket") ?? "control.sock")
    try Path.makeFolder(Path.folder(of: lines.uart))
  }

  /// The device's name in the configuration.
  var name: String { text.value("device", "name") ?? "desk" }

  /// The APN that the configuration names.
  var accessPoints: [[UInt8]] { text.value("network", "apn").map { [Array($0.utf8)] } ?? [] }

  /// The module that the configuration names.
  var module: String? { text.value("modem", "module") }

  /// Writes a copy with other values beside the device's state.
  ///
  /// - Parameter address: of the server, for a module that can't look its name up.
  /// - Returns: its path; that of the configuration itself where nothing differs.
  func derived(
    interval: String?, module: String?, address: IPv4Address? = nil
  ) throws(BenchError) -> String {
    if interval == nil, module == nil || module == self.module { return config }
    let state = Path.folder(of: lines.uart)
    guard let folder = Path.resolved(Path.folder(of: config)), let there = Path.resolved(state)
    else { throw .system("finding \(state)", remedy: "see that it can be read") }
    var copy = text.moved(seeing: Path.way(from: there, to: folder))
    if let interval { copy.set("report", "interval", interval) }
    if let module { copy.set("modem", "module", module) }
    if let address, let url = text.value("server", "url") {
      let name = String(decoding: server.bytes, as: UTF8.self)
      copy.set(
        "server", "url", url.replacing(name, with: String(decoding: address.bytes, as: UTF8.self)))
    }
    try Path.write(copy.text, to: state + "/desk.conf")
    return state + "/desk.conf"
  }

  /// What to type in another shell to add a reading, from this folder.
  func putCommand(config: String) -> String { "\(program) put garden=21.5 --config \(config)" }

  /// The host of `coap://HOST[:PORT]/…`.
  static func host(ofURL url: String) -> NetworkHost? {
    let bytes = Array(url.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].hasPrefix("://")
    else { return nil }
    let ends: Set<UInt8> = [UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "?")]
    return NetworkHost(Array(bytes[(colon + 3)...].prefix { !ends.contains($0) }))
  }
}
