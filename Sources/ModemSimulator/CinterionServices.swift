import Primitives

extension SimulatedModem {
  // MARK: - Opening

  /// OK comes at once, `^SISW: <id>,1` when the service can take data.
  mutating func openService(_ number: Int) -> CommandOutcome {
    let profile = cinterion.profiles[number]
    guard profile.isSocket, let cid = profile.connection,
      let address = ServiceAddress(charactersRead(profile.address))
    else { return .equipmentError(21) }
    guard !profile.isOpen, sockets[number] == nil, packet.active.contains(cid) else {
      return .equipmentError(3)
    }
    cinterion.profiles[number].isOpen = true
    cinterion.profiles[number].lastInformation = .none
    if address.host.isEmpty {
      openEndpoint(number, cid: cid, localPort: address.port)
      scheduleServiceURC("^SIS: \(number),5", after: .milliseconds(40))
    } else {
      var socket = newSocket(
        number, cid: cid, transport: address.transport, host: address.host, port: address.port)
      if address.transport == .tls {
        socket.security = TLSDemand()
        if profile.checksServer { socket.security?.trust = trustInStored }
      }
      open(socket)
    }
    return .ok
  }

  /// URCs of the services, where AT^SCFG="Tcp/WithURCs","on".
  private mutating func sendServiceURC(_ text: ATText) {
    if hasSocketURCs { sendURC(text) }
  }

  private mutating func scheduleServiceURC(_ text: ATText, after delay: Duration) {
    if hasSocketURCs { schedule(.urc(text.bytes), after: delay) }
  }

  mutating func serviceOpened(_ id: SocketID) {
    sendServiceURC("^SISW: \(id.number),1")
  }

  mutating func serviceFailed(_ id: SocketID, _ information: ServiceInformation) {
    cinterion.profiles[id.number].lastInformation = information
    sendServiceURC("^SIS: \(id.number),0,\(information.rawValue),\"\(information.text)\"")
  }

  // MARK: - Data

  /// `^SISW: <id>,<taken>,<unacknowledged>`, then so many bytes. Nothing is taken between a write
  /// and the `^SISW: <id>,1` that follows it.
  mutating func writeService(_ number: Int, count: Int, to peer: [UInt8]?) -> CommandOutcome {
    guard let socket = sockets[number], socket.phase == .connected else {
      return .equipmentError(3)
    }
    if socket.host.isEmpty {
      guard let peer, let colon = peer.lastIndex(of: UInt8(ascii: ":")),
        IPv4Address(Array(peer[..<colon])) != nil,
        let port = Array(peer[(colon + 1)...]).asciiWholeNumber, (1...65_535).contains(port)
      else { return .equipmentError(21) }
      setPeer(number, host: Array(peer[..<colon]), port: UInt16(port))
    }
    let unacknowledged = socket.sentCount - socket.deliveredCount
    let limit = socket.transport == .udp ? 1460 : 1500
    let isReady = now >= cinterion.profiles[number].writableFrom
    let room = personality.sockets.sendLimit - unacknowledged
    let taken = isReady ? min(count, limit, max(0, room)) : 0
    let line: ATText = "^SISW: \(number),\(taken),\(unacknowledged)"
    guard taken > 0 else {
      inform(line)
      return .ok
    }
    return .prompt(PayloadRequest(socket: number, count: taken, prompt: framed(line)))
  }

  /// The payload of AT^SISW is in.
  mutating func serviceWritten(_ number: Int) {
    let pause = sample(.milliseconds(30) ... .milliseconds(150))
    cinterion.profiles[number].writableFrom = now + pause
    scheduleServiceURC("^SISW: \(number),1", after: pause)
  }

  mutating func serviceReceived(_ id: SocketID) { sendServiceURC("^SISR: \(id.number),1") }

