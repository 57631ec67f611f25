import Primitives

/// A parser of what comes from outside, with what is fed to it.
enum FuzzTarget: String, CaseIterable, Sendable {
  /// The AT engine: what a modem sends, in any cuts, during an exchange of any kind.
  case engine
  /// `godwit explain`'s reader of logs.
  case log
  case settings
  case senml
  case coap
  /// Messages as a modem hands them over, in either direction.
  case pdu
  /// Commands by SMS: none may pass that wasn't signed.
  case signed
  /// Forged, truncated, replayed and reordered commands, against the rules and the counter.
  case forged
  /// Commands by SMS in other makers' words.
  case dialect
  /// Files with a device's key.
  case key
  /// Answers of a name server.
  case dns

  /// Longest case, in bytes: above each parser's own limits where that is cheap.
  private static let limit = 16_384
  /// A little more than the digits of the longest PDU: whatever is longer is refused unread.
  private static let pduLimit = 360

  var input: FuzzInput {
    FuzzInput(
      samples: samples.map { Array($0.utf8) } + binarySamples,
      tokens: tokens.map { Array($0.utf8) },
      limit: [.pdu, .dialect, .forged].contains(self) ? Self.pduLimit : Self.limit)
  }

  /// Feeds one case to the parser.
  ///
  /// - Parameter choice: decides whatever the case itself doesn't.
  /// - Returns: what is wrong with what came of it; nil for nothing.
  func feed(_ bytes: [UInt8], choice: inout SeededRandom) -> String? {
    switch self {
    case .engine: EngineFuzz.feed(bytes, &choice)
    case .log: TextFuzz.log(bytes)
    case .settings: TextFuzz.settings(bytes)
    case .senml: TextFuzz.senml(bytes)
    case .coap: TextFuzz.coap(bytes)
    case .pdu: MessageFuzz.pdu(bytes, &choice)
    case .signed: MessageFuzz.signed(bytes)
    case .forged: ForgedFuzz.feed(bytes, &choice)
    case .dialect: DialectFuzz.feed(bytes, &choice)
    case .key: MessageFuzz.key(bytes)
    case .dns: DNSFuzz.feed(bytes, &choice)
    }
  }

  /// What a case is made of, where cases of a parser are of several kinds.
  ///
  /// - Parameter choice: as `feed` gets it.
  func kind(_ choice: SeededRandom) -> String? {
    guard self == .forged else { return nil }
    var choice = choice
    return ForgedFuzz.kind(&choice)?.rawValue ?? "true"
  }

  private var samples: [String] {
    switch self {
    case .engine, .log:
      [
        "\r\nOK\r\n", "AT+CEREG?\r\r\n+CEREG: 4,5,\"0A1B\",\"01234567\",7\r\n\r\nOK\r\n",
        "+QIRD: 11,\"192.0.2.1\",5683\r\nhello world\r\nOK\r\n", "\r\n+CME ERROR: 10\r\n",
        "\r\n> \r\nSEND OK\r\n", "\r\nCONNECT\r\nhello--EOF--Pattern--\r\nOK\r\n",
        "+USORF: 0,\"192.0.2.1\",5683,5,\"he\"lo\"\r\nOK\r\n", "\r\n@\r\nOK\r\n",
        "\r\nRDY\r\n\r\nAPP RDY\r\n", "\r\nPOWERED DOWN", "0\r4\r", "+CMTI: \"ME\",1\r\n",
        "> AT+CGPADDR=1\\r\n< \\r\\n+CGPADDR: 1,\"10.1.2.3\"\\r\\n\\r\\nOK\\r\\n\n= 300\n# x\n",
        "+COPS: (2,\"A\",\"B\",\"90143\",9),,(0-4),(0-2)\r\n",
        "+CCLK: \"26/11/22,22:28:47+04\"\r\n",
        "+CPSMS: 1,,,\"01001110\",\"00000101\"\r\n", "+CEDRXRDP: 4,\"0010\",\"0010\",\"0011\"\r\n",
        "+QENG: \"servingcell\",\"NOCONN\",\"eMTC\",\"FDD\",901,43\r\n", "+CPIN: SIM PIN\r\n",
        "+CMGL: 1,\"REC READ\",\"+44123\",,\"26/11/22,22:28:47+04\"\r\nhi\r\n", "^SISR: 0,1\r\n",
      ]
    case .settings:
      [
        """
        [device]\nname = meadow-7\n[modem]\nmodule = quectel-bg95\nuart = /dev/ttyS0
        power-key = gpiochip0 5 active-low\nstatus = desk pins\n[network]\napn = em\nrats = lte-m 2g
        dns = 9.9.9.9 1.1.1.1\npsm = on\nperiodic-tau = 6h\nactive-time = 2s
        [server]\nurl = coap://collector.example:5683/r
        [report]\ninterval = 5min\nretry-after = 1min 5min\n[store]\npath = s.db\nlimit = 100000
        [control]\nsocket = c.sock\n[log]\nlevel = debug\ntrace = t.txt
        [sensor load]\nfile = /proc/loadavg\nfield = 1\nscale = 0.001\nminimum = -1e3\nunit = Cel

        """,
        "[sensor x]\nfile = a\n", "# a comment\n; another\n\n", "[network]\npassword = p\n",
      ]
    case .senml:
      [
        "[{\"bn\":\"tank:\",\"bt\":1800000000.5,\"bu\":\"Cel\",\"n\":\"top\",\"v\":20.5}]",
        "[{\"n\":\"a\",\"v\":-1e-3,\"t\":-60},{\"n\":\"b\",\"v\":0.30000000000000004,\"bver\":5}]",
        ",{\"n\":\"c\",\"v\":1E2,\"u\":\"%RH\",\"x\":[1,{\"y\":null}]}]",
        "[{\"n\":\"\\u0061\\uD83D\\uDE00\",\"bv\":9223372036854775807,\"v\":1}]",
      ]
    case .pdu: MessageFuzz.pdus
    case .dialect: DialectFuzz.texts.map { $0.text }
    case .key: MessageFuzz.keys
    case .coap, .signed, .forged, .dns: []
    }
  }

