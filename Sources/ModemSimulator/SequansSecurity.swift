import Primitives

/// AT+SQNSPCFG and AT+SQNSSCFG. That a wake from deep sleep finds none of it is assumed: the unkinder
/// case.
struct SequansTLS: OwnState {
  struct Profile: Sendable {
    var version: Int
    /// 0 nothing, 1 the authority, 4 the host's name, 5 both.
    var level: Int
    /// A slot of the module's store; nil: none.
    var authority: Int?
  }
  static let profileNumbers = 1...6
  static let slots = 0...19
  var profiles: [Int: Profile] = [:]
  /// The profile of each socket that is to be TLS.
  var profileOf: [Int: Int] = [:]
}

extension CommandGroup {
  // MARK: - Sequans: TLS (Walter's library, GM02S)

  static let sequansSecurity: [CommandEntry] = [
    CommandEntry("+SQNSPCFG", time: .milliseconds(5) ... .milliseconds(40)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, SequansTLS.profileNumbers),
        let version = command.number(1, 0...3), command.string(2, otherwise: []) != nil,
        let level = command.number(3, 0...5), [0, 1, 4, 5].contains(level),
        command.arguments.count <= 12
      else { return .error }
      let slots = (4...6).map {
        command.isOmitted($0) || command.number($0, SequansTLS.slots) != nil
      }
      guard slots.allSatisfy({ $0 }) else { return .error }
      modem.own[SequansTLS.self].profiles[number] = SequansTLS.Profile(
        version: version, level: level, authority: command.number(4, SequansTLS.slots))
      return .ok
    },
    CommandEntry("+SQNSSCFG") { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 1...6), let isOn = command.number(1, 0...1),
        let profile = command.number(2, SequansTLS.profileNumbers, otherwise: 1),
        command.arguments.count <= 3, modem.sockets[number] == nil
      else { return .error }
      modem.own[SequansTLS.self].profileOf[number] = isOn == 1 ? profile : nil
      return .ok
    },
  ]
}

extension SimulatedModem {
  /// nil: a socket without TLS. A profile that was never described can't begin it.
  func sequansDemand(_ number: Int, host: [UInt8]) -> TLSDemand? {
    let security = own[SequansTLS.self]
    guard let profileNumber = security.profileOf[number] else { return nil }
    var demand = TLSDemand()
    guard let profile = security.profiles[profileNumber] else {
      demand.trust = .missing
      return demand
    }
    demand.reachesVersion12 = profile.version >= 2
    if profile.level & 1 == 1 {
      demand.trust = trust(in: profile.authority.map { Array("\($0)".utf8) } ?? [])
    }
    if profile.level & 4 == 4 { demand.expectedName = host }
    return demand
  }
}
