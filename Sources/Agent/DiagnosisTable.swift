/// The words of every diagnosis. `board/doctor.md` is made of it.
enum DiagnosisTable {
  struct Row: Sendable {
    let diagnosis: Diagnosis
    let code: StaticString
    let sentence: StaticString
    let remedy: StaticString

    init(
      _ diagnosis: Diagnosis, _ code: StaticString, _ sentence: StaticString,
      _ remedy: StaticString
    ) {
      self.diagnosis = diagnosis
      self.code = code
      self.sentence = sentence
      self.remedy = remedy
    }
  }

  /// One for each diagnosis, in their order.
  static let rows: [Row] = [
    Row(
      .well, "well", "All is well: the server confirms what is sent.", "Nothing is to be done."),
    Row(
      .underWay, "under-way", "The first report is under way.",
      "Wait: a first search takes minutes, and a SIM with several identities up to half an hour."),
    Row(
      .nothingToSend, "nothing-to-send", "Nothing waits to be sent.",
      "Hand readings in with `godwit put`, or configure a sensor."),

    Row(
      .configurationMissing, "configuration-missing", "The configuration can't be read.",
      "Name it with --config, and check its path and permissions."),
    Row(
      .configurationWrong, "configuration-wrong",
      "The configuration is wrong, so that no process can start with it.",
      "Mend the lines that `godwit check` names, then start `godwit run`."),
    Row(
      .notRunning, "not-running", "No process runs with this configuration.",
      "Start it (systemctl start godwit) and look at its log for why it ended."),
    Row(
      .notPermitted, "not-permitted", "This user may not ask the running process.",
      "Run it as root or as a member of the control socket's group."),
    Row(
      .notAnswering, "not-answering", "The process runs and doesn't answer.",
      "Look at its log and at the disk under its store; then start it anew."),

    Row(
      .storeFailed, "store-failed", "The store can't be used, so that nothing can be kept or sent.",
      "Free room on its disk, and check [store] path, its folder's permissions and the medium."),
    Row(
      .uartFailed, "uart-failed", "The modem's serial line can't be used.",
      "Check [modem] uart, the plug, the port's driver, its permissions, and who else has it open."),
    Row(
      .pinsFailed, "pins-failed", "The modem's power key or STATUS line can't be used.",
      "Check [modem] power-key and status with gpiodetect and gpioinfo, and the permissions."),
    Row(
      .sensorsSilent, "sensors-silent", "No sensor gives a value.",
      "`godwit check` tries each one and says what is wrong with it."),

    Row(
      .noModule, "no-module", "No module answers at any rate.",
      "Check its supply, the UART's wires (TX to RX) and levels, and [modem] uart."),
    Row(
      .keyIgnored, "key-ignored", "The power key doesn't start the module.",
      "Check its supply, the power key's wire, and [modem] power-key with its polarity."),
    Row(
      .modemDeaf, "modem-deaf", "The module is on and doesn't answer.",
      "Check the UART's wires, [modem] baud and flow-control; then take its supply away once."),
    Row(
      .modemReboots, "modem-reboots", "The module starts anew again and again.",
      "Its supply breaks down when it transmits: measure it then, and give it what the manual wants."
    ),
    Row(
      .moduleWithoutSockets, "module-without-sockets",
      "No socket commands are known for the configured module.",
      "Write its family in [modem] module, or auto; `godwit modules` lists them."),

    Row(
      .simMissing, "sim-missing", "The module finds no SIM.",
      "Seat the card, check its holder's wires and that it is the module's first SIM interface."),
    Row(
      .simLocked, "sim-locked", "The SIM wants a PIN.",
      "Switch the PIN off: in a telephone, or with AT+CLCK=\"SC\",0,\"PIN\" by `godwit at`."),

    Row(
      .noCoverage, "no-coverage", "The module finds no network.",
      "Check the antenna and its plug, the place, and whether a supported network is on air there."),
    Row(
      .oneRadioTypeOnly, "one-radio-type-only",
      "The module finds no network of the only radio type that it may use.",
      "Name others too in [network] rats, or check that type's coverage list; then the antenna."),
    Row(
      .roamingOff, "roaming-off", "Roaming is switched off, and no home network was found.",
      "Set [network] roaming = on: an IoT SIM roams nearly everywhere."),
    Row(
      .smsOnly, "sms-only", "The network admits the SIM for SMS only.",
      "In the portal, activate data and this radio type in the SIM's service policy."),
    Row(
      .simRefused, "sim-refused", "The network refuses the SIM.",
      "In the portal, enable the device and activate the SIM; its Events name the reason."),
    Row(
      .deviceRefused, "device-refused", "The network refuses the module's IMEI.",
      "In the portal, look whether the SIM is locked to another module, and unlock it."),
    Row(
      .roamingRefused, "roaming-refused", "The network doesn't let the SIM roam here.",
      "Set [network] roaming = on, and allow this country and operator in the SIM's policies."),
    Row(
      .operatorRefused, "operator-refused", "The operator that was found doesn't admit the SIM.",
      "Allow it in the portal (coverage policy, operator blacklist), or choose another operator."),
    Row(
      .operatorBlocked, "operator-blocked",
      "No operator but one that [network] blocked-operators names takes the modem in.",
      "Take it off the list, or check the antenna: another operator may be too weak there."),
    Row(
      .congestion, "congestion", "The network is congested and has asked to wait.",
      "Wait; if it lasts, block this operator so that another one is taken."),
    Row(
      .registrationRefused, "registration-refused",
      "The network refuses the registration and doesn't say why.",
      "The portal's Events say why; check that the device is enabled and its policies."),
    Row(
      .registrationLost, "registration-lost", "The network is lost while a report is sent.",
      "Check the antenna, its plug and the place; or choose another operator."),
    Row(
      .connectLate, "connect-late", "Connecting takes longer than it may.",
      "The log names the step that it stands at; check the antenna, and choose another operator."),

    Row(
      .apnRefused, "apn-refused",
      "The network refuses the data session; most often the APN is wrong.",
      "Set [network] apn = em (or emnify), and activate data and radio type in the SIM's policy."),
    Row(
      .credentialsRefused, "credentials-refused",
      "The network refuses the user or the password of the APN.",
      "Mend [network] user and password, or set authentication = none where the APN wants none."),
    Row(
      .dataNotAllowed, "data-not-allowed", "The SIM isn't allowed data here.",
      "In the portal, activate data in its service policy and look at its limits."),
    Row(
      .sessionLost, "session-lost", "The network ends the data session while a report is sent.",
      "The portal's Events say why; check the SIM's limits, and try another operator."),

    Row(
      .nameUnknown, "name-unknown", "The server's name isn't found.",
      "Correct [server] url; if the name is right, set [network] dns, which the policy must allow."),
    Row(
      .nameServersSilent, "name-servers-silent", "No name server answers.",
      "Set others in [network] dns and allow them in the portal, or write an address in the url."),
    Row(
      .nameServersMissing, "name-servers-missing",
      "The module can't look names up, and no name server is configured.",
      "Set [network] dns, or write the server's address in [server] url."),
    Row(
      .addressForbidden, "address-forbidden",
      "The server's name leads to an address that isn't allowed.",
      "Correct the name, or allow private addresses in [network] if the server has one."),

    Row(
      .serverUnreachable, "server-unreachable", "No socket to the server can be opened.",
      "Check address and port in [server] url, and that no firewall or policy blocks them."),
    Row(
      .serverSilent, "server-silent", "The server doesn't answer.",
      "Check that it runs, its port in [server] url, and that firewalls and the policy let it through."
    ),
    Row(
      .notTheServer, "not-the-server", "Something else than the collector answers there.",
      "Correct host and port in [server] url, or start the collector there."),
    Row(
      .serverPath, "server-path", "The server doesn't know the path that reports go to.",
      "Correct the path in [server] url."),
    Row(
      .serverForbids, "server-forbids", "The server doesn't let this device report.",
      "Make the device known to it under the name in [device] name."),
    Row(
      .serverRefuses, "server-refuses", "The server refuses the reports for good.",
      "The server's log says why; refused readings are kept apart in the store."),
    Row(
      .serverBusy, "server-busy", "The server answers that it can't take reports now.",
      "Look at the server: its log, disk and load. Nothing is lost meanwhile."),
    Row(
      .secureUnsupported, "secure-unsupported",
      "The module can't make the secure connection that is wanted.",
      "`godwit modules` shows which can; choose another module or certificate."),
    Row(
      .secureRefused, "secure-refused", "The secure connection is refused.",
      "Store the server's CA certificate in the module, and check its name and validity."),

    Row(
      .heldBack, "held-back", "The next attempt is held back, since earlier ones failed.",
      "`godwit status` tells until when; new settings are tried at once, a new SIM after a start."),
    Row(
      .intervalTooShort, "interval-too-short",
      "The interval wants the radio started more often than it may be.",
      "Set [report] interval to 15min or more, or find a network that grants power saving mode."),

    Row(
      .moduleIsAnother, "module-is-another", "The module isn't the one that is configured.",
      "Write its own family in [modem] module, or auto."),
    Row(
      .apnStandsIn, "apn-stands-in",
      "Reports go through another APN, since the configured one leads nowhere.",
      "Set [network] apn to the one that `godwit status` names."),
    Row(
      .settingRefused, "setting-refused", "The module refuses a setting that is wanted.",
      "Run with [log] level = debug to see which; its firmware may be too old for it."),
    Row(
      .clockUnknown, "clock-unknown", "Reports go through, but nobody has told the time of day.",
      "Set the board's clock: a battery for its RTC, or NTP; this network tells no time."),
    Row(
      .sleepNotGranted, "sleep-not-granted",
      "Reports go through, but the network grants no power saving mode.",
      "Choose another operator or radio type, or set psm = off; the battery lasts less long."),
    Row(
      .pinIsOn, "pin-is-on",
      "Reports go through, but the SIM's PIN keeps the module from sleeping.",
      "Switch the PIN off: in a telephone, or with AT+CLCK=\"SC\",0,\"PIN\" by `godwit at`."),
    Row(
      .sleepLate, "sleep-late", "Reports go through, but the module doesn't fall asleep in time.",
      "Check its firmware, and that its USB and DTR lines don't keep it awake."),
  ]
}
