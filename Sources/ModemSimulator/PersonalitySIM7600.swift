import Primitives

extension ModemPersonality {
  /// SIMCom SIM7600E-H: LTE Cat 4, no PSM, with the socket service of AT+NETOPEN, which A7670 and
  /// its like have too. Pulses: LilyGO's 500 ms on and 3 s off, the data sheet's 100 ms and 2.5 s as
  /// limits (second-hand). The UART comes up within LilyGO's 15 s; `PB DONE` may take 10 s more.
  public static let sim7600: ModemPersonality = {
    var sim7600 = ModemPersonality(
      name: Array("simcom-sim7600".utf8), maker: Array("SIMCOM INCORPORATED".utf8),
      model: Array("SIMCOM_SIM7600E-H".utf8), revision: Array("LE20B04SIM7600M22".utf8),
      applicationVersion: Array("LE20B04SIM7600M22".utf8), imei: Array("862636050000017".utf8),
      key: sim7600Key, boot: sim7600Boot, currents: .assumedLTE, commands: sim7600Commands)
    sim7600.off.pause = .seconds(2) ... .seconds(6)
    sim7600.line.payloadEcho = .asCommands
    sim7600.radio.accesses = [
      AccessTraits(.lte, number: 7, name: "LTE"),
      AccessTraits(.umts, number: 2, name: "WCDMA", hasDefaultBearer: false),
      AccessTraits(.gsm, number: 0, name: "GSM", hasDefaultBearer: false),
    ]
    sim7600.radio.mirrorsRegistration = nil
    sim7600.radio.mayServe = { $0.searchModesAllow }
    sim7600.packet.opened = { modem, cid, serial, isOK in
      if cid == NetService.cid { modem.secureServiceAnswered(isOpen: isOK) }
      if cid == NetService.cid, modem.simcom.service.state == .opening {
        modem.serviceContextAnswered(isOpen: isOK)
      } else {
        modem.complete(isOK ? .ok : .error, serial: serial)
      }
    }
    sim7600.packet.lost = { modem, cid in
      guard cid == NetService.cid else { return }
      modem.secureServiceLost()
      modem.serviceContextLost()
    }
    sim7600.sockets = serviceSockets
    sim7600.messages = .sim7600
    sim7600.factory.contexts = sim7600Contexts
    sim7600.perform = { modem, event in
      if event.isCalled(OwnEvent.serviceClosed) {
        modem.serviceClosed()
      } else {
        modem.performShared(event)
      }
    }
    return sim7600
  }()

  private static let sim7600Commands =
    CommandGroup.simcomCat1Power + CommandGroup.simcomCat1Identity + CommandGroup.netService
    + CommandGroup.netLinks + CommandGroup.secureService + CommandGroup.serviceNames
    + [
      CommandGroup.slowClock(0...2),
      CommandGroup.searchMode("+CNMP", [2, 13, 14, 19, 38, 39, 48, 51, 54], factory: 2),
      CommandGroup.read("+CPSI") { $0.systemInformation },
      CommandGroup.read("+CNSMOD") { "+CNSMOD: 0,\($0.systemMode)" },
    ] + CommandGroup.general + CommandGroup.card
    + [CommandGroup.function([0, 1, 4, 5, 7], restarts: [6])]
    + [
      CommandGroup.registration("+CREG", .circuit, modes: [0, 1, 2]) { $0.creg = $1 },
      CommandGroup.registration("+CGREG", .packet, modes: [0, 1, 2]) { $0.cgreg = $1 },
      CommandGroup.registration("+CEREG", .evolved, modes: [0, 1, 2]) { $0.cereg = $1 },
    ] + CommandGroup.network + CommandGroup.packet + CommandGroup.activation + CommandGroup.time
    + CommandGroup.messages

