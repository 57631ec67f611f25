import Primitives

/// What the fields of a dialect's text ask for, gathered: some settings are made of two fields, and
/// some fields are of no meaning to this device.
struct DialectWish {
  private let configuration: Configuration
  private let senders: [SenderNumber]
  private let sender: [UInt8]
  private var wish: SettingWish
  private var user: [UInt8]?
  private var password: [UInt8]?
  private var authentication: [UInt8]?
  private var host: [UInt8]?
  private var port: [UInt8]?
  /// In seconds; nil where the field is there and empty.
  private var intervals: [Int64?] = []
  /// What the answer repeats.
  var echo: [UInt8] = []

  /// The longest interval that is looked at, in seconds; the table's limit is below it.
  private static let longestInterval: Int64 = 1_000_000_000
  /// The longest that is set, in seconds: a text with a password may come again, from anybody, and the
  /// device hears nothing between its reports.
  private static let longestWait: Int64 = 7 * 86_400

  init(_ configuration: Configuration, senders: [SenderNumber], sender: [UInt8]) {
    (self.configuration, self.senders, self.sender) = (configuration, senders, sender)
    wish = SettingWish(configuration)
  }

  /// The setting that a field changes; nil for one that changes none.
  static func setting(of field: ArraySlice<UInt8>) -> RemoteSetting? {
    if field.equals("apn") { return .apn }
    if field.equals("user") { return .user }
    if field.equals("pass") { return .password }
    if field.equals("authentication") { return .authentication }
    if field.equals("host") || field.equals("port") { return .server }
    if field.equals("operator") { return .chosenOperator }
    if field.equals("roaming") { return .roaming }
    let isTime = ["seconds", "tens", "time"].contains { field.equals($0 as StaticString) }
    return isTime ? .interval : nil
  }

  mutating func take(_ name: ArraySlice<UInt8>, _ value: [UInt8]) throws(CommandFault) {
    switch Self.setting(of: name) {
    case .apn: try wish.set(.apn, value)
    case .user: try Self.once(&user, value, .user)
    case .password: try Self.once(&password, value, .password)
    case .authentication: try Self.once(&authentication, value, .authentication)
    case .server:
      // An empty one keeps what holds.
      if value.isEmpty { return }
      if name.equals("host") {
        try Self.once(&host, value, .server)
      } else {
        try Self.once(&port, value, .server)
      }
    case .chosenOperator: try take(operator: value)
    case .roaming:
      // The modes of which it is known that they allow the networks of a list.
      guard value.equals("1") || value.equals("3") else {
        throw .unavailable("roaming can be 1 or 3 here")
      }
      try wish.set(.roaming, Array("on"))
    case .interval: try take(interval: value, name)
    default: try check(name, value)
    }
  }

  private static func once(
    _ place: inout [UInt8]?, _ value: [UInt8], _ setting: RemoteSetting
  ) throws(CommandFault) {
    if place != nil { throw .twice(setting) }
    place = value
  }

  /// Country 901 is of no country: its numbers name SIMs, and no network is on the air under them
  /// (ITU-T E.212 annex A). So there is nothing to choose.
  private mutating func take(operator digits: [UInt8]) throws(CommandFault) {
    guard (5...6).contains(digits.count), digits.allSatisfy({ $0.isASCIIDigit }) else {
      throw .unavailable("an operator has 5 or 6 digits: the country's code and its own")
    }
    if !digits.hasPrefix("901") { try wish.set(.chosenOperator, digits) }
  }

  private mutating func take(
    interval value: [UInt8], _ name: ArraySlice<UInt8>
  ) throws(CommandFault) {
    if value.isEmpty {
      intervals.append(nil)
      return
    }
    var digits = value
    var unit: Int64 = name.equals("tens") ? 10 : 1
    if name.equals("time") {
      switch digits.removeLast().folded {
      case UInt8(ascii: "s"): unit = 1
      case UInt8(ascii: "m"): unit = 60
      case UInt8(ascii: "h"): unit = 3600
      default: throw .value(.interval, shown: value, .duration)
      }
      echo += value
    }
    guard let number = digits.asciiWholeNumber, number <= Self.longestInterval else {
      throw .value(.interval, shown: value, .wholeNumber)
    }
    intervals.append(number * unit)
  }

