import Primitives

/// What text mode shows of an SMS-DELIVER (TS 23.040 §9.2.2.1).
struct DeliveryHeader: Equatable, Sendable {
  let firstOctet: UInt8
  /// The sender; with `+` where the type of number is international.
  let sender: [UInt8]
  let senderType: UInt8
  let protocolIdentifier: UInt8
  let coding: UInt8
  /// `yy/MM/dd,hh:mm:ss±zz`.
  let time: [UInt8]
  /// User data, a header included.
  let length: UInt8
  let userData: [UInt8]

  /// 0 to 3, where the coding has one (TS 23.038 §4).
  var messageClass: Int? {
    switch coding >> 4 {
    case 0...7: coding & 0x10 == 0 ? nil : Int(coding & 3)
    case 15: Int(coding & 3)
    default: nil
    }
  }
}

/// TS 23.038 §4; a reserved coding group is read as the default alphabet.
enum MessageAlphabet { case septets, octets, ucs2 }

func alphabet(ofCoding coding: UInt8) -> MessageAlphabet {
  switch coding >> 4 {
  case 0...7:
    switch coding >> 2 & 3 {
    case 1: .octets
    case 2: .ucs2
    default: .septets
    }
  case 14: .ucs2
  case 15: coding & 4 == 0 ? .septets : .octets
  default: .septets
  }
}

/// nil where the TPDU is shorter than its own fields.
func deliveryHeader(_ tpdu: [UInt8]) -> DeliveryHeader? {
  guard tpdu.count >= 2 else { return nil }
  let octets = (Int(tpdu[1]) + 1) / 2
  let protocolAt = 3 + octets
  guard tpdu.count >= protocolAt + 10 else { return nil }
  let (type, digits) = (tpdu[2], tpdu[3..<protocolAt])
  let sender: [UInt8]
  if type & 0x70 == 0x50 {
    sender = septets(digits, count: Int(tpdu[1]) * 4 / 7, skipping: 0)
  } else {
    var text = digits.flatMap { [$0 & 0x0F, $0 >> 4] }
    if Int(tpdu[1]) % 2 == 1 { text.removeLast() }
    sender =
      (type & 0x70 == 0x10 ? [UInt8(ascii: "+")] : [])
      + text.map { Array("0123456789*#abc".utf8 + [0x3F])[Int($0)] }
  }
  return DeliveryHeader(
    firstOctet: tpdu[0], sender: sender, senderType: type, protocolIdentifier: tpdu[protocolAt],
    coding: tpdu[protocolAt + 1], time: timeText(tpdu[(protocolAt + 2)..<(protocolAt + 9)]),
    length: tpdu[protocolAt + 9], userData: Array(tpdu[(protocolAt + 10)...]))
}

/// TS 23.040 §9.2.3.11.
private func timeText(_ octets: ArraySlice<UInt8>) -> [UInt8] {
  var text: ATText = ""
  for (octet, mark) in zip(octets.dropLast(), ["/", "/", ",", ":", ":", ""]) {
    text = "\(text)\(two: Int(octet & 0x0F) * 10 + Int(octet >> 4))\(Array(mark.utf8))"
  }
  let zone = octets.last ?? 0
  let quarters = Int(zone & 0x07) * 10 + Int(zone >> 4)
  text = "\(text)\(Array((zone & 0x08 == 0 ? "+" : "-").utf8))\(two: quarters)"
  return text.bytes
}

/// Characters of seven bits out of octets (TS 23.038 §6.1.2.1), from the bit `skipping` on.
func septets(_ octets: some Collection<UInt8>, count: Int, skipping: Int) -> [UInt8] {
  let octets = Array(octets)
  return (0..<count).compactMap { index in
    let bit = skipping + index * 7
    guard bit / 8 < octets.count else { return nil }
    let low = UInt16(octets[bit / 8])
    let high = bit / 8 + 1 < octets.count ? UInt16(octets[bit / 8 + 1]) : 0
    return UInt8((high << 8 | low) >> UInt16(bit % 8) & 0x7F)
  }
}

/// Characters of seven bits into octets (TS 23.038 §6.1.2.1).
func packed(_ septets: [UInt8]) -> [UInt8] {
  var octets = [UInt8](repeating: 0, count: (septets.count * 7 + 7) / 8)
  for (index, septet) in septets.enumerated() {
    let bit = index * 7
    let wide = UInt16(septet & 0x7F) << UInt16(bit % 8)
    octets[bit / 8] |= UInt8(truncatingIfNeeded: wide)
    if wide > 0xFF { octets[bit / 8 + 1] |= UInt8(wide >> 8) }
  }
  return octets
}

extension SimulatedModem {
  /// One message of AT+CMGL or AT+CMGR in text mode (TS 27.005 §3.4.2, §3.4.3).
  mutating func showText(_ message: StoredMessage, _ name: ATText, isListed: Bool) {
    let states: [StaticString] = ["REC UNREAD", "REC READ", "STO UNSENT", "STO SENT"]
    let state = Array(states[message.status.rawValue])
    guard let header = deliveryHeader(message.tpdu) else {
      // A report: `<fo>,<mr>,…` is more than anyone asked this simulator for.
      inform("\(name)\(quoted: state),\(Int(message.tpdu.first ?? 0)),0")
      return inform("")
    }
    let (sender, time) = (characters(header.sender), header.time)
    inform(
      "\(name)\(quoted: state),\(quoted: sender),,\(quoted: time)\(details(header, isListed))")
    inform(ATText(bytes: text(header)))
  }

