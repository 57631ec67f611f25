import Primitives

/// What only u-blox modules have; gone with each boot, and so with each wake from PSM.
struct UbloxState: OwnState {
  /// AT+UPSD=0,100: the context of profile 0.
  var profileContext: Int?
  var isProfileActive = false
  /// AT+UPSMR.
  var reportsSleep = false
  /// AT+USOER.
  var lastError = 0
  /// Half of the firmwares: line settings are refused while the card is busy.
  var refusesWhileBusy = false
  /// A look-up before then is an error, in half of the firmwares.
  var looksUpFrom = Instant.start
  /// AT+URAT and AT+CPSMS as they stood in the memory at boot.
  var accesses: [Int] = []
  var powerSaving = PowerSavingRequest()
  /// AT+CEDRXS, likewise (SARA-R4).
  var extendedDRX = ExtendedDRXRequest()
}

extension CommandGroup {
  /// A letter that some firmwares refuse while the card is busy.
  static func line(
    _ name: StaticString, _ range: ClosedRange<Int>,
    set: @escaping @Sendable (inout SimulatedModem, Int) -> Void
  ) -> CommandEntry {
    let usual = letter(name, range, set: set)
    return CommandEntry(name) { modem, command in
      if modem.card == .busy, modem.own[UbloxState.self].refusesWhileBusy {
        return .equipmentError(14)
      }
      return usual.run(&modem, command)
    }
  }

  // MARK: - u-blox: identity, power, sleep, radio settings

