import AT
import Cellular
import Primitives

/// What a device may want of its modem, as `godwit modules` tells it of each family.
public enum ModuleFeature: CaseIterable, Equatable, Sendable {
  case powerKey, softOff, identify, sim, ratChoice, roaming, operators, forbidden, band, apn, pdp,
    dnsServers, dnsLookUp
  case udp, tcp, tls, psm, psmEntry, edrx, sms, clock, rai

  /// The head of its column: three letters.
  public var head: StaticString { words.head }
  /// Its name among the members of a JSON object.
  public var key: StaticString { words.key }
  /// What a `yes` says about it.
  public var meaning: StaticString { words.meaning }

  private var words: (head: StaticString, key: StaticString, meaning: StaticString) {
    switch self {
    case .powerKey: ("key", "powerKey", "power key: the module is started by its pin")
    case .softOff: ("off", "softOff", "soft off: it logs out and turns itself off by command")
    case .identify:
      ("id", "identify", "identify: maker, model, firmware, IMEI, ICCID, IMSI are read")
    case .sim: ("sim", "sim", "SIM: a card that is missing is told from other trouble")
    case .ratChoice:
      (
        "rat", "ratChoice",
        "RAT choice: `rats` limits and orders the search; written only if it differs"
      )
    case .roaming:
      (
        "roa", "roaming",
        "roaming: `roaming` is set in the module, if it differs; without, one that roams isn't used"
      )
    case .operators:
      (
        "ope", "operators",
        "operators: the one of `operator` is chosen, those of `blocked-operators` are left"
      )
    case .forbidden:
      (
        "fpl", "forbidden",
        "forbidden networks: the SIM's list of them is emptied where `clear-forbidden` says so"
      )
    case .band: ("bnd", "band", "band: that of the serving LTE cell is read")
    case .apn: ("apn", "apn", "APN: the data session is that of `apn`")
    case .pdp:
      ("pdp", "pdp", "PDP activation: the data session is brought up, and again when it was lost")
    case .dnsServers: ("dns", "dnsServers", "DNS servers: names are looked up at those of `dns`")
    case .dnsLookUp: ("nam", "dnsLookUp", "DNS look-up: reports go to a server that has a name")
    case .udp: ("udp", "udp", "UDP: datagrams go out and come in; reports go so")
    case .tcp: ("tcp", "tcp", "TCP: a connection carries bytes both ways")
    case .tls:
      (
        "tls", "tls",
        "TLS in the module: a server is checked against a CA certificate that it stores"
      )
    case .psm:
      ("psm", "psm", "PSM: power saving mode is asked for, and the granted timers are read")
    case .psmEntry:
      ("ent", "psmEntry", "PSM entry seen: the sleep is proven, not assumed after a time")
    case .edrx: ("drx", "edrx", "eDRX: cycles are asked for, and the granted one is read")
    case .sms: ("sms", "sms", "SMS: messages are received and sent")
    case .clock: ("clk", "clock", "clock: the network's time is read")
    case .rai:
      ("rai", "rai", "RAI: on NB-IoT the network is told that one answer is all that will come")
    }
  }
}

/// Whether a family's modules can do something, and Godwit with them.
public enum Ability: CaseIterable, Equatable, Sendable {
  /// Godwit does it; a test has its driver do it with the family's simulator.
  case yes
  /// The module can't.
  case no
  /// It rests on something that no manual or running code that was read confirms.
  case unverified

  /// In JSON and in sentences.
  public var text: StaticString {
    switch self {
    case .yes: "yes"
    case .no: "no"
    case .unverified: "unverified"
    }
  }

  /// In a table.
  public var mark: StaticString {
    switch self {
    case .yes: "yes"
    case .no: "no"
    case .unverified: "?"
    }
  }

  public var meaning: StaticString {
    switch self {
    case .yes: "Godwit does it; a test has it done with the family's simulator"
    case .no: "the module can't, or no command for it is known"
    case .unverified:
      "unverified: it rests on what no manual or running code that was read confirms"
    }
  }
}

extension ModuleProfile {
  /// What the profile shows by itself, unless something is noted about it.
  public func ability(of feature: ModuleFeature) -> Ability {
    if let note = notes.first(where: { $0.feature == feature }), let ability = note.ability {
      return ability
    }
    switch feature {
    case .powerKey, .identify, .sim, .pdp, .clock: return .yes
    case .softOff: return power.turnsOff ? .yes : .no
    case .ratChoice: return depends { $0.rats = [.lteM, .lte, .gsm] } ? .yes : .no
    case .roaming: return depends { $0.isRoamingAllowed = true } ? .yes : .no
    case .operators, .forbidden: return .yes
    case .band: return cell == nil ? .no : .yes
    case .apn: return takesAPN ? .yes : .no
    // Where the module can't be told its servers, they are asked over a socket.
    case .dnsServers, .dnsLookUp, .udp, .tcp: return socket == nil ? .no : .yes
    case .tls: return secureSocket == nil ? .no : .yes
    case .psm, .psmEntry: return hasPSM ? .yes : .no
    case .edrx: return hasEDRX ? .yes : .no
    case .sms: return .yes
    case .rai: return socket?.sendLast == nil ? .no : .yes
    }
  }

  /// Whether it can be told to use 2G alone, beside other radio types.
  public var choosesGSM: Bool { depends { $0.rats = [.gsm] } }

  /// Whether some stored setting is wanted only because of that.
  private func depends(on change: (inout NetworkSettings) -> Void) -> Bool {
    let without = NetworkSettings(accessPoint: nil)
    var with = without
    change(&with)
    return settings.contains { $0.isWanted(with) && !$0.isWanted(without) }
  }

  /// In a stored setting, or with each activation.
  private var takesAPN: Bool {
    guard let apn = APN([UInt8]("a")) else { return false }
    let with = NetworkSettings(accessPoint: AccessPoint(apn: apn))
    let without = NetworkSettings(accessPoint: nil)
    return depends { $0.accessPoint = with.accessPoint }
      || context.activate(with).map { $0.line } != context.activate(without).map { $0.line }
  }

  private var hasPSM: Bool {
    settings.contains { [UInt8]($0.name).equals(StandardSettings.psm.name) }
  }
}
