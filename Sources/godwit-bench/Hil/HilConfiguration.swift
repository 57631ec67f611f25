import Primitives

/// hil.conf: how the bench reaches a real board. Commands are run by `/bin/sh -c`.
struct HilConfiguration: Equatable, Sendable {
  /// A serial adapter of the bench.
  struct Serial: Equatable, Sendable {
    var path: String
    var baud: Int
  }

  /// What is at the other end of the board's modem UART.
  enum Modem: Equatable, Sendable {
    /// The simulated modem, on the bench's adapter that is wired there.
    case adapter(Serial)
    /// The module itself. The bench is the server then.
    case real(Server)
  }

  /// Where the bench waits for reports over the real network.
  struct Server: Equatable, Sendable {
    var address: IPv4Address
    var port: UInt16
  }

  /// What gives the board its power, or resets it; the board boots once the command has ended.
  var reset: String
  /// What takes the board's power away.
  var powerOff: String?
  /// From the reset to the first answer of the board's shell, at most.
  var bootLimit: Duration
  /// A root shell of the board: through it configuration and feed get there.
  var shell: Serial?
  /// Given to that shell, it ends godwit, so that its store can be removed.
  var stop: String
  /// Given to that shell, it makes godwit read its configuration anew.
  var restart: String
  /// Given to that shell, it prints godwit's log as it grows.
  var log: String?
  /// Given to that shell with a time such as 1970-01-01T00:00:00 behind it, it sets the clock.
  var clock: String?
  /// Whether the board's kernel may be suspended.
  var suspends: Bool
  var modem: Modem
  /// A reader of the pins: it prints `power-key 1` and `power-key 0` at each change, with the time
  /// in microseconds behind it where it can tell, and takes `status 1`, `status 0`, `ring 1` and
  /// `ring 0` on its standard input.
  var pins: String?
  var drivesStatus: Bool
  /// What godwit.conf on this board says of its modem's wires, the network and its own files.
  var wiring: GuestPlan.Wiring
  /// Where godwit.conf is on the board.
  var path: String

  /// What the board can do for a scenario.
  var abilities: Set<HilNeed> {
    var abilities: Set<HilNeed> = []
    switch modem {
    case .adapter: abilities.insert(.simulatedModem)
    case .real: abilities.insert(.realModem)
    }
    if pins != nil { abilities.insert(.pinReader) }
    if pins != nil && drivesStatus { abilities.insert(.statusLine) }
    if powerOff != nil { abilities.insert(.powerCut) }
    if shell != nil { abilities.insert(.image) }
    if shell != nil && clock != nil { abilities.insert(.clock) }
    // The log tells of each suspend.
    if shell != nil && log != nil && suspends { abilities.insert(.suspend) }
    return abilities
  }

  /// Every key, with whether it must be there and what it may hold.
  static let keys = ownKeys + networkKeys

  private static let ownKeys: [HilKey] = [
    HilKey("board", "reset", "a command that gives the board its power", isRequired: true),
    HilKey("board", "power-off", "a command that takes it away"),
    HilKey("board", "boot-limit", "a duration such as 90s or 3min"),
    HilKey("board", "shell", "a serial adapter with a root shell, such as /dev/ttyUSB1"),
    HilKey("board", "shell-baud", bauds),
    HilKey("board", "stop", "a command for that shell that ends godwit"),
    HilKey("board", "restart", "a command for that shell that restarts godwit"),
    HilKey("board", "log", "a command for that shell that follows godwit's log"),
    HilKey("board", "clock", "a command for that shell that sets the clock, such as date -u -s"),
    HilKey("board", "suspends", "yes or no"),
    HilKey(
      "modem", "adapter", "the serial adapter at the modem's UART, or real = \(modules) instead",
      isRequired: true, doesntGoWith: "real"),
    HilKey("modem", "real", modules),
    HilKey("modem", "baud", bauds),
    HilKey("pins", "command", "a command that reads and drives the pins"),
    HilKey("pins", "drives-status", "yes or no", doesntGoWith: "real"),
    HilKey("server", "address", "an IPv4 address of this machine", doesntGoWith: "adapter"),
    HilKey("server", "port", "a UDP port, 1 to 65535", isRequired: true, doesntGoWith: "adapter"),
    HilKey(
      "server", "url",
      "what leads there from the network, as in godwit.conf: coap://HOST:PORT/PATH",
      isRequired: true, doesntGoWith: "adapter"),
    HilKey("guest", "uart", "the board's name of the modem's UART, such as /dev/ttyS1"),
    HilKey("guest", "power-key", "as in godwit.conf, such as gpiochip0 5"),
    HilKey("guest", "status", "as in godwit.conf, such as gpiochip0 6"),
    HilKey("guest", "configuration", "the path of godwit.conf on the board"),
    HilKey("guest", "store", "the path of godwit's store on the board"),
    HilKey("guest", "control", "the path of godwit's control socket on the board"),
  ]
  /// As in godwit.conf; psm is the scenarios'.
  private static let networkKeys = [
    "apn", "authentication", "user", "password", "roaming", "rats", "dns",
  ].map {
    HilKey(
      "network", $0, "as in godwit.conf", isRequired: $0 == "apn", doesntGoWith: "adapter")
  }
  private static let modules = "quectel-bg95"
  private static let bauds =
    "one of " + SerialPort.speeds.map { "\($0.baud)" }.joined(separator: ", ")

