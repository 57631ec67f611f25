import Primitives

extension CommandGroup {
  // MARK: - eDRX (TS 27.007 §7.40, §7.41)

  /// +CEDRXS, at some makers with a paging time window or under a name of their own. `off` is the
  /// answer to `?` where nothing was asked for; nil: no line.
  static func extendedDRX(
    _ name: StaticString = "+CEDRXS", hasWindow: Bool = false, off: StaticString? = nil,
    rules: ExtendedDRXRules = ExtendedDRXRules()
  ) -> CommandEntry {
    CommandEntry(name, time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .read:
        let edrx = modem.stored.edrx
        let lines = edrx.lines(hasWindow: hasWindow)
        if edrx.mode == 0 || lines.isEmpty {
          if let off { modem.inform(ATText(bytes: Array(off))) }
          return .ok
        }
        for line in lines { modem.inform("\(Array(name)): \(line)") }
      case .set: return modem.requestExtendedDRX(command, hasWindow: hasWindow, rules)
      case .test: modem.inform("\(Array(name)): (0-3),(4,5),(\"0000\"-\"1111\")")
      case .execute, .malformed: return .error
      }
      return .ok
    }
  }

  static let extendedDRXParameters = CommandEntry("+CEDRXRDP") { modem, command in
    if command.kind == .test { return .ok }
    guard command.kind == .execute else { return .error }
    let granted = modem.radio.phase == .camped ? modem.radio.registration?.extendedDRX : nil
    modem.inform("+CEDRXRDP: \(granted?.text ?? "0")")
    return .ok
  }

  /// A maker's own command with a window, which is read back as it was written.
  static func keptExtendedDRX(_ name: StaticString, factory: StaticString) -> CommandEntry {
    let kept = kept(name, factory: factory)
    return CommandEntry(name, time: kept.time) { modem, command in
      guard command.isSet else { return kept.run(&modem, command) }
      let outcome = modem.requestExtendedDRX(
        command, hasWindow: true, ExtendedDRXRules(takesNumbers: true))
      guard outcome == .ok else { return outcome }
      return kept.run(&modem, command)
    }
  }
}

/// What a family makes of a request.
struct ExtendedDRXRules: Sendable {
  /// Refuses codes that NB-IoT hasn't; others take them, and the network reads them as no request.
  var refusesForeignCodes = false
  /// Codes may come as numbers of 0 to 15.
  var takesNumbers = false
  /// Mode 0 leaves what was asked for on some firmwares, mode 3 clears it for one access technology
  /// at a time (particle-iot/device-os, SARA-R410M).
  var clearsOneByOne = false
}

extension ExtendedDRXRequest {
  /// `<AcT>,"<requested>"[,"<window>"]` for each access technology with a request.
  func lines(hasWindow: Bool) -> [ATText] {
    let requests: [(Int, [UInt8]?, [UInt8]?)] = [
      (4, wideBand, wideWindow), (5, narrowBand, narrowWindow),
    ]
    return requests.compactMap { access, value, window in
      guard let value else { return nil }
      guard hasWindow, let window else { return "\(access),\(quoted: value)" }
      return "\(access),\(quoted: value),\(quoted: window)"
    }
  }

  mutating func set(_ access: Int, _ value: [UInt8]?, _ window: [UInt8]?) {
    if access == 4 { (wideBand, wideWindow) = (value, window) }
    if access == 5 { (narrowBand, narrowWindow) = (value, window) }
  }
}

extension SimulatedModem {
  /// `=<mode>[,<AcT>[,"<value>"[,"<window>"]]]`; an empty list of parameters is mode 3.
  mutating func requestExtendedDRX(
    _ command: ATCommand, hasWindow: Bool, _ rules: ExtendedDRXRules
  ) -> CommandOutcome {
    let isEmpty = command.arguments == [.omitted]
    guard command.arguments.count <= (hasWindow ? 4 : 3),
      let mode = isEmpty ? 3 : command.number(0, 0...3),
      let access = command.number(1, 4...5, otherwise: 0)
    else { return .error }
    var edrx = stored.edrx
    switch mode {
    case 3 where access == 0: edrx = ExtendedDRXRequest()
    case 3: edrx.set(access, nil, nil)
    case 0 where rules.clearsOneByOne && firmware.isOdd(16): break
    case 0 where access == 0: edrx.mode = 0
    case 0: edrx.set(access, nil, nil)
    default:
      edrx.mode = mode
      if access == 0 { break }
      let value = bits(command, 2, rules)
      if !command.isOmitted(2), value == nil { return .error }
      let window = bits(command, 3, rules)
      if !command.isOmitted(3), window == nil { return .error }
      if let value, rules.refusesForeignCodes,
        GrantedExtendedDRX.read(value, access: access) == nil
      {
        return .error
      }
      if let value { edrx.set(access, value, window) }
    }
    if edrx.wideBand == nil, edrx.narrowBand == nil, mode == 0 || mode == 3 { edrx.mode = 0 }
    counters.flashWrites += 1
    let before = personality.sleep.extendedDRX(self)
    stored.edrx = edrx
    if personality.sleep.extendedDRX(self) != before { extendedDRXChanged() }
    return .ok
  }

  /// 4 bits in quotes.
  private func bits(_ command: ATCommand, _ index: Int, _ rules: ExtendedDRXRules) -> [UInt8]? {
    if rules.takesNumbers, let number = command.number(index, 0...15) {
      return (0..<4).map { UInt8(ascii: "0") + UInt8(number >> (3 - $0) & 1) }
    }
    guard let text = command.string(index), text.count == 4,
      text.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") })
    else { return nil }
    return text
  }
}
