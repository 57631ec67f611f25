import Primitives

extension CommandGroup {
  // MARK: - PSM, eDRX, sleep

  static let sleep: [CommandEntry] = [
    CommandEntry("+CPSMS", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      let saving = modem.stored.powerSaving
      switch command.kind {
      case .read:
        let timers: ATText = "\(quoted: saving.periodicTAU),\(quoted: saving.activeTime)"
        modem.inform("+CPSMS: \(saving.isWanted ? 1 : 0),,,\(timers)")
      case .test:
        modem.inform(
          "+CPSMS: (0,1),,,(\"00000000\"-\"11111111\"),(\"00000000\"-\"11111111\")")
      case .set: return modem.requestPowerSaving(command)
      case .execute, .malformed: return .error
      }
      return .ok
    },
    extendedDRX(),
    text("+CEDRXRDP") { _ in "+CEDRXRDP: 0" },
  ]

  /// +CEDRXS (TS 27.007 §7.40), at some makers with a paging time window. `off` is the answer to
  /// `?` where nothing was asked for; nil: no line.
  static func extendedDRX(hasWindow: Bool = false, off: StaticString? = nil) -> CommandEntry {
    CommandEntry("+CEDRXS") { modem, command in
      switch command.kind {
      case .read:
        let edrx = modem.stored.edrx
        guard edrx.mode == 1 || edrx.mode == 2 else {
          if let off { modem.inform(ATText(bytes: Array(off))) }
          return .ok
        }
        if let value = edrx.wideBand { modem.inform("+CEDRXS: 4,\(quoted: value)") }
        if let value = edrx.narrowBand { modem.inform("+CEDRXS: 5,\(quoted: value)") }
      case .set: return modem.requestExtendedDRX(command, hasWindow: hasWindow)
      case .test: modem.inform("+CEDRXS: (0-3),(4,5),(\"0000\"-\"1111\")")
      case .execute, .malformed: return .error
      }
      return .ok
    }
  }
}

extension SimulatedModem {
  /// `=1,,,"<T3412 ext>","<T3324>"`; an empty parameter list turns PSM off and forgets the timers.
  mutating func requestPowerSaving(_ command: ATCommand) -> CommandOutcome {
    guard command.arguments.count <= 5 else { return .error }
    var saving = stored.powerSaving
    if command.arguments == [.omitted] {
      saving = PowerSavingRequest()
    } else {
      guard let mode = command.number(0, 0...1), [1, 2].allSatisfy({ isTimer(command, $0) }),
        [3, 4].allSatisfy({ isTimer(command, $0) })
      else { return .error }
      saving.isWanted = mode == 1
      if let bits = command.string(3) { saving.periodicTAU = bits }
      if let bits = command.string(4) { saving.activeTime = bits }
    }
    counters.flashWrites += 1
    let isChanged = saving != stored.powerSaving
    stored.powerSaving = saving
    if isChanged { powerSavingChanged() }
    return .ok
  }

  /// Left out, empty, or 8 bits in quotes.
  private func isTimer(_ command: ATCommand, _ index: Int) -> Bool {
    if command.isOmitted(index) { return true }
    guard let bits = command.string(index) else { return false }
    return bits.isEmpty && index < 3 || isBits(bits, count: 8)
  }

  private func isBits(_ text: [UInt8], count: Int) -> Bool {
    text.count == count && text.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }
  }

  fileprivate mutating func requestExtendedDRX(
    _ command: ATCommand, hasWindow: Bool
  ) -> CommandOutcome {
    guard command.arguments.count <= (hasWindow ? 4 : 3), let mode = command.number(0, 0...3) else {
      return .error
    }
    var edrx = stored.edrx
    if mode == 3 {
      edrx = ExtendedDRXRequest()
    } else {
      edrx.mode = mode
      if !command.isOmitted(1) {
        guard let access = command.number(1, 4...5) else { return .error }
        if !command.isOmitted(2) {
          guard let bits = command.string(2), isBits(bits, count: 4) else { return .error }
          if access == 4 { edrx.wideBand = bits } else { edrx.narrowBand = bits }
        }
      }
    }
    counters.flashWrites += 1
    stored.edrx = edrx
    return .ok
  }
}
