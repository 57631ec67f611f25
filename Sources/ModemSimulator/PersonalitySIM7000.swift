import Primitives

extension ModemPersonality {
  /// SIMCom SIM7000E: LTE-M, NB-IoT and GPRS. Both of its ways to a context are here: the CIP stack,
  /// with eight connections, and AT+CNACT, with two (AT+CAOPEN), which are there for TLS.
  public static let sim7000: ModemPersonality = {
    var sim7000 = ModemPersonality(
      name: Array("simcom-sim7000".utf8), maker: Array("SIMCOM_Ltd".utf8),
      model: Array("SIMCOM_SIM7000E".utf8), revision: Array("1529B05SIM7000E".utf8),
      applicationVersion: Array("SIM7000E R1529".utf8), imei: Array("869951030000017".utf8),
      key: .simcomIoT, boot: .simcomIoT, currents: .sim7000, commands: sim7000Commands)
    sim7000.setSIMComIoT()
    sim7000.radio.accesses = [
      AccessTraits(.lteM, number: 7, name: "LTE CAT-M1"),
      AccessTraits(.nbIoT, number: 9, name: "LTE NB-IOT"),
      AccessTraits(.gsm, number: 0, name: "GSM", hasDefaultBearer: false),
    ]
    sim7000.packet.opened = { modem, cid, serial, isOK in
      if cid == CIPStack.cid {
        modem.stackContextAnswered(isOpen: isOK, serial: serial)
      } else {
        modem.applicationContextChanged(
          ApplicationNetwork.single, isActive: isOK, isNumbered: false)
      }
    }
    sim7000.packet.lost = { modem, cid in
      if cid == CIPStack.cid {
        modem.stackContextLost()
      } else {
        modem.applicationContextLost(ApplicationNetwork.single, isNumbered: false)
      }
    }
    sim7000.sockets = sim7000Sockets
    sim7000.sleep.request = { $0.own[AskedSleep.self].request ?? $0.stored.powerSaving }
    sim7000.perform = { modem, event in
      if event.isCalled(OwnEvent.contextClosed) {
        modem.applicationContextChanged(event.number, isActive: false, isNumbered: false)
      } else if event.isCalled(OwnEvent.contextRetry) {
        modem.retryApplications(event.number)
      } else {
        modem.performShared(event)
      }
    }
    return sim7000
  }()

  /// Only a change of AT+CPSMS from 0 to 1 asks the network for anything; other timers are stored
  /// and asked for after the next boot (SIM7000 AT manual V1.06; hardware design V1.07).
  private static let askOnce = CommandEntry(
    "+CPSMS", time: .milliseconds(5) ... .milliseconds(30)
  ) { modem, command in
    let before = modem.stored.powerSaving
    let outcome = CommandGroup.sleep.entry("+CPSMS").run(&modem, command)
    let isStillOn = before.isWanted && modem.stored.powerSaving.isWanted
    let asked = modem.own[AskedSleep.self].request ?? before
    modem.own[AskedSleep.self].request = isStillOn ? asked : nil
    return outcome
  }

  private static let sim7000Commands =
    [askOnce] + CommandGroup.cipStack(sockets: 8) + CommandGroup.simcomNames
    + CommandGroup.simcomIoT
    + CommandGroup.singleApplicationContext + CommandGroup.applicationSockets(.sim7000)

  /// The CIP stack's eight, and behind them the applications' two.
  private static let sim7000Sockets: SocketTraits = {
    let (cip, stack) = (SocketTraits.cip(connections: 8), ApplicationStack.sim7000)
    var traits = cip
    traits.numbers = 0...stack.base + stack.count - 1
    traits.payload = { modem, request, payload in
      if request.socket < stack.base { return cip.payload(&modem, request, payload) }
      return modem.take(payload, on: request.socket) == .taken ? .ok : .error
    }
    traits.opened = { modem, socket, error in
      if socket.id.number < stack.base { return cip.opened(&modem, socket, error) }
      modem.applicationSocketOpened(socket, error, stack)
    }
    traits.pushes = { $1.id.number < stack.base && cip.pushes($0, $1) }
    traits.arrived = { modem, socket, bytes, isNews in
      if socket.id.number < stack.base { return cip.arrived(&modem, socket, bytes, isNews) }
      if isNews { modem.sendURC("+CADATAIND: \(stack.number(socket))") }
    }
    traits.delivered = { modem, socket, bytes in
      if socket.id.number < stack.base { cip.delivered(&modem, socket, bytes) }
    }
    traits.peerClosed = { modem, socket in
      if socket.id.number < stack.base { return cip.peerClosed(&modem, socket) }
      modem.applicationPeerClosed(socket, stack)
    }
    return traits
  }()
}

/// What the network was last asked for, where that isn't what is stored.
private struct AskedSleep: OwnState {
  static var outlivesSleep: Bool { true }
  var request: PowerSavingRequest?
}
