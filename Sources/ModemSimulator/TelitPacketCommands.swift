import Primitives

extension CommandGroup {
  // MARK: - Telit: contexts, names, PSM

  static let telitPacket: [CommandEntry] = [
    CommandEntry("#SGACT", time: .milliseconds(10) ... .milliseconds(40)) { modem, command in
      switch command.kind {
      case .read:
        for context in modem.stored.contexts {
          let isActive = modem.packet.active.contains(context.cid)
          modem.inform("#SGACT: \(context.cid),\(isActive ? 1 : 0)")
        }
        return .ok
      case .test:
        modem.inform("#SGACT: (1-6),(0,1)")
        return .ok
      case .set:
        guard let cid = command.number(0, 1...6), let state = command.number(1, 0...1),
          command.string(2, otherwise: []) != nil, command.string(3, otherwise: []) != nil
        else { return .equipmentError(50) }
        return state == 1 ? modem.telitActivate(cid) : modem.deactivateContext(cid)
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("#QDNS", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let name = command.string(0), (1...255).contains(name.count) else {
        return .equipmentError(50)
      }
      guard !modem.packet.active.isEmpty else { return .equipmentError(TelitError.noContext) }
      return modem.lookUp(name, within: .seconds(60))
    },
    CommandEntry("#NWDNS") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let cid = command.number(0, 1...6) else { return .error }
      guard modem.packet.active.contains(cid) else {
        return .equipmentError(TelitError.noContext)
      }
      let servers = modem.network.dnsServers
      let (first, second) = (servers.first ?? [], servers.count > 1 ? servers[1] : [])
      // The form is UNVERIFIED in the facts.
      modem.inform("#NWDNS: \(cid),\(modem.network.address),\(first),\(second)")
      return .ok
    },
    CommandEntry("#DNS") { modem, command in
      switch command.kind {
      case .read:
        let servers = modem.telit.servers
        let (first, second) = (servers.first ?? [], servers.count > 1 ? servers[1] : [])
        for context in modem.stored.contexts {
          modem.inform("#DNS: \(context.cid),\(first),\(second)")
        }
      case .test: modem.inform("#DNS: (0,5),,")
      case .set:
        let servers = [command.string(1), command.string(2)].compactMap { $0 }
        guard command.number(0, 0...6) != nil, servers.count == command.arguments.count - 1,
          servers.allSatisfy({ $0.isEmpty || IPv4Address($0) != nil })
        else { return .equipmentError(50) }
        modem.telit.servers = servers
      case .execute, .malformed: return .error
      }
      return .ok
    },
    number("#CACHEDNS", 0...1) {
      $0.telit.cachesNames
    } set: {
      $0.telit.cachesNames = $1
    },
    kept("#SGACTCFG", factory: "1,0,180,0"), kept("#SGACTAUTH", factory: "1"),
    kept("#AUTOATT", factory: "1"),
    number("#PSMURC", 0...1) {
      $0.telit.announcesSleep ? 1 : 0
    } set: {
      $0.telit.announcesSleep = $1 == 1
    },
    kept("#PSMRI", factory: "0"), extendedDRX("#CEDRXS", hasWindow: true),
    CommandEntry("#CPSMS", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .read:
        let mode = modem.stored.powerSaving.isWanted ? 1 : 0
        let settings = modem.telitSleepSettings
        let tail: ATText = "\(settings[0]),\(settings[1])"
        let granted = modem.grantedSeconds
        let timers: ATText = granted.map { "\($0.periodic),\($0.active)" } ?? ","
        modem.inform("#CPSMS: \(mode),,,\(timers),\(tail)")
      case .test: modem.inform("#CPSMS: (0,1),,,(0-35712000),(0-11160),(0-15),(60-3600)")
      case .set: return modem.telitRequestPowerSaving(command)
      case .execute, .malformed: return .error
      }
      return .ok
    },
  ]
}

/// Numbers of +CME ERROR from the socket commands (general knowledge of Telit's AT guides; the
/// facts say that there are such errors, not which).
enum TelitError {
  static let alreadyActive = 553
  static let activationFailed = 555
  static let noContext = 556
  static let nameNotFound = 558
  static let openTimedOut = 559
  static let cannotOpen = 560
  static let connectionFailed = 562
  static let wrongState = 551

