import Primitives

extension CommandGroup {
  /// AT+CMGS (TS 27.005 §3.5.1, §4.3): `=<length>` in PDU mode, `="<da>"[,<toda>]` in text mode.
  static let messageSend = CommandEntry("+CMGS") { modem, command in
    if command.kind == .test { return .ok }
    guard command.isSet else { return .error }
    if let error = modem.messageError { return error }
    var request = PayloadRequest(command: command, socket: -1, count: nil)
    request.isMessage = true
    if modem.session.smsFormat == 0 {
      guard command.arguments.count == 1, command.number(0, 1...MessageLimit.tpdu) != nil else {
        return .messageError(304)
      }
      return .prompt(request)
    }
    guard let number = command.string(0), modem.isAddress(number),
      command.number(1, 0...255, otherwise: 0) != nil, command.arguments.count <= 2
    else { return .messageError(305) }
    return .prompt(request)
  }
}

/// Sizes of TS 23.040 §9.2.
enum MessageLimit {
  /// SMS-SUBMIT with everything in it, in octets; SMS-DELIVER has as many at most.
  static let tpdu = 164
  static let userData = 140
  /// Digits of an address.
  static let digits = 20
  /// Messages that the network keeps for one card; the next is refused.
  static let held = 64
}

extension SimulatedModem {
  fileprivate func isAddress(_ text: [UInt8]) -> Bool {
    let digits = text.first == UInt8(ascii: "+") ? Array(text.dropFirst()) : text
    return (1...MessageLimit.digits).contains(digits.count) && digits.allSatisfy { $0.isASCIIDigit }
  }

  /// What came between the prompt and Ctrl-Z.
  mutating func messagePayload(_ request: PayloadRequest, _ payload: [UInt8]) -> CommandOutcome {
    guard session.smsFormat == 0 else {
      guard let tpdu = submit(text: payload, to: request.command.string(0) ?? []) else {
        return .messageError(305)
      }
      return send(tpdu)
    }
    guard let length = request.command.number(0, 1...MessageLimit.tpdu),
      let pdu = CommandGroup.bytes(hex: payload), let centre = pdu.first,
      pdu.count == 1 + Int(centre) + length
    else { return .messageError(304) }
    if centre == 0, serviceCentre == [0] { return .messageError(330) }
    let tpdu = Array(pdu.dropFirst(1 + Int(centre)))
    return isSubmit(tpdu) ? send(tpdu) : .messageError(304)
  }

  /// Whether every field is there and as long as it says (TS 23.040 §9.2.2.2).
  private func isSubmit(_ tpdu: [UInt8]) -> Bool {
    guard tpdu.count >= 3, tpdu[0] & 0x03 == 0x01, (1...20).contains(tpdu[2]) else { return false }
    let validity = [0, 7, 1, 7][Int(tpdu[0] >> 3 & 0x03)]
    // First octet, reference, address, protocol, coding, validity, and then the data's length.
    let address = 2 + (Int(tpdu[2]) + 1) / 2
    let coding = 2 + address + 1
    let lengthAt = coding + 1 + validity
    guard lengthAt < tpdu.count else { return false }
    let isSeptets = alphabet(ofCoding: tpdu[coding]) == .septets
    let length = Int(tpdu[lengthAt])
    let octets = isSeptets ? (length * 7 + 7) / 8 : length
    return octets <= MessageLimit.userData && tpdu.count == lengthAt + 1 + octets
  }

  private mutating func send(_ tpdu: [UInt8]) -> CommandOutcome {
    guard radio.phase == .camped, let execution else {
      return .messageError(firmware.isOdd(15) ? 38 : 331)
    }
    request(.submit(execution.serial, tpdu))
    return wait(personality.messages.sendLimit, then: .messageError(332))
  }

  /// The message is at the network.
  mutating func submitted(_ serial: Int, _ tpdu: [UInt8]) {
    switch network.messageService {
    case .refuses(let cause): return complete(.messageError(cause), serial: serial)
    case .silent: return
    case .accepts: break
    }
    let reference = stored.messageReference
    stored.messageReference = (reference + 1) & 0xFF
    counters.messagesSubmitted += 1
    effects.append(.messageSubmitted(tpdu))
    guard execution?.serial == serial, execution?.isWaiting == true else { return }
    inform("+CMGS: \(reference)")
    complete(.ok)
  }
}
