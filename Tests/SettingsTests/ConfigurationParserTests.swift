import Primitives
import Settings
import Testing

@Suite("Reading a configuration") struct ConfigurationParserTests {
  @Test("fills in every preset") func presets() throws {
    let read = try ConfigurationParser.parse(Sample.minimal)
    #expect(read.device.name.bytes == Array("meadow-7"))
    #expect(read.modem.baud == 115_200)
    #expect(read.modem.flowControl == .none)
    #expect(read.modem.status == nil)
    #expect(read.modem.powerKey == (try PinSource(Array("gpiochip0 5"))))
    #expect(read.network.radioAccess == [.lteM, .nbIoT, .lte, .umts, .gsm])
    #expect(read.network.roaming == .on)
    #expect(read.network.nameServers == [])
    #expect(read.network.isPowerSavingWanted)
    #expect(read.network.periodicTAU == .seconds(21_600))
    #expect(read.network.activeTime == .seconds(2))
    #expect(read.server.url.host == .name(HostName(Array("collector.example"))!))
    #expect(read.server.url.port == 5683)
    #expect(read.server.url.path == [Array("r")])
    #expect(read.report.interval == .seconds(900))
    #expect(read.report.readings == 60)
    let minutes: [Int64] = [1, 5, 15, 30, 60, 120, 240, 480, 720, 1440]
    #expect(read.report.retryAfter == minutes.map { .seconds($0 * 60) })
    #expect(read.store.path.bytes == Array("spool.db"))
    #expect(read.store.limit == 100_000)
    #expect(read.control.socket.bytes == Array("control.sock"))
    #expect(read.log.level == .info)
    #expect(read.sensors.count == 1)
    #expect(read.sensors[0].name.bytes == Array("load"))
    #expect(read.sensors[0].field == 1)
    #expect(read.sensors[0].scale == DecimalNumber(1))
    #expect(read.interval(of: read.sensors[0]) == .seconds(900))
  }

  @Test("takes CR LF, tabs, comments, a byte order mark and no line end at the end") func forms()
    throws
  {
    let plain = String(decoding: Sample.minimal, as: UTF8.self)
    let lines = plain.split(separator: "\n").map(String.init)
    let variants = [
      lines.joined(separator: "\r\n") + "\r\n",
      lines.joined(separator: "\n"),
      "\u{FEFF}# héllo \u{7}\n" + lines.joined(separator: "\n;x = y\n\t# z\n \n"),
      lines.joined(separator: " \t\n \t").replacing(" = ", with: "="),
      lines.joined(separator: "\n").replacing("[sensor load]", with: "[ sensor\t load ]"),
    ]
    let expected = try ConfigurationParser.parse(Sample.minimal)
    for variant in variants {
      #expect(try ConfigurationParser.parse(Array(variant.utf8)) == expected, "\(variant)")
    }
  }

