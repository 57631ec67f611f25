import Primitives
import Settings

/// What `godwit help` prints. The manual page says the same at more length; a test compares them.
enum HelpText {
  static let version: StaticString = "0.1.0"

  static func text(of topic: HelpTopic?) -> [UInt8] {
    switch topic {
    case nil: Array(overview.utf8)
    case .configuration?: SettingTable.example
    case .command(let command)?: Array(text(of: command).utf8)
    }
  }

  private static var overview: String {
    var text = "godwit: keeps a sensor's readings until a server has confirmed them\n\n"
    text += "Usage: godwit COMMAND\n\n"
    for command in CommandName.allCases {
      text += "  " + command.word.text
      for _ in command.word.utf8CodeUnitCount..<10 { text += " " }
      text += command.summary.text + "\n"
    }
    return text + closing.text
  }

  private static func text(of command: CommandName) -> String {
    let synopsis = command.synopsis.text
    let usage = "Usage: godwit \(command.word.text)" + (synopsis.isEmpty ? "" : " ") + synopsis
    return "godwit \(command.word.text): \(command.summary.text)\n\n\(usage)\n"
      + details(of: command).text
  }

  private static let closing: StaticString = """

    `godwit help COMMAND` explains one of them, `godwit help configuration` prints an
    annotated configuration.

    Exit status: 0 done, 1 failed, 2 command line or configuration wrong, 3 the running
    process can't be reached.

    """

  private static func details(of command: CommandName) -> StaticString {
    switch command {
    case .run: run
    case .put: put
    case .status: status
    case .doctor: doctor
    case .at: at
    case .check: check
    case .explain: explain
    case .psm: psm
    case .edrx: edrx
    case .sms: sms
    case .provision: provision
    case .modules: modules
    case .version: ""
    case .help: help
    }
  }

  private static let run: StaticString = """

    Runs until it gets SIGTERM or SIGINT, then switches the modem off and ends. Paths in the
    configuration begin in its folder. Messages go to standard error.

      --config FILE   the configuration

    """

  private static let put: StaticString = """

    Stores readings, all that fit one packet or none, and ends with status 0 once they are
    durable. A unit goes behind the value, in quotes: 'temperature=21.5 Cel'. With - in
    place of readings, SenML JSON (RFC 8428) is read from standard input.

      --config FILE   find the running process by its configuration
                      (/etc/godwit/godwit.conf unless named)
      --socket PATH   find it by its control socket

    """

  private static let status: StaticString = """

    Prints the modem's state, the readings that wait, the last report and the next step.

      --json          as one JSON object
      --follow        and then every event as it happens, until interrupted
      --config FILE   find the running process by its configuration
                      (/etc/godwit/godwit.conf unless named)
      --socket PATH   find it by its control socket

    """

  private static let doctor: StaticString = """

    Says in one sentence why nothing is sent, what was observed, and what to do. Where no
    process answers, its configuration and its files are looked at instead. Status 1:
    something is to be done.

      --json          as one JSON object: well, code, state, cause, sentence, observed,
                      remedy
      --config FILE   find the running process by its configuration
                      (/etc/godwit/godwit.conf unless named)
      --socket PATH   find it by its control socket

    """

  private static let at: StaticString = """

    Sends command lines to the modem, those named or else those of standard input, and says
    what each answer means. On a terminal the arrow keys edit and go through the history;
    Ctrl-D ends. The running process sends them while nothing of its own is on its way, so
    no report is disturbed, and then looks at the modem anew. Without one, the UART of the
    configuration is used directly. Status 1: a line of a script wasn't answered with OK.

      --wake          wake a modem that is off or asleep; it rests again a minute later
      --timeout SECONDS
                      how long one line may take, 1 to 180 (10)
      --json          one JSON object a line: cmd, outcome, milliseconds, lines, urcs
      --config FILE   find the running process, or the UART, by its configuration
                      (/etc/godwit/godwit.conf unless named)
      --socket PATH   find the running process by its control socket

    """

  private static let check: StaticString = """

    Reads the configuration and tells everything that is wrong with it, each with its line
    and a remedy. Tries each sensor once and warns of one that gives no value. Neither the
    modem nor the store is touched.

      --print         print every setting as it holds, defaults included

    """

  private static let explain: StaticString = """

    Reads a line or a whole log with commands, echo and noise from FILE or standard input,
    and says what each line means: registration with cause and granted timers, signal,
    operators, contexts, clocks, errors by name, SMS indications, the makers' own lines.

      --json          one JSON object a line; unknown lines are of kind unknown

    """

  private static let psm: StaticString = """

    Says which bits ask for the wished times, what they really ask for, and the command to
    paste; or, with one or two patterns of eight bits as +CPSMS and +CEREG have them, what
    they mean. A time that has no code is rounded up, in the finest unit that reaches it.

      --tau TIME      the periodic update (T3412 extended), 2s to 9920h
      --active TIME   the active time (T3324), 0s to 186min
      --json          as one JSON object

    """

  private static let edrx: StaticString = """

    Says which bits ask for the wished cycle, what they really ask for, and the command to
    paste; or, with four bits in place of a time, what they mean. A cycle that has no code
    is rounded down, a paging window up.

      --lte-m CYCLE   on LTE-M and LTE, like 143.36s or 1000
      --nb-iot CYCLE  on NB-IoT, which has other cycles
      --window WINDOW
                      the paging window, like 5.12s or 0011
      --json          as one JSON object

    """

  private static let sms: StaticString = """

    decode shows messages as the modem gives them in PDU mode, the service centre first; the
    parts of a long one are put together. encode makes the PDUs of a text, with the lengths
    that AT+CMGS takes. sign prints a command that only the device with this key obeys, and
    only once: its counter must be more than the last one's. Unless given it is the time of
    day in seconds, so sign at most one a second. What no device would obey isn't signed.

      --submit        the device sends the messages; else it gets them
      --json          one JSON object a line
      --to NUMBER     the recipient, with + in front of an international number
      --key FILE      the device's key, 16 to 64 bytes in hexadecimal or base64, in a file
                      that nobody else may read
      --device NAME   the device's name, as in its configuration
      --counter N     a number of at most 18 digits
      --config FILE   the device's configuration: what doesn't go together with it isn't
                      signed either; what was changed since by SMS isn't in it

    """

  private static let provision: StaticString = """

    Gives this device the key that its commands by SMS are signed with, and prints it once,
    with the device's name. Both are kept in the vault. Without a key no command from
    outside is accepted. The running process begins anew; without one the vault is written
    directly.

      --key FILE      take this key, 16 to 64 bytes in hexadecimal or base64, from a file
                      that nobody else may read; else a new one is made
      --device NAME   the device's name, instead of the configuration's
      --counter N     that of the last command signed with this key, where it was used
                      before (0)
      --again         replace the key that the device has
      --json          one JSON object: device, key
      --config FILE   find the running process, or the vault, by its configuration
                      (/etc/godwit/godwit.conf unless named)
      --socket PATH   find the running process by its control socket

    """

  private static let modules: StaticString = """

    Prints a table of the families of modules and of what Godwit does with each: yes, no
    (the module can't), ? (rests on what no source confirms) or yet (the module can,
    Godwit doesn't). Below it: what the columns mean, the models, and notes on cells.

      --json          as a list of objects, one a family

    """

  private static let help: StaticString = """

    Explains a command. With configuration, prints an annotated configuration to start from:
    godwit help configuration > godwit.conf

    """
}
