import AT
import Link
import Modems
import Primitives
import Settings
import Testing

@testable import godwit

/// What somebody might write, or be talked into writing, in a configuration.
@Suite("AT injection through the configuration") struct InjectionTests {
  /// Quotes, line ends, separators, escapes, control characters, other alphabets, and too much.
  private static let hostile: [[UInt8]] =
    [
      "\"", "\"\"", "\",\"x", "\";+CFUN=0;\"", "\"\rAT+CFUN=0\r", "\r", "\r\n", "\nAT+CFUN=0",
      "\r\nAT+CFUN=0\r\n", ";", ";+CFUN=0", "\";", "\\", "\\22", "\\\"", "\\r", ",", "=", "?", "&F",
      "+++", "AT+CFUN=0", "'", "`reboot`", "$(reboot)", "%22", "%s%n", "> ", "\u{8}\u{8}\u{8}",
      "\u{1A}", "\u{1B}", "\u{7F}", "\t", "ü", "\u{202E}", "中文", "\u{FEFF}",
    ].map { Array($0.utf8) }
    + [
      [0], [0, 0x41], [0x80], [0xFF, 0xFE], [0xC3], [UInt8](repeating: 0x61, count: 400),
      [UInt8](repeating: 0x61, count: 600), [UInt8](repeating: 0x22, count: 200),
    ]

