import Primitives

/// Every setting there is. Parsing, defaults, the annotated example and the manual come from here.
public enum SettingTable {
  /// In the order of their documentation.
  public static let all: [Setting] =
    device + modem + network + server + report + sms + store + vault + control + log + sensor
    + dialect

  /// The settings of one section.
  public static func settings(of section: SettingSection) -> [Setting] {
    all.filter { $0.section == section }
  }

  private static let device: [Setting] = [
    Setting(
      .device, "name", .checked(DeviceLabel.rule.shape, DeviceLabel.init) { $0.bytes },
      .required(example: "meadow-7"),
      get: { $0.whole.device.name }, set: { $0.whole.device.name = $1 },
      "The name by which the server knows the device. It goes with every report."),
    Setting(
      .device, "set-clock", .onOff, .preset("on"),
      get: { $0.whole.device.setsClock }, set: { $0.whole.device.setsClock = $1 },
      "Whether the machine's clock is put right when the network tells the time. Readings are stamped with the network's time either way."
    ),
    Setting(
      .device, "suspend", .word, .preset("none"),
      get: { $0.whole.device.suspend }, set: { $0.whole.device.suspend = $1 },
      "How the board itself sleeps while nothing is due: freeze is suspend to idle, mem suspend to RAM. It needs a real-time clock whose alarm wakes the board, and keeps other programs from running meanwhile."
    ),
    Setting(
      .device, "watchdog", .checked(FilePath.rule.shape, FilePath.init(_:)) { $0.bytes },
      .optional(example: "/dev/watchdog0", otherwise: "none is used"),
      get: { $0.whole.device.watchdog }, set: { $0.whole.device.watchdog = $1 },
      "The board's watchdog, which restarts the board when the process hangs or has died. It is fed only while nothing that is due is left undone, and rests while the board sleeps."
    ),
  ]

  private static let modem: [Setting] = [
    Setting(
      .modem, "module", .word, .required(example: "quectel-bg95"),
      get: { $0.whole.modem.module }, set: { $0.whole.modem.module = $1 },
      "The modem's family; auto finds it out, trying every usual rate and every length of pulse. `godwit modules` shows what each can do."
    ),
    Setting(
      .modem, "uart", .checked(FilePath.rule.shape, FilePath.init(_:)) { $0.bytes },
      .required(example: "/dev/ttyS0"),
      get: { $0.whole.modem.uart }, set: { $0.whole.modem.uart = $1 },
      "The serial device to which the modem's main UART is wired."),
    Setting(
      .modem, "baud",
      .oneOf([9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600]),
      .preset("115200"),
      get: { $0.whole.modem.baud }, set: { $0.whole.modem.baud = $1 },
      "The UART's speed in bits a second."),
    Setting(
      .modem, "flow-control", .word, .preset("none"),
      get: { $0.whole.modem.flowControl }, set: { $0.whole.modem.flowControl = $1 },
      "The UART's flow control. Choose rts-cts only where both lines are wired, for without them nothing is ever sent."
    ),
    Setting(
      .modem, "power-key", .pin, .required(example: "gpiochip0 5"),
      get: { $0.whole.modem.powerKey }, set: { $0.whole.modem.powerKey = $1 },
      "The output that presses the modem's power key: a GPIO chip and its line, active-low where the low level presses."
    ),
    Setting(
      .modem, "status", .optionalPin, .preset("none", example: "gpiochip0 6"),
      get: { $0.whole.modem.status }, set: { $0.whole.modem.status = $1 },
      "The input that the modem's STATUS pin drives, written like power-key. With it, on and off are seen; without it they must be found out by trying."
    ),
    Setting(
      .modem, "supply-cut", .optionalLine, .preset("none", example: "gpiochip0 7"),
      get: { $0.whole.modem.supplyCut }, set: { $0.whole.modem.supplyCut = $1 },
      "The output that cuts the modem's supply while it is asserted; released, as it is without Godwit, the supply is on. It is used only for a modem that its power key didn't bring back, once an hour at most."
    ),
    Setting(
      .modem, "dtr", .onOff, .preset("off"),
      get: { $0.whole.modem.hasDTR }, set: { $0.whole.modem.hasDTR = $1 },
      "Whether the modem's DTR pin is wired to the UART's, which releases it while the UART is closed. Many modems sleep only then while they are on, as they are in eDRX."
    ),
  ]

  private static let server: [Setting] = [
    Setting(
      .server, "url",
      .checked("coap://HOST/PATH or coap://HOST:PORT/PATH", ServerAddress.init) {
        $0.bytes
      },
      .required(example: "coap://collector.example/r"),
      get: { $0.whole.server.url }, set: { $0.whole.server.url = $1 },
      "Where reports are posted. The port is 5683 unless the URL says otherwise."),
    Setting(
      .server, "pinned-address", .address,
      .optional(example: "192.0.2.10", otherwise: "a name that isn't found ends the attempt"),
      get: { $0.whole.server.pinnedAddress }, set: { $0.whole.server.pinnedAddress = $1 },
      "The server's address, used only when its name can't be looked up."),
  ]

  private static let report: [Setting] = [
    Setting(
      .report, "interval", .duration(.seconds(1) ... .seconds(31 * 86_400)), .preset("15min"),
      get: { $0.whole.report.interval }, set: { $0.whole.report.interval = $1 },
      "The time between two reports. It decides how long a battery lasts."),
    Setting(
      .report, "readings", .count(1...1000), .preset("60"),
      get: { $0.whole.report.readings }, set: { $0.whole.report.readings = $1 },
      "The most readings that one report carries. What is left over waits for the next one."),
    Setting(
      .report, "retry-after",
      .waits(.seconds(1) ... .seconds(7 * 86_400), count: 1...10),
      .preset("1min 5min 15min 30min 1h 2h 4h 8h 12h 24h"),
      get: { $0.whole.report.retryAfter }, set: { $0.whole.report.retryAfter = $1 },
      "The waits after the first, the second and every further failure in a row, from short to long. The last one repeats."
    ),
  ]