  private static let serviceSockets: SocketTraits = {
    var traits = SocketTraits()
    traits.numbers = 0...NetService.links + SecureService.sessions.count - 1
    traits.payloadLimit = 1500
    traits.openLimit = .seconds(120)
    traits.payload = { modem, request, payload in
      if request.socket >= SecureService.base {
        return modem.sendOnSession(request.socket, payload)
      }
      return modem.sendOnLink(request.socket, payload)
    }
    traits.opened = { modem, socket, error in
      if socket.transport == .tls { return modem.sessionOpened(socket, error) }
      modem.linkOpened(socket, error)
    }
    traits.pushes = { modem, socket in
      socket.transport == .tls ? !modem.keepsSessionData : !modem.simcom.service.keepsData
    }
    traits.arrived = { modem, socket, bytes, isNews in
      if socket.transport == .tls {
        return modem.sessionArrived(bytes, socket, isNews: isNews)
      }
      modem.linkArrived(bytes, socket, isNews: isNews)
    }
    traits.peerClosed = { modem, socket in
      if socket.transport == .tls { return modem.sessionPeerClosed(socket) }
      modem.sendURC("+IPCLOSE: \(socket.id.number),1")
    }
    traits.named = { modem, query, answer in modem.serviceNameFound(query, answer) }
    return traits
  }()

  private static let sim7600Key = PowerKeyTiming(
    supplyStable: .milliseconds(30), on: .milliseconds(100) ... .seconds(2),
    off: .milliseconds(2500) ... .seconds(8), leastShutdown: .seconds(6))

  private static let sim7600Boot = BootTraits(
    status: .seconds(5) ... .seconds(8), uart: .seconds(8) ... .seconds(12),
    texts: [TimedText("RDY", after: .milliseconds(10) ... .milliseconds(80))],
    announcesCard: true, absentText: "+CPIN: NOT INSERTED", messages: .seconds(2) ... .seconds(11),
    messageTexts: ["SMS DONE", "PB DONE"])

  /// The module adds contexts by itself (vshymanskyy/TinyGSM#649).
  private static let sim7600Contexts: [ContextDefinition] = {
    var (ims, emergency) = (ContextDefinition(cid: 2), ContextDefinition(cid: 3))
    (ims.type, ims.apn) = (3, Array("ims".utf8))
    (emergency.type, emergency.apn) = (3, Array("SOS".utf8))
    return [ContextDefinition(cid: 1), ims, emergency]
  }()
}

extension CommandGroup {
  /// AT+CPOF answers and says nothing more; AT+CRESET boots anew. AT+CGAUTH takes the password
  /// before the name (SIMCom's order, not TS 27.007's).
  fileprivate static let simcomCat1Power: [CommandEntry] = [
    CommandEntry("+CPOF") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      modem.schedule(
        .power(.commandedOff(isOrderly: true, bootsAgain: false)), after: .milliseconds(20))
      return .ok
    },
    CommandEntry("+CRESET") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      modem.schedule(
        .power(.commandedOff(isOrderly: true, bootsAgain: true)), after: .milliseconds(20))
      return .ok
    },
    CommandEntry("+CGAUTH") { modem, command in
      switch command.kind {
      case .read:
        for context in modem.stored.contexts where context.authentication > 0 {
          let login: ATText = "\(quoted: context.password),\(quoted: context.user)"
          modem.inform("+CGAUTH: \(context.cid),\(context.authentication),\(login)")
        }
      case .set:
        guard let cid = command.number(0, 1...16), var context = modem.definition(cid),
          let kind = command.number(1, 0...3, otherwise: 0),
          let password = command.string(2, otherwise: []),
          let user = command.string(3, otherwise: [])
        else { return .error }
        (context.authentication, context.user, context.password) = (kind, user, password)
        modem.counters.flashWrites += 1
        modem.store(context)
      case .test: modem.inform("+CGAUTH: (1-16),(0-3),127,127")
      case .execute, .malformed: return .error
      }
      return .ok
    },
  ]
}
