import Primitives

extension ModemPersonality {
  /// Quectel M95: GPRS, its own older stack. Pulses and times: M95 hardware design (on from about
  /// 800 ms, when STATUS rises; off 0.6 s to 1 s; log-out 2 s to 12 s). Texts and forms: RT-Thread
  /// at_device class m26, TinyGSM, users' logs of M95 and M26.
  public static let m95: ModemPersonality = {
    var m95 = ModemPersonality(
      name: Array("quectel-m95".utf8), maker: Array("Quectel_Ltd".utf8),
      model: Array("Quectel_M95".utf8), revision: Array("M95FAR02A08".utf8),
      applicationVersion: Array("M95FAR02A08".utf8), imei: Array("863071010000017".utf8),
      key: m95Key, boot: m95Boot, currents: .assumedGSM, commands: m95Commands)
    m95.off.text = "NORMAL POWER DOWN"
    m95.off.lackText = "UNDER_VOLTAGE POWER DOWN"
    m95.off.pause = .milliseconds(300) ... .seconds(2)
    m95.line.payloadEcho = .asCommands
    // A user's log of an M26: `+CME ERROR: unknown` for a command that isn't there.
    m95.line.genericError = 100
    m95.radio.accesses = [AccessTraits(.gsm, number: 0, name: "GSM", hasDefaultBearer: false)]
    m95.radio.fields = { $0.gsmRegistrationFields($1) }
    m95.radio.registered = { $0.tellNetworkTime() }
    m95.packet.opened = { modem, _, serial, isOK in
      modem.foregroundAnswered(isOpen: isOK, serial: serial)
    }
    m95.packet.lost = { modem, _ in modem.foregroundLost() }
    m95.sockets = gsmTraits
    m95.messages = .quectelGSM
    m95.factory.profile.baudRate = 0
    m95.unsetClock = .gsmModules
    m95.begin = { $0.errorFormat = 1 }
    m95.perform = { modem, event in modem.performShared(event) }
    return m95
  }()

  private static let gsmTraits: SocketTraits = {
    var traits = SocketTraits()
    traits.numbers = QuectelGSMState.connections
    traits.openLimit = .seconds(75)
    traits.payload = { modem, request, payload in
      switch modem.take(payload, on: request.socket) {
      case .taken: .sent(isOK: true)
      case .full: .sent(isOK: false)
      case .refused: .error
      }
    }
    traits.opened = { modem, socket, error in modem.gsmSocketOpened(socket, error) }
    traits.pushes = { modem, _ in modem.gsmStack.receiveMode == 0 }
    traits.arrived = { modem, socket, bytes, isNews in
      modem.gsmDataArrived(socket, bytes, isNews: isNews)
    }
    traits.peerClosed = { modem, socket in modem.sendURC("\(socket.id.number), CLOSED") }
    traits.named = { modem, _, answer in modem.gsmNameAnswered(answer) }
    return traits
  }()

  private static let m95Commands =
    CommandGroup.gsmOwn + [CommandGroup.rate(isSaved: false)] + CommandGroup.general
    + CommandGroup.card + [CommandGroup.function([0, 1, 4])]
    + [
      CommandGroup.registration("+CREG", .circuit, modes: [0, 1, 2]) { $0.creg = $1 },
      CommandGroup.registration("+CGREG", .packet, modes: [0, 1, 2]) { $0.cgreg = $1 },
    ] + CommandGroup.network + CommandGroup.packet + CommandGroup.time + CommandGroup.messages
    + CommandGroup.gsmContext + CommandGroup.gsmNames + CommandGroup.gsmSockets

  private static let m95Key = PowerKeyTiming(
    supplyStable: .milliseconds(30), on: .milliseconds(800) ... .seconds(5),
    off: .milliseconds(600) ... .milliseconds(1000), leastShutdown: .seconds(2))

  /// The boot takes two to three seconds from STATUS on (assumed).
  private static let m95Boot = BootTraits(
    status: .milliseconds(800) ... .milliseconds(850), uart: .seconds(2) ... .milliseconds(3500),
    texts: [
      TimedText("RDY", after: .milliseconds(10) ... .milliseconds(80)),
      TimedText("+CFUN: 1", after: .milliseconds(100) ... .milliseconds(400)),
    ],
    announcesCard: true, messages: .seconds(1) ... .seconds(8),
    messageTexts: ["Call Ready", "SMS Ready"])
}

