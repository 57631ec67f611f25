import Primitives
import Settings

/// A device that obeys one dialect, and what it makes of texts.
struct DialectSample {
  let words: RemoteWords
  var password: String? = "74213"
  var accepts = false
  var senders = "12345678"
  var apn = "em"
  /// More lines of `[network]`.
  var extra = ""

  static let key = try! DeviceKey((0..<32).map { UInt8($0) }.hex)

  var configuration: Configuration {
    var text = ""
    var current = ""
    for row in Sample.lines {
      if row.section != current { text += "[\(row.section)]\n" }
      current = row.section
      text += "\(row.key) = \(row.key == "apn" ? apn + "\n" + extra : row.value)\n"
    }
    text += "[sms]\nlisten = on\n[dialect \(words.name)]\nenabled = yes\nsenders = \(senders)\n"
    if let password { text += "password = \(password)\n" }
    if accepts { text += "accept-unauthenticated = yes\n" }
    return try! ConfigurationParser.parse(Array(text.utf8))
  }

  func verdict(_ text: String, sender: String = "12345678") -> RemoteVerdict {
    RemoteRules(configuration, key: Self.key).judge(
      text: Array(text.utf8), sender: Array(sender.utf8))
  }

  /// `password: set apn=em`, `ignored: forged`, `refused: why`.
  func outcome(_ text: String, sender: String = "12345678") -> String {
    Self.told(verdict(text, sender: sender))
  }

  static func told(_ verdict: RemoteVerdict) -> String {
    switch verdict {
    case .request(let request):
      "\(told(request.authority)): " + request.actions.map(told).joined(separator: ", ")
    case .refused(let refusal, _, let authority): "\(told(authority)): refused: \(refusal.text)"
    case .ignored(let silence): "ignored: \(silence)"
    }
  }

  private static func told(_ authority: RemoteAuthority) -> String {
    switch authority {
    case .signed(let counter): "signed \(counter)"
    case .password: "password"
    case .unauthenticated: "nothing"
    }
  }

  private static func told(_ action: RemoteAction) -> String {
    switch action {
    case .get(let settings): "get " + settings.map { "\($0.name)" }.joined(separator: " ")
    case .set(let changes): "set " + changes.map { $0.shown.printable }.joined(separator: " ")
    case .nothing: "nothing"
    case .status: "status"
    case .report: "report"
    case .reboot: "reboot"
    case .rollback: "rollback"
    case .factoryReset: "factory-reset"
    }
  }

  /// What is answered, once what was asked for has come to `outcome`.
  func answer(
    _ text: String, _ outcome: RemoteOutcome = .kept, facts: RemoteFacts = Self.facts
  ) -> String? {
    let receipt: RemoteReceipt
    switch verdict(text) {
    case .request(let request): receipt = request.receipt
    case .refused(let refusal, _, _): receipt = refusal.receipt
    case .ignored: return "(passed over)"
    }
    let kept = RemoteReceipt(kept: receipt.kept)!
    return RemoteAnswer.text(
      for: kept, outcome: outcome, facts: facts, configuration: configuration
    ).map { String(decoding: $0, as: UTF8.self) }
  }

  static var facts: RemoteFacts {
    var facts = RemoteFacts()
    facts.state = Array("Online")
    facts.version = Array("1.2")
    facts.imei = Array("353976012555151")
    facts.operatorDigits = Array("26201")
    facts.radioAccess = Array("LTE-M")
    facts.address = Array("10.1.2.3")
    facts.signalDBm = -79
    facts.isOnline = true
    facts.isRoaming = true
    facts.area = 115
    facts.cell = 1_361_430
    facts.time = UTC(year: 2026, month: 11, day: 22, hour: 22, minute: 28, second: 47)
    return facts
  }
}
