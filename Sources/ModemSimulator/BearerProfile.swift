import Primitives

/// SIM800's bearer profile 1, for its own applications and not for AT+CIPSTART (SIM800 AT manual
/// V1.09, AT+SAPBR).
struct BearerProfile: Sendable {
  enum State: Int, Sendable {
    case connecting = 0
    case connected = 1
    case closing = 2
    case closed = 3
  }
  var state = State.closed
  var parameters: [ConfigurationValue] = []
  static let cid = 2
}

extension CommandGroup {
  // MARK: - SIM800: the bearer profile

  static let bearer: [CommandEntry] = [
    CommandEntry("+SAPBR", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      guard command.isSet else { return command.kind == .test ? .ok : .error }
      guard let what = command.number(0, 0...5), command.number(1, 1...1) != nil else {
        return .equipmentError(SIMComError.notAllowed)
      }
      switch what {
      case 0: return modem.closeBearer()
      case 1: return modem.openBearer()
      case 2:
        let profile = modem.simcom.bearer
        let isUp = profile.state == .connected
        let address = isUp ? modem.contextAddress(BearerProfile.cid) : Array("0.0.0.0".utf8)
        modem.inform("+SAPBR: 1,\(profile.state.rawValue),\(quoted: address)")
        return .ok
      case 3: return modem.setBearer(command)
      case 4:
        for value in modem.simcom.bearer.parameters { modem.inform("\(value.key): \(value.value)") }
        return .ok
      default: return .ok
      }
    }
  ]
}

extension SimulatedModem {
  fileprivate mutating func setBearer(_ command: ATCommand) -> CommandOutcome {
    guard let key = command.string(2)?.uppercased, let value = command.text(3),
      ["CONTYPE", "APN", "USER", "PWD", "PHONENUM", "RATE"].contains(where: { key.equals($0) })
    else { return .error }
    simcom.bearer.parameters.removeAll { $0.key == key }
    simcom.bearer.parameters.append(ConfigurationValue(key: key, value: value))
    return .ok
  }

  fileprivate mutating func openBearer() -> CommandOutcome {
    guard simcom.bearer.state == .closed, radio.phase == .camped, let execution else {
      return .error
    }
    simcom.bearer.state = .connecting
    let apn = simcom.bearer.parameters.first { $0.key.equals("APN") }?.value ?? []
    askForContext(BearerProfile.cid, apn: apn, serial: execution.serial)
    return wait(.seconds(85), then: .error)
  }

  mutating func bearerAnswered(isOpen: Bool, serial: Int) {
    guard simcom.bearer.state == .connecting else { return }
    simcom.bearer.state = isOpen ? .connected : .closed
    complete(isOpen ? .ok : .error, serial: serial)
  }

  fileprivate mutating func closeBearer() -> CommandOutcome {
    guard simcom.bearer.state == .connected else { return .error }
    giveUpContext(BearerProfile.cid)
    simcom.bearer.state = .closed
    return wait(sample(network.timing.contextChange), then: .ok)
  }
}
