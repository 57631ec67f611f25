import Primitives

extension ModemPersonality {
  /// Fibocom L610: LTE Cat-1 and GSM, the +MIP stack. No PSM and no eDRX.
  public static let fibocomL610: ModemPersonality = {
    var fibocom = ModemPersonality(
      name: Array("fibocom-l610".utf8), maker: Array("Fibocom".utf8), model: Array("L610".utf8),
      revision: Array("16000.1000.00.03.17.10".utf8),
      applicationVersion: Array("16000.1000.00.03.17.10".utf8),
      imei: Array("864424040000019".utf8), key: fibocomKey, boot: fibocomBoot,
      currents: .assumedLTE, commands: fibocomCommands)
    fibocom.radio.accesses = [
      AccessTraits(.lte, number: 7, name: "LTE"),
      AccessTraits(.gsm, number: 0, name: "GSM", hasDefaultBearer: false),
    ]
    fibocom.radio.mayServe = { modem in
      switch modem.stored.configuration(Array("+gtrat".utf8)) ?? [] {
      case Array("0".utf8): modem.access.technology == .gsm
      case Array("3".utf8): modem.access.technology == .lte
      default: true
      }
    }
    fibocom.sleep.isAllowed = { _ in false }
    fibocom.packet.opened = { modem, _, _, isOK in modem.callAnswered(isOK: isOK) }
    fibocom.packet.closed = { modem, _, _ in modem.sendURC("+MIPCALL: 0") }
    fibocom.packet.lost = { modem, _ in modem.callLost() }
    fibocom.sockets = .fibocom
    fibocom.perform = { modem, event in
      if event.isCalled("close") { modem.fibocomClose(event.number) }
    }
    return fibocom
  }()

  /// +CEREG and +CESQ are UNVERIFIED in the facts: half of the firmwares have them. +CGACT isn't
  /// for the context that AT+MIPCALL uses.
  private static let fibocomCommands: [CommandEntry] =
    CommandGroup.fibocom + CommandGroup.fibocomSockets + CommandGroup.fibocomSecurity + [
      CommandGroup.onOddFirmware(
        3, CommandGroup.registration("+CEREG", .evolved, modes: [0, 1, 2]) { $0.cereg = $1 }),
      CommandGroup.onOddFirmware(3, CommandGroup.extendedSignal),
    ] + CommandGroup.registrations { _ in false }
    + CommandGroup.standard.without("+CPSMS", "+CEDRXS", "+CEDRXRDP", "+CGACT")

  /// Low for 2 s, on, off and wake alike (RT-Thread's driver). Limits above are assumed.
  private static let fibocomKey = PowerKeyTiming(
    on: .milliseconds(2000) ... .milliseconds(10_000),
    off: .milliseconds(2000) ... .milliseconds(10_000), leastShutdown: .seconds(1))

  /// It answers AT some seconds after the pulse; there is no STATUS pin in the facts, so that one
  /// rises with the UART is assumed. `RDY` stands in TencentOS's table of URCs; the SIM's four
  /// texts in ModemManager's.
  private static let fibocomBoot: BootTraits = {
    var boot = BootTraits(
      status: .milliseconds(2100) ... .milliseconds(2400),
      uart: .milliseconds(3500) ... .milliseconds(6000),
      texts: [TimedText("RDY", after: .milliseconds(20) ... .milliseconds(300))])
    boot.cardTexts = ["+SIM READY"]
    return boot
  }()
}
