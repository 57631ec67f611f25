import Primitives

extension SettingTable {
  static let network: [Setting] = [
    Setting(
      .network, "apn", .checked(AccessPoint.rule.shape, AccessPoint.init) { $0.bytes },
      .required(example: "em"),
      get: { $0.whole.network.apn }, set: { $0.whole.network.apn = $1 },
      "The access point name of the SIM's operator."),
    Setting(
      .network, "authentication", .word, .preset("none", example: "pap"),
      get: { $0.whole.network.authentication }, set: { $0.whole.network.authentication = $1 },
      "How the access point checks user and password."),
    Setting(
      .network, "user", .checked(Credential.rule.shape, Credential.init) { $0.bytes },
      .optional(example: "meadow", otherwise: "none is sent"),
      get: { $0.whole.network.user }, set: { $0.whole.network.user = $1 },
      "The access point's user, where it wants one."),
    Setting(
      .network, "password", .checked(Credential.rule.shape, Credential.init) { $0.bytes },
      .optional(example: "correct-horse", otherwise: "none is sent"), isSecret: true,
      get: { $0.whole.network.password }, set: { $0.whole.network.password = $1 },
      "The access point's password. It is never shown or logged."),
    Setting(
      .network, "roaming", .word, .preset("on"),
      get: { $0.whole.network.roaming }, set: { $0.whole.network.roaming = $1 },
      "Whether foreign networks may be used. A SIM that lives by roaming needs on; unchanged leaves what the modem has stored."
    ),
    Setting(
      .network, "operator", .operatorChoice, .preset("auto", example: "26201"),
      get: { $0.whole.network.chosenOperator }, set: { $0.whole.network.chosenOperator = $1 },
      "The operator to use, by its country and network code; auto lets the modem choose. Where the chosen one isn't in reach the modem takes another, and the choice is made again after 6 h."
    ),
    Setting(
      .network, "blocked-operators", .operators,
      .optional(example: "26202 310410", otherwise: "none is"),
      get: { $0.whole.network.blockedOperators.isEmpty ? nil : $0.whole.network.blockedOperators },
      set: { $0.whole.network.blockedOperators = $1 },
      "Operators that are never used, 16 at most. A modem that has registered with one is taken off it: all bands are searched, once a day at most, and another operator is chosen; without one there is no connection."
    ),
    Setting(
      .network, "clear-forbidden", .onOff, .preset("off"),
      get: { $0.whole.network.clearsForbidden },
      set: { $0.whole.network.clearsForbidden = $1 },
      "Whether the SIM's list of forbidden networks is emptied when a search has found no network: once a day at most, and only if it isn't empty, since each write wears the SIM."
    ),
    Setting(
      .network, "apn-fallback", .onOff, .preset("on"),
      get: { $0.whole.network.fallsBack }, set: { $0.whole.network.fallsBack = $1 },
      "Whether other access points are tried where the network refuses this one as unknown or not subscribed: the one that worked last with this SIM, none, em, emnify, and then 2G alone where rats has it beside others. One a connection attempt, one round a day."
    ),
    Setting(
      .network, "rats", .radioAccess, .preset("lte-m nb-iot lte 3g 2g"),
      get: { $0.whole.network.radioAccess }, set: { $0.whole.network.radioAccess = $1 },
      "The radio access technologies to use, in the order of the search; those that the module hasn't are passed over. Each one that isn't listed makes the search shorter."
    ),
    Setting(
      .network, "dns", .nameServers,
      .optional(example: "9.9.9.9 1.1.1.1", otherwise: "the network's own are asked"),
      get: { $0.whole.network.nameServers.isEmpty ? nil : $0.whole.network.nameServers },
      set: { $0.whole.network.nameServers = $1 },
      "Name servers to ask instead of the network's own. Where the module can't be told, the device asks them itself."
    ),
    Setting(
      .network, "private-addresses", .onOff, .preset("off"),
      get: { $0.whole.network.allowsPrivateAddresses },
      set: { $0.whole.network.allowsPrivateAddresses = $1 },
      "Whether a name that the device looks up itself may lead to a private address. In a private network it does; elsewhere such an answer is an error or an attack."
    ),
    Setting(
      .network, "psm", .onOff, .preset("on"),
      get: { $0.whole.network.isPowerSavingWanted },
      set: { $0.whole.network.isPowerSavingWanted = $1 },
      "Whether to ask the network for power saving mode. Where it isn't granted, or with off, the modem rests in another way: see rest."
    ),
    Setting(
      .network, "periodic-tau",
      .timer(.seconds(2) ... .seconds(31 * 320 * 3600), units: periodicTAUUnits), .preset("6h"),
      get: { $0.whole.network.periodicTAU }, set: { $0.whole.network.periodicTAU = $1 },
      "The timer T3412 to ask for: how often a sleeping modem must wake up for the network. Longer than the report interval is best."
    ),
    Setting(
      .network, "active-time",
      .timer(.seconds(0) ... .seconds(31 * 360), units: activeTimeUnits), .preset("2s"),
      get: { $0.whole.network.activeTime }, set: { $0.whole.network.activeTime = $1 },
      "The timer T3324 to ask for: how long the modem listens after a report before it falls asleep."
    ),
    Setting(
      .network, "edrx", .edrx, .preset("unchanged", example: "82s"),
      get: { $0.whole.network.edrx }, set: { $0.whole.network.edrx = $1 },
      "How long the modem may be out of reach while it is idle: of the cycles that the network has, the longest that isn't longer is asked for. LTE-M has 5.12 s to 2621.44 s, NB-IoT 20.48 s to 10485.76 s; unchanged leaves what the modem has stored."
    ),
    Setting(
      .network, "rest", .word, .preset("auto", example: "psm"),
      get: { $0.whole.network.rest }, set: { $0.whole.network.rest = $1 },
      "How the modem rests between reports. auto takes what costs the least charge with what the network grants, decided anew at every registration: board/sleep.md has the break-even points. The others are taken where they are possible, and else power-off; with edrx, PSM isn't asked for."
    ),
    Setting(
      .network, "limits", .onOff, .preset("on"),
      get: { $0.whole.network.hasLimits }, set: { $0.whole.network.hasLimits = $1 },
      "Whether the network is spared: 4 radio accesses an hour, 1 reset an hour, 6 power cycles a day for a module that fails, and no attempts while it refuses the SIM; by SMS, 6 trials of settings, 12 restarts or reports, 24 answers and 2 hours awake a day. Off only for a simulated network; wrong passwords stay limited."
    ),
  ]

  /// GPRS timer 3, TS 24.008 §10.5.7.4a: 2 s, 30 s, 1 min, 10 min, 1 h, 10 h, 320 h.
  private static let periodicTAUUnits: [Int64] = [2, 30, 60, 600, 3600, 36_000, 1_152_000]
  /// GPRS timer 2, TS 24.008 §10.5.7.3: 2 s, 1 min, 6 min.
  private static let activeTimeUnits: [Int64] = [2, 60, 360]
}
