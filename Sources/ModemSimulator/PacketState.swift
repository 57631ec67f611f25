import Primitives

/// PDP contexts: what the network holds, and what the AT side has made use of.
struct PacketState: Sendable {
  /// PDN connections at the network; they outlive PSM.
  var bearers: [Bearer] = []
  /// Contexts that AT+QIACT has brought up; PSM ends that.
  var active: [Int] = []
  var isLookingUp = false
  /// The APN of a context that a family's own command asked for, and not AT+CGDCONT, by its cid.
  var requested: [Int: [UInt8]] = [:]
  /// Taken away by the network: AT+QIACT is an error until AT+QIDEACT (BG96 TCP/IP manual V1.0).
  var broken: [Int] = []

  mutating func dropLocal() {
    active = []
    broken = []
    isLookingUp = false
    requested = [:]
  }

  func definition(_ cid: Int, in stored: StoredSettings) -> ContextDefinition? {
    stored.contexts.first { $0.cid == cid }
  }
}

struct Bearer: Equatable, Sendable {
  let cid: Int
  let apn: [UInt8]
  let address: [UInt8]
}

/// A host name that someone waits for.
struct NameQuery: Equatable, Sendable {
  enum Asker: Equatable, Sendable {
    case socket(SocketID)
    /// A command for looking names up; the serial of its line, where that waits.
    case host(serial: Int = 0)
  }
  let asker: Asker
  let name: [UInt8]
}

extension SimulatedModem {
  /// The answer to a request for another PDN connection.
  mutating func contextOpened(_ cid: Int, _ serial: Int) {
    let apn = packet.requested[cid] ?? packet.definition(cid, in: stored)?.apn ?? []
    guard serving.verdict == .accepts, network.accepts(apn: apn) else {
      session.lastSocketError = .openContext
      return personality.packet.opened(&self, cid, serial, false)
    }
    packet.bearers.removeAll { $0.cid == cid }
    packet.bearers.append(Bearer(cid: cid, apn: apn, address: network.address))
    if !packet.active.contains(cid) { packet.active.append(cid) }
    personality.packet.opened(&self, cid, serial, true)
  }

  mutating func contextClosed(_ cid: Int, _ serial: Int) {
    // LTE keeps the default bearer as long as the module is attached.
    if cid != 1 || !access.hasDefaultBearer { packet.bearers.removeAll { $0.cid == cid } }
    personality.packet.closed(&self, cid, serial)
  }

  /// The network ends the PDN connections.
  mutating func dropContexts() {
    guard power.phase == .running else { return }
    let lost = packet.active
    if personality.packet.lostNeedsClosing { packet.broken += lost }
    packet.active = []
    packet.bearers.removeAll { lost.contains($0.cid) }
    for socket in sockets.slots {
      guard let socket, lost.contains(socket.cid) else { continue }
      if socket.isReal { effects.append(.closeSocket(socket.id)) }
      sockets.slots[socket.id.number]?.isReal = false
      sockets.slots[socket.id.number]?.phase = .closing
    }
    for cid in lost { personality.packet.lost(&self, cid) }
  }

  // MARK: - Names

  /// The name server's answer arrived over the air, or none did.
  mutating func lookUpArrived(_ query: NameQuery) {
    switch resolve(query.name) {
    case .address, .failure: nameAnswered(query)
    case .silence: schedule(.dns(query), after: .seconds(60))
    }
  }

  /// As the servers answer that the host told the module, or the network's own.
  private func resolve(_ name: [UInt8]) -> SimulatedNetwork.NameAnswer {
    if IPv4Address(name) == nil, let answering = network.answeringServers,
      let told = session.dnsServers ?? (telit.servers.isEmpty ? nil : telit.servers),
      !told.contains(where: { answering.contains($0) })
    {
      return .silence
    }
    return network.resolve(name)
  }

  mutating func nameAnswered(_ query: NameQuery) {
    let answer = resolve(query.name)
    switch query.asker {
    case .socket(let id):
      guard case .address(let address) = answer else { return openFailed(id, .nameNotFound) }
      reach(id, at: address)
    case .host:
      guard packet.isLookingUp else { return }
      packet.isLookingUp = false
      if case .address = answer {} else { session.lastSocketError = .nameNotFound }
      personality.sockets.named(&self, query, answer)
    }
  }
}
