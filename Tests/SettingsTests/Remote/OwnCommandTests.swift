import Primitives
import Settings
import Testing

/// A setting, a value that is taken in a message, and one that isn't.
private struct OwnRow: Sendable, CustomTestStringConvertible {
  let name: String
  let good: String
  let bad: String
  var alone = true
  var testDescription: String { name }

  static let all: [OwnRow] = [
    OwnRow(name: "apn", good: "iot.example", bad: "i\"t"),
    OwnRow(name: "roaming", good: "unchanged", bad: "maybe"),
    OwnRow(name: "rats", good: "nb-iot,2g", bad: "5g"),
    OwnRow(name: "dns", good: "9.9.9.9,1.1.1.1", bad: "9.9.9"),
    OwnRow(name: "private-addresses", good: "on", bad: "yes"),
    OwnRow(name: "psm", good: "off", bad: "no"),
    OwnRow(name: "periodic-tau", good: "1h", bad: "54min"),
    OwnRow(name: "active-time", good: "62s", bad: "1s"),
    OwnRow(name: "edrx", good: "82s", bad: "3s"),
    OwnRow(name: "rest", good: "power-off", bad: "sleep"),
    OwnRow(name: "server", good: "coap://a.example:5684/x/y", bad: "http://a/"),
    OwnRow(name: "interval", good: "5min", bad: "5"),
    OwnRow(name: "senders", good: "12345678,+491701234567", bad: "+"),
    OwnRow(name: "window", good: "30s", bad: "5min"),
    OwnRow(name: "window-interval", good: "1h", bad: "1s"),
  ]
}

@Suite("Godwit's own commands") struct OwnCommandTests {
  private let key = DialectSample.key
  private let configuration: Configuration = {
    var configuration = try! ConfigurationParser.parse(Sample.minimal)
    configuration.sms.obeysCommands = true
    return configuration
  }()

  private func sign(_ text: String, device: String = "meadow-7", key: DeviceKey? = nil) -> [UInt8] {
    SignedMessage.sign(
      Array(text.utf8), device: try! DeviceLabel(Array(device.utf8)), counter: 77,
      key: (key ?? self.key).bytes)!
  }

  private func verdict(_ text: [UInt8], sender: String = "12345678") -> RemoteVerdict {
    RemoteRules(configuration, key: key).judge(text: text, sender: Array(sender.utf8))
  }

  private func outcome(_ text: String) -> String { DialectSample.told(verdict(sign(text))) }

  @Test("set one setting and read it again", arguments: OwnRow.all)
  private func one(row: OwnRow) throws {
    #expect(outcome("set \(row.name)=\(row.good)") == "signed 77: set \(row.name)=\(row.good)")
    #expect(outcome("set \(row.name)=\(row.bad)").hasPrefix("signed 77: refused: \(row.name)="))
    #expect(outcome("get \(row.name)") == "signed 77: get \(row.name)")
    guard case .request(let request) = verdict(sign("set \(row.name)=\(row.good)")),
      case .set(let changes)? = request.actions.first
    else {
      Issue.record("isn't set")
      return
    }
    let changed = try configuration.changed(by: changes)
    #expect(changed != configuration)
    var receipt = RemoteReceipt(words: .own)
    receipt.echo = Array(row.name.utf8)
    let told = RemoteAnswer.text(
      for: receipt, outcome: .told, facts: RemoteFacts(), configuration: changed)
    #expect(told.map { $0.printable } == "meadow-7 \(row.name)=\(row.good)")
    #expect(try changed.changed(by: changes) == changed)
  }

  @Test("know every setting that the tables have") func complete() {
    let tested = Set(OwnRow.all.map { $0.name } + ["user", "password", "authentication", "key"])
    let missing = RemoteSetting.allCases.filter {
      ($0 == .key || $0.setting != nil) && !tested.contains("\($0.name)")
    }
    // The operators' rows have their own tests.
    #expect(missing.allSatisfy { $0 == .chosenOperator || $0 == .blockedOperators })
  }

