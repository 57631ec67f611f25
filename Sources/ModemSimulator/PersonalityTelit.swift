import Primitives

extension ModemPersonality {
  /// Telit ME910G1 (and ME910C1, ME310G1, with their own pulses).
  public static let telitME910: ModemPersonality = {
    var telit = ModemPersonality(
      name: Array("telit-me910".utf8), maker: Array("Telit".utf8),
      model: Array("ME910G1-WW".utf8), revision: Array("37.00.213".utf8),
      applicationVersion: Array("37.00.213-P0F.370200".utf8),
      imei: Array("353080090012343".utf8), key: telitKey, boot: telitBoot,
      currents: .assumed(), commands: telitCommands)
    // The shutdown says nothing; PWRMON falls when it is over, up to 15 s later.
    telit.off.pause = .seconds(2) ... .seconds(8)
    telit.line.prefixes = "+#"
    // 20 ms after a final result (ARMmbed/mbed-os: AT_SEND_DELAY 20).
    telit.line.gap = .milliseconds(20)
    // What it doesn't know is +CME ERROR: 4, as zephyrproject-rtos/zephyr#82339 has it of AT+CMUX.
    telit.line.genericError = 4
    telit.line.errorText = { TelitError.texts[$0] }
    telit.radio.mirrorsRegistration = nil
    telit.radio.accesses = [
      AccessTraits(.lteM, number: 8, name: "CAT-M1"), AccessTraits(.nbIoT, number: 9, name: "NB"),
      AccessTraits(.gsm, number: 0, name: "GSM"),
    ]
    telit.radio.mayServe = { modem in
      switch modem.stored.number("#ws46", otherwise: 2) {
      case 0: modem.access.technology != .nbIoT
      case 1: modem.access.technology != .lteM
      default: true
      }
    }
    telit.radio.registered = { modem in modem.telitRegistered() }
    telit.sleep.entryText = { modem in
      guard modem.telit.announcesSleep, let granted = modem.grantedSeconds else { return nil }
      return "#PSMURC: \(granted.active),\(granted.periodic)"
    }
    telit.sleep.isAllowed = { modem in
      guard let granted = modem.grantedSeconds else { return false }
      return granted.periodic - granted.active >= modem.telitSleepSettings[1]
    }
    telit.packet.opened = { modem, _, serial, isOK in
      modem.telitContextOpened(serial: serial, isOK: isOK)
    }
    telit.packet.lost = { modem, cid in modem.telitContextLost(cid) }
    telit.sockets = .telit
    telit.perform = { modem, event in
      if event.isCalled("idle") { modem.telitIdled(event.number) }
      if event.isCalled("secure read") { modem.telitSecureReadExpired(event.serial) }
    }
    return telit
  }()

  private static let telitCommands: [CommandEntry] =
    CommandGroup.telit + CommandGroup.telitPacket + CommandGroup.telitSockets
    + CommandGroup.telitSecurity
    + CommandGroup.registrations { $0.firmware.isOdd(2) } + CommandGroup.standard

  /// One hold of 5.05 s in zephyr's table, 6 s in Telit's own library; off is the same pin, 2.5 s
  /// at least (LE910Cx hardware manual). There is no reset on it.
  private static let telitKey = PowerKeyTiming(
    on: .milliseconds(5000) ... .milliseconds(7000),
    off: .milliseconds(2500) ... .milliseconds(7000), leastShutdown: .seconds(3))

  /// No URC says that the module is ready: it answers AT within 15 s (zephyr) of the pulse's
  /// begin, here 7 s to 12 s, as the library expects it. STATUS is PWRMON.
  private static let telitBoot: BootTraits = {
    var boot = BootTraits(
      status: .milliseconds(5100) ... .milliseconds(5900),
      uart: .milliseconds(7000) ... .milliseconds(12_000))
    // ARMmbed/mbed-os: nothing may be driven for the first 200 ms.
    boot.quietUART = .milliseconds(200)
    return boot
  }()
}

extension SimulatedModem {
  /// `#PSNT:` and `#NITZ:`, where they are on.
  fileprivate mutating func telitRegistered() {
    if telit.technologyReport == 1 {
      sendURC("#PSNT:\(access.technology == .gsm ? 0 : 4)")
    }
    let zone = stored.numbers(Array("#nitz".utf8), otherwise: [0, 0])
    if zone.last == 1, clock.network?.at == now {
      sendURC("#NITZ: \(dateText(localTime, fullYear: false))")
    }
  }
}
