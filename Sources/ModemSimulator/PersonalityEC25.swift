import Primitives

extension ModemPersonality {
  /// Quectel EC25-E: LTE Cat 4, no PSM. Its sockets are BG95's.
  ///
  /// Times: EG25-G (STATUS at 2.5 s, RDY from 12 s), EC21 (RDY at about 11 s), EG91 (off pulse from
  /// 650 ms, 30 s until it is off). EC25's own pulses are those of EG91 (assumed; its hardware
  /// design wasn't to be had). STATUS is low when the module is on: a board's matter, here "on".
  public static let ec25: ModemPersonality = {
    var ec25 = ModemPersonality(
      name: Array("quectel-ec25".utf8), maker: Array("Quectel".utf8), model: Array("EC25".utf8),
      revision: Array("EC25EFAR06A04M4G".utf8),
      applicationVersion: Array("EC25EFAR06A04M4G_01.002.01.002".utf8),
      imei: Array("861107030000017".utf8), key: ec25Key, boot: ec25Boot, currents: .assumedLTE,
      commands: ec25Commands, configurationKeys: ec25ConfigurationKeys)
    ec25.off.text = "POWERED DOWN"
    ec25.off.announcesRestart = true
    ec25.off.missingLineEnd = 3
    ec25.line.routesURCs = true
    ec25.line.payloadEcho = .asCommands
    ec25.radio.accesses = [
      AccessTraits(.lte, number: 7, name: "FDD LTE"),
      AccessTraits(.umts, number: 2, name: "WCDMA", hasDefaultBearer: false),
      AccessTraits(.gsm, number: 0, name: "GSM", hasDefaultBearer: false),
    ]
    // A user's log of an EC21 (SeeedJP/WioLTEforArduino#34).
    ec25.radio.mirrorsRegistration = true
    ec25.radio.fields = { $0.standardRegistrationFields($1) }
    ec25.radio.mayServe = { $0.mayServeByConfiguration }
    ec25.radio.isGSMAlone = { $0.configurationNumber("nwscanmode") == 1 }
    ec25.radio.registered = { $0.setClockFromNetwork() }
    ec25.packet.lost = { modem, cid in modem.sendURC("+QIURC: \"pdpdeact\",\(cid)") }
    ec25.packet.lostNeedsClosing = true
    ec25.sockets = .quectel
    ec25.messages = .quectelCat4
    ec25.factory.contexts = ec25Contexts
    ec25.begin = { $0.errorFormat = 1 }
    ec25.perform = { modem, event in
      guard event.isCalled("refused") else { return }
      modem.answerOpen(event.number, SocketError(rawValue: event.serial) ?? .unknown)
    }
    return ec25
  }()

  private static let ec25Commands =
    CommandGroup.quectelCat1 + CommandGroup.general + CommandGroup.card
    + [CommandGroup.function([0, 1, 4])]
    + [
      CommandGroup.registration("+CREG", .circuit, modes: [0, 1, 2]) { $0.creg = $1 },
      CommandGroup.registration("+CGREG", .packet, modes: [0, 1, 2]) { $0.cgreg = $1 },
      CommandGroup.registration("+CEREG", .evolved, modes: [0, 1, 2]) { $0.cereg = $1 },
    ] + CommandGroup.network + CommandGroup.packet + CommandGroup.activation + CommandGroup.time
    + CommandGroup.messages + CommandGroup.quectel.without("+QPSMS", "+QPSMCFG", "+QCSCON")
    + CommandGroup.quectelPacket + CommandGroup.quectelSockets + CommandGroup.quectelConfiguration
    + CommandGroup.quectelSecure(QuectelTLS.keysOfEC25, countsReceived: false)

  private static let ec25Key = PowerKeyTiming(
    supplyStable: .milliseconds(30), on: .milliseconds(500) ... .milliseconds(2000),
    off: .milliseconds(650) ... .milliseconds(5000), leastShutdown: .seconds(30))

  private static let ec25Boot = BootTraits(
    status: .milliseconds(2500) ... .milliseconds(3200), uart: .seconds(11) ... .seconds(13),
    texts: [
      TimedText("RDY", after: .milliseconds(10) ... .milliseconds(80)),
      TimedText("+CFUN: 1", after: .milliseconds(100) ... .milliseconds(300)),
    ],
    announcesCard: true, cardTexts: ["+QUSIM: 1"],
    messages: .milliseconds(300) ... .milliseconds(2500),
    messageTexts: ["+QIND: SMS DONE", "+QIND: PB DONE"], sometimesRepeats: true,
    acceptsPowerOff: .milliseconds(0) ... .milliseconds(2000))

