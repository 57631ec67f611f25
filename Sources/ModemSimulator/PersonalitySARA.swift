import Primitives

/// u-blox SARA-R5 and SARA-R4. Where the manuals and logs that were read are silent, the comments
/// say "assumed". Off and asleep both draw the 0.5 µA that the data sheet claims for SARA-R5
/// (unverified).
extension ModemPersonality {
  /// SARA-R510S-01B: PDP profile 0 must be mapped and activated before sockets work, and again after
  /// each wake from PSM; AT+UPSMR tells of PSM; hexadecimal mode outlives a power cycle.
  public static let saraR5: ModemPersonality = {
    var r5 = ModemPersonality(
      name: Array("ublox-sara-r5".utf8), maker: Array("u-blox".utf8),
      model: Array("SARA-R510S-01B".utf8), revision: Array("03.15".utf8),
      applicationVersion: Array("A00.01".utf8), imei: Array("357862090000017".utf8), key: r5Key,
      boot: r5Boot, currents: .assumed(restNanoamperes: 500),
      commands: UbloxDialect.r5.commands + saraCommands + [
        CommandGroup.registration("+CEREG", .evolved, modes: [0, 1, 2, 3, 4, 5]) { $0.cereg = $1 },
        CommandGroup.registration("+CGREG", .packet, modes: [0, 1, 2]) { $0.cgreg = $1 },
        CommandGroup.function([0, 1, 4], restarts: [15, 16]), CommandGroup.connectionStatus,
        CommandGroup.extendedDRX(
          hasWindow: true, rules: ExtendedDRXRules(refusesForeignCodes: true)),
      ])
    r5.takeUbloxTraits(.r5)
    r5.line.gap = .milliseconds(20)
    r5.factory.setNumber("umnoprof", 100)
    r5.sleep.entryText = { $0.own[UbloxState.self].reportsSleep ? "+UUPSMR: 1" : nil }
    r5.radio.accesses = [
      AccessTraits(.lteM, number: 7, name: "Cat-M1"), AccessTraits(.nbIoT, number: 9, name: "NB1"),
    ]
    r5.radio.fields = { $0.standardRegistrationFields($1, cellDigits: 1) }
    return r5
  }()

  /// SARA-R410M-02B: no profile; settings of the radio and PSM take effect at the next boot; one
  /// field more in +CEREG; NUL bytes at each boot; echo of what is sent after `@`; 100 ms between
  /// commands.
  public static let saraR4: ModemPersonality = {
    var r4 = ModemPersonality(
      name: Array("ublox-sara-r4".utf8), maker: Array("u-blox".utf8),
      model: Array("SARA-R410M-02B".utf8),
      revision: Array("L0.0.00.00.05.08 [Apr 17 2019 19:34:02]".utf8),
      applicationVersion: Array("A.02.04".utf8), imei: Array("352753090000017".utf8), key: r4Key,
      boot: r4Boot, currents: .assumed(restNanoamperes: 500),
      commands: refusedWhileBusy + UbloxDialect.r4.commands + saraCommands + [
        // Mode 5 is unverified for this module, so it is left out.
        CommandGroup.registration("+CEREG", .evolved, modes: [0, 1, 2, 3, 4]) { $0.cereg = $1 },
        CommandGroup.registration("+CGREG", .packet, modes: [0, 1, 2]) { $0.cgreg = $1 },
        CommandGroup.function([0, 1, 4], restarts: [15], resets: "(0-1)"),
        CommandGroup.extendedDRX(
          off: "+CEDRXS:",
          rules: ExtendedDRXRules(refusesForeignCodes: true, clearsOneByOne: true)),
      ])
    r4.takeUbloxTraits(.r4)
    r4.line.gap = .milliseconds(100)
    r4.line.payloadEcho = .always
    r4.factory.setNumber("umnoprof", 1)
    // A module asks for what stood in its memory when it booted, and never sleeps behind a PIN
    // (UBX-17003787 R16 p. 182).
    r4.sleep.request = { $0.own[UbloxState.self].powerSaving }
    r4.sleep.isAllowed = { $0.sim.pin == nil }
    r4.sleep.extendedDRX = { $0.own[UbloxState.self].extendedDRX }
    r4.radio.accesses = [
      AccessTraits(.lteM, number: 7, name: "Cat-M1"), AccessTraits(.nbIoT, number: 9, name: "NB1"),
    ]
    r4.radio.fields = { $0.saraR4RegistrationFields($1) }
    return r4
  }()