  private static let sms: [Setting] = [
    Setting(
      .sms, "listen", .onOff, .preset("off"),
      get: { $0.whole.sms.listens }, set: { $0.whole.sms.listens = $1 },
      "Whether SMS are taken from the modem, after each report and as they come. Each is deleted, a part of a long one once that is whole or after 6 hours; what is a command is obeyed as commands and the dialects' sections say, and no text is logged."
    ),
    Setting(
      .sms, "window", .duration(.zero ... .seconds(240)), .preset("20s"),
      get: { $0.whole.sms.window }, set: { $0.whole.sms.window = $1 },
      "How long the modem is kept reachable after a confirmed report, for the network to hand over what waits; 0s for not at all. Only with listen = on."
    ),
    Setting(
      .sms, "window-interval", .duration(.seconds(60) ... .seconds(31 * 86_400)), .preset("24h"),
      get: { $0.whole.sms.windowInterval }, set: { $0.whole.sms.windowInterval = $1 },
      "How often at most it is kept reachable so; from a day on also how often at least, with nothing to report too. Each window costs charge; other wakes list what has come by then."
    ),
    Setting(
      .sms, "trial-time", .duration(.seconds(20) ... .seconds(86_400)), .preset("45min"),
      get: { $0.whole.sms.trialTime }, set: { $0.whole.sms.trialTime = $1 },
      "How long settings that came by SMS are tried before they are undone: 30min or more, so that a SIM with several identities can go through them. Shorter only with limits = off in [network]."
    ),
    Setting(
      .sms, "commands", .onOff, .preset("off"),
      get: { $0.whole.sms.obeysCommands }, set: { $0.whole.sms.obeysCommands = $1 },
      "Whether Godwit's own commands are obeyed: those that are signed with the device's key, which `godwit provision` gives it and `godwit sms sign` uses. Only with listen = on."
    ),
    Setting(
      .sms, "senders", .senders,
      .optional(example: "12345678", otherwise: "anybody who has the key"),
      get: { $0.whole.sms.senders.isEmpty ? nil : $0.whole.sms.senders },
      set: { $0.whole.sms.senders = $1 },
      "From whom Godwit's own commands are taken. It stops mistakes, but nobody who means harm: a sender is whatever the one who sends chooses."
    ),
    Setting(
      .sms, "answer-to", .answerTarget, .preset("sender", example: "12345678"),
      get: { $0.whole.sms.answerTo }, set: { $0.whole.sms.answerTo = $1 },
      "Who gets the answers to commands that have proven themselves. A number of 8 digits or fewer reaches the platform's webhook."
    ),
  ]

  private static let store: [Setting] = [
    Setting(
      .store, "path", .checked(FilePath.rule.shape, FilePath.init(_:)) { $0.bytes },
      .preset("spool.db", example: "/var/lib/godwit/spool.db"),
      get: { $0.whole.store.path }, set: { $0.whole.store.path = $1 },
      "The database file. Its folder must exist and be writable, and its disk must keep what it is given."
    ),
    Setting(
      .store, "limit", .count(100...10_000_000), .preset("100000"),
      get: { $0.whole.store.limit }, set: { $0.whole.store.limit = $1 },
      "The most readings kept. Beyond it the oldest are dropped, and the next report says how many."
    ),
  ]

  private static let vault: [Setting] = [
    Setting(
      .vault, "path", .checked(FilePath.rule.shape, FilePath.init(_:)) { $0.bytes },
      .optional(
        example: "/var/lib/godwit/vault", otherwise: "the store's path with .vault behind it"),
      get: { $0.whole.vault.path }, set: { $0.whole.vault.path = $1 },
      "The vault keeps the device's key, changed settings and counters apart from the readings, in two checked copies: files of this name with .1 and .2 behind it, readable by their owner alone."
    )
  ]

  private static let control: [Setting] = [
    Setting(
      .control, "socket",
      .checked(FilePath.socketRule.shape, FilePath.init(socket:)) { $0.bytes },
      .preset("control.sock", example: "/run/godwit/control.sock"),
      get: { $0.whole.control.socket }, set: { $0.whole.control.socket = $1 },
      "The local socket. Who may write to it may store readings.")
  ]

  private static let log: [Setting] = [
    Setting(
      .log, "level", .word, .preset("info"),
      get: { $0.whole.log.level }, set: { $0.whole.log.level = $1 },
      "How much is written to the log. debug adds every exchange with the modem."),
    Setting(
      .log, "trace", .checked(FilePath.rule.shape, FilePath.init(_:)) { $0.bytes },
      .optional(example: "/var/lib/godwit/uart.txt", otherwise: "nothing is recorded"),
      get: { $0.whole.log.trace }, set: { $0.whole.log.trace = $1 },
      "A file that keeps what goes over the UART, for `godwit-bench replay` and `godwit explain`. It is written once when the modem comes to rest and whenever 16 KiB have gathered, so a crash loses what is younger. At 1 MiB it is renamed, with .1 behind its name, in place of the one before. Passwords and PINs are left out, but not the SIM's and the module's numbers."
    ),
  ]
}
