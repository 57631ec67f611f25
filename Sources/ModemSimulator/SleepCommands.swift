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
    extendedDRX(), extendedDRXParameters,
  ]
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
}
