import Primitives

extension ModemPersonality {
  /// SIMCom SIM800C: GPRS, the CIP stack with six connections, and the bearer profile. Pulses and
  /// times: SIM800 hardware design V1.09 (on from 1 s, UART from 3 s, off 1.5 s to 33 s).
  public static let sim800: ModemPersonality = {
    var sim800 = ModemPersonality(
      name: Array("simcom-sim800".utf8), maker: Array("SIMCOM_Ltd".utf8),
      model: Array("SIMCOM_SIM800C".utf8), revision: Array("1418B05SIM800C24".utf8),
      applicationVersion: Array("SIM800 R14.18".utf8), imei: Array("868183030000017".utf8),
      key: sim800Key, boot: sim800Boot, currents: .assumedGSM, commands: sim800Commands)
    // SIM800C; SIM800 and SIM900 say `NORMAL POWER DOWN` (hardware designs V1.02 and V1.09).
    sim800.off.text = "NORMAL POWER OFF"
    sim800.off.lackText = "UNDER-VOLTAGE POWER DOWN"
    sim800.off.pause = .milliseconds(500) ... .seconds(2)
    sim800.line.limit = 556
    sim800.line.payloadEcho = .asCommands
    sim800.radio.accesses = [AccessTraits(.gsm, number: 0, name: "GSM", hasDefaultBearer: false)]
    sim800.radio.fields = { $0.gsmRegistrationFields($1) }
    sim800.radio.registered = { $0.tellLocalTime() }
    sim800.packet.opened = { modem, cid, serial, isOK in
      if cid == BearerProfile.cid, modem.simcom.bearer.state == .connecting {
        modem.bearerAnswered(isOpen: isOK, serial: serial)
      } else if cid == CIPStack.cid, modem.simcom.cip.state == .configuring {
        modem.stackContextAnswered(isOpen: isOK, serial: serial)
      } else {
        modem.complete(isOK ? .ok : .error, serial: serial)
      }
    }
    sim800.packet.lost = { modem, cid in
      guard cid == BearerProfile.cid else { return modem.stackContextLost() }
      modem.simcom.bearer.state = .closed
      modem.sendURC("+SAPBR 1: DEACT")
    }
    sim800.sockets = .cip(connections: 6)
    sim800.factory.profile.baudRate = 0
    sim800.unsetClock = .gsmModules
    sim800.perform = { modem, event in modem.performShared(event) }
    return sim800
  }()

  private static let sim800Commands =
    CommandGroup.simcomIdentity + [
      CommandGroup.rate(isSaved: false), CommandGroup.slowClock(0...2),
    ]
    + CommandGroup.cipStack(sockets: 6) + [CommandGroup.connectionSecurity] + CommandGroup.bearer
    + CommandGroup.simcomNames
    + CommandGroup.localTime + CommandGroup.general + CommandGroup.card
    + [CommandGroup.noisyRestart]
    + [
      CommandGroup.registration("+CREG", .circuit, modes: [0, 1, 2]) { $0.creg = $1 },
      CommandGroup.registration("+CGREG", .packet, modes: [0, 1, 2]) { $0.cgreg = $1 },
    ] + CommandGroup.network + CommandGroup.packet + CommandGroup.activation + CommandGroup.time
    + CommandGroup.messages

  /// A pulse beyond 33 s turns it off and on again.
  private static let sim800Key = PowerKeyTiming(
    supplyStable: .milliseconds(30), on: .milliseconds(1000) ... .seconds(10),
    off: .milliseconds(1500) ... .seconds(33), reset: .seconds(33) ... .seconds(60))

  private static let sim800Boot = BootTraits(
    status: .milliseconds(2000) ... .milliseconds(3000),
    uart: .milliseconds(3000) ... .milliseconds(3500),
    texts: [
      TimedText("RDY", after: .milliseconds(10) ... .milliseconds(80)),
      TimedText("+CFUN: 1", after: .milliseconds(100) ... .milliseconds(400)),
    ],
    announcesCard: true, absentText: "+CPIN: NOT INSERTED", messages: .seconds(1) ... .seconds(8),
    messageTexts: ["Call Ready", "SMS Ready"])
}

extension SocketTraits {
  /// The CIP stack's.
  static func cip(connections: Int) -> SocketTraits {
    var traits = SocketTraits()
    traits.numbers = 0...connections - 1
    traits.openLimit = .seconds(75)
    traits.payload = { modem, request, payload in
      modem.sendOnConnection(request.socket, payload)
    }
    traits.opened = { modem, socket, error in modem.connectionOpened(socket, error) }
    traits.pushes = { modem, _ in !modem.simcom.cip.keepsData }
    traits.arrived = { modem, socket, bytes, isNews in
      modem.connectionHeard(bytes, socket.id.number, isNews: isNews)
    }
    traits.delivered = { modem, socket, _ in modem.connectionDelivered(socket) }
    traits.peerClosed = { modem, socket in modem.sendURC("\(socket.id.number), CLOSED") }
    traits.named = { modem, query, answer in modem.nameFound(query, answer, silence: 8) }
    return traits
  }
}

extension CommandGroup {
  /// AT+CFUN=1,1 has the card's absence and garbage for an OK, every other time (a user's log of a
  /// SIM900, vshymanskyy/TinyGSM#60).
  fileprivate static let noisyRestart: CommandEntry = {
    let plain = function([0, 1, 4])
    return CommandEntry("+CFUN", time: plain.time) { modem, command in
      guard command.number(0, 1...1) == 1, command.number(1, 1...1) == 1,
        modem.random.next(below: 2) == 0
      else { return plain.run(&modem, command) }
      modem.schedule(
        .power(.commandedOff(isOrderly: true, bootsAgain: true)), after: .milliseconds(20))
      modem.sendURC("+CPIN: NOT READY")
      modem.transmit([UInt8](repeating: 0xFF, count: 5))
      return .gone
    }
  }()
}

extension UTC {
  /// Where the clock of a GSM module begins that was never set: 2004 (general knowledge, unchecked).
  static let gsmModules = UTC(millisecondsSince1970: 1_072_915_200_000)
}
