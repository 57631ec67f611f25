import Primitives

extension CommandGroup {
  // MARK: - Stored settings of this family

  static let quectelConfiguration: [CommandEntry] = [
    CommandEntry("+QCFG", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      guard command.isSet, let name = command.string(0)?.lowercased else {
        return command.kind == .test ? .ok : .error
      }
      guard let key = modem.personality.configurationKeys.first(where: { name.equals($0.name) })
      else { return .error }
      if command.arguments.count > 1 { return modem.configure(key, command) }
      modem.inform("+QCFG: \(quoted: name),\(modem.readBack(key))")
      return .ok
    },
    CommandEntry("+QURCCFG") { modem, command in
      guard command.isSet, let name = command.string(0)?.lowercased, name.equals("urcport") else {
        return command.kind == .test ? .ok : .error
      }
      if command.arguments.count == 1 {
        modem.inform("+QURCCFG: \"urcport\",\(quoted: modem.stored.urcPort)")
        return .ok
      }
      guard let port = command.string(1)?.lowercased,
        port.equals("uart1") || port.equals("usbat") || port.equals("usbmodem")
      else { return .error }
      modem.counters.flashWrites += 1
      modem.stored.urcPort = port
      return .ok
    },
    CommandEntry("+QINDCFG") { modem, command in
      guard command.isSet, let type = command.string(0)?.lowercased,
        ["all", "csq", "smsfull", "ring", "smsincoming"].contains(where: { type.equals($0) })
      else { return command.kind == .test ? .ok : .error }
      if command.arguments.count == 1 {
        let isOn = modem.session.indications.first { $0.type == type }?.isOn ?? true
        modem.inform("+QINDCFG: \(quoted: type),\(isOn ? 1 : 0)")
        return .ok
      }
      guard let state = command.number(1, 0...1), let saves = command.number(2, 0...1, otherwise: 0)
      else { return .error }
      if saves == 1 { modem.counters.flashWrites += 1 }
      modem.session.indications.removeAll { $0.type == type }
      modem.session.indications.append(IndicationSetting(type: type, isOn: state == 1))
      return .ok
    },
  ]
}

extension SimulatedModem {
  /// A setting's first number, the factory's where none was written.
  func configurationNumber(_ name: StaticString) -> Int {
    let factory = personality.configurationKeys.first { Array($0.name).equals(name) }?.factory
    let value = stored.configuration(Array(name)) ?? factory.map { Array($0) } ?? []
    return Int(value.prefix { $0.isASCIIDigit }.asciiWholeNumber ?? 0)
  }

  /// The value as the module says it: a number loses its leading zero (`020301` comes back as
  /// `20301`, particle-iot/device-os).
  fileprivate func readBack(_ key: ConfigurationKey) -> ATText {
    let value = stored.configuration(Array(key.name)) ?? Array(key.factory)
    guard case .digits = key.fields.first else { return ATText(bytes: value) }
    let shown = value.drop { $0 == UInt8(ascii: "0") }
    return shown.isEmpty ? "0" : ATText(bytes: Array(shown))
  }

  fileprivate mutating func configure(
    _ key: ConfigurationKey, _ command: ATCommand
  ) -> CommandOutcome {
    let count = command.arguments.count - 1
    let least = key.fields.count
    guard count >= least, count <= least + (key.restartsSearch ? 1 : 0) else { return .error }
    var values: [[UInt8]] = []
    for (offset, field) in key.fields.enumerated() {
      guard case .plain(let text) = command.arguments[offset + 1], field.accepts(text) else {
        return .error
      }
      values.append(text)
    }
    guard let effect = command.number(least + 1, 0...1, otherwise: 1) else { return .error }
    counters.flashWrites += 1
    let value = Array(values.joined(separator: [UInt8(ascii: ",")]))
    stored.setConfiguration(Array(key.name), value)
    if key.restartsSearch, effect == 1 { searchSettingsChanged() }
    return .ok
  }
}

extension ConfigurationKey.Field {
  fileprivate func accepts(_ text: [UInt8]) -> Bool {
    switch self {
    case .number(let range): return text.asciiWholeNumber.map { range.contains(Int($0)) } ?? false
    case .digits: return text.count <= 12 && text.asciiWholeNumber != nil
    case .hexadecimal:
      let digits = text.hasPrefix("0x") || text.hasPrefix("0X") ? text.dropFirst(2) : text[...]
      return (1...32).contains(digits.count) && digits.allSatisfy { $0.hexDigitValue != nil }
    }
  }
}