  /// Some firmwares refuse line settings while the card is busy (u-blox/ubxlib#287, SARA-R422).
  private static let refusedWhileBusy: [CommandEntry] = [
    CommandGroup.line("&C", 0...1) { $0.session.profile.carrierDetect = $1 },
    CommandGroup.line("&D", 0...2) { $0.session.profile.dataTerminalReady = $1 },
  ]

  private mutating func takeUbloxTraits(_ dialect: UbloxDialect) {
    off.pause = .milliseconds(500) ... .milliseconds(3000)
    line.aborted = .says(Array("ABORTED".utf8), isError: true)
    // The stack may have gone to sleep before; the module does when its AT port was idle for 6 s.
    sleep.quietPort = .seconds(6)
    // An idle module rests where its UART may (AT+UPSV).
    sleep.restsInExtendedDRX = { $0.session.uartSleep != nil }
    messages = .ublox
    sockets = dialect.sockets
    radio.mirrorsRegistration = nil
    // Seen by Particle and u-blox's own driver, which both read AT+COPS? first.
    radio.reselectsWhenAutomatic = true
    // Which of AT+URAT's technologies the network offers.
    radio.mayServe = { modem in
      let codes: [(SimulatedNetwork.AccessTechnology, Int)] = [(.lteM, 7), (.nbIoT, 8), (.gsm, 9)]
      let code = codes.first { $0.0 == modem.access.technology }?.1 ?? 0
      return modem.own[UbloxState.self].accesses.contains(code)
    }
    // The default bearer is up with the attach and can be lost.
    radio.registered = { modem in
      if modem.hasBearer(1), !modem.packet.active.contains(1) {
        modem.packet.active.append(1)
        // A look-up within 500 ms of a connection fails (ubxlib, seen on SARA-R422).
        if modem.own[UbloxState.self].refusesWhileBusy {
          modem.own[UbloxState.self].looksUpFrom = modem.now + .milliseconds(500)
        }
      }
    }
    packet.lost = { modem, cid in modem.ubloxContextLost(cid) }
    perform = { modem, event in modem.performUblox(event) }
    boot.begun = { modem in modem.ubloxBegun() }
    factory.timeZoneUpdate = 1
  }

  private static let saraCommands =
    CommandGroup.ublox + CommandGroup.general + CommandGroup.card + [
      CommandGroup.registration("+CREG", .circuit, modes: [0, 1, 2]) { $0.creg = $1 },
      CommandGroup.extendedSignal,
    ] + CommandGroup.network + CommandGroup.packet + CommandGroup.activation.without("+CGAUTH")
    + CommandGroup.sleep.without("+CEDRXS")
    + CommandGroup.time + CommandGroup.messages

  /// PWR_ON: u-blox's own driver pulses 1.5 s to switch on and 2 s to switch off; the ends of the
  /// ranges are assumed. The same pulse that starts a module ends one that runs. RESET_N is another
  /// pin.
  private static let r5Key = PowerKeyTiming(
    on: .milliseconds(1000) ... .milliseconds(2000),
    off: .milliseconds(1500) ... .milliseconds(22_000))

  /// On 0.15 s to 3.2 s, off from 1.5 s (MKRNB, particle-iot/device-os).
  private static let r4Key = PowerKeyTiming(
    on: .milliseconds(150) ... .milliseconds(3200),
    off: .milliseconds(1500) ... .milliseconds(22_000))

  /// V_INT within 1 s of the pulse, AT after 4 s to 6 s; no text by itself.
  private static let r5Boot = BootTraits(
    status: .milliseconds(1100) ... .milliseconds(1900),
    uart: .milliseconds(3500) ... .milliseconds(6000))

  private static let r4Boot = BootTraits(
    status: .milliseconds(200) ... .milliseconds(1000),
    uart: .milliseconds(4000) ... .milliseconds(6000),
    // FreeRTOS/FreeRTOS-Cellular-Interface#75.
    noise: [0x00, 0x0A, 0x0D])
}
