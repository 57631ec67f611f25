import Primitives

/// AT+GTSSLVER, AT+GTSSLMODE and AT+GTSSLFILE: all gone with a power cycle.
struct FibocomTLS: OwnState {
  /// 4 is TLS 1.2.
  var version = 0
  /// 1: the server's certificate is checked.
  var mode = 0
  /// `TRUSTFILE`, `CAFILE`, `KEYFILE`, as they were sent.
  var files: [ConfigurationValue] = []
  /// Of one file (assumed).
  static let fileLimit = 8192
}

extension CommandGroup {
  // MARK: - Fibocom: TLS

  static let fibocomSecurity: [CommandEntry] = [
    number("+GTSSLVER", 0...4) {
      $0.own[FibocomTLS.self].version
    } set: {
      $0.own[FibocomTLS.self].version = $1
    },
    number("+GTSSLMODE", 0...1) {
      $0.own[FibocomTLS.self].mode
    } set: {
      $0.own[FibocomTLS.self].mode = $1
    },
    CommandEntry("+GTSSLFILE", time: .milliseconds(5) ... .milliseconds(40)) { modem, command in
      switch command.kind {
      case .read:
        let files = modem.own[FibocomTLS.self].files
        if files.isEmpty { modem.inform("+GTSSLFILE: TRUSTFILE,0") }
        for file in files { modem.inform("+GTSSLFILE: \(file.key),\(file.value.count)") }
        return .ok
      case .test: return .ok
      case .set:
        guard let name = command.string(0),
          [StaticString](["TRUSTFILE", "CAFILE", "KEYFILE"]).contains(where: { name.equals($0) }),
          let count = command.number(1, 1...FibocomTLS.fileLimit), command.arguments.count == 2
        else { return .equipmentError(50) }
        return .prompt(
          PayloadRequest(
            command: command, socket: 0, count: count, prompt: crlf + [UInt8(ascii: ">")]))
      case .execute, .malformed: return .error
      }
    },
  ]
}

extension SimulatedModem {
  mutating func storeFibocomFile(
    _ request: PayloadRequest, _ payload: [UInt8]
  ) -> CommandOutcome {
    guard let name = request.command.string(0) else { return .error }
    own[FibocomTLS.self].files.removeAll { $0.key == name }
    own[FibocomTLS.self].files.append(ConfigurationValue(key: name, value: payload))
    return .ok
  }

  /// A file has no name of its own, so its contents stand for the certificate's: a network's
  /// `.trusted(by:)` names them. Factory version 0 is taken to be older than TLS 1.2 (assumed).
  var fibocomDemand: TLSDemand {
    let state = own[FibocomTLS.self]
    var demand = TLSDemand()
    demand.reachesVersion12 = state.version == 4
    guard state.mode == 1 else { return demand }
    let file = state.files.first { $0.key.equals("TRUSTFILE") }
    demand.trust = file.map { .authorities([$0.value]) } ?? .missing
    return demand
  }
}
