/// The commands of the command line, in the order of their documentation.
enum CommandName: CaseIterable, Equatable {
  case run, put, status, doctor, at, check, explain, psm, edrx, sms, provision, modules, version
  case help

  var word: StaticString {
    switch self {
    case .run: "run"
    case .put: "put"
    case .status: "status"
    case .doctor: "doctor"
    case .at: "at"
    case .check: "check"
    case .explain: "explain"
    case .psm: "psm"
    case .edrx: "edrx"
    case .sms: "sms"
    case .provision: "provision"
    case .modules: "modules"
    case .version: "version"
    case .help: "help"
    }
  }

  /// What goes behind the word.
  var synopsis: StaticString {
    switch self {
    case .run: "--config FILE"
    case .put: "(NAME=VALUE... | -) [--config FILE | --socket PATH]"
    case .status: "[--json | --follow] [--config FILE | --socket PATH]"
    case .doctor: "[--json] [--config FILE | --socket PATH]"
    case .at:
      "[--wake] [--timeout SECONDS] [--json]\n    [--config FILE | --socket PATH] [COMMAND...]"
    case .check: "[--print] FILE"
    case .explain: "[--json] [FILE]"
    case .psm: "[--json] (--tau TIME | --active TIME | BITS...)"
    case .edrx: "[--json] [--window WINDOW] (--lte-m CYCLE | --nb-iot CYCLE)"
    case .sms:
      """
      decode [--submit] [--json] PDU...
          | encode --to NUMBER [--json] TEXT...
          | sign --key FILE --device NAME [--counter N] [--config FILE] TEXT...
      """
    case .provision:
      """
      [--key FILE] [--device NAME] [--counter N] [--again] [--json]
          [--config FILE | --socket PATH]
      """
    case .modules: "[--json]"
    case .version: ""
    case .help: "[COMMAND | configuration]"
    }
  }

  /// What it does, in a few words.
  var summary: StaticString {
    switch self {
    case .run: "be the device: read sensors, keep readings, report them"
    case .put: "give readings to the running process, durably"
    case .status: "tell how the running process is doing, and why"
    case .doctor: "say in one sentence why nothing is sent, and what to do"
    case .at: "talk to the modem, each answer explained"
    case .check: "say what is wrong with a configuration"
    case .explain: "say what a modem's output means"
    case .psm: "reckon timers of power saving mode, both ways"
    case .edrx: "reckon eDRX cycles and paging windows, both ways"
    case .sms: "read, make and sign SMS by hand"
    case .provision: "give this device its key and name, once"
    case .modules: "say what each family of modules can do"
    case .version: "print the version"
    case .help: "explain a command, or print an annotated configuration"
    }
  }

  var options: [Option] {
    switch self {
    case .run: [.config]
    case .put: [.config, .socket]
    case .status: [.json, .follow, .config, .socket]
    case .doctor: [.json, .config, .socket]
    case .at: [.wake, .timeout, .json, .config, .socket]
    case .check: [.print]
    case .explain, .modules: [.json]
    case .psm: [.json, .tau, .active]
    case .edrx: [.json, .lteM, .nbIoT, .window]
    case .sms: [.submit, .json, .to, .key, .device, .counter, .config]
    case .provision: [.key, .device, .counter, .again, .json, .config, .socket]
    case .version, .help: []
    }
  }
}

/// The options of all commands. `--help` goes with every command and isn't among them.
enum Option: CaseIterable, Equatable {
  case config, socket, json, follow, print, wake, timeout, tau, active, lteM, nbIoT, window
  case submit, to, key, device, counter, again

  /// With its two dashes.
  var word: StaticString {
    switch self {
    case .config: "--config"
    case .socket: "--socket"
    case .json: "--json"
    case .follow: "--follow"
    case .print: "--print"
    case .wake: "--wake"
    case .timeout: "--timeout"
    case .tau: "--tau"
    case .active: "--active"
    case .lteM: "--lte-m"
    case .nbIoT: "--nb-iot"
    case .window: "--window"
    case .submit: "--submit"
    case .to: "--to"
    case .key: "--key"
    case .device: "--device"
    case .counter: "--counter"
    case .again: "--again"
    }
  }

  /// What its value is called; nil when it takes none.
  var valueName: StaticString? {
    switch self {
    case .config: "FILE"
    case .socket: "PATH"
    case .timeout: "SECONDS"
    case .tau, .active: "TIME"
    case .lteM, .nbIoT: "CYCLE"
    case .window: "WINDOW"
    case .to: "NUMBER"
    case .key: "FILE"
    case .device: "NAME"
    case .counter: "N"
    case .json, .follow, .print, .wake, .submit, .again: nil
    }
  }
}
