import Primitives

extension ModemPersonality {
  /// Quectel BG95-M3. Times: BG95/BG77 hardware design (STATUS at 2.1 s, UART at 2.5 s, both at
  /// least; pulses); currents: BG95 Hardware Design V1.3, table 40.
  public static let bg95 = ModemPersonality(
    maker: Array("Quectel".utf8), model: Array("BG95-M3".utf8),
    revision: Array("BG95M3LAR02A04".utf8),
    applicationVersion: Array("BG95M3LAR02A04_01.016.01.016".utf8),
    imei: Array("866349040000017".utf8),
    key: PowerKeyTiming(
      supplyStable: .milliseconds(30), on: .milliseconds(500) ... .milliseconds(1000),
      off: .milliseconds(650) ... .milliseconds(1500),
      reset: .milliseconds(2000) ... .milliseconds(3800), sleepGuard: .seconds(1),
      resetGuard: .seconds(5), leastShutdown: .milliseconds(1300)),
    boot: BootTiming(
      status: .milliseconds(2100) ... .milliseconds(2450),
      uart: .milliseconds(2500) ... .milliseconds(3300),
      ready: .milliseconds(10) ... .milliseconds(80),
      function: .milliseconds(100) ... .milliseconds(300),
      application: .milliseconds(200) ... .milliseconds(1200),
      messages: .milliseconds(300) ... .milliseconds(1500),
      acceptsPowerOff: .milliseconds(0) ... .milliseconds(2000)),
    currents: bg95Currents,
    accessNames: AccessNames(lteM: "eMTC", nbIoT: "NBIoT", gsm: "GSM"),
    commands: CommandGroup.general + CommandGroup.card + CommandGroup.network
      + CommandGroup.packet + CommandGroup.sockets + CommandGroup.configuration
      + CommandGroup.sleep + CommandGroup.time + CommandGroup.messages + [
        CommandGroup.text("+QGMR") { ATText(bytes: $0.personality.applicationVersion) }
      ],
    configurationKeys: bg95ConfigurationKeys)

  /// From the table: off 12.99 µA, PSM 3.89 µA (M3's column: 3.89 µA), idle with sleep not enabled
  /// 18.9 mA, LTE-M data at about 21 dBm 185 mA to 199 mA. What it hasn't is assumed: the boot and
  /// the radio switched off draw what idle does, a search and an open RRC connection, whose
  /// receiver is on most of the time, 60 mA.
  private static let bg95Currents: ModemCurrents = {
    var currents = ModemCurrents()
    currents[.off] = 12_990
    currents[.asleep] = 3890
    currents[.booting] = 18_900_000
    currents[.radioOff] = 18_900_000
    currents[.searching] = 60_000_000
    currents[.idle] = 18_900_000
    currents[.connected] = 60_000_000
    currents[.transmitting] = 192_000_000
    return currents
  }()

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
