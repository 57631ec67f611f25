import Primitives

/// In what u-blox's generations differ.
struct UbloxDialect: Sendable {
  /// Sockets hang on PDP profile 0: AT+UPSD, AT+UPSDA, AT+UPSND.
  let hasProfile: Bool
  /// AT+USOCR takes a local port.
  let takesLocalPort: Bool
  /// AT+USOCL=<n>,1.
  let closesLater: Bool
  /// `+USORD: 0,0,""` for an empty buffer; SARA-R4 leaves the length out (UBX-17003787 p. 219).
  let tellsEmptyLength: Bool
  /// AT+UAUTHREQ has the password before the name.
  let passwordComesFirst: Bool
  /// Modes of AT+UPSV.
  let uartSleepModes: [Int]
  /// AT+UPSMR.
  let reportsSleep: Bool
  /// AT+USECPRF=<profile>,10: not on SARA-R410M-02B (ubxlib's table).
  let namesServer: Bool

  static let r5 = UbloxDialect(
    hasProfile: true, takesLocalPort: true, closesLater: false, tellsEmptyLength: true,
    passwordComesFirst: false, uartSleepModes: [0, 1, 2, 3], reportsSleep: true,
    namesServer: true)
  static let r4 = UbloxDialect(
    hasProfile: false, takesLocalPort: false, closesLater: true, tellsEmptyLength: false,
    passwordComesFirst: true, uartSleepModes: [0, 4], reportsSleep: false,
    namesServer: false)

  var commands: [CommandEntry] {
    socketCommands + securityCommands + [uartSleep, authentication, nameLookUp]
      + (hasProfile ? profileCommands : [versionOfPSM]) + (reportsSleep ? [sleepReport] : [])
  }