  init(text: String) throws(HilConfigurationError) {
    let values = try HilConfigurationText(text)
    reset = try values.required("board", "reset")
    powerOff = values["board", "power-off"]
    bootLimit =
      try values.checked("board", "boot-limit", HilConfiguration.duration) ?? .seconds(180)
    let shellBaud = try values.checked("board", "shell-baud", HilConfiguration.baud) ?? 115_200
    shell = values["board", "shell"].map { Serial(path: $0, baud: shellBaud) }
    restart = values["board", "restart"] ?? "systemctl restart godwit"
    stop = values["board", "stop"] ?? "systemctl stop godwit"
    log = values["board", "log"]
    clock = values["board", "clock"]
    suspends = try values.checked("board", "suspends", HilConfiguration.flag) ?? false
    wiring = GuestPlan.Wiring()
    wiring.baud = try values.checked("modem", "baud", HilConfiguration.baud) ?? 115_200
    if let module = try values.checked("modem", "real", { $0 == Self.modules ? $0 : nil }) {
      try values.checkNoneExcluded(by: "real")
      modem = .real(try Self.server(values))
      wiring.module = module
      wiring.url = try values.required("server", "url")
      _ = try values.required("network", "apn")
      wiring.network = Self.networkKeys.compactMap { key in
        values["network", key.name].map { "\(key.name) = \($0)" }
      }
    } else {
      modem = .adapter(Serial(path: try values.required("modem", "adapter"), baud: wiring.baud))
      try values.checkNoneExcluded(by: "adapter")
    }
    pins = values["pins", "command"]
    drivesStatus = try values.checked("pins", "drives-status", HilConfiguration.flag) ?? false
    wiring.uart = values["guest", "uart"] ?? wiring.uart
    wiring.powerKey = values["guest", "power-key"] ?? wiring.powerKey
    wiring.status = values["guest", "status"] ?? wiring.status
    wiring.store = values["guest", "store"] ?? wiring.store
    wiring.control = values["guest", "control"] ?? wiring.control
    path = values["guest", "configuration"] ?? GuestPlan.configurationPath
  }

  private static func server(
    _ values: HilConfigurationText
  ) throws(HilConfigurationError) -> Server {
    _ = try values.required("server", "port")
    let port = try values.checked("server", "port") { UInt16($0).flatMap { $0 > 0 ? $0 : nil } }
    let address = try values.checked("server", "address") { IPv4Address(Array($0.utf8)) }
    return Server(address: address ?? IPv4Address(0, 0, 0, 0), port: port ?? 0)
  }

  /// - Throws: with the file's name, the line and the key.
  init(file path: String) throws(BenchError) {
    let text = try Path.read(path)
    do {
      self = try HilConfiguration(text: text)
    } catch {
      throw BenchError("\(path): \(error.description)", remedy: error.remedy, status: 2)
    }
  }

  private static func baud(_ text: String) -> Int? {
    Int(text).flatMap { baud in SerialPort.speeds.contains { $0.baud == baud } ? baud : nil }
  }

  private static func flag(_ text: String) -> Bool? {
    text == "yes" ? true : text == "no" ? false : nil
  }

  /// Seconds or minutes, up to an hour.
  private static func duration(_ text: String) -> Duration? {
    let units: [(String, Int)] = [("min", 60), ("s", 1)]
    for (unit, seconds) in units where text.hasSuffix(unit) {
      guard let count = Int(text.dropLast(unit.count)), count > 0, count * seconds <= 3600 else {
        return nil
      }
      return .seconds(count * seconds)
    }
    return nil
  }
}

/// One key of hil.conf.
struct HilKey: Equatable, Sendable {
  let section: String
  let name: String
  let expects: String
  let isRequired: Bool
  /// The key of [modem] beside which it means nothing, or does harm.
  let rival: String?

  init(
    _ section: String, _ name: String, _ expects: String, isRequired: Bool = false,
    doesntGoWith rival: String? = nil
  ) {
    self.rival = rival
    self.section = section
    self.name = name
    self.expects = expects
    self.isRequired = isRequired
  }
}