  @Test(
    "says what is wrong and what to do",
    arguments: [
      (
        "apn = e\"m",
        "[network] apn = e\"m: '\"' at position 2 isn't allowed; use letters, digits, '-' and '.' only"
      ),
      (
        "apn = \"em\"",
        "[network] apn = \"em\": stands in quotes, which would become part of the value; take the quotes away"
      ),
      (
        "apn = em # mine",
        "[network] apn = em # mine: has a comment behind the value; put the comment on a line of its own"
      ),
      (
        "apn = em;x",
        "[network] apn = em;x: ';' at position 3 isn't allowed; use letters, digits, '-' and '.' only"
      ),
      (
        "apn = \u{1A}",
        "[network] apn: byte 0x1A at position 7 of the line has no place in a text file; take it out; save the file as plain text"
      ),
      ("apn =", "[network] apn: the value is empty; write a value, or put '#' before the line"),
      (
        "roaming = onn",
        "[network] roaming = onn: isn't one of the known words; write on, if that was meant; it can be on, off or unchanged"
      ),
      ("psm = yes", "[network] psm = yes: isn't one of the known words; write on or off"),
      (
        "periodic-tau = 54min",
        "[network] periodic-tau = 54min: is a time that the network's timer can't be set to; write 50min or 1h"
      ),
      (
        "periodic-tau = 1w",
        "[network] periodic-tau = 1w: isn't a time; write a whole number and s, min, h or d, like 15s, 5min, 6h or 2d"
      ),
      ("active-time = 4h", "[network] active-time = 4h: is out of range; write 0s to 186min"),
      ("rats = lte-m lte-m", "[network] rats = lte-m lte-m: lists 'lte-m' twice; name each once"),
      (
        "dns = 8.8.8",
        "[network] dns = 8.8.8: '8.8.8' isn't an IPv4 address; write four numbers, like 9.9.9.9"
      ),
      ("aptn = em", "[network] aptn: there is no such key; did you mean apn?"),
      (
        "frequency = 1",
        "[network] frequency: there is no such key; take it out; `godwit help configuration` lists them all"
      ),
      ("uart = /dev/ttyS0", "[network] uart: the key isn't of this section; move it to [modem]"),
      (
        "authentication = pap",
        "[network] authentication = pap: there is no user to authenticate; add a line like: user = meadow"
      ),
      (
        "user = x",
        "[network] authentication = none: there are a user or a password, but no authentication; write pap or chap, or take user and password out"
      ),
      (
        "password = hunter2;",
        "[network] password: ';' at position 8 isn't allowed; use visible ASCII without '\"', ';' and '\\' only"
      ),
      (
        "just words",
        "the line is neither KEY = VALUE nor [SECTION] nor a comment; write KEY = VALUE, or '#' in front of a comment"
      ),
      (
        "= em",
        "the line is neither KEY = VALUE nor [SECTION] nor a comment; write KEY = VALUE, or '#' in front of a comment"
      ),
      ("[netwrok]", "[netwrok]: there is no such section; did you mean [network]?"),
      (
        "[alarm]",
        "[alarm]: there is no such section; write one of device, modem, network, server, report, sms, store, vault, control, log, sensor or dialect"
      ),
      (
        "[log",
        "the section's name doesn't end in ']'; write it like [device] or [sensor load], nothing behind it"
      ),
      (
        "[log] # x",
        "the section's name doesn't end in ']'; write it like [device] or [sensor load], nothing behind it"
      ),
      (
        "[log main]", "[log main]: this section takes no name; write the word alone in the brackets"
      ),
      ("[sensor]\nfile = a", "[sensor]: the sensor has no name; write it like [sensor load]"),
      (
        "[sensor a\"b]\nfile = a",
        "[sensor a\"b]: '\"' at position 2 isn't allowed; use letters, digits, '-', ':', '.', '/' and '_' only"
      ),
      (
        "[sensor godwit/x]\nfile = a",
        "[sensor godwit/x]: begins with godwit/, as only the device's own readings do; choose another name"
      ),
      ("[sensor x]", "[sensor x] file: is missing; add a line like: file = /proc/loadavg"),
      (
        "[sensor x]\nfile = a\nminimum = 2\nmaximum = 1.5",
        "[sensor x] minimum = 2: is above maximum; write a smaller number, or a larger maximum"
      ),
    ])
  func wording(line: String, expected: String) {
    // An apn of the test's own, so that the row's is the only one.
    var text = String(decoding: Sample.minimal, as: UTF8.self).replacing("apn = em\n", with: "")
    let hasAPN = line.hasPrefix("apn ") || line.hasPrefix("apn=")
    text = text.replacing(
      "[network]\n", with: "[network]\n" + (hasAPN ? "" : "apn = em\n") + line + "\n")
    let lines = problems(text)
    #expect(lines.count == 1)
    let place = lines.first?.prefix { $0 != " " } ?? ""
    #expect(lines.first == "\(place) \(expected)")
  }

  @Test("names file and line") func place() {
    let text = String(decoding: Sample.minimal, as: UTF8.self).replacing("= em", with: "= e m")
    #expect(problems(text).first?.hasPrefix("d/godwit.conf:8: [network] apn = e m: ") == true)
  }