  static let texts: [Int: StaticString] = [
    alreadyActive: "context already activated", activationFailed: "context activation failed",
    noContext: "context not opened", nameNotFound: "cannot resolve DN",
    openTimedOut: "timeout in opening socket", cannotOpen: "cannot open socket",
    connectionFailed: "connection failed", wrongState: "wrong state",
  ]
}

extension SimulatedModem {
  /// `#SGACT: <address>` and OK (the line is UNVERIFIED in the facts, the OK isn't).
  fileprivate mutating func telitActivate(_ cid: Int) -> CommandOutcome {
    if packet.active.contains(cid) { return .equipmentError(TelitError.alreadyActive) }
    guard radio.phase == .camped, let definition = definition(cid), let execution else {
      return .equipmentError(TelitError.activationFailed)
    }
    if packet.bearers.contains(where: { $0.cid == cid && $0.apn == definition.apn }) {
      packet.active.append(cid)
      inform("#SGACT: \(network.address)")
      return wait(sample(.milliseconds(30) ... .milliseconds(150)), then: .ok)
    }
    telit.activating = execution.serial
    request(.openContext(cid, execution.serial))
    return wait(.seconds(150), then: .equipmentError(TelitError.activationFailed))
  }

  mutating func telitContextOpened(serial: Int, isOK: Bool) {
    guard execution?.serial == serial else { return }
    if isOK, telit.activating == serial { inform("#SGACT: \(network.address)") }
    complete(isOK ? .ok : .equipmentError(TelitError.activationFailed), serial: serial)
  }

  /// AT#CPSMS's <psmVersion> and <psmThreshold> in seconds.
  var telitSleepSettings: [Int] {
    stored.numbers(Array("#cpsms".utf8), otherwise: [4, 540])
  }

  /// In seconds, where AT+CPSMS has bits; an empty list of parameters turns PSM off.
  fileprivate mutating func telitRequestPowerSaving(_ command: ATCommand) -> CommandOutcome {
    var saving = stored.powerSaving
    var settings = telitSleepSettings
    if command.arguments == [.omitted] {
      saving = PowerSavingRequest()
      settings = [4, 540]
    } else {
      guard command.arguments.count <= 7, let mode = command.number(0, 0...1),
        let periodic = command.number(3, 0...35_712_000, otherwise: -1),
        let active = command.number(4, 0...11_160, otherwise: -1),
        let version = command.number(5, 0...15, otherwise: settings[0]),
        let threshold = command.number(6, 60...3600, otherwise: settings[1])
      else { return .equipmentError(50) }
      saving.isWanted = mode == 1
      if periodic >= 0 { saving.periodicTAU = periodicUpdateBits(atLeast: Int64(periodic)) }
      if active >= 0 { saving.activeTime = activeTimeBits(atLeast: Int64(active)) }
      settings = [version, threshold]
    }
    counters.flashWrites += 1
    let isChanged = saving != stored.powerSaving
    stored.powerSaving = saving
    stored.setNumbers(Array("#cpsms".utf8), settings)
    if isChanged { powerSavingChanged() }
    return .ok
  }
}

/// The shortest T3412 extended that lasts at least `seconds` (TS 24.008 §10.5.7.4a).
func periodicUpdateBits(atLeast seconds: Int64) -> [UInt8] {
  timerBits(
    seconds,
    [(3, 2), (4, 30), (5, 60), (0, 600), (1, 3600), (2, 36_000), (6, 1_152_000)])
}

/// The shortest T3324 that lasts at least `seconds` (TS 24.008 §10.5.7.4).
func activeTimeBits(atLeast seconds: Int64) -> [UInt8] {
  timerBits(seconds, [(0, 2), (1, 60), (2, 360)])
}

private func timerBits(_ seconds: Int64, _ units: [(bits: Int, seconds: Int64)]) -> [UInt8] {
  guard let unit = units.first(where: { seconds <= 31 * $0.seconds }) ?? units.last else {
    return []
  }
  let value = min(31, (seconds + unit.seconds - 1) / unit.seconds)
  let text = Array(String(unit.bits << 5 | Int(value), radix: 2).utf8)
  return Array(repeating: UInt8(ascii: "0"), count: 8 - text.count) + text
}
