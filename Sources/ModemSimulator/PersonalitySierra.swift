import Primitives

extension ModemPersonality {
  /// Sierra Wireless HL7800, firmware 4.5.4.0. Hibernation draws 1.5 µA to 1.8 µA by the data sheet
  /// (unverified in the facts).
  public static let sierraHL78: ModemPersonality = {
    var sierra = ModemPersonality(
      name: Array("sierra-hl78".utf8), maker: Array("Sierra Wireless".utf8),
      model: Array("HL7800".utf8), revision: Array("HL7800.4.5.4.0".utf8),
      applicationVersion: Array("HL7800.4.5.4.0".utf8), imei: Array("354723090000018".utf8),
      key: sierraKey, boot: sierraBoot, currents: .assumed(restNanoamperes: 1650),
      commands: sierraCommands)
    sierra.off.pause = .milliseconds(500) ... .milliseconds(4000)
    sierra.line.errorText = { $0 == 910 ? "bad session ID" : nil }
    sierra.radio.mirrorsRegistration = nil
    sierra.radio.accesses = [
      AccessTraits(.lteM, number: 7, name: "CAT-M1"), AccessTraits(.nbIoT, number: 9, name: "NB"),
    ]
    sierra.radio.mayServe = { modem in
      (modem.access.technology == .nbIoT) == (modem.stored.number("+ksrat") == 1)
    }
    sierra.sleep.isAllowed = { $0.mayHibernate }
    // +CEREG: 4 comes where +CEREG is on; +PSMEV, whose switch is UNVERIFIED, isn't simulated.
    sierra.sleep.entryText = { $0.session.profile.cereg > 0 ? "+CEREG: 4" : nil }
    // AT+CGACT waits for its answer, AT+KCNXUP and the sessions don't.
    sierra.packet.opened = { modem, _, serial, isOK in
      if serial == 0 { return modem.connectionAnswered(isOK: isOK) }
      modem.complete(isOK ? .ok : .error, serial: serial)
    }
    sierra.packet.closed = { modem, _, serial in
      if serial == 0 { return modem.sendURC("+KCNX_IND: 1,3") }
      modem.complete(.ok, serial: serial)
    }
    sierra.packet.lost = { modem, _ in modem.connectionLost() }
    sierra.sockets = .sierra
    sierra.perform = { modem, event in
      guard event.isCalled("payload") else { return }
      modem.sessionPayloadMissing(event.number, serial: event.serial)
    }
    return sierra
  }()

  /// HL7800: +CEREG to mode 4; HL7802 and later to 5.
  private static let sierraCommands: [CommandEntry] =
    CommandGroup.sierra + CommandGroup.sierraSessions + CommandGroup.registration
    + CommandGroup.standard

  /// PWR_ON: 1.5 s (zephyr's table). It turns nothing off, and RESET_IN isn't wired to the key
  /// (assumed). WAKE is: a pulse that wakes from hibernation is one that turns on.
  private static let sierraKey = PowerKeyTiming(
    on: .milliseconds(1500) ... .milliseconds(10_000))

  /// +KSUP at about 6.5 s (zephyrproject-rtos/zephyr#75398), 12 s at most; +CEREG: 2 may come
  /// before it. STATUS is VGPIO.
  private static let sierraBoot: BootTraits = {
    var boot = BootTraits(
      status: .milliseconds(1550) ... .milliseconds(2500),
      uart: .milliseconds(5000) ... .milliseconds(8000))
    boot.begun = { modem in modem.announceStart() }
    return boot
  }()
}