  /// Carrier settings bring contexts of their own, which a host may stumble over
  /// (ARMmbed/mbed-os#11192).
  private static let ec25Contexts: [ContextDefinition] = {
    var (ims, emergency) = (ContextDefinition(cid: 2), ContextDefinition(cid: 3))
    (ims.type, ims.apn) = (3, Array("ims".utf8))
    (emergency.type, emergency.apn) = (3, Array("sos".utf8))
    return [ContextDefinition(cid: 1), ims, emergency]
  }()

  /// The values of "nwscanmode" aren't in the AT manual; 0 to 3 are BG96's.
  private static let ec25ConfigurationKeys: [ConfigurationKey] = [
    ConfigurationKey("nwscanmode", [.number(0...3)], "0", restartsSearch: true),
    ConfigurationKey(
      "band", [.hexadecimal, .hexadecimal, .hexadecimal], "0x93,0x1a0080800d5,0x0",
      restartsSearch: true),
    ConfigurationKey("roamservice", [.number(1...255)], "2", restartsSearch: true),
    ConfigurationKey("servicedomain", [.number(0...2)], "2", restartsSearch: true),
    ConfigurationKey("ims", [.number(0...2)], "0"),
    ConfigurationKey("pdp/duplicatechk", [.number(0...1)], "0"),
    ConfigurationKey("urc/delay", [.number(0...1)], "0"),
    ConfigurationKey("ledmode", [.number(0...3)], "0"),
  ]
}

extension CommandGroup {
  // MARK: - Quectel Cat 1 and Cat 4: what is another than BG95's

  fileprivate static let quectelCat1: [CommandEntry] = [
    text("+QGMR") { modem in
      // Before the application side is up, its version is zeros (ModemManager).
      if modem.now >= modem.power.acceptsPowerOffAt {
        return ATText(bytes: modem.personality.applicationVersion)
      }
      return "\(modem.personality.revision)_01.002.00.000"
    },
    text("+QNWINFO") { modem in
      guard modem.hasCell else { return "+QNWINFO: No Service" }
      let serving = modem.serving
      let band: ATText = "\"LTE BAND \(serving.band)\",\(serving.channel)"
      return "+QNWINFO: \(quoted: modem.accessName),\(serving.number),\(band)"
    },
    CommandEntry("+CTZU") { modem, command in
      switch command.kind {
      case .read: modem.inform("+CTZU: \(modem.stored.timeZoneUpdate)")
      case .test: modem.inform("+CTZU: (0,1,3)")
      case .set:
        guard let mode = command.number(0, 0...3), mode != 2 else { return .error }
        modem.counters.flashWrites += 1
        modem.stored.timeZoneUpdate = mode
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CGDCONT") { modem, command in
      guard command.kind == .read else { return packet.entry("+CGDCONT").run(&modem, command) }
      for context in modem.stored.contexts {
        let type = Array(contextTypes[context.type - 1])
        let none: ATText =
          context.type == 1 ? "0.0.0.0" : "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"
        let name: ATText = "\(context.cid),\(quoted: type),\(quoted: context.apn)"
        modem.inform("+CGDCONT: \(name),\(quoted: none.bytes),0,0,0,0")
      }
      return .ok
    },
    CommandEntry("+QISENDEX", time: .milliseconds(5) ... .milliseconds(25)) { modem, command in
      // No release assistance here.
      if command.arguments.count > 2 { return modem.badParameter() }
      return quectelSockets.entry("+QISENDEX").run(&modem, command)
    },
    text("+CEER") { _ in "+CEER: No report available" },
    CommandEntry("+QGDCNT") { modem, command in
      switch command.kind {
      case .read:
        modem.inform("+QGDCNT: \(modem.counters.bytesSent),\(modem.counters.bytesReceived)")
      case .set: return command.number(0, 0...1) == nil ? .error : .ok
      case .test: modem.inform("+QGDCNT: (0,1)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+QURCCFG") { modem, command in
      let shared = quectelConfiguration.entry("+QURCCFG")
      guard let port = command.string(1)?.lowercased, port.equals("all") || port.equals("uart2"),
        command.string(0)?.lowercased.equals("urcport") == true
      else { return shared.run(&modem, command) }
      // Everywhere is here too.
      modem.counters.flashWrites += 1
      modem.stored.urcPort = port.equals("all") ? Array("uart1".utf8) : port
      return .ok
    },
  ]
}

extension SimulatedModem {
  /// EC25's clock holds UTC unless AT+CTZU=3 (ModemManager).
  fileprivate mutating func setClockFromNetwork() {
    guard stored.timeZoneUpdate > 0, let time = clock.network, time.at == now else { return }
    let isLocal = stored.timeZoneUpdate == 3
    let shown = time.utc + .seconds(isLocal ? time.zoneQuarters * 900 : 0)
    clock.zoneQuarters = time.zoneQuarters
    clock.local = (shown, now)
  }
}