  static let ublox: [CommandEntry] = [
    CommandEntry("I") { modem, command in
      let personality = modem.personality
      switch command.number(0, 0...9, otherwise: 0) {
      case 0:
        modem.inform("Manufacturer: \(personality.maker)")
        modem.inform("Model: \(personality.model)")
        modem.inform("Revision: \(personality.revision)")
        modem.inform("SVN: 03")
        modem.inform("IMEI: \(personality.imei)")
      case 9:
        let firmware = personality.revision.prefix { $0 != UInt8(ascii: " ") }
        modem.inform("\(Array(firmware)),\(personality.applicationVersion)")
      default: return .error
      }
      return .ok
    },
    letter("&K", 0...6) { $0.session.flowControl = $1 == 3 ? (2, 2) : (0, 0) },
    CommandEntry("+CCID", time: .milliseconds(5) ... .milliseconds(40)) { modem, command in
      guard command.kind == .execute || command.kind == .read else {
        return command.kind == .test ? .ok : .error
      }
      if modem.card == .absent || modem.card == .busy || modem.card == .off {
        return .equipmentError(modem.cardError ?? 13)
      }
      modem.inform("+CCID: \(modem.sim.iccid)")
      return .ok
    },
    // OK comes when the log-out is over, up to 40 s later; then V_INT falls.
    CommandEntry("+CPWROFF") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      let isRegistered = modem.radio.registration != nil
      let delay = isRegistered ? modem.sample(modem.network.timing.detach) : .milliseconds(300)
      let end = PowerEvent.commandedOff(isOrderly: false, bootsAgain: false)
      modem.schedule(.power(end), after: delay + .milliseconds(20))
      return modem.wait(delay, then: .ok)
    },
    CommandEntry("+CSGT") { modem, command in
      switch command.kind {
      case .read:
        let mode = modem.stored.number("csgt")
        let text = modem.stored.configuration(Array("csgt/text".utf8)) ?? []
        modem.inform("+CSGT: \(quoted: text),\(mode)")
      case .set:
        guard let mode = command.number(0, 0...1),
          let text = command.string(1, otherwise: []), text.count <= 49
        else { return .error }
        modem.counters.flashWrites += 1
        modem.stored.setNumber("csgt", mode)
        modem.stored.setConfiguration(Array("csgt/text".utf8), text)
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+UDCONF") { modem, command in
      if command.kind == .test { return .ok }
      guard let item = command.number(0, 0...255), [1, 20, 57, 76, 92].contains(item) else {
        return .error
      }
      let key = Array("udconf\(item)".utf8)
      if command.arguments.count == 1 {
        modem.inform("+UDCONF: \(item),\(modem.stored.configuration(key) ?? Array("0".utf8))")
        return .ok
      }
      guard let value = command.number(1, 0...65_535) else { return .error }
      modem.counters.flashWrites += 1
      modem.stored.setConfiguration(key, Array("\(value)".utf8))
      return .ok
    },
    CommandEntry("+UMNOPROF") { modem, command in
      switch command.kind {
      case .read: modem.inform("+UMNOPROF: \(modem.storedNumber("umnoprof"))")
      case .set:
        let profiles = [0, 1, 2, 3, 4, 5, 6, 8, 19, 31, 90, 100]
        guard let profile = command.number(0, 0...199), profiles.contains(profile) else {
          return .error
        }
        if modem.radio.phase != .off { return .equipmentError(3) }
        modem.counters.flashWrites += 1
        modem.stored.setNumber("umnoprof", profile)
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+URAT") { modem, command in
      // Without an operator's profile both forms are refused (FreeRTOS's driver).
      if modem.storedNumber("umnoprof") == 0, command.kind != .test { return .equipmentError(3) }
      switch command.kind {
      case .read: modem.inform("+URAT: \(modem.stored.accessText)")
      case .set:
        let values = command.arguments.indices.compactMap { command.number($0, 7...9) }
        guard values.count == command.arguments.count, (1...3).contains(values.count) else {
          return .error
        }
        if modem.radio.phase != .off { return .equipmentError(3) }
        modem.counters.flashWrites += 1
        let text = values.map { Array("\($0)".utf8) }.joined(separator: [UInt8(ascii: ",")])
        modem.stored.setConfiguration(Array("urat".utf8), Array(text))
      case .test: modem.inform("+URAT: (7,8),(7,8)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+UBANDMASK") { modem, command in
      let masks = ["185473183", "168761503"].enumerated().map { rat, mask -> [UInt8] in
        modem.stored.configuration(Array("ubandmask\(rat)".utf8)) ?? Array(mask.utf8)
      }
      switch command.kind {
      case .read: modem.inform("+UBANDMASK: 0,\(masks[0]),1,\(masks[1])")
      case .set:
        guard let rat = command.number(0, 0...1), let mask = command.text(1),
          mask.asciiWholeNumber != nil, command.arguments.count <= 3
        else { return .error }
        if modem.radio.phase != .off { return .equipmentError(3) }
        modem.counters.flashWrites += 1
        modem.stored.setConfiguration(Array("ubandmask\(rat)".utf8), mask)
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    // Registered, it says nothing worth reading.
    CommandEntry("+CEER") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      if let cause = modem.radio.rejectCause {
        modem.inform("+CEER: \"EMM cause\",\(cause),\"Rejected by the network\"")
      } else {
        modem.inform("+CEER: \"EMM cause\",0,\"No cause information available\"")
      }
      return .ok
    },
    CommandEntry("+UGPRF") { modem, command in
      guard command.kind == .read else { return command.kind == .test ? .ok : .error }
      modem.inform("+UGPRF: 2,0,\"\"")
      return .ok
    },
  ]
}

extension StoredSettings {
  /// AT+URAT's list; LTE-M alone from the factory.
  fileprivate var accessText: [UInt8] { configuration(Array("urat".utf8)) ?? Array("7".utf8) }

  /// `AT+UDCONF=1,1`, which outlives a power cycle.
  var isHexadecimal: Bool { number("udconf1") == 1 }
}

extension SimulatedModem {
  /// What a boot, or a wake, takes from the memory.
  func ubloxSettings() -> UbloxState {
    var state = UbloxState()
    state.accesses = stored.accessText.split(separator: UInt8(ascii: ","))
      .compactMap { $0.asciiWholeNumber.map { Int($0) } }
    state.powerSaving = stored.powerSaving
    state.extendedDRX = stored.edrx
    return state
  }

  mutating func ubloxBegun() {
    // Mode 2 of AT+CEDRXS, its URC, is lost over a boot; the request isn't (u-blox's driver).
    if stored.edrx.mode == 2 { stored.edrx.mode = 1 }
    own[UbloxState.self] = ubloxSettings()
    own[UbloxState.self].refusesWhileBusy = random.next(below: 2) == 0
    applyUARTSleep()
    if stored.number("csgt") == 1, let text = stored.configuration(Array("csgt/text".utf8)) {
      schedule(.text(text), after: sample(.milliseconds(10) ... .milliseconds(60)))
    }
  }

  /// AT+UPSV, which the module remembers: mode 1 after GSM frames of 4.615 ms, mode 4 (SARA-R4)
  /// after 6 s. Modes 2 and 3 hang on RTS and DTR, which the simulator hasn't: they are taken to be
  /// asserted. A UART that wakes loses what comes in its first 60 ms (assumed: u-blox's driver waits
  /// 100 ms).
  mutating func applyUARTSleep() {
    let wake = Duration.milliseconds(60)
    switch stored.number("upsv") {
    case 1:
      let frames = Int64(stored.number("upsv/frames", otherwise: 2000))
      session.uartSleep = UARTSleep(after: .microseconds(4615 * frames), wake: wake)
    case 4: session.uartSleep = UARTSleep(after: .seconds(6), wake: wake)
    default: session.uartSleep = nil
    }
  }

  /// What follows `<stat>` on SARA-R410M-02B: in mode 4 a field between the area and the cell
  /// (ubxlib; its contents are assumed), and all of them, empty, while there is no cell
  /// (u-blox/ubxlib#202, seen on SARA-R422).
  func saraR4RegistrationFields(_ query: RegistrationQuery) -> ATText {
    guard query.report == 4, query.kind == .evolved else {
      return standardRegistrationFields(query, cellDigits: 1)
    }
    guard query.view.hasCell else { return query.isRead ? "" : ",,,,,,,," }
    let area: ATText = "\"\(hex: UInt32(serving.trackingArea), digits: 4)\",\"0000\""
    let cell: ATText = "\"\(hex: serving.cell, digits: 1)\",\(access.number)"
    guard let active = query.view.activeTime, let tau = query.view.periodicTAU else {
      return ",\(area),\(cell),,,,"
    }
    return ",\(area),\(cell),,,\(quoted: active),\(quoted: tau)"
  }
}