  @Test("tells of everything that is missing, at its section's line where there is one")
  func missing() {
    #expect(
      problems("[modem]\nuart = x\nmodule = quectel-bg95\n[network]") == [
        "d/godwit.conf:1: [modem] power-key: is missing; add a line like: power-key = gpiochip0 5",
        "d/godwit.conf:4: [network] apn: is missing; add a line like: apn = em",
        "d/godwit.conf: [device]: the section is missing; add it, with name",
        "d/godwit.conf: [server]: the section is missing; add it, with url",
      ])
    #expect(problems("").count == 4)
    #expect(problems("apn = em").first?.contains("stands before the first section") == true)
  }

  @Test("refuses a key or a section that comes twice, naming the first") func twice() {
    let text = String(decoding: Sample.minimal, as: UTF8.self)
    #expect(
      problems(text + "field = 2\nfield = 2\n[sensor load]\nfile = b\n[device]\nname = x\n") == [
        "d/godwit.conf:14: [sensor load] field: was set on line 13 already; keep one of the two",
        "d/godwit.conf:15: [sensor load]: began on line 11 already; move its lines there, or choose another name for a sensor",
        "d/godwit.conf:17: [device]: began on line 1 already; move its lines there, or choose another name for a sensor",
        "d/godwit.conf:18: [device] name: was set on line 2 already; keep one of the two",
      ])
  }

  @Test("passes over the lines of an unknown section") func unknownSection() {
    let text = String(decoding: Sample.minimal, as: UTF8.self)
    #expect(problems(text + "[alarm]\napn = x\nlevel = 1\n").count == 1)
  }

  @Test("stops at its limits and says so") func limits() {
    let text = String(decoding: Sample.minimal, as: UTF8.self)
    let padding = String(repeating: "x", count: ConfigurationParser.lineLimit)
    #expect(problems(text + "#" + padding.dropLast() + "\n").isEmpty)
    #expect(
      problems(text + "#" + padding + "\n") == [
        "d/godwit.conf:13: the line has 513 bytes; use at most 512"
      ])
    #expect(problems(text + "unit = " + padding).count == 1)

    let comment = String(repeating: "#\n", count: (65_536 - text.utf8.count) / 2)
    let full = text + comment + (text.utf8.count % 2 == 0 ? "" : "#")
    #expect(full.utf8.count == ConfigurationParser.fileLimit)
    #expect(problems(full).isEmpty)
    #expect(
      problems(full + "\n") == [
        "d/godwit.conf: has 65537 bytes; use at most 65536; is it the right file?"
      ])

    var sensors = text
    for number in 2...32 { sensors += "[sensor s\(number)]\nfile = f\n" }
    #expect(problems(sensors).isEmpty)
    sensors += "[sensor s33]\nfile = f\n[sensor s34]\nfile = f\n"
    #expect(problems(sensors).count == 1)
    #expect(problems(sensors).first?.contains("[sensor s33]: has more than 32 sensors") == true)
  }

  @Test("tells twenty problems at once and counts the rest") func manyProblems() {
    var text = String(decoding: Sample.minimal, as: UTF8.self)
    for _ in 0..<23 { text += "what\n" }
    let lines = problems(text)
    #expect(lines.count == 21)
    #expect(lines[19].hasPrefix("d/godwit.conf:32: "))
    #expect(lines[20] == "d/godwit.conf: 3 more; mend these first")
  }

  @Test("takes short trials of settings only where the network is a simulated one")
  func shortTrials() {
    let text = String(decoding: Sample.minimal, as: UTF8.self) + "[sms]\ntrial-time = 20s\n"
    #expect(
      problems(text) == [
        "d/godwit.conf:14: [sms] trial-time = 20s: is too short for three attempts with every identity of a SIM; write 30min or more, or limits = off for a simulated network"
      ])
    #expect(problems(text.replacing("apn = em", with: "apn = em\nlimits = off")).isEmpty)
  }

  @Test("refuses pairs that don't go together") func pairs() {
    #expect(
      problems(Sample.text("modem", "status", "gpiochip0 5 active-low")).first?
        .contains("is the same line as power-key") == true)
    let text = String(decoding: Sample.minimal, as: UTF8.self)
    let psm = text.replacing("apn = em", with: "apn = em\nactive-time = 1min\nperiodic-tau = 1min")
    #expect(problems(psm).first?.contains("active-time = 1min: isn't shorter") == true)
    #expect(problems(psm.replacing("apn = em", with: "apn = em\npsm = off")).isEmpty)
    #expect(
      problems(text + "[store]\npath = a\n[control]\nsocket = a\n").first?
        .contains(":16: [control] socket = a: ") == true)
  }

  @Test("refuses commands and dialects where no SMS are taken") func deaf() {
    let text = String(decoding: Sample.minimal, as: UTF8.self)
    let dialect = "[dialect coban]\nenabled = yes\nsenders = 1\npassword = 74213\n"
    let why = "no SMS are taken from the modem, so that no command comes in"
    let remedy = "add a line to [sms]: listen = on"
    #expect(
      problems(text + dialect) == [
        "d/godwit.conf:13: [dialect coban] enabled = yes: \(why); \(remedy)"
      ])
    #expect(
      problems(dialect + text + "[sms]\nlisten = off\ncommands = on\n") == [
        "d/godwit.conf:1: [dialect coban] enabled = yes: \(why); \(remedy)",
        "d/godwit.conf:19: [sms] commands = on: \(why); \(remedy)",
      ])
    #expect(problems(text + "[sms]\nlisten = on\ncommands = on\n" + dialect).isEmpty)
    #expect(problems(text + dialect.replacing("yes", with: "no")).isEmpty)
  }

  @Test("refuses dialects that can't be told apart") func dialects() {
    let text = String(decoding: Sample.minimal, as: UTF8.self) + "[sms]\nlisten = on\n"
    func section(_ name: String, _ senders: String) -> String {
      "[dialect \(name)]\nenabled = yes\nsenders = \(senders)\npassword = 74213\n"
    }
    let pairs = [
      ("concox", "elinz"), ("concox", "reachfar"), ("reachfar", "elinz"), ("coban", "elinz"),
      ("teltonika", "bitrek"),
    ]
    for (one, other) in pairs {
      let first = text + section(one, "12345678")
      #expect(
        problems(first + section(other, "7 0012345678")) == [
          "d/godwit.conf:21: [dialect \(other)] senders = 7 0012345678: [dialect \(one)] has one of these senders too, and some texts are of both; give each dialect numbers of its own"
        ])
      #expect(problems(first + section(other, "12345679")).isEmpty)
      let off = section(other, "12345678").replacing("yes", with: "no")
      #expect(problems(first + off).isEmpty)
    }
    #expect(problems(text + section("coban", "1") + section("concox", "1")).isEmpty)
    #expect(
      problems(text + "[dialect coban]\nenabled = yes\n") == [
        "d/godwit.conf:16: [dialect coban] enabled = yes: there are no senders from whom its texts are taken; add a line like: senders = 12345678",
        "d/godwit.conf:16: [dialect coban] enabled = yes: there is no password, so that no text would be obeyed; add a password, or accept-unauthenticated = yes",
      ])
    #expect(problems(text + "[dialect obd]\n").first?.contains("write teltonika, ruptela") == true)
    #expect(
      problems(text + section("coban", "1").replacing("74213", with: "123456")) == [
        "d/godwit.conf:18: [dialect coban] password: is the vendor's own, which everybody knows; choose another; texts with the vendor's need accept-unauthenticated = yes"
      ])
  }

  @Test("never shows a password") func secret() throws {
    let text = String(decoding: Sample.minimal, as: UTF8.self).replacing(
      "apn = em",
      with: "apn = em\nauthentication = chap\nuser = u\npassword = p@ss#1")
    let read = try ConfigurationParser.parse(Array(text.utf8))
    #expect(read.network.password?.bytes == Array("p@ss#1"))
    let printed = String(decoding: read.text, as: UTF8.self)
    #expect(!printed.contains("p@ss"))
    #expect(printed.contains("# password = (set, not shown)\n"))
    for slip in ["pasword = p@ss", "password p@ss", "password = p@ss;", "password = p@ss\u{1}"] {
      let lines = problems(text.replacing("password = p@ss#1", with: slip))
      #expect(lines.count == 1)
      #expect(!lines[0].contains("p@ss"), "\(lines)")
    }
  }

  @Test("survives random bytes, each seed") func noise() {
    let alphabet = Array("[]=#; \t\r\n\"-ademnoprsu0159\u{0}\u{1A}é".utf8)
    for seed: UInt64 in 0..<300 {
      var random = SeededRandom(seed: seed)
      var text = Sample.minimal
      for _ in 0..<20 {
        let position = Int(random.next(below: UInt64(text.count)))
        text[position] = alphabet[Int(random.next(below: UInt64(alphabet.count)))]
      }
      do throws(ConfigurationError) {
        let read = try ConfigurationParser.parse(text)
        let again = try? ConfigurationParser.parse(read.text)
        #expect(again == read, "seed \(seed)")
      } catch {
        #expect(!error.problems.isEmpty, "seed \(seed)")
      }
    }
  }

  private func problems(_ text: String) -> [String] { problems(Array(text.utf8)) }

  private func problems(_ text: [UInt8]) -> [String] {
    do throws(ConfigurationError) {
      _ = try ConfigurationParser.parse(text)
      return []
    } catch {
      return error.lines(file: Array("d/godwit.conf"))
    }
  }
}
