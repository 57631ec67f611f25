import Primitives

extension CommandGroup {
  // MARK: - Sierra HL78: TLS

  /// AT+KSSLCRYPTO=<profile>,<key exchange>,<authentication>,<cipher>,<MAC>,<version>,<who is
  /// checked>,<store>: the names are general knowledge, the facts have `0,8,1,8192,4,4,3,0` alone.
  /// AT+KSSLCFG=0,<n> sets a version (seen in the field); what it does isn't known.
  static let sierraSecurity: [CommandEntry] = [
    CommandEntry("+KSSLCFG", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      guard command.isSet else { return command.kind == .test ? .ok : .error }
      guard command.number(0, 0...0) != nil, command.number(1, 0...3) != nil,
        command.arguments.count == 2
      else { return .equipmentError(50) }
      return .ok
    },
    CommandEntry("+KSSLCRYPTO", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      guard command.isSet else { return command.kind == .test ? .ok : .error }
      let values = command.arguments.indices.compactMap { command.number($0, 0...65_535) }
      guard values.count == 8, command.arguments.count == 8, values[0] == 0,
        (0...3).contains(values[6])
      else { return .equipmentError(50) }
      modem.sierra.checksServer = values[6] != 0
      return .ok
    },
  ]
}

extension SimulatedModem {
  /// nil: no profile, so TLS can't begin. A session names no certificate; what is stored counts.
  var sierraDemand: TLSDemand? {
    guard let checksServer = sierra.checksServer else { return nil }
    var demand = TLSDemand()
    if checksServer { demand.trust = trustInStored }
    return demand
  }
}