/// Why a hil.conf was refused. Lines are counted from 1.
enum HilConfigurationError: Error, Equatable, CustomStringConvertible {
  case notASetting(line: Int)
  case unknownSection(line: Int, name: String)
  case unknownKey(line: Int, section: String, key: String)
  case repeated(line: Int, key: String)
  case empty(line: Int, key: String)
  case badValue(line: Int, key: HilKey, value: String)
  case excluded(line: Int, key: HilKey, by: String)
  case missing(HilKey)

  var description: String {
    switch self {
    case .notASetting(let line): "line \(line) is neither [section] nor key = value"
    case .unknownSection(let line, let name): "line \(line): there is no section [\(name)]"
    case .unknownKey(let line, let section, let key):
      "line \(line): there is no key \(key) in [\(section)]"
    case .repeated(let line, let key): "line \(line): \(key) is there twice"
    case .empty(let line, let key): "line \(line): \(key) has no value"
    case .badValue(let line, let key, let value):
      "line \(line): [\(key.section)] \(key.name) = \(value)"
    case .excluded(let line, let key, let rival):
      "line \(line): [\(key.section)] \(key.name) doesn't go with [modem] \(rival)"
    case .missing(let key): "[\(key.section)] \(key.name) is missing"
    }
  }

  var remedy: String {
    let sections = HilConfiguration.keys.map(\.section)
    switch self {
    case .notASetting, .unknownSection:
      let names = sections.enumerated().filter { sections.firstIndex(of: $0.element) == $0.offset }
      return "the sections are " + names.map { "[\($0.element)]" }.joined(separator: " ")
    case .unknownKey(_, let section, _):
      let names = HilConfiguration.keys.filter { $0.section == section }.map(\.name)
      return "the keys of [\(section)] are \(names.joined(separator: ", "))"
    case .repeated, .excluded: return "leave one of them out"
    case .empty: return "give it one, or leave it out"
    case .badValue(_, let key, _), .missing(let key): return "give \(key.expects)"
    }
  }
}

/// A hil.conf's lines, with every key known.
private struct HilConfigurationText {
  private struct Value {
    let line: Int
    let key: HilKey
    let text: String
  }

  private var values: [Value] = []

  init(_ text: String) throws(HilConfigurationError) {
    var section = ""
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, raw) in lines.enumerated() {
      let line = Self.trimmed(raw)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("["), line.hasSuffix("]") {
        section = String(line.dropFirst().dropLast())
        guard HilConfiguration.keys.contains(where: { $0.section == section }) else {
          throw .unknownSection(line: index + 1, name: section)
        }
      } else {
        values.append(try value(line, section: section, at: index + 1))
      }
    }
  }

  subscript(section: String, name: String) -> String? { find(section, name)?.text }

  func required(_ section: String, _ name: String) throws(HilConfigurationError) -> String {
    if let value = find(section, name) { return value.text }
    let key = HilConfiguration.keys.first { $0.section == section && $0.name == name }
    throw .missing(key ?? HilKey(section, name, "a value"))
  }

  func checked<T>(
    _ section: String, _ name: String, _ parse: (String) -> T?
  ) throws(HilConfigurationError) -> T? {
    guard let value = find(section, name) else { return nil }
    if let parsed = parse(value.text) { return parsed }
    throw .badValue(line: value.line, key: value.key, value: value.text)
  }

  func checkNoneExcluded(by rival: String) throws(HilConfigurationError) {
    for value in values where value.key.rival == rival {
      throw .excluded(line: value.line, key: value.key, by: rival)
    }
  }

  private func find(_ section: String, _ name: String) -> Value? {
    values.first { $0.key.section == section && $0.key.name == name }
  }

  private func value(
    _ text: String, section: String, at line: Int
  ) throws(HilConfigurationError) -> Value {
    guard let sign = text.firstIndex(of: "="), !section.isEmpty else {
      throw .notASetting(line: line)
    }
    let name = Self.trimmed(text[..<sign])
    let value = Self.trimmed(text[text.index(after: sign)...])
    guard
      let key = HilConfiguration.keys.first(where: { $0.section == section && $0.name == name })
    else { throw .unknownKey(line: line, section: section, key: name) }
    guard find(section, name) == nil else { throw .repeated(line: line, key: name) }
    guard !value.isEmpty else { throw .empty(line: line, key: name) }
    return Value(line: line, key: key, text: value)
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let rest = text.drop { $0 == " " || $0 == "\t" }
    let end = rest.lastIndex { $0 != " " && $0 != "\t" && $0 != "\r" }
    return end.map { String(rest[...$0]) } ?? ""
  }
}
