import Primitives

extension ModemPersonality {
  /// Quectel BG95-M3. Times: BG95/BG77 hardware design (STATUS at 2.1 s, UART at 2.5 s, both at
  /// least; pulses).
  public static let bg95: ModemPersonality = {
    var bg95 = ModemPersonality(
      name: Array("quectel-bg95".utf8), maker: Array("Quectel".utf8),
      model: Array("BG95-M3".utf8), revision: Array("BG95M3LAR02A04".utf8),
      applicationVersion: Array("BG95M3LAR02A04_01.016.01.016".utf8),
      imei: Array("866349040000017".utf8), key: bg95Key, boot: bg95Boot, currents: .bg95,
      commands: bg95Commands, configurationKeys: bg95ConfigurationKeys)
    bg95.off.text = "POWERED DOWN"
    bg95.off.announcesRestart = true
    // vshymanskyy/TinyGSM#157.
    bg95.off.missingLineEnd = 3
    bg95.sleep = .quectelIoT
    bg95.line.routesURCs = true
    bg95.line.payloadEcho = .asCommands
    bg95.radio.accesses = [
      AccessTraits(.lteM, number: 8, name: "eMTC"), AccessTraits(.nbIoT, number: 9, name: "NBIoT"),
      // A GPRS attach brings none along (TS 23.060 §6.5.3).
      AccessTraits(.gsm, number: 0, name: "GSM", hasDefaultBearer: false),
    ]
    bg95.radio.mirrorsRegistration = nil
    bg95.radio.fields = { $0.quectelRegistrationFields($1) }
    bg95.radio.mayServe = { $0.mayServeByConfiguration }
    bg95.radio.isGSMAlone = { $0.configurationNumber("nwscanmode") == 1 }
    bg95.radio.connectionText = { "+QCSCON: 1,\($0 ? 1 : 0)" }
    bg95.packet.lost = { modem, cid in modem.sendURC("+QIURC: \"pdpdeact\",\(cid)") }
    bg95.packet.lostNeedsClosing = true
    bg95.sockets = .quectel
    bg95.messages = .quectelIoT
    // "Idle, sleep not enabled" is 18.9 mA whatever eDRX says (Hardware Design V1.3, table 40). DTR
    // isn't simulated: with AT+QSCLK=1 it is taken to be released whenever nothing is said.
    bg95.sleep.restsInExtendedDRX = { $0.session.isSleepEnabled }
    // 1 from the factory, and not stored by &W (BG96 AT manual V2.2).
    bg95.begin = { $0.errorFormat = 1 }
    bg95.perform = { modem, event in
      guard event.isCalled("refused") else { return }
      modem.answerOpen(event.number, SocketError(rawValue: event.serial) ?? .unknown)
    }
    return bg95
  }()

  private static let bg95Commands =
    CommandGroup.general + CommandGroup.card + [CommandGroup.function([0, 1, 4])]
    + CommandGroup.registration + CommandGroup.network + CommandGroup.packet + CommandGroup.sleep
    + CommandGroup.time + CommandGroup.messages + CommandGroup.quectel
    + CommandGroup.quectelPacket + CommandGroup.quectelSockets
    + CommandGroup.quectelSecure(QuectelTLS.keysOfBG95, countsReceived: true)
    + CommandGroup.quectelConfiguration + [
      CommandGroup.text("+QGMR") { ATText(bytes: $0.personality.applicationVersion) }
    ]

  private static let bg95Key = PowerKeyTiming(
    supplyStable: .milliseconds(30), on: .milliseconds(500) ... .milliseconds(1000),
    off: .milliseconds(650) ... .milliseconds(1500),
    reset: .milliseconds(2000) ... .milliseconds(3800), sleepGuard: .seconds(1),
    resetGuard: .seconds(5), leastShutdown: .milliseconds(1300))

  private static let bg95Boot = BootTraits(
    status: .milliseconds(2100) ... .milliseconds(2450),
    uart: .milliseconds(2500) ... .milliseconds(3300),
    texts: [
      TimedText("RDY", after: .milliseconds(10) ... .milliseconds(80)),
      TimedText("+CFUN: 1", after: .milliseconds(100) ... .milliseconds(300)),
      TimedText("APP RDY", after: .milliseconds(200) ... .milliseconds(1200)),
    ],
    announcesCard: true, cardTexts: ["+QUSIM: 1"],
    messages: .milliseconds(300) ... .milliseconds(1500), messageTexts: ["+QIND: SMS DONE"],
    // A field log of a BG96.
    sometimesRepeats: true,
    acceptsPowerOff: .milliseconds(0) ... .milliseconds(2000))

  /// BG96 AT manual V2.2, AT+QCFG; the factory's values as far as it states them.
  private static let bg95ConfigurationKeys: [ConfigurationKey] = [
    ConfigurationKey("nwscanseq", [.digits], "00", restartsSearch: true),
    ConfigurationKey("nwscanmode", [.number(0...3)], "0", restartsSearch: true),
    ConfigurationKey("iotopmode", [.number(0...2)], "2", restartsSearch: true),
    ConfigurationKey(
      "band", [.hexadecimal, .hexadecimal, .hexadecimal], "0xf,0x400a0e189f,0xa0e189f",
      restartsSearch: true),
    ConfigurationKey("roamservice", [.number(1...255)], "255", restartsSearch: true),
    ConfigurationKey("servicedomain", [.number(1...2)], "2", restartsSearch: true),
    ConfigurationKey("psm/urc", [.number(0...1)], "0"),
    ConfigurationKey("psm/enter", [.number(0...1)], "0"),
    ConfigurationKey("urc/delay", [.number(0...1)], "0"),
    ConfigurationKey("ledmode", [.number(0...1)], "0"),
    ConfigurationKey("celevel", [.number(0...2)], "0"),
    ConfigurationKey("pdp/duplicatechk", [.number(0...1)], "0"),
    ConfigurationKey("sgsn", [.number(0...2)], "1"),
    ConfigurationKey("msc", [.number(0...2)], "1"),
  ]
}

extension ConfigurationKey {
  init(
    _ name: StaticString, _ fields: [Field], _ factory: StaticString, restartsSearch: Bool = false
  ) {
    self.init(name: name, fields: fields, factory: factory, restartsSearch: restartsSearch)
  }
}
