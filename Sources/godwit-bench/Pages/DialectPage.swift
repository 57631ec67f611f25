import Primitives
import Settings

/// `godwit-bench dialects`: every form of every dialect, as Markdown.
enum DialectPage {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    _ = try Arguments(words, Arguments.Grammar())
    Terminal.say(page)
    return 0
  }

  static var page: String {
    ([introduction] + RemoteWords.dialects.map(section)).joined(separator: "\n\n")
  }

  private static let introduction = """
    # Commands of other makers by SMS

    Made by `godwit-bench dialects` from the program's own tables. A fleet that already sends
    `setparam 2001:em` or `APN,666666,em#` from its console can send the same to Godwit. Each dialect is
    off until the configuration enables it:

    ```
    [sms]
    listen = on
    [dialect teltonika]
    enabled = yes
    senders = 12345678
    password = 74213
    accept-unauthenticated = no
    ```

    **The risks.** A sender is whatever the one who sends chooses, so a list of senders stops mistakes
    and nobody who means harm. A password travels in the clear, is seen by every centre and console on
    its way, and works for ever: none of these dialects has a counter. Godwit's own commands
    (`godwit sms sign`) can't be forged or repeated; use those where you can.

    What holds for all of them:

    - A message from somebody who isn't among `senders`, with a wrong password, or in no form below is
      passed over without an answer; it is counted.
    - Five wrong passwords a day are counted, of all dialects together and over every restart. From then
      on messages with a password are passed over, the right one too, until the next day. Whoever sends in
      an allowed number's name can so shut passwords out for a day; signed commands are obeyed all the
      same.
    - A message that proves nothing, since it has no password or the maker's own, is passed over too.
      With `accept-unauthenticated = yes` it may change APN, user, password and authentication of the
      access point, roaming and the operator, and nothing else: no server, no interval, no state, no
      reboot, whatever form below it has. All that it can do is to begin a trial, three a day at most;
      nothing is answered when it comes, and the outcome of its trial is.
    - The device's own password is 4 to 50 letters, digits, `-`, `_` and `.`; where a dialect has a
      login in front, both with one blank between. It can't be the maker's own.
    - Every changed value goes through the same check as in the configuration. A message is obeyed as a
      whole or not at all. What could cut the device off is tried first and undone if no report comes
      through; see `godwit sms`.
    - Answers go out when it is settled, so "ok" means that a report went through the new values. Where
      a maker's devices answer nothing, or where it isn't known what they answer, nothing is answered:
      `godwit status` and the next report tell. Passwords are never told: `***` stands for one.
    - A host or port that is empty stays as it is; an empty user takes user and password out. A user
      without a word on authentication gets PAP.
    - Reports go as CoAP over UDP whatever a message says of its transport, and to the same path.
    - Of a list of operators the first is chosen; the others are allowed as all are. An operator of
      country 901 names a SIM, and there is nothing to choose.
    - A message that was caught can be sent again by anybody. So restarts, reports that are asked for and
      changes that hold without a trial are 12 a day together, and no interval is longer than 7 days;
      a signed command may set a longer one.
    - Fields that are named below and have no setting are taken and mean nothing here. In an answer,
      what the device doesn't know is left empty: strength and level of the signal, its own address.

    In the tables, `<name>` is a field, `[…]` may be left out, and all else is literal. `<password>`
    is the dialect's password and `<pass>` the access point's; with two, the first is the login. Blanks
    at the end don't count. Concox, Elinz and Reachfar share a form, so
    do Coban and Elinz, and Teltonika and Bitrek: of such a pair both can be enabled only with
    different senders.
    """

  private static func section(_ words: RemoteWords) -> String {
    var lines = ["## \(title(words)): `[dialect \(words.name)]`", ""]
    lines.append("To change the APN: " + example(words).map { "`\($0)`" }.joined(separator: " or "))
    lines += ["", spelling(words)]
    let vendors = words.vendorPasswords.map { "`\($0)`" }.joined(separator: ", ")
    if !vendors.isEmpty {
      lines += ["", "Passwords that everybody knows and that prove nothing: \(vendors)."]
    }
    lines += [
      "", "| Form | Proof | What it does | Answer | Refused; undone |", "|---|---|---|---|---|",
    ]
    for form in words.forms {
      lines.append(
        "| `\(form.pattern)` | \(proof(form)) | \(deed(form, words)) | \(code(form.answer)) | \(failure(form)) |"
      )
    }
    if !words.parameters.isEmpty {
      lines += ["", "| Parameter | Changes |", "|---|---|"]
      for parameter in words.parameters {
        lines.append("| `\(parameter.name)` | \(meaning(Array(parameter.field))) |")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func spelling(_ words: RemoteWords) -> String {
    var text = words.ignoresCase ? "Case doesn't count." : "Case counts."
    if words.leadingBlanks == 1 {
      text += " A blank in front stands for an empty password; none will do."
    }
    if words.leadingBlanks == 2 {
      text += " Two blanks in front stand for an empty login and password; one or none will do."
    }
    if words.joinsCommands {
      text += " Commands are joined with `;`, all of one kind, and `cpureset` may be the last."
    }
    return text
  }

  private static func title(_ words: RemoteWords) -> String {
    switch words {
    case .own: "Godwit"
    case .teltonika: "Teltonika trackers"
    case .ruptela: "Ruptela"
    case .concox: "Concox"
    case .coban: "Coban"
    case .meitrack: "Meitrack"
    case .elinz: "Elinz"
    case .reachfar: "Reachfar"
    case .queclink: "Queclink"
    case .bitrek: "Bitrek"
    case .rut: "Teltonika routers"
    }
  }

  /// With the password 74213; and as the developer hub has it, which proves nothing. A test judges
  /// each.
  static func example(_ words: RemoteWords) -> [String] {
    switch words {
    case .own: []
    case .teltonika: ["74213 setparam 2001:em", "  setparam 2001:em"]
    case .ruptela: ["74213 setconnection em", " setconnection em"]
    case .concox: ["APN,74213,em#", "APN,em#"]
    case .coban: ["apn74213 em", "apn123456 em"]
    case .meitrack: ["74213,A81,em,,", "0000,A81,em,,"]
    case .elinz: ["apn74213 em", "APN,em#"]
    case .reachfar: ["pw,74213,apn,em,,,90143#", "apn,em#"]
    case .queclink: ["AT+GTBSI=74213,em,,,,,,,0002$", "AT+GTBSI=gl200,em,,,,,,,0002$"]
    case .bitrek: ["74213 setparam 0242 em", "setparam 0242 em"]
    case .rut: ["74213 cellular apn=em", "cellular apn=em"]
    }
  }

  private static func proof(_ form: DialectForm) -> String {
    let pattern = "\(form.pattern)"
    guard pattern.contains("<password>") else { return "none" }
    let isOptional = ["[<password> ]", "[,<password>]", "[pw,<password>,]"].contains {
      pattern.contains($0)
    }
    return isOptional ? "password, or none" : "password"
  }

  private static func deed(_ form: DialectForm, _ words: RemoteWords) -> String {
    switch form.deed {
    case .read: return "tells parameters"
    case .status: return "tells the state"
    case .report: return "reports at once"
    case .reboot: return "begins anew"
    case .change: break
    }
    var settings: [String] = []
    for part in "\(form.pattern)".split(separator: "<").dropFirst() {
      let field = String(part.prefix { $0 != ">" })
      if field == "list" { return "changes parameters" }
      if field == "unclear" { return "always refused: seconds in one manual, minutes in another" }
      guard let setting = RemoteWords.setting(ofField: Array(field.utf8)) else { continue }
      let name = "\(setting.name)"
      if !settings.contains(name) { settings.append(name) }
    }
    return settings.isEmpty
      ? "nothing has to be done" : "changes " + settings.joined(separator: ", ")
  }

  private static func meaning(_ field: [UInt8]) -> String {
    if let setting = RemoteWords.setting(ofField: field) {
      let note =
        field.equals("host")
        ? ": its host"
        : field.equals("port") ? ": its port" : field.equals("seconds") ? ", in seconds" : ""
      return "\(setting.name)\(note)"
    }
    if field.equals("others") { return "nothing: further operators" }
    if field.equals("transport") { return "nothing: 0 or 1" }
    if field.equals("data") { return "nothing: 1" }
    return "nothing"
  }

  private static func failure(_ form: DialectForm) -> String {
    "\(form.failure)" == "\(form.undone)"
      ? code(form.failure) : code(form.failure) + "; " + code(form.undone)
  }

  private static func code(_ text: StaticString) -> String {
    let line = "\(text)".split(separator: "\n", omittingEmptySubsequences: false)
    return "\(text)".isEmpty ? "nothing" : line.map { "`\($0)`" }.joined(separator: " / ")
  }
}
