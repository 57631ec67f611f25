import Cellular
import Primitives

/// The state of reading one configuration, line by line.
struct ConfigurationReading {
  private(set) var draft = SettingDraft.blank
  private var problems: [ConfigurationProblem] = []
  private var furtherProblems = 0
  private var place = Place.beforeAnySection
  private var sections: [(header: [UInt8], line: Int)] = []
  /// The line on which each setting of `SettingTable.all` was written; for those of a sensor, in
  /// the sensor or dialect being read.
  private var settingLines = [Int?](repeating: nil, count: SettingTable.all.count)

  /// In a real network.
  private static let shortestTrial = Duration.seconds(1800)

  private enum Place {
    case beforeAnySection
    /// A section that was refused: its lines are passed over, since nothing is known of them.
    case refused
    case inside(SettingSection, header: [UInt8], line: Int)
  }

  init() {
    for setting in SettingTable.all { setting.storePreset(in: &draft) }
  }

  /// Other values for some settings of a configuration that was read before.
  init(over whole: Configuration) { draft = SettingDraft(over: whole) }

  /// nil when nothing is wrong.
  var error: ConfigurationError? {
    if problems.isEmpty { return nil }
    let sorted = problems.sorted { ($0.line ?? .max) < ($1.line ?? .max) }
    return ConfigurationError(problems: sorted, furtherProblems: furtherProblems)
  }

  /// One line without its LF.
  mutating func take(_ whole: ArraySlice<UInt8>, number: Int) {
    let line = whole.last == UInt8(ascii: "\r") ? whole.dropLast() : whole
    let fault = Self.fault(of: line)
    let text = line.trimmed
    guard let first = text.first, !first.isOne(of: "#;") else {
      if case .lineTooLong? = fault { complain(number, .lineTooLong(lengthBytes: line.count)) }
      return
    }
    if first == UInt8(ascii: "[") {
      endNamed()
      place = .refused
      if let fault { complain(number, fault) } else { beginSection(text, number) }
      return
    }
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")), equals > text.startIndex else {
      return complain(number, fault ?? .notASetting)
    }
    let key = Array(text[..<equals].trimmed)
    set(key, Array(text[(equals + 1)...].trimmed), number, fault)
  }

  /// What makes any line unfit, whatever it says.
  private static func fault(of line: ArraySlice<UInt8>) -> ConfigurationFault? {
    if line.count > ConfigurationParser.lineLimit { return .lineTooLong(lengthBytes: line.count) }
    for (offset, byte) in line.enumerated() where byte != 0x09 && (byte < 0x20 || byte == 0x7F) {
      return .controlByte(byte, position: offset + 1)
    }
    return nil
  }

  /// After the last line: what is missing, and what doesn't go together.
  mutating func finish() {
    endNamed()
    for section in SettingSection.allCases where !section.isNamed {
      let header = Array(section.name)
      if let written = sections.first(where: { $0.header == header }) {
        complainOfMissing(section, header: header, line: written.line)
      } else {
        let required = SettingTable.settings(of: section).filter { $0.isRequired }
        if required.isEmpty { continue }
        complain(nil, section: header, .missingSection(keys: required.map { Array($0.key) }))
      }
    }
    checkListening()
    check()
  }

  /// What doesn't go together.
  mutating func check() {
    checkNetwork()
    checkFiles()
    let shortest = Self.shortestTrial
    if draft.whole.network.hasLimits, draft.whole.sms.trialTime < shortest {
      complain(.sms, "trial-time", .trialTooShort)
    }
  }

  /// Another value for a setting of the whole; an empty one takes an optional setting out.
  mutating func apply(_ setting: Setting, _ value: [UInt8]) {
    if value.isEmpty, setting.isOptional { return takeOut(setting) }
    do throws(ValueProblem) {
      try setting.store(value, &draft)
    } catch {
      let shown = setting.isSecret ? nil : value
      complain(
        nil, section: Array(setting.section.name), key: Array(setting.key), value: shown,
        .value(error))
    }
  }

  /// Puts all the others into a blank draft, since what isn't set can't be stored.
  private mutating func takeOut(_ setting: Setting) {
    var fresh = SettingDraft.blank
    for other in SettingTable.all where !other.section.isNamed {
      guard other.key.utf8Start != setting.key.utf8Start, let value = other.show(draft) else {
        continue
      }
      do throws(ValueProblem) {
        try other.store(value, &fresh)
      } catch {
        preconditionFailure("what a setting shows is refused")
      }
    }
    (fresh.whole.sensors, fresh.whole.dialects) = (draft.whole.sensors, draft.whole.dialects)
    draft = fresh
  }

  mutating func complain(
    _ line: Int?, section: [UInt8] = [], key: [UInt8] = [], value: [UInt8]? = nil,
    _ fault: ConfigurationFault
  ) {
    if problems.count == ConfigurationParser.problemLimit {
      furtherProblems += 1
      return
    }
    let shown = value.map { Array($0.prefix(ConfigurationProblem.valueLimit)) }
    problems.append(
      ConfigurationProblem(line: line, section: section, key: key, value: shown, fault: fault))
  }
}