  func textNews(_ tpdu: [UInt8], _ name: StaticString) -> ATText {
    guard Array(name).equals("+CMT"), let header = deliveryHeader(tpdu) else {
      return "\(Array(name)): \(Int(tpdu.first ?? 0)),\(Int(tpdu.dropFirst().first ?? 0))"
    }
    let sender = characters(header.sender)
    let first: ATText = "\(Array(name)): \(quoted: sender),,\(quoted: header.time)"
    return "\(first)\(details(header, false))\r\n\(text(header))"
  }

  /// What AT+CSDH=1 adds.
  private func details(_ header: DeliveryHeader, _ isListed: Bool) -> ATText {
    if session.smsHeader == 0 { return "" }
    let type = Int(header.senderType)
    if isListed { return ",\(type),\(Int(header.length))" }
    let codes: ATText =
      "\(Int(header.firstOctet)),\(Int(header.protocolIdentifier)),\(Int(header.coding))"
    return ",\(type),\(codes),\(quoted: stored.smsCentre),145,\(Int(header.length))"
  }

  /// The text in the character set that AT+CSCS chose; 8-bit data and UCS2 in hexadecimal. A
  /// header of the user data isn't shown.
  private func text(_ header: DeliveryHeader) -> [UInt8] {
    let hasHeader = header.firstOctet & 0x40 != 0
    let headerOctets = hasHeader ? Int(header.userData.first ?? 0) + 1 : 0
    guard alphabet(ofCoding: header.coding) == .septets else {
      return Array(header.userData.dropFirst(headerOctets)).hex
    }
    let headerSeptets = (headerOctets * 8 + 6) / 7
    return characters(
      septets(
        header.userData, count: max(0, Int(header.length) - headerSeptets),
        skipping: headerSeptets * 7))
  }

  /// The default alphabet's characters as AT+CSCS has them: "GSM" its own codes, "IRA" those of
  /// ASCII, "UCS2" four hexadecimal digits. What isn't ASCII is a question mark in the latter two.
  private func characters(_ text: [UInt8]) -> [UInt8] {
    if session.characterSet.equals("GSM") { return text }
    let ascii = text.map { septet -> UInt8 in
      switch septet {
      case 0x00: UInt8(ascii: "@")
      case 0x02: UInt8(ascii: "$")
      case 0x11: UInt8(ascii: "_")
      case 0x0A, 0x0D, 0x20...0x23, 0x25...0x3F, 0x41...0x5A, 0x61...0x7A: septet
      default: UInt8(ascii: "?")
      }
    }
    return session.characterSet.equals("IRA") ? ascii : ascii.flatMap { [0, $0] }.hex
  }

  /// SMS-SUBMIT of what was typed in text mode, by AT+CSMP; nil for what doesn't fit.
  func submit(text: [UInt8], to address: [UInt8]) -> [UInt8]? {
    let (first, validity, identifier, coding) = (
      UInt8(session.smsParameters[0]), UInt8(session.smsParameters[1]),
      UInt8(session.smsParameters[2]), UInt8(session.smsParameters[3])
    )
    // A relative validity period, or none.
    guard first & 0x03 == 0x01, first & 0x18 == 0x10 || first & 0x18 == 0 else { return nil }
    let isInternational = address.first == UInt8(ascii: "+")
    let digits = address.filter { $0.isASCIIDigit }
    var tpdu: [UInt8] = [first, 0, UInt8(digits.count), isInternational ? 0x91 : 0x81]
    tpdu += semiOctets(digits) + [identifier, coding]
    if first & 0x18 == 0x10 { tpdu.append(validity) }
    guard alphabet(ofCoding: coding) == .septets else {
      guard let data = CommandGroup.bytes(hex: text), data.count <= MessageLimit.userData else {
        return nil
      }
      return tpdu + [UInt8(data.count)] + data
    }
    guard let septets = defaultAlphabet(typed: text), septets.count <= 160 else { return nil }
    return tpdu + [UInt8(septets.count)] + packed(septets)
  }

  private func defaultAlphabet(typed text: [UInt8]) -> [UInt8]? {
    if session.characterSet.equals("GSM") { return text.map { $0 & 0x7F } }
    var ascii = text
    if session.characterSet.equals("UCS2") {
      guard let units = CommandGroup.bytes(hex: text), units.count % 2 == 0 else { return nil }
      ascii = stride(from: 0, to: units.count, by: 2).map { units[$0] == 0 ? units[$0 + 1] : 0x3F }
    }
    return ascii.map { character in
      switch character {
      case UInt8(ascii: "@"): 0x00
      case UInt8(ascii: "$"): 0x02
      case UInt8(ascii: "_"): 0x11
      default: character & 0x7F
      }
    }
  }
}
