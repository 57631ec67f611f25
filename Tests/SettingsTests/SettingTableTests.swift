import Primitives
import Settings
import Testing

/// One row for every key: what is taken, what is just outside, and what would do harm.
struct SettingRow: Sendable, CustomTestStringConvertible {
  let section: String
  let key: String
  let good: [String]
  let bad: [String]

  init(_ section: String, _ key: String, good: [String], bad: [String]) {
    self.section = section
    self.key = key
    self.good = good
    self.bad = bad
  }

  var testDescription: String { "[\(section)] \(key)" }

  /// A configuration with this setting, and what it goes only together with.
  func text(_ value: String) -> [UInt8] {
    let text = Sample.text(section, key, value)
    if section != "sms" || key != "commands" { return text }
    return Array(
      String(decoding: text, as: UTF8.self).replacing("[sms]\n", with: "[sms]\nlisten = on\n").utf8)
  }

  static let all: [SettingRow] = [
    SettingRow(
      "device", "name", good: ["a", "Meadow-7.b_c", String(repeating: "x", count: 32)],
      bad: [String(repeating: "x", count: 33), "-a", ".a", "a b", "a/b", "a&d=b"]),
    SettingRow("device", "set-clock", good: ["on", "off"], bad: ["yes", "ON", "1"]),
    SettingRow(
      "device", "suspend", good: ["none", "freeze", "mem"], bad: ["off", "disk", "standby"]),
    SettingRow(
      "device", "watchdog", good: ["/dev/watchdog", "/dev/watchdog0"],
      bad: ["/dev/", "a b", String(repeating: "p", count: 256)]),
    SettingRow(
      "modem", "module", good: ["quectel-bg95", "auto", "generic"],
      bad: ["bg95", "QUECTEL-BG95", "quectel-bg95 x"]),
    SettingRow(
      "modem", "uart", good: ["/dev/ttyS0", "state/modem", "/dev/serial/by-id/usb-Q_m:1.0-if00"],
      bad: ["/dev/", "a b", "~/modem", "$HOME", "/dev/tty*", String(repeating: "p", count: 256)]),
    SettingRow(
      "modem", "baud", good: ["9600", "921600"], bad: ["0", "115201", "-9600", "9600.0"]),
    SettingRow(
      "modem", "flow-control", good: ["none", "rts-cts"], bad: ["rts", "off", "xon-xoff"]),
    SettingRow(
      "modem", "power-key",
      good: ["gpiochip0 5", "gpiochip12\t1023 active-low", "desk state/pins"],
      bad: [
        "none", "gpiochip0", "gpiochip0 1024", "gpiochip0 -1", "gpiochip0 5 active-high", "5",
        "gpiochip 5", "gpiochip12345 5", "/dev/gpiochip0 5", "desk", "desk a b", "desk a;b",
      ]),
    SettingRow(
      "modem", "status",
      good: ["none", "gpiochip0 7", "gpiochip0 7 active-low", "desk state/pins"],
      bad: ["None", "none none", "gpiochip0 5 pull-up"]),
    SettingRow(
      "modem", "supply-cut", good: ["none", "gpiochip0 8", "gpiochip0 8 active-low"],
      bad: ["None", "desk state/pins", "gpiochip0"]),
    SettingRow("modem", "dtr", good: ["on", "off"], bad: ["yes", "wired", ""]),
    SettingRow(
      "network", "apn", good: ["em", "iot.1nce.net", String(repeating: "a", count: 63)],
      bad: [
        "em,", "em m", "em;AT", ".em", "em.", "a..b", "-em", "em-", "a.-b", "em_", "internet.gprs",
        "rac1", "LACa", "sgsn", "rncx", String(repeating: "a", count: 64),
        String(repeating: "a", count: 50) + "." + String(repeating: "a", count: 49),
      ]),
    SettingRow(
      "network", "authentication", good: ["none"], bad: ["PAP", "md5", "pap chap"]),
    SettingRow(
      "network", "user", good: [], bad: ["a\\22", "a b", String(repeating: "u", count: 65)]),
    SettingRow(
      "network", "password", good: [], bad: ["a\\22", "a b", String(repeating: "u", count: 65)]),
    SettingRow("network", "roaming", good: ["on", "off", "unchanged"], bad: ["1", "auto", "On"]),
    SettingRow(
      "network", "operator", good: ["auto", "26201", "310410"],
      bad: ["", "manual", "2620", "3104100", "26 201", "262O1"]),
    SettingRow(
      "network", "blocked-operators", good: ["26202", "26202 310410"],
      bad: ["auto", "26202,310410", "26202 26202", "262"]),
    SettingRow("network", "clear-forbidden", good: ["on", "off"], bad: ["once", "yes", ""]),
    SettingRow("network", "apn-fallback", good: ["on", "off"], bad: ["em", "1", ""]),
    SettingRow(
      "network", "rats", good: ["2g", "nb-iot lte-m", "lte-m nb-iot lte 3g 2g"],
      bad: ["", "4g", "2g 2g", "lte-m,2g", "lte-m nb-iot 2g 2g"]),
    SettingRow(
      "network", "dns", good: ["9.9.9.9", "9.9.9.9 1.1.1.1"],
      bad: ["9.9.9", "9.9.9.256", "9.9.9.09", "1.1.1.1 1.1.1.1", "1.1.1.1 2.2.2.2 3.3.3.3", "::1"]),
    SettingRow(
      "network", "private-addresses", good: ["on", "off"], bad: ["yes", "allowed", ""]),
    SettingRow("network", "psm", good: ["on", "off"], bad: ["yes", "1", ""]),
    SettingRow(
      "network", "periodic-tau", good: ["4s", "1h", "6h", "140h", "310h", "9920h", "21min"],
      bad: ["0s", "3s", "32h", "54min", "9921h", "6", "6 h", "6H", "-6h", "6.5h"]),
    SettingRow(
      "network", "active-time", good: ["0s", "2s", "62s", "31min", "186min"],
      bad: ["1s", "63s", "64s", "32min", "187min", "1d"]),
    SettingRow(
      "network", "edrx", good: ["unchanged", "off", "21s", "82s", "10486s"],
      bad: ["on", "5s", "20s", "10487s", "3h", "81.92s", "0101", ""]),
    SettingRow(
      "network", "rest", good: ["auto", "psm", "edrx", "radio-off", "power-off"],
      bad: ["off", "least", "PSM", "psm edrx", ""]),
    SettingRow("network", "limits", good: ["on", "off"], bad: ["", "yes", "4"]),
    SettingRow(
      "server", "url",
      good: [
        "coap://a", "coap://a/", "coap://10.0.0.1:1/r", "coap://collector.example:65535/a/b-c~d",
      ],
      bad: [
        "http://a/", "coaps://a/", "coap:/a", "coap://", "coap:///r", "coap://a:0/", "coap://a:/",
        "coap://a:65536/r", "coap://[::1]/r", "coap://u@a/r", "coap://a/r?x=1", "coap://a/r#x",
        "coap://a//r", "coap://a/r/", "coap://a/../r", "coap://a b/r", "coap://a_b/r",
        "coap://a/%22", "coap://-a/r", "coap://a/" + String(repeating: "p", count: 247),
      ]),
    SettingRow(
      "server", "pinned-address", good: ["", "192.0.2.10", "10.0.0.1"],
      bad: ["192.0.2", "192.0.2.256", "collector.example", "192.0.2.1 192.0.2.2", "::1"]),
    SettingRow(
      "report", "interval", good: ["1s", "15s", "5min", "31d", "744h"],
      bad: ["0s", "32d", "745h", "5", "5m", "99999999999999999999d", "s", "5min 5s", "١s"]),
    SettingRow("report", "readings", good: ["1", "1000"], bad: ["0", "1001", "-1", "1e2", "0x1"]),
    SettingRow(
      "report", "retry-after", good: ["1s", "5s 5s 7d", "1s 2s 3s 4s 5s 6s 7s 8s 9s 9s"],
      bad: ["", "0s", "8d", "5min 1min", "1s,2s", "1s 2s 3s 4s 5s 6s 7s 8s 9s 9s 9s"]),
    SettingRow("sms", "listen", good: ["on", "off"], bad: ["yes", "1", ""]),
    SettingRow("sms", "window", good: ["0s", "20s", "4min"], bad: ["5min", "20", "-1s", ""]),
    SettingRow(
      "sms", "window-interval", good: ["1min", "24h", "31d"], bad: ["59s", "32d", "0s", ""]),
    SettingRow(
      "sms", "trial-time", good: ["30min", "45min", "24h"], bad: ["29min", "19s", "25h", ""]),
    SettingRow("sms", "commands", good: ["on", "off"], bad: ["yes", "signed", ""]),
    SettingRow(
      "sms", "senders",
      good: ["12345678", "+491701234567 Console", "1 2 3 4 5 6 7 8"],
      bad: [
        "+", "49-170", "ABCDEFGHIJKL", "123456789012345678901", "1 2 3 4 5 6 7 8 9", "+491 00491",
        "49,50",
      ]),
    SettingRow(
      "sms", "answer-to", good: ["sender", "nobody", "12345678", "+491701234567"],
      bad: ["", "Console", "+", "123456789012345678901", "1 2"]),
    SettingRow(
      "store", "path", good: ["spool.db", "/var/lib/godwit/spool.db"],
      bad: ["", "/", "a\\b", "a'b", "file:a?mode=ro", "control.sock"]),
    SettingRow("store", "limit", good: ["100", "10000000"], bad: ["99", "10000001", "1k"]),
    SettingRow(
      "vault", "path", good: ["vault", "/var/lib/godwit/vault"], bad: ["/", "a b", "/var/"]),
    SettingRow(
      "control", "socket", good: ["c.sock", "/run/" + String(repeating: "c", count: 102)],
      bad: ["/run/" + String(repeating: "c", count: 103), "/run/", "spool.db"]),
    SettingRow(
      "log", "level", good: ["info", "debug"], bad: ["warn", "all", "2"]),
    SettingRow(
      "log", "trace", good: ["uart.txt", "/var/lib/godwit/uart.txt"],
      bad: ["/var/", "a b", "spool.db", "control.sock", String(repeating: "p", count: 256)]),
    SettingRow("sensor load", "file", good: ["/proc/uptime", "bme/t"], bad: ["", "/sys/", "a|b"]),
    SettingRow("sensor load", "field", good: ["1", "64"], bad: ["0", "65", "1.0", "first"]),
    SettingRow(
      "sensor load", "scale", good: ["1", "-0.001", "1e-3"],
      bad: ["0", "0.0", "nan", "inf", "1,5", "1/2", "1e19", "1234567890123456789"]),
    SettingRow("sensor load", "offset", good: ["0", "-273.15"], bad: ["NaN", "0x10", "1 2"]),
    SettingRow(
      "sensor load", "unit", good: ["Cel", "%RH", "m/s2", "1/min", "1234567890123456"],
      bad: ["12345678901234567", "deg C", "a\\b"]),
    SettingRow("sensor load", "interval", good: ["1s", "31d"], bad: ["0s", "32d", "60"]),
    SettingRow("sensor load", "minimum", good: ["-40", "0"], bad: ["low", "-", "--1"]),
    SettingRow("sensor load", "maximum", good: ["85", "1e6"], bad: ["high", "+", "1e"]),
    SettingRow("dialect coban", "enabled", good: ["no"], bad: ["on", "1", "Yes", ""]),
    SettingRow(
      "dialect coban", "senders", good: ["12345678", "+491701234567 Console"],
      bad: ["+", "ABCDEFGHIJKL", "1 2 3 4 5 6 7 8 9", "1 1"]),
    SettingRow(
      "dialect coban", "password", good: [],
      bad: ["123456", "742", "a b c", "7421#", "7421,1", String(repeating: "7", count: 51)]),
    SettingRow(
      "dialect coban", "accept-unauthenticated", good: ["yes", "no"], bad: ["on", "true", ""]),
  ]