extension ConfigurationReading {
  private mutating func beginSection(_ text: ArraySlice<UInt8>, _ line: Int) {
    guard text.last == UInt8(ascii: "]") else { return complain(line, .sectionWithoutBracket) }
    let words = Array(text.dropFirst().dropLast()).words
    let header = Array(words.joined(separator: [0x20]))
    let word = words.first ?? []
    guard let section = SettingSection.allCases.first(where: { word.equals($0.name) }) else {
      let near = SettingSection.allWords.nearest(to: word)
      return complain(line, section: header, .unknownSection(nearest: near))
    }
    place = .inside(section, header: header, line: line)
    if let first = sections.first(where: { $0.header == header }) {
      complain(line, section: header, .duplicateSection(firstLine: first.line))
    } else {
      sections.append((header, line))
    }
    if section.isNamed {
      beginNamed(section, words, header: header, line)
    } else if words.count > 1 {
      complain(line, section: header, .sectionTakesNoName)
    }
  }

  /// Where the name is refused, the lines below are checked all the same.
  private mutating func beginNamed(
    _ section: SettingSection, _ words: [[UInt8]], header: [UInt8], _ line: Int
  ) {
    draft.sensor = SettingDraft.blank.sensor
    draft.dialect = SettingDraft.blank.dialect
    for index in SettingTable.all.indices where SettingTable.all[index].section == section {
      settingLines[index] = nil
      SettingTable.all[index].storePreset(in: &draft)
    }
    guard words.count == 2 else {
      return complain(line, section: header, .sectionWithoutName(section))
    }
    if section == .dialect { return beginDialect(words[1], header: header, line) }
    let sensors = sections.filter { $0.header.hasPrefix("sensor ") }
    if sensors.count == ConfigurationParser.sensorLimit + 1 {
      complain(line, section: header, .tooManySensors)
    }
    do throws(ValueProblem) {
      draft.sensor.name = try SensorLabel(words[1])
    } catch {
      complain(line, section: header, .value(error))
    }
  }

  private mutating func beginDialect(_ name: [UInt8], header: [UInt8], _ line: Int) {
    if let words = RemoteWords.dialects.first(where: { name.equals($0.name) }) {
      draft.dialect.words = words
      return
    }
    let names = RemoteWords.dialects.map { Array($0.name) }
    complain(
      line, section: header, .value(.choice(allowed: names, nearest: names.nearest(to: name))))
  }

  private mutating func endNamed() {
    guard case .inside(let section, let header, let line) = place, section.isNamed else { return }
    complainOfMissing(section, header: header, line: line)
    if section == .dialect { return endDialect(header) }
    if let minimum = draft.sensor.minimum, let maximum = draft.sensor.maximum,
      maximum.isLess(than: minimum)
    {
      complain(.sensor, "minimum", header: header, .minimumAboveMaximum)
    }
    draft.whole.sensors.append(draft.sensor)
  }

  private mutating func endDialect(_ header: [UInt8]) {
    let dialect = draft.dialect
    if dialect.isEnabled {
      if dialect.senders.isEmpty { complain(.dialect, "enabled", header: header, .sendersMissing) }
      if dialect.password == nil, !dialect.acceptsUnauthenticated {
        complain(.dialect, "enabled", header: header, .nothingProves)
      }
    }
    for other in draft.whole.dialects where dialect.canBeTaken(for: other) {
      complain(.dialect, "senders", header: header, .senderShared(Array(other.words.name)))
    }
    if let password = dialect.password, dialect.words.isDefault(password.bytes) {
      complain(.dialect, "password", header: header, .value(.vendorPassword))
    }
    draft.whole.dialects.append(dialect)
  }

  private mutating func complainOfMissing(_ section: SettingSection, header: [UInt8], line: Int) {
    for (index, setting) in SettingTable.all.enumerated()
    where setting.section == section && setting.isRequired && settingLines[index] == nil {
      complain(
        line, section: header, key: Array(setting.key),
        .missing(example: Array(setting.key) + Array(" = ") + Array(setting.example)))
    }
  }

  /// - Parameter fault: what is wrong with the line as a whole.
  private mutating func set(
    _ key: [UInt8], _ value: [UInt8], _ line: Int, _ fault: ConfigurationFault?
  ) {
    let section: SettingSection
    let header: [UInt8]
    switch place {
    case .refused: return
    case .beforeAnySection: return complain(line, key: key, .beforeAnySection)
    case .inside(let inside, let name, _): (section, header) = (inside, name)
    }
    guard let index = SettingTable.index(section, key) else {
      return complain(line, section: header, key: key, SettingTable.unknown(key, in: section))
    }
    if let first = settingLines[index] {
      return complain(line, section: header, key: key, .duplicateKey(firstLine: first))
    }
    settingLines[index] = line
    if let fault { return complain(line, section: header, key: key, fault) }
    let setting = SettingTable.all[index]
    if value.isEmpty, setting.isOptional { return }
    do throws(ValueProblem) {
      try setting.store(value, &draft)
    } catch {
      let problem = value.likelySlip ?? error
      let shown = setting.isSecret ? nil : value
      complain(line, section: header, key: key, value: shown, .value(problem))
    }
  }
}