  /// `^SISR: <id>,<length>[,<left>]`, the data; 0 for nothing yet, -2 for no more (which of the
  /// negative numbers it is is UNVERIFIED in the facts). UDP names what is left of the datagram,
  /// on every second firmware (ARMmbed/mbed-os#12077), and an endpoint its peer.
  mutating func readService(_ number: Int, limit: Int) -> CommandOutcome {
    guard cinterion.profiles[number].isOpen, let socket = sockets[number],
      socket.phase != .opening
    else { return .equipmentError(3) }
    guard socket.buffered > 0 else {
      inform("^SISR: \(number),\(socket.phase == .connected ? 0 : -2)")
      return .ok
    }
    let first = socket.received.first?.count ?? 0
    let data = read(number, limit: limit)
    var head: ATText = "^SISR: \(number),\(data.count)"
    if socket.transport == .udp {
      if firmware.isOdd(2) { head = "\(head),\(first - data.count)" }
      if socket.host.isEmpty { head = "\(head),\"\(socket.address):\(socket.port)\"" }
    }
    inform(head)
    if !data.isEmpty { inform(ATText(bytes: data)) }
    return .ok
  }

  // MARK: - State

  private func state(_ number: Int) -> ServiceProfile.State {
    guard cinterion.profiles[number].isOpen else { return .allocated }
    guard let socket = sockets[number] else { return .down }
    switch socket.phase {
    case .initial, .opening: return .connecting
    case .connected, .listening: return .up
    case .closing: return .down
    }
  }

  /// `^SISO: <id>,"Socket",<state>,<socket state>,<received>,<sent>,"<local>","<remote>"`; a
  /// profile that isn't defined has an empty type (EHS6's manual).
  func serviceLine(_ number: Int) -> ATText {
    guard cinterion.profiles[number].isSocket else { return "^SISO: \(number),\"\"" }
    let socket = sockets[number]
    let counts: ATText = "\(socket?.receivedCount ?? 0),\(socket?.sentCount ?? 0)"
    let none: ATText = "0.0.0.0:0"
    let local: ATText = socket.map { "\(network.address):\($0.localPort)" } ?? none
    let remote: ATText = socket.map { "\($0.address):\($0.port)" } ?? none
    let places: ATText = "\(quoted: local.bytes),\(quoted: remote.bytes)"
    return "^SISO: \(number),\"Socket\",\(state(number).rawValue),1,\(counts),\(places)"
  }

  /// `^SISI: <id>,<state>,<received>,<sent>,<acknowledged>,<unacknowledged>`.
  func serviceCounts(_ number: Int) -> ATText {
    let socket = sockets[number]
    let (sent, acknowledged) = (socket?.sentCount ?? 0, socket?.deliveredCount ?? 0)
    let flow: ATText = "\(sent),\(acknowledged),\(sent - acknowledged)"
    return "^SISI: \(number),\(state(number).rawValue),\(socket?.receivedCount ?? 0),\(flow)"
  }
}

extension SocketTraits {
  /// Cinterion's Internet services on sockets: ten profiles, ^SISW, ^SISR, ^SIS.
  static let cinterion: SocketTraits = {
    var traits = SocketTraits()
    traits.numbers = 0...CinterionState.profileCount - 1
    traits.payloadLimit = 1500
    traits.payload = { modem, request, payload in
      guard modem.take(payload, on: request.socket) == .taken else { return .equipmentError(3) }
      modem.serviceWritten(request.socket)
      return .ok
    }
    traits.opened = { modem, socket, error in
      if let refusal = socket.refusal {
        let isMissing = refusal == .missingCertificate
        return modem.serviceFailed(socket.id, isMissing ? .noCertificate : .handshakeFailed)
      }
      switch error {
      case .ok: modem.serviceOpened(socket.id)
      case .nameNotFound: modem.serviceFailed(socket.id, .hostNotFound)
      case .timedOut: modem.serviceFailed(socket.id, .timedOut)
      default: modem.serviceFailed(socket.id, .connectionRefused)
      }
    }
    traits.arrived = { modem, socket, _, isNews in
      if isNews { modem.serviceReceived(socket.id) }
    }
    traits.peerClosed = { modem, socket in modem.serviceFailed(socket.id, .closedByPeer) }
    traits.named = { modem, query, answer in
      modem.answerLookUp(query, answer, failure: .equipmentError(3)) {
        "^SISX: \"HostByName\",\(quoted: $0)"
      }
    }
    return traits
  }()
}
