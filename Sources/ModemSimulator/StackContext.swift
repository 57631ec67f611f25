import Primitives

/// What stacks with contexts of their own, apart from AT+CGDCONT's, need of the packet network.
extension SimulatedModem {
  /// Asks the network for a context; the answer comes to the personality's `packet.opened`. A
  /// bearer that the attach brought is taken where its APN is the one, or none is asked for.
  mutating func askForContext(_ cid: Int, apn: [UInt8], serial: Int = 0) {
    let isThere = packet.bearers.contains { $0.cid == cid && (apn.isEmpty || $0.apn == apn) }
    packet.requested[cid] = apn
    guard isThere else { return request(.openContext(cid, serial)) }
    if !packet.active.contains(cid) { packet.active.append(cid) }
    schedule(
      .own(OwnEvent(OwnEvent.contextTaken, number: cid, serial: serial)),
      after: sample(.milliseconds(30) ... .milliseconds(150)))
  }

  /// Gives a context up without a word to the host.
  mutating func giveUpContext(_ cid: Int) {
    packet.active.removeAll { $0 == cid }
    for case let socket? in sockets.slots where socket.cid == cid { close(socket.id) }
  }

  /// Whether the network still has the context: a log-out ends it and the stack isn't told.
  func isUp(_ cid: Int) -> Bool { packet.active.contains(cid) && hasBearer(cid) }

  func contextAddress(_ cid: Int) -> [UInt8] {
    packet.bearers.first { $0.cid == cid }?.address ?? Array("0.0.0.0".utf8)
  }

  /// A line by itself, a moment after the result code.
  mutating func sayLater(_ text: ATText) {
    schedule(.text(text.bytes), after: sample(.milliseconds(5) ... .milliseconds(40)))
  }

  /// A port as a number or in quotes: SIMCom takes both.
  func portNumber(_ command: ATCommand, _ index: Int) -> UInt16? {
    guard let text = command.text(index), let port = text.asciiWholeNumber,
      (1...65_535).contains(port)
    else { return nil }
    return UInt16(port)
  }
}

extension OwnEvent {
  /// A bearer that was there already is the context's now; `number` is the cid.
  static let contextTaken: StaticString = "context taken"
}