extension CommandGroup {
  /// A command of the shared messages, with this family's answer to `=?`.
  private static func testForm(_ name: StaticString, _ form: ATText) -> CommandEntry {
    CommandEntry(name) { modem, command in
      guard command.kind == .test else { return messages.entry(name).run(&modem, command) }
      modem.inform("\(Array(name)): \(form)")
      return .ok
    }
  }

  // MARK: - Quectel GSM: card, power, time, and answers of a user's log

  fileprivate static let gsmOwn: [CommandEntry] = [
    text("+CGMR") { "Revision: \($0.personality.revision)" },
    text("+GMR") { "Revision: \($0.personality.revision)" },
    text("+GCAP") { _ in "+GCAP: +CGSM,+FCLASS" },
    text("+CEER") { _ in "+CEER: 0,0" },
    CommandEntry("+CNUM") { _, command in command.kind == .execute ? .ok : .error },
    testForm("+CSMS", "(0,128)"),
    CommandEntry("+CUSD") { modem, command in
      guard command.kind == .read else { return command.kind == .test ? .ok : .error }
      modem.inform("+CUSD: 0")
      return .ok
    },
    CommandEntry("+CPMS") { modem, command in
      guard command.kind == .test else { return messages.entry("+CPMS").run(&modem, command) }
      let stores: ATText = "(\"SM\",\"ME\",\"MT\")"
      modem.inform("+CPMS: \(stores),\(stores),\(stores)")
      return .ok
    },
    testForm("+CNMI", "(0-3),(0-3),(0,2,3),(0-2),(0,1)"), testForm("+CMGF", "(0,1)"),
    iccid("+QCCID", answer: ""),
    CommandEntry("+CCID") { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .read || command.kind == .execute else { return .error }
      if let error = modem.cardError { return .equipmentError(error) }
      modem.inform("+CCID: \(quoted: modem.sim.iccid)")
      return .ok
    },
    CommandEntry("+QPOWD") { modem, command in
      guard let mode = command.number(0, 0...1, otherwise: 1),
        command.kind == .execute || command.isSet
      else { return .error }
      return modem.powerDown(isOrderly: mode == 1)
    },
    number("+QSCLK", 0...2) {
      $0.session.isSleepEnabled ? 1 : 0
    } set: {
      $0.session.isSleepEnabled = $1 > 0
    },
    number("+QNITZ", 0...1, isStored: true) {
      $0.stored.timeZoneReport
    } set: {
      $0.stored.timeZoneReport = $1
    },
    number("+CTZU", 0...3, isStored: true) {
      $0.stored.timeZoneUpdate
    } set: {
      $0.stored.timeZoneUpdate = $1
    },
  ]
}

extension SimulatedModem {
  /// GSM's: `,"<lac>","<ci>"` of two octets each and no access technology.
  func gsmRegistrationFields(_ query: RegistrationQuery) -> ATText {
    guard query.report >= 2, query.view.hasCell else { return "" }
    let area: ATText = "\(hex: UInt32(serving.trackingArea), digits: 4)"
    let cell: ATText = "\(hex: serving.cell & 0xFFFF, digits: 4)"
    return ",\(quoted: area.bytes),\(quoted: cell.bytes)"
  }

  /// `+QNITZ: "yy/MM/dd,hh:mm:ss±zz,<dst>"`; the order of the fields is assumed. AT+CTZU=3 sets the
  /// clock to local time, and so does 1 here.
  fileprivate mutating func tellNetworkTime() {
    guard let time = clock.network, time.at == now else { return }
    let local = time.utc + .seconds(time.zoneQuarters * 900)
    if stored.timeZoneUpdate > 0 {
      clock.zoneQuarters = time.zoneQuarters
      clock.local = (local, now)
    }
    guard stored.timeZoneReport == 1 else { return }
    let text = dateText(local, fullYear: false) + zoneText(time.zoneQuarters)
    sendURC("+QNITZ: \(quoted: text + Array(",0".utf8))")
  }
}
