import Primitives

extension ModemPersonality {
  /// Cinterion (Gemalto, Thales) EXS82-W, and the EXS62, TX62 and TX82 that speak alike.
  public static let cinterionEXS82: ModemPersonality = {
    var cinterion = ModemPersonality(
      name: Array("cinterion-exs82".utf8), maker: Array("Cinterion".utf8),
      model: Array("EXS82-W".utf8), revision: Array("01.200".utf8),
      applicationVersion: Array("01.000.06".utf8), imei: Array("351562110000012".utf8),
      key: cinterionKey, boot: cinterionBoot,
      currents: .assumed(), commands: cinterionCommands)
    // V180 falls about 16 ms after the URC (EXS62 hardware interface). AT^SMSO="fast" has no URC;
    // that a restart has it is assumed.
    cinterion.off.text = "^SHUTDOWN"
    cinterion.off.announcesRestart = true
    cinterion.off.announcesFastOff = false
    cinterion.off.pause = .milliseconds(14) ... .milliseconds(20)
    cinterion.line.prefixes = "+^"
    cinterion.radio.mirrorsRegistration = nil
    cinterion.radio.accesses = [
      AccessTraits(.lteM, number: 7, name: "LTE-M"), AccessTraits(.nbIoT, number: 9, name: "NB"),
      AccessTraits(.gsm, number: 0, name: "GSM"),
    ]
    cinterion.radio.mayServe = { modem in
      let act = modem.stored.numbers(Array("^sxrat".utf8), otherwise: [10, 7, 8])[0]
      switch modem.access.technology {
      case .lteM: return [7, 9, 10, 12].contains(act)
      case .nbIoT: return [8, 10, 11, 12].contains(act)
      case .gsm, .umts, .lte: return [0, 9, 11, 12].contains(act)
      }
    }
    cinterion.radio.registered = { modem in modem.cinterionRegistered() }
    cinterion.sleep.isAllowed = { $0.maySuspend }
    cinterion.sleep.entryText = { modem in
      let isOn = modem.cinterion.indicators.contains(Array("suspendready".utf8))
      return isOn ? "+CIEV: \"suspendReady\",1" : nil
    }
    cinterion.sleep.released = { modem in
      let isOn = modem.cinterion.indicators.contains(Array("suspendavailable".utf8))
      if isOn, modem.mayEnterPSM { modem.sendURC("+CIEV: \"suspendAvailable\",1") }
    }
    cinterion.packet.lost = { modem, cid in modem.servicesLost(cid) }
    cinterion.sockets = .cinterion
    return cinterion
  }()

  private static let cinterionCommands: [CommandEntry] =
    CommandGroup.cinterion + CommandGroup.cinterionServices + [airplaneMode]
    + CommandGroup.registrations { $0.firmware.isOdd(3) } + CommandGroup.standard

  /// ON low for 100 ms at least (ALAS5V, EXS62). At a running module it does nothing, and no
  /// emergency reset hangs on it; AT^SCFG="MEShutdown/OnIgnition" isn't simulated beyond its value.
  private static let cinterionKey = PowerKeyTiming(
    on: .milliseconds(100) ... .milliseconds(10_000))

  /// ^SYSSTART up to 32 s after the start; STATUS is V180. After SUSPEND it says ^SYSRESUME.
  private static let cinterionBoot: BootTraits = {
    var boot = BootTraits(
      status: .milliseconds(120) ... .milliseconds(300),
      uart: .milliseconds(4000) ... .milliseconds(9000))
    boot.begun = { modem in modem.announceSystemStart() }
    return boot
  }()

  /// AT+CFUN=4 says what a start in airplane mode says, without one.
  private static let airplaneMode: CommandEntry = {
    let standard = CommandGroup.function([0, 1, 4])
    return CommandEntry("+CFUN", time: standard.time) { modem, command in
      let before = modem.session.function
      let outcome = standard.run(&modem, command)
      let after = modem.session.function
      if after != before, after == 4 || before == 4 {
        let text: StaticString = after == 4 ? "^SYSSTART AIRPLANE MODE" : "^SYSSTART"
        modem.schedule(.urc(Array(text)), after: .milliseconds(1200))
      }
      return outcome
    }
  }()
}

extension SimulatedModem {
  /// `^SYSSTART`, not where the UART looks for the host's rate: that is so until AT+IPR was given
  /// (assumed; the facts say that it is missing then).
  fileprivate mutating func announceSystemStart() {
    if power.isWake { return sendURC("^SYSRESUME") }
    guard stored.configuration(Array("+ipr".utf8)) != nil else { return }
    schedule(
      .urc(Array("^SYSSTART".utf8)), after: sample(.milliseconds(100) ... .milliseconds(900)))
  }

  /// `+CTZU: "<universal time>",<zone>`, where AT+CTZU=1.
  fileprivate mutating func cinterionRegistered() {
    guard stored.timeZoneUpdate == 1, let time = clock.network, time.at == now else { return }
    let date = dateText(time.utc, fullYear: false)
    sendURC("+CTZU: \(quoted: date),\(zoneText(time.zoneQuarters))")
  }

  fileprivate mutating func servicesLost(_ cid: Int) {
    for socket in sockets.slots {
      if let socket, socket.cid == cid { serviceFailed(socket.id, .bearerLost) }
    }
  }
}