  private var uartSleep: CommandEntry {
    let modes = uartSleepModes
    return CommandEntry("+UPSV") { modem, command in
      switch command.kind {
      case .read:
        let mode = modem.stored.number("upsv")
        let frames = modem.stored.number("upsv/frames", otherwise: 2000)
        modem.inform(mode == 1 ? "+UPSV: 1,\(frames)" : "+UPSV: \(mode)")
      case .set:
        guard let mode = command.number(0, 0...4), modes.contains(mode),
          let frames = command.number(1, 40...65_000, otherwise: 2000),
          mode == 1 || command.arguments.count == 1
        else { return .error }
        modem.counters.flashWrites += 1
        modem.stored.setNumber("upsv", mode)
        modem.stored.setNumber("upsv/frames", frames)
        modem.applyUARTSleep()
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    }
  }

  /// Not while registered; type 3 (automatic) is SARA-R5's.
  private var authentication: CommandEntry {
    let (passwordComesFirst, highest) = (passwordComesFirst, hasProfile ? 3 : 2)
    return CommandEntry("+UAUTHREQ") { modem, command in
      if command.kind == .test { return .ok }
      guard let cid = command.number(0, 1...16), let type = command.number(1, 0...highest),
        let first = command.string(2, otherwise: []), let second = command.string(3, otherwise: []),
        command.arguments.count <= 4, type == 0 || command.arguments.count == 4,
        var context = modem.definition(cid)
      else { return .error }
      if modem.radio.phase == .camped { return .equipmentError(3) }
      context.authentication = type
      (context.user, context.password) = passwordComesFirst ? (second, first) : (first, second)
      modem.counters.flashWrites += 1
      modem.store(context)
      return .ok
    }
  }

  private var nameLookUp: CommandEntry {
    let dialect = self
    return CommandEntry("+UDNSRN", time: .milliseconds(5) ... .milliseconds(40)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, command.arguments.count == 2, command.number(0, 0...0) != nil,
        let name = command.string(1), (1...255).contains(name.count),
        let execution = modem.execution
      else { return .error }
      guard dialect.isOnline(modem) else { return .equipmentError(3) }
      if modem.now < modem.own[UbloxState.self].looksUpFrom { return .error }
      modem.packet.isLookingUp = true
      let asker = NameQuery.Asker.host(serial: execution.serial)
      modem.request(.lookUp(NameQuery(asker: asker, name: name)))
      return modem.wait(.seconds(70), then: .error)
    }
  }

  private var sleepReport: CommandEntry {
    CommandGroup.number("+UPSMR", 0...1) {
      $0.own[UbloxState.self].reportsSleep ? 1 : 0
    } set: {
      $0.own[UbloxState.self].reportsSleep = $1 == 1
    }
  }

  private var versionOfPSM: CommandEntry {
    CommandGroup.number("+UPSMVER", 0...15, isStored: true) {
      $0.stored.number("upsmver", otherwise: 4)
    } set: {
      $0.stored.setNumber("upsmver", $1)
    }
  }

  // MARK: - Profile 0

  /// Whether a socket may be used.
  func isOnline(_ modem: SimulatedModem) -> Bool {
    guard modem.radio.registration != nil else { return false }
    if !hasProfile { return modem.hasBearer(1) }
    let state = modem.own[UbloxState.self]
    return state.isProfileActive && modem.hasBearer(state.profileContext ?? 0)
  }

  private var profileCommands: [CommandEntry] {
    [
      CommandEntry("+UPSD") { modem, command in
        if command.kind == .test { return .ok }
        guard command.number(0, 0...0) != nil, let tag = command.number(1, 0...255) else {
          return .error
        }
        switch tag {
        case 0: return command.number(2, 0...3) == nil ? .error : .ok
        case 100:
          guard let cid = command.number(2, 0...16) else { return .error }
          modem.own[UbloxState.self].profileContext = cid
          return .ok
        default: return .error
        }
      },
      // OK at once; whether the profile is up follows as +UUPSDA. Without a mapped context that is
      // up, and twice, it is refused (assumed).
      CommandEntry("+UPSDA", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
        if command.kind == .test { return .ok }
        guard command.number(0, 0...0) != nil, let action = command.number(1, 0...4) else {
          return .error
        }
        let state = modem.own[UbloxState.self]
        switch action {
        case 3:
          guard let cid = state.profileContext, modem.hasBearer(cid), !state.isProfileActive else {
            return .equipmentError(3)
          }
          let delay = modem.sample(.milliseconds(80) ... .milliseconds(600))
          modem.schedule(.own(OwnEvent("profile", number: cid)), after: delay)
        case 4:
          modem.own[UbloxState.self].isProfileActive = false
        default: return .error
        }
        return .ok
      },
      CommandEntry("+UPSND") { modem, command in
        if command.kind == .test { return .ok }
        guard command.number(0, 0...0) != nil, let what = command.number(1, 0...18) else {
          return .error
        }
        let state = modem.own[UbloxState.self]
        let bearer = modem.packet.bearers.first { $0.cid == state.profileContext }
        if what == 8 {
          modem.inform("+UPSND: 0,8,\(state.isProfileActive && bearer != nil ? 1 : 0)")
          return .ok
        }
        guard state.isProfileActive, let bearer else { return .equipmentError(3) }
        let servers = modem.network.dnsServers + [[], []]
        switch what {
        case 0: modem.inform("+UPSND: 0,0,\(quoted: bearer.address)")
        case 1, 2: modem.inform("+UPSND: 0,\(what),\(quoted: servers[what - 1])")
        default: return .error
        }
        return .ok
      },
    ]
  }
}

extension SimulatedModem {
  mutating func performUblox(_ event: OwnEvent) {
    if event.isCalled("profile") {
      guard let bearer = packet.bearers.first(where: { $0.cid == event.number }) else {
        return sendURC("+UUPSDA: 1")
      }
      own[UbloxState.self].isProfileActive = true
      sendURC("+UUPSDA: 0,\(quoted: bearer.address)")
    } else if event.isCalled("close") {
      let id = SocketID(number: event.number, opening: UInt32(event.serial))
      guard sockets[id] != nil else { return }
      close(id)
      sendURC("+UUSOCL: \(event.number)")
    }
  }

  /// The network took a context: the profile goes, and so do the sockets.
  mutating func ubloxContextLost(_ cid: Int) {
    if session.eventReport.0 > 0 { sendURC("+CGEV: NW PDN DEACT \(cid)") }
    if own[UbloxState.self].isProfileActive, own[UbloxState.self].profileContext == cid {
      own[UbloxState.self].isProfileActive = false
      sendURC("+UUPSDD: 0")
    }
    for case let socket? in sockets.slots where socket.cid == cid {
      sockets.slots[socket.id.number] = nil
      sendURC("+UUSOCL: \(socket.id.number)")
    }
  }
}