  private var binarySamples: [[UInt8]] {
    switch self {
    case .coap: Self.coapSamples
    case .signed, .forged: MessageFuzz.commands
    case .dns: DNSFuzz.answers
    case .engine, .log, .settings, .senml, .pdu, .dialect, .key: []
    }
  }

  /// An answer with options, a separate one, an empty one, extended option lengths (RFC 7252 §3).
  private static var coapSamples: [[UInt8]] {
    [
      [0x64, 0x44, 0x12, 0x34, 1, 2, 3, 4], [0x60, 0x00, 0x12, 0x34],
      [0x44, 0xA3, 0x12, 0x34, 1, 2, 3, 4, 0xD1, 0x01, 0x3C, 0xFF, 0x62, 0x75, 0x73, 0x79],
      [0x48, 0x02, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0xB1, 0x72, 0xDD, 0x05, 0x03] + Array("a".utf8),
      [0x40, 0x01, 0, 1, 0xEE, 0x01, 0x00, 0x01, 0x00] + [UInt8](repeating: 0x61, count: 300),
    ]
  }

  private var tokens: [String] {
    switch self {
    case .engine, .log:
      [
        "\r\n", "\r", "\n", "\0", "> ", "@", "OK\r\n", "ERROR\r\n", "0\r", "+CME ERROR: ", "AT",
        ";",
        "CONNECT\r\n", "SEND OK\r\n", "--EOF--Pattern--", "+QIRD: 1500\r\n",
        "+QIRD: 99999999999\r\n",
        "+USORF: 0,\"1.2.3.4\",1,512,\"", "+CEREG: ", "RDY\r\n", "POWERED DOWN", "POWERED DOW",
        "^SISW: 0,4,0\r\n", "\"", ",", "(", ")", "9223372036854775808", "-", "< ", "> AT\\r\n",
        "\\x",
      ]
    case .settings:
      [
        "[", "]", " = ", "\n", "\r\n", "#", "[sensor ", "1min", "0s", "31d", "99999999999999999999",
        "coap://", "%", "-", "\u{FEFF}", "\t", "active-low", "desk ", "rats", "none", "on", ".",
        "e9",
      ]
    case .senml:
      [
        "[", "]", "{", "}", "\"", ",", ":", "\\u", "\\uD800", "1e999999999", "-", "0.", "null",
        "true", "\"n\":", "\"bn\":\"x\",", "\"bt\":1e18,", "\"v\":", "\"vs\":\"a\"", "\"s\":1",
        "[[[[", "9999999999999999999",
      ]
    case .coap: ["\u{FF}", "\0", "@", "a", "E", "\u{D}"]
    case .pdu:
      [
        "00", "FF", "04", "44", "0B", "91", "D0", "0005", "0500030", "060804", "A0", "8C", "0008",
        "0020", "00F5", "1B", "D83D", "DE00", "050003070201", "G", " ",
      ]
    case .signed, .forged:
      ["gw ", "GW", " ", "0", "1795000000", "FF", "set ", "\u{7F}", "18446744073709551616"]
    case .dialect: DialectFuzz.tokens
    case .key: ["=", "==", "/", "+", "00", "zz", "\r\n", " ", "0x"]
    case .dns: ["\u{C0}", "\0", "\u{C}", "\u{C0}\u{C}", "\u{3F}", "\0\u{5}\0\u{1}", "\0\u{1}"]
    }
  }
}