  @Test(
    "is refused with a message, or harmless in every line of every profile",
    arguments: SettingTable.all.map { "\($0.section.name) \($0.key)" })
  func everySetting(place: String) throws {
    let setting = try #require(
      SettingTable.all.first { "\($0.section.name) \($0.key)" == place })
    let usual = Array(setting.example)
    var refused = 0
    for text in Self.hostile {
      let middle = usual.prefix(usual.count / 2) + text + usual.suffix(from: usual.count / 2)
      for value in [text, text + usual, usual + text, Array(middle)] {
        if try !isTaken(value, by: setting) { refused += 1 }
      }
    }
    // A quote is taken by no setting at all, so this can't pass by taking everything.
    #expect(refused > 4)
  }

  private func isTaken(_ value: [UInt8], by setting: Setting) throws -> Bool {
    let read: Configuration
    do throws(ConfigurationError) {
      read = try ConfigurationParser.parse(Self.configuration(setting, value))
    } catch {
      let messages = error.lines(file: Array("f".utf8))
      #expect(!messages.isEmpty && messages.allSatisfy { Self.isOneHarmlessLine($0) })
      return false
    }
    guard let plan = DevicePlan(read) else {
      Issue.record("no plan for \(setting.key) = \(value.printable)")
      return true
    }
    for profile in ModuleProfile.all {
      let lines = CommandLines.of(profile, plan.link.network, plan.agent.target)
      let usual = CommandLines.of(profile, try Self.benign(setting).network, Self.target)
      #expect(lines.count >= 10)
      for line in lines {
        #expect(line.isHarmless, "\(profile.name): \(line.bytes.printable)")
        // Without its quoted texts, such a line is one that the profile also sends elsewhere.
        #expect(
          usual.contains { $0.skeleton == line.skeleton } || setting.isNumeric,
          "\(profile.name): \(line.bytes.printable)")
      }
    }
    return true
  }

  @Test("is seen by this test's own eyes") func detector() {
    for text in [
      "AT+X=\"a\";+CFUN=0;+Y=\"", "AT+X=\"a\r\"", "AT+X=\"a;b\"", "AT+X=\"\\22\"", "AT+X=\"\u{0}\"",
    ] {
      #expect(!SentLine(bytes: Array(text.utf8)).isHarmless, "\(text)")
    }
    #expect(SentLine(bytes: Array("AT+X=\"a\",1;+Y?".utf8)).isHarmless)
    #expect(
      SentLine(bytes: Array("AT+X=\"a\",12;+Y?".utf8)).skeleton
        == SentLine(bytes: Array("AT+X=\"bcd\",7;+Y?".utf8)).skeleton)
    #expect(
      SentLine(bytes: Array("AT+X=\"a\";+Y?".utf8)).skeleton
        != SentLine(bytes: Array("AT+X=\"a\";+Z?".utf8)).skeleton)
  }

  private static let target = LinkTarget(
    host: .name(HostName(Array("collector.example".utf8))!), port: 5683, transport: .udp)

  private static func isOneHarmlessLine(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// The settings of the network with a value that anybody might write.
  private static func benign(_ setting: Setting) throws -> (network: Modems.NetworkSettings, Bool) {
    let read = try ConfigurationParser.parse(configuration(setting, Array(setting.example)))
    return (try #require(DevicePlan(read)?.link.network), true)
  }

  /// All that is required, credentials, and the setting with that value.
  private static func configuration(_ setting: Setting, _ value: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for section in SettingSection.allCases {
      text += Array("[".utf8) + Array(section.name)
      text += Array((section == .sensor ? " load]\n" : "]\n").utf8)
      for one in SettingTable.settings(of: section) {
        let isIt = one.section == setting.section && "\(one.key)" == "\(setting.key)"
        let isCredential = ["authentication", "user", "password"].contains("\(one.key)")
        guard isIt || one.presence.isRequired || isCredential else { continue }
        text += Array(one.key) + Array(" = ".utf8) + (isIt ? value : Array(one.example))
        text += Array("\n".utf8)
      }
    }
    return text
  }
}

/// Every command line that a profile builds from a configuration's values.
private enum CommandLines {
  static func of(
    _ profile: ModuleProfile, _ network: Modems.NetworkSettings, _ target: LinkTarget
  ) -> [SentLine] {
    var exchanges = profile.wake + [profile.echoOff, profile.sim] + profile.identity
    for setting in profile.settings {
      exchanges.append(setting.read)
      if setting.isWanted(network) { exchanges += setting.writes(network) }
    }
    exchanges += profile.registrationReads + [profile.clock, profile.context.query]
    exchanges += profile.context.activate(network)
    exchanges += profile.context.activateAtLength?(network) ?? []
    if let deactivate = profile.context.deactivate { exchanges.append(deactivate) }
    for count in 0...2 {
      let servers = Array(network.dnsServers.prefix(count))
      if let exchange = profile.context.setServers(servers) { exchanges.append(exchange) }
    }
    exchanges += [profile.radioOff, profile.radioOn, profile.powerOff]
    if let socket = profile.socket { exchanges += lines(of: socket, target) }
    return exchanges.map { SentLine(bytes: $0.line.bytes) }
  }

  private static func lines(of socket: SocketCommands, _ target: LinkTarget) -> [Exchange] {
    var exchanges: [Exchange] = []
    var progress = SocketProgress()
    // With what a module may have said, and without; no opening takes ten steps.
    for number in [nil, 3] as [Int?] {
      for address in [nil, IPv4Address(192, 0, 2, 1)] {
        progress = SocketProgress()
        (progress.number, progress.address, progress.available) = (number, address, 5)
        for step in 0..<10 {
          progress.step = step
          if case .run(let exchange) = socket.open(target, progress) {
            exchanges.append(exchange)
          }
        }
        exchanges.append(socket.send(Array("\";+CFUN=0\r".utf8), target, progress))
        exchanges.append(socket.read(progress))
        if let close = socket.close(progress) { exchanges.append(close) }
      }
    }
    return exchanges
  }
}

/// A command line as a module reads it.
private struct SentLine {
  let bytes: [UInt8]

  /// One line of printable ASCII whose quotes close, and nothing in them that some module takes
  /// for an escape or a separator (V.250 §5.4.2.2).
  var isHarmless: Bool {
    var isInside = false
    for byte in bytes {
      guard (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") else { return false }
      if byte == UInt8(ascii: "\"") { isInside.toggle() }
      if isInside, byte == UInt8(ascii: ";") { return false }
    }
    return !isInside && bytes.hasPrefix("AT") && bytes.count <= CommandLine.limit
  }

  /// The line without what stands in quotes, and with one digit for each number.
  var skeleton: [UInt8] {
    var text: [UInt8] = []
    var isInside = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isInside.toggle() }
      if isInside, byte != UInt8(ascii: "\"") { continue }
      if byte.isASCIIDigit, text.last == UInt8(ascii: "0") { continue }
      text.append(byte.isASCIIDigit ? UInt8(ascii: "0") : byte)
    }
    return text
  }
}

extension SettingPresence {
  fileprivate var isRequired: Bool {
    if case .required = self { true } else { false }
  }
}

extension Setting {
  /// Whether its value chooses between lines, rather than standing in one: it is no text.
  fileprivate var isNumeric: Bool {
    ["rats", "psm", "roaming", "dns", "authentication", "url"].contains("\(key)")
  }
}