// What doesn't go together.
extension ConfigurationReading {
  private mutating func checkNetwork() {
    let network = draft.whole.network
    let hasCredentials = network.user != nil || network.password != nil
    if network.authentication == .none, hasCredentials {
      complain(.network, "authentication", .credentialsUnused)
    }
    if network.authentication != .none, network.user == nil {
      complain(.network, "authentication", .userMissing)
    }
    if network.isPowerSavingWanted, network.activeTime >= network.periodicTAU {
      complain(.network, "active-time", .activeTimeTooLong)
    }
    if case .cycle(let wish) = network.edrx, network.radioAccess.contains(.nbIoT),
      EDRXMode.narrowband.code(cycle: wish) == nil
    {
      complain(.network, "edrx", .edrxTooShort)
    }
  }

  /// Commands that nobody could ever send.
  private mutating func checkListening() {
    if draft.whole.sms.listens { return }
    if draft.whole.sms.obeysCommands { complain(.sms, "commands", .notListening) }
    for dialect in draft.whole.dialects where dialect.isEnabled {
      let header = Array("dialect ") + Array(dialect.words.name)
      let line = sections.first { $0.header == header }?.line
      complain(line, section: header, key: Array("enabled"), value: Array("yes"), .notListening)
    }
  }

  private mutating func checkFiles() {
    let modem = draft.whole.modem
    if case .line(let chip, let offset, _) = modem.powerKey,
      case .line(chip, offset, _)? = modem.status
    {
      complain(.modem, "status", .samePin)
    }
    if case .line(let chip, let offset, _)? = modem.supplyCut {
      for other in [modem.powerKey, modem.status] {
        if case .line(chip, offset, _)? = other { complain(.modem, "supply-cut", .sameLine) }
      }
    }
    if draft.whole.control.socket == draft.whole.store.path {
      if isWritten(.control, "socket") {
        complain(.control, "socket", .sameFile)
      } else {
        complain(.store, "path", .sameFile)
      }
    }
    let whole = draft.whole
    if let trace = whole.log.trace, trace == whole.store.path || trace == whole.control.socket {
      complain(.log, "trace", .traceFileTaken)
    }
  }

  private func isWritten(_ section: SettingSection, _ key: StaticString) -> Bool {
    guard let index = SettingTable.index(section, Array(key)) else { return false }
    return settingLines[index] != nil
  }

  /// About a setting that was read, with its value and, where it was written, its line.
  private mutating func complain(
    _ section: SettingSection, _ key: StaticString, header: [UInt8]? = nil,
    _ fault: ConfigurationFault
  ) {
    guard let index = SettingTable.index(section, Array(key)) else { return }
    let setting = SettingTable.all[index]
    let value = setting.isSecret ? nil : setting.show(draft)
    complain(
      settingLines[index], section: header ?? Array(section.name), key: Array(key), value: value,
      fault)
  }
}

extension SettingTable {
  /// The row of a setting; nil where there is none.
  static func setting(_ section: SettingSection, _ key: [UInt8]) -> Setting? {
    index(section, key).map { all[$0] }
  }

  fileprivate static func index(_ section: SettingSection, _ key: [UInt8]) -> Int? {
    all.firstIndex { $0.section == section && key.equals($0.key) }
  }

  fileprivate static func unknown(
    _ key: [UInt8], in section: SettingSection
  ) -> ConfigurationFault {
    if let home = all.first(where: { key.equals($0.key) }) {
      return .unknownKey(nearest: nil, home: home.section)
    }
    let near = settings(of: section).map { Array($0.key) }.nearest(to: key)
    return .unknownKey(nearest: near, home: nil)
  }
}

extension [UInt8] {
  /// What makes a value wrong more often than the value itself.
  fileprivate var likelySlip: ValueProblem? {
    if count >= 2, first == last, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      return .quoted
    }
    for (blank, mark) in zip(self, dropFirst()) where blank == 0x20 || blank == 0x09 {
      if mark == UInt8(ascii: "#") || mark == UInt8(ascii: ";") { return .trailingComment }
    }
    return nil
  }
}

extension ArraySlice<UInt8> {
  /// Without blanks and tabs at both ends.
  fileprivate var trimmed: ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, first == 0x20 || first == 0x09 { slice = slice.dropFirst() }
    while let last = slice.last, last == 0x20 || last == 0x09 { slice = slice.dropLast() }
    return slice
  }
}
