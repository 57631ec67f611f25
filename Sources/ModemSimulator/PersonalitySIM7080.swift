import Primitives

extension ModemPersonality {
  /// SIMCom SIM7080G: LTE-M, NB-IoT and GPRS, with the stack of its applications (AT+CNACT,
  /// AT+CAOPEN). Pulses: LilyGO's 1 s on and 1.3 s off, with the sister SIM7000's limits of 1 s and
  /// 1.2 s; Zephyr's driver waits 5 s for the UART. Forms: SIM7080 AT manual V1.02, TinyGSM, users.
  public static let sim7080: ModemPersonality = {
    var sim7080 = ModemPersonality(
      name: Array("simcom-sim7080".utf8), maker: Array("SIMCOM_Ltd".utf8),
      model: Array("SIMCOM_SIM7080".utf8), revision: Array("1951B16SIM7080".utf8),
      applicationVersion: Array("SIM7080 R1951".utf8), imei: Array("863592040000017".utf8),
      key: .simcomIoT, boot: .simcomIoT, currents: sim7080Currents, commands: sim7080Commands)
    sim7080.setSIMComIoT()
    sim7080.radio.accesses = [
      AccessTraits(.lteM, number: 7, name: "LTE CAT-M1"),
      AccessTraits(.nbIoT, number: 9, name: "LTE NB-IOT"),
      AccessTraits(.gsm, number: 0, name: "GSM", hasDefaultBearer: false),
    ]
    // The manual's forms have `<rac>` between area and cell; other firmwares do without.
    sim7080.radio.mirrorsRegistration = nil
    sim7080.radio.fields = { modem, query in
      let fields = modem.standardRegistrationFields(query)
      guard query.kind == .evolved, query.view.hasCell, query.report >= 2,
        !modem.radio.mirrorsRegistration
      else { return fields }
      let area: ATText = ",\"\(hex: UInt32(modem.serving.trackingArea), digits: 4)\""
      return "\(area),\(Array(fields.bytes.dropFirst(area.bytes.count)))"
    }
    sim7080.packet.opened = { modem, cid, _, isOK in
      modem.applicationContextChanged(cid - 1, isActive: isOK)
    }
    sim7080.packet.lost = { modem, cid in modem.applicationContextLost(cid - 1) }
    sim7080.sockets = sim7080Sockets
    sim7080.perform = { modem, event in
      if event.isCalled(OwnEvent.contextClosed) {
        modem.applicationContextChanged(event.number, isActive: false)
      } else if event.isCalled(OwnEvent.contextRetry) {
        modem.retryApplications(event.number)
      } else {
        modem.performShared(event)
      }
    }
    return sim7080
  }()

  private static let sim7080Commands =
    [
      CommandEntry("+CREBOOT") { modem, command in
        guard command.kind == .execute else { return .error }
        modem.schedule(
          .power(.commandedOff(isOrderly: true, bootsAgain: true)), after: .milliseconds(20))
        return .ok
      }
    ] + CommandGroup.simcomIoT + CommandGroup.applicationContexts
    + CommandGroup.applicationSockets(.sim7080)
    + CommandGroup.applicationNames

  private static let sim7080Sockets: SocketTraits = {
    var traits = SocketTraits()
    // The manual counts to 12; the text of AT+CAOPEN and TinyGSM's twelve agree on 0 to 11.
    traits.numbers = 0...11
    traits.openLimit = .seconds(75)
    traits.payload = { modem, request, payload in
      switch modem.take(payload, on: request.socket, assistance: modem.simcomAssistance) {
      case .taken: .ok
      case .full, .refused: .error
      }
    }
    traits.opened = { modem, socket, error in modem.applicationSocketOpened(socket, error, .sim7080)
    }
    traits.arrived = { modem, socket, _, isNews in
      if isNews { modem.sendURC("+CADATAIND: \(socket.id.number)") }
    }
    traits.peerClosed = { modem, socket in modem.applicationPeerClosed(socket, .sim7080) }
    traits.named = { modem, query, answer in modem.nameFound(query, answer, silence: 5) }
    return traits
  }()

  /// PSM 3.2 µA is the maker's claim, second-hand; all else is SIM7000's.
  private static let sim7080Currents: ModemCurrents = {
    var currents = ModemCurrents.sim7000
    currents[.asleep] = 3200
    return currents
  }()
}

extension ModemPersonality {
  /// What SIM7000 and SIM7080 have in common.
  mutating func setSIMComIoT() {
    off.text = "NORMAL POWER DOWN"
    off.lackText = "UNDER-VOLTAGE POWER DOWN"
    off.pause = .milliseconds(500) ... .seconds(3)
    line.limit = 557
    line.payloadEcho = .asCommands
    radio.mayServe = { $0.searchModesAllow }
    radio.registered = { $0.tellLocalTime() }
    sleep.entryText = { $0.reportsSleep ? "+CPSMSTATUS: \"ENTER PSM\"" : nil }
    sleep.wakeText = { $0.reportsSleep ? "+CPSMSTATUS: \"EXIT PSM\"" : nil }
    sleep.isAllowed = { modem in
      // A card with a PIN may keep the module awake (SIM7000 low-power note V1.01).
      guard modem.sim.pin == nil, let granted = modem.grantedSeconds else { return false }
      return granted.periodic - granted.active >= modem.stored.psmThresholdSeconds
    }
    // AT+CSCLK, with DTR taken to be released whenever nothing is said.
    sleep.restsInExtendedDRX = { $0.session.isSleepEnabled }
    factory.profile.baudRate = 0
    factory.psmMask = 15
  }
}

extension CommandGroup {
  /// Commands of both.
  static let simcomIoT: [CommandEntry] =
    simcomIdentity + [rate(isSaved: true), slowClock(0...1)] + internetOfThings + simcomSleep
    + localTime + general + card + [function([0, 1, 4, 5, 7], restarts: [6])]
    + [
      registration("+CREG", .circuit, modes: [0, 1, 2]) { $0.creg = $1 },
      registration("+CGREG", .packet, modes: [0, 1, 2]) { $0.cgreg = $1 },
      registration("+CEREG", .evolved, modes: [0, 1, 2, 4]) { $0.cereg = $1 },
    ] + network + packet + activation + sleep + time + messages
}

extension PowerKeyTiming {
  /// SIM7000 hardware design V1.07: on from 1 s, off from 1.2 s, 2 s between off and on.
  static let simcomIoT = PowerKeyTiming(
    supplyStable: .milliseconds(30), on: .milliseconds(1000) ... .seconds(5),
    off: .milliseconds(1200) ... .seconds(5), leastShutdown: .milliseconds(1800))
}

extension BootTraits {
  /// SIM7000 hardware design V1.07: STATUS and UART at 4.5 s, typically.
  static let simcomIoT = BootTraits(
    status: .milliseconds(4300) ... .milliseconds(4700),
    uart: .milliseconds(4500) ... .milliseconds(5500),
    texts: [
      TimedText("RDY", after: .milliseconds(10) ... .milliseconds(80)),
      TimedText("+CFUN: 1", after: .milliseconds(100) ... .milliseconds(400)),
    ],
    announcesCard: true, absentText: "+CPIN: NOT INSERTED",
    messages: .milliseconds(500) ... .seconds(3),
    messageTexts: ["SMS Ready"])
}