  /// What changes nothing, and yet must say what this device does.
  private mutating func check(
    _ name: ArraySlice<UInt8>, _ value: [UInt8]
  ) throws(CommandFault) {
    if name.equals("backup"), !value.isEmpty, !value.equals("0") {
      throw .unavailable("there is one server; leave the second one empty")
    }
    if name.equals("mode") || name.equals("data"), value.equals("0") {
      throw .unavailable("the device can't do without data")
    }
    if name.equals("kind") || name.equals("data"), !Self.isDigit(value, 1) {
      throw .unavailable("a mode isn't one of those that there are")
    }
    if name.equals("mode"), !Self.isDigit(value, 2) {
      throw .unavailable("a mode isn't one of those that there are")
    }
    if name.equals("transport"), !Self.isTransport(value) {
      throw .unavailable("the transport can be 0 or 1, TCP or UDP")
    }
    if name.equals("endless"), !value.equals("0") {
      throw .unavailable("reports have no end here; write 0 for their number")
    }
    if name.equals("unclear") {
      throw .unavailable("this maker's unit is seconds here and minutes there")
    }
    if name.equals("others"), !((5...6).contains(value.count) && value.asciiWholeNumber != nil) {
      throw .unavailable("an operator has 5 or 6 digits: the country's code and its own")
    }
    if name.equals("number") { try take(number: value) }
    if name.equals("serial") {
      guard value.count == 4, value.allSatisfy({ $0.hexDigitValue != nil }) else {
        throw .unavailable("the serial number has 4 hexadecimal digits")
      }
      echo = value
    }
  }

  private mutating func take(number: [UInt8]) throws(CommandFault) {
    guard senders.contains(where: { $0.covers(number) }) else {
      throw .unavailable("whose messages are obeyed stands in the configuration")
    }
    echo = number
  }

  private static func isDigit(_ value: [UInt8], _ most: UInt8) -> Bool {
    value.isEmpty || value.count == 1 && (0x30...(0x30 + most)).contains(value[0])
  }

  /// Reports go as CoAP over UDP whatever it says.
  private static func isTransport(_ value: [UInt8]) -> Bool {
    let word = value.map { $0.folded }
    return isDigit(value, 1) || word.equals("tcp") || word.equals("udp")
  }

  // MARK: - Together

  /// The changes, all of them.
  mutating func action() throws(CommandFault) -> RemoteAction {
    try setServer()
    try setInterval()
    try setCredentials()
    return try wish.action()
  }

  private mutating func setServer() throws(CommandFault) {
    if host == nil, port == nil { return }
    let old = configuration.server.url
    if let host, NetworkHost(host) == nil { throw .value(.server, shown: host, .host) }
    if let port, port.asciiWholeNumber == nil { throw .value(.server, shown: port, .port) }
    var url = Array("coap://") + (host ?? old.host.bytes) + Array(":")
    url += port ?? Array("\(old.port)".utf8)
    for segment in old.path { url += Array("/") + segment }
    try wish.set(.server, url)
  }

  private mutating func setInterval() throws(CommandFault) {
    if intervals.isEmpty { return }
    let given = intervals.compactMap { $0 }
    guard let first = given.first else { throw .value(.interval, shown: [], .wholeNumber) }
    guard given.allSatisfy({ $0 == first }) else {
      throw .unavailable("there is one interval; write them alike")
    }
    guard first <= Self.longestWait else {
      throw .unavailable("more than 7 days between reports takes a signed command")
    }
    try wish.set(.interval, Array("\(first)s".utf8))
  }

  /// A user without a word on authentication has PAP, which every network takes; no user, none.
  private mutating func setCredentials() throws(CommandFault) {
    if let user { try wish.set(.user, user) }
    if let password { try wish.set(.password, password) }
    let isLoggedIn = user.map { !$0.isEmpty } ?? (configuration.network.user != nil)
    if user?.isEmpty == true, password == nil { try wish.set(.password, []) }
    if let authentication {
      try wish.set(.authentication, Self.word(ofAuthentication: authentication))
    } else if user != nil {
      if !isLoggedIn { return try wish.set(.authentication, Array("none")) }
      if configuration.network.authentication == .none {
        try wish.set(.authentication, Array("pap"))
      }
    }
  }

  private static func word(ofAuthentication value: [UInt8]) -> [UInt8] {
    if value.equals("0") { return Array("none") }
    if value.equals("1") { return Array("pap") }
    return value.equals("2") ? Array("chap") : value
  }
}

extension CommandFault {
  /// Whether the form asks for what may be asked for, with a value that can't be.
  var isAboutValues: Bool {
    switch self {
    case .value(let setting, _, _), .twice(let setting): setting.isOfNetworkAccess
    case .together: true
    default: false
    }
  }
}