  @Test("set several together, all or none") func several() {
    #expect(
      outcome("set apn=iot user=u,1 password=p,2 authentication=chap")
        == "signed 77: set apn=iot user=u,1 password=*** authentication=chap")
    #expect(
      outcome("set apn=iot interval=5") == "signed 77: refused: interval=5: isn't a time; "
        + "write a whole number and s, min, h or d, like 15s, 5min, 6h or 2d")
    #expect(
      outcome("set apn=iot password=p") == "signed 77: refused: authentication: there are a user "
        + "or a password, but no authentication; write pap or chap, or take user and password out")
    #expect(outcome("set apn=a apn=b") == "signed 77: refused: apn is set twice; name each once")
    #expect(
      outcome("set key=00112233445566778899aabbccddeeff apn=a")
        == "signed 77: refused: the key is changed alone; send the rest under the new one")
    #expect(
      outcome("set key=00112233445566778899aabbccddeeff") == "signed 77: set key=***")
  }

  @Test(
    "are told from others, with a reason",
    arguments: [
      ("status", "status"), ("Status", "status"), ("report now", "report"), ("reboot", "reboot"),
      ("rollback", "rollback"), ("factory-reset", "factory-reset"), ("set apn=em", "nothing"),
      (
        "report",
        "refused: no command 'report'; did you mean reboot?"
      ),
      ("reboot now", "refused: reboot takes nothing behind it"),
      ("stauts", "refused: no command 'stauts'; did you mean status?"),
      ("set", "refused: nothing to set; write set KEY=VALUE, like set apn=em"),
      ("set apn", "refused: apn has no value; write KEY=VALUE"),
      ("set apm=em", "refused: no setting 'apm'; did you mean apn?"),
      ("get password", "refused: password is never told"),
      ("get key", "refused: key is never told"),
      ("get apn apn", "refused: apn is set twice; name each once"),
    ])
  func words(text: String, outcome: String) {
    #expect(self.outcome(text) == "signed 77: \(outcome)")
  }

  @Test("tell everything that may be told when nothing is named") func all() {
    let told = outcome("get")
    #expect(told.hasPrefix("signed 77: get apn user authentication"))
    #expect(!told.contains("password") && !told.contains("key"))
  }

  @Test("aren't obeyed for another device, under another key, or changed on their way")
  func forged()
    throws
  {
    let other = try DeviceKey([UInt8](repeating: 1, count: 32).hex)
    #expect(verdict(sign("status", device: "meadow-8")) == .ignored(.forged))
    #expect(verdict(sign("status", key: other)) == .ignored(.forged))
    var changed = sign("set apn=em")
    changed[changed.count - 1] = UInt8(ascii: "x")
    #expect(verdict(changed) == .ignored(.forged))
    #expect(verdict(Array(sign("status").dropLast())) == .ignored(.forged))
    let named = RemoteRules(
      configuration, device: try DeviceLabel(Array("meadow-8")), key: key)
    let judged = named.judge(text: sign("status", device: "meadow-8"), sender: [])
    #expect(DialectSample.told(judged) == "signed 77: status")
  }

  @Test("are off until they are enabled, provisioned, and from a sender that may") func off() throws
  {
    var configuration = configuration
    configuration.sms.senders = [try SenderNumber(Array("+4917012345678"))]
    let rules = RemoteRules(configuration, key: key)
    let text = sign("status")
    #expect(rules.judge(text: text, sender: Array("12345678")) == .ignored(.sender))
    #expect(
      DialectSample.told(rules.judge(text: text, sender: Array("4917012345678")))
        == "signed 77: status")
    configuration.sms.obeysCommands = false
    let off = RemoteRules(configuration, key: key)
    #expect(off.judge(text: text, sender: Array("4917012345678")) == .ignored(.unknown))
    #expect(!off.isListening && rules.isListening)
    #expect(
      RemoteRules(configuration, key: nil).judge(text: text, sender: [])
        == .ignored(.unprovisioned))
  }

  @Test("end in an answer") func answers() {
    func answer(_ text: String, _ outcome: RemoteOutcome) -> String? {
      let receipt: RemoteReceipt
      switch verdict(sign(text)) {
      case .request(let request): receipt = request.receipt
      case .refused(let refusal, _, _): receipt = refusal.receipt
      case .ignored: return nil
      }
      return RemoteAnswer.text(
        for: receipt, outcome: outcome, facts: DialectSample.facts, configuration: configuration
      ).map { $0.printable }
    }
    #expect(answer("set apn=iot", .kept) == "meadow-7 ok apn=iot")
    #expect(
      answer("set apn=iot", .undone(Array("no report"))) == "meadow-7 undone apn=iot: no report")
    #expect(answer("reboot", .begun) == "meadow-7 ok")
    #expect(answer("stauts", .refused(Array("why"))) == "meadow-7 refused: why")
    #expect(
      answer("status", .told) == "meadow-7 Online 26201 LTE-M -79dBm apn=em waiting=0")
    #expect(answer("get apn dns", .told) == "meadow-7 apn=em dns=")
  }
}