  /// What would end a quoted string, a command line or a text, tried on every key.
  static let injections = [
    "a\"b", "a\",\"b", "a\rb", "a\u{1A}b", "a\u{1B}b", "a\0b", "a;b", "a;AT+QPOWD", "é", "a\u{7F}",
    "\u{FEFF}a", "ａ",
  ]
}

@Suite("Every setting") struct SettingTableTests {
  @Test("has a row in this table, and no row is of a setting that isn't there") func complete() {
    var keys: [String] = []
    for setting in SettingTable.all { keys.append("\(setting.section.name) \(setting.key)") }
    let rows = SettingRow.all.map { "\($0.section.split(separator: " ")[0]) \($0.key)" }
    #expect(rows == keys)
  }

  @Test("takes its good values", arguments: SettingRow.all) func good(row: SettingRow) throws {
    for value in row.good {
      let text = row.text(value)
      #expect(throws: Never.self, "\(row.key) = \(value)") {
        _ = try ConfigurationParser.parse(text)
      }
    }
  }

  @Test("refuses bad values, naming line, key and value", arguments: SettingRow.all)
  func bad(row: SettingRow) {
    for value in row.bad { expectRefusal(row, value, naming: value) }
  }

  @Test("refuses what would end a string, a line or a text", arguments: SettingRow.all)
  func injections(row: SettingRow) {
    for value in SettingRow.injections { expectRefusal(row, value, naming: nil) }
  }

  @Test("prints back what it read", arguments: SettingRow.all) func printed(row: SettingRow) throws
  {
    for value in row.good {
      let read = try ConfigurationParser.parse(row.text(value))
      #expect(try ConfigurationParser.parse(read.text) == read, "\(row.key) = \(value)")
    }
  }

  private func expectRefusal(_ row: SettingRow, _ value: String, naming shown: String?) {
    let text = row.text(value)
    do throws(ConfigurationError) {
      _ = try ConfigurationParser.parse(text)
      Issue.record("\(row.key) = \(value.debugDescription) was taken")
    } catch {
      let problem = error.problems[0]
      #expect(error.problems.count == 1, "\(error.lines(file: Array("f")))")
      #expect(problem.line == Sample.line(of: row.key, in: text))
      guard let shown, row.key != "password" else { return }
      #expect(String(decoding: problem.key, as: UTF8.self) == row.key)
      let whole = shown.utf8.prefix(ConfigurationProblem.valueLimit)
      #expect(problem.value == Array(whole), "\(row.key) = \(value)")
    }
  }
}
