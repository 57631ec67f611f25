import Primitives

extension ModemPersonality {
  /// Sequans Monarch 2 GM02S. It has no power key: it starts with its supply, and RESETN, wired to
  /// the board's key, starts it anew; after AT+SQNSSHDN nothing else wakes it. It boots with CFUN=0,
  /// in which the card can't be read. Where no source was found, the comments say "assumed".
  ///
  /// PSM draws 1 µA (the maker's claim, unverified).
  ///
  /// RTS and CTS aren't simulated: the host's bytes are taken to come with RTS low, so they wake a
  /// module in PSM, and AT+SQNIPSCFG is taken without effect.
  public static let gm02s: ModemPersonality = {
    var gm02s = ModemPersonality(
      // The texts of identity are assumed.
      name: Array("sequans-gm02s".utf8), maker: Array("SEQUANS Communications".utf8),
      model: Array("GM02S".utf8), revision: Array("UE8.2.1.0".utf8),
      applicationVersion: Array("LR8.2.1.0-61488".utf8), imei: Array("358987100000017".utf8),
      key: PowerKeyTiming(
        reset: .milliseconds(10) ... .seconds(10), startsWithSupply: true),
      boot: gm02sBoot, currents: .assumed(restNanoamperes: 1000), commands: gm02sCommands)
    gm02s.off.text = "+SQNSSHDN"
    gm02s.line.prefixes = "+^"
    gm02s.line.gap = .milliseconds(20)
    gm02s.sleep = gm02sSleep
    gm02s.radio.accesses = [
      AccessTraits(.lteM, number: 7, name: "LTE-M"),
      AccessTraits(.nbIoT, number: 9, name: "NB-IoT"),
    ]
    // 80: temporary loss (the makers' own libraries know it).
    gm02s.radio.statusWhenLost = 80
    gm02s.radio.mayServe = { modem in
      switch modem.own[SequansState.self].mode {
      case 1: modem.access.technology == .lteM
      case 2: modem.access.technology == .nbIoT
      default: true
      }
    }
    // A new APN needs a reboot.
    gm02s.packet.attachAPN = { $0.own[SequansState.self].apn }
    gm02s.radio.registered = { modem in
      if modem.hasBearer(1), !modem.packet.active.contains(1) { modem.packet.active.append(1) }
    }
    gm02s.packet.lost = { modem, cid in modem.sequansContextLost(cid) }
    gm02s.sockets = .sequans
    gm02s.boot.begun = { modem in
      if modem.power.isWake { return }
      modem.own[SequansState.self].apn = modem.definition(1)?.apn ?? []
      modem.own[SequansState.self].mode = modem.stored.number("sqnmode", otherwise: 1)
    }
    gm02s.begin = { $0.function = 0 }
    gm02s.perform = { modem, event in modem.performSequans(event) }
    gm02s.unsetClock = UTC(millisecondsSince1970: 0)
    return gm02s
  }()

  private static let gm02sCommands =
    CommandGroup.sequans + CommandGroup.sequansSockets + CommandGroup.sequansSecurity + [
      CommandGroup.function([0, 1, 4, 5]),
      CommandGroup.registration("+CREG", .circuit, modes: [0, 1, 2]) { $0.creg = $1 },
      CommandGroup.registration("+CEREG", .evolved, modes: [0, 1, 2, 3, 4, 5]) { $0.cereg = $1 },
      CommandGroup.extendedSignal, CommandGroup.connectionStatus,
    ] + CommandGroup.general + CommandGroup.card + CommandGroup.network + CommandGroup.packet
    + CommandGroup.activation + CommandGroup.sleep + CommandGroup.time + CommandGroup.messages

  /// `+SYSSTART` within 2 s (Zephyr waits that long, Walter's library 1 s). A STATUS pin is assumed.
  private static let gm02sBoot = BootTraits(
    status: .milliseconds(20) ... .milliseconds(100),
    uart: .milliseconds(600) ... .milliseconds(1500),
    texts: [TimedText("+SYSSTART", after: .milliseconds(5) ... .milliseconds(60))],
    wakeTexts: [])

  /// No text tells of PSM. The wake is short and keeps the AT settings, not the sockets.
  private static let gm02sSleep: SleepTraits = {
    var sleep = SleepTraits()
    sleep.wakesByUART = true
    sleep.wake = .milliseconds(150) ... .milliseconds(700)
    sleep.keepsSession = true
    return sleep
  }()
}
