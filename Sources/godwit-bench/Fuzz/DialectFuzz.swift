import Primitives
import Settings

/// Feeds texts to the ten dialects, each on a device of its own, and holds what comes of them against
/// what may come of them.
enum DialectFuzz {
  /// What each dialect's texts look like, with the right password and the maker's.
  static let texts: [(words: RemoteWords, text: String)] = [
    (.teltonika, "  setparam 2001:em"),
    (.teltonika, "login 74213 setparam 2001:em;2002:u;2003:p;2004:a.example;2005:5683"),
    (.teltonika, "login 74213 getparam 2001;2004"),
    (.teltonika, "login 74213 getstatus"),
    (.ruptela, "setconnection em"),
    (.ruptela, "74213 setconnection em,u,p,TCP,192.0.2.1,5039,,"),
    (.concox, "APN,666666,em#"),
    (.concox, "APN,74213,em,u,p#"),
    (.concox, "SERVER,74213,1,a.example,5683,1#"),
    (.concox, "TIMER,74213,60,60#"),
    (.coban, "apn123456 em"),
    (.coban, "apnuser74213 u"),
    (.coban, "adminip74213 192.0.2.1 9000"),
    (.coban, "fix060s***n74213"),
    (.meitrack, "0000,A81,em,,"),
    (.elinz, "APN,em#"),
    (.elinz, "apn74213 em"),
    (.meitrack, "74213,A21,2,a.example,5683,em,u,p"),
    (.meitrack, "74213,A12,6,0"),
    (.reachfar, "apn,em,plmn,26201#"),
    (.reachfar, "pw,74213,apn,em,u,p,90143#"),
    (.reachfar, "pw,123456,center,12345678#"),
    (.reachfar, "pw,74213,ip,192.0.2.1,5683#"),
    (.queclink, "AT+GTBSI=gl200,em,,,,,,,0002$"),
    (.queclink, "AT+GTSRI=74213,4,,,192.0.2.1,9001,,,,0,1,,,,,0003$"),
    (.queclink, "AT+GTRTO=74213,3,,,,,,FFFF$"),
    (.bitrek, "setparam 0242 em; setparam 0917 1; setparam 0021 26202"),
    (.bitrek, "login 74213 setparam 0243 u; setparam 0244 p; cpureset"),
    (.rut, "cellular apn=em"),
    (.rut, "74213 cellular apn=em auth_mode=chap username=u password=p"),
    (.rut, "74213 status"),
    (.rut, "74213 reboot"),
  ]

  static let tokens = [
    ",", ";", ":", "#", "$", " ", "  ", "=", "\"", "\r", "\u{1A}", "\\", "74213", "666666",
    "123456",
    "0000", "login ", "setparam ", "2001:", "0242 ", "apn", "APN,", "AT+GTBSI=", "A21,", "pw,",
    "*old*", "999999999999999999999", "coap://", "/", "26201", "90143", ".", "<", "[", "{", "}",
  ]

  private struct Device {
    let words: RemoteWords
    let accepting: Bool
    let rules: RemoteRules
    let whole: Configuration
  }

  private static let sender = Array("12345678".utf8)

  /// Each dialect alone, so that every text is looked at by all of them.
  private static let devices: [Device] = {
    guard let key = try? DeviceKey([UInt8](repeating: 7, count: 32).hex) else {
      preconditionFailure("a good key")
    }
    var devices: [Device] = []
    for words in RemoteWords.dialects {
      for accepting in [false, true] {
        let password = words == .teltonika || words == .bitrek ? "login 74213" : "74213"
        let text = """
          [device]\nname = meadow-7\n[modem]\nmodule = quectel-bg95\nuart = /dev/ttyS0
          power-key = gpiochip0 5\n[network]\napn = other\n[server]\nurl = coap://collector.example/r
          [sms]\nlisten = on
          [dialect \(words.name)]\nenabled = yes\nsenders = 12345678\npassword = \(password)
          accept-unauthenticated = \(accepting ? "yes" : "no")\n
          """
        guard let whole = try? ConfigurationParser.parse(Array(text.utf8)) else {
          preconditionFailure("a good configuration")
        }
        devices.append(
          Device(
            words: words, accepting: accepting, rules: RemoteRules(whole, key: key), whole: whole))
      }
    }
    return devices
  }()

  /// The case on any device, and a good text with some of the case's bytes in it on its own.
  static func feed(_ bytes: [UInt8], _ choice: inout SeededRandom) -> String? {
    let device = devices[Int(choice.next(below: UInt64(devices.count)))]
    if let fault = fault(in: bytes, device) { return fault }
    let (words, text) = varied(by: bytes, &choice)
    for device in devices where device.words == words {
      if let fault = fault(in: text, device) { return fault }
    }
    return nil
  }

  /// A good text in which up to three pieces are those of a case, or tokens.
  static func varied(
    by bytes: [UInt8], _ choice: inout SeededRandom
  ) -> (words: RemoteWords, text: [UInt8]) {
    let (words, good) = texts[Int(choice.next(below: UInt64(texts.count)))]
    var text = Array(good.utf8)
    for _ in 0..<choice.next(below: 4) {
      let at = Int(choice.next(below: UInt64(text.count + 1)))
      let cut = min(Int(choice.next(below: 4)), text.count - at)
      let token = Array(tokens[Int(choice.next(below: UInt64(tokens.count)))].utf8)
      let from = Int(choice.next(below: UInt64(bytes.count + 1)))
      let piece = choice.next(below: 2) == 0 ? token : Array(bytes[from...].prefix(3))
      text.replaceSubrange(at..<at + cut, with: piece)
    }
    return (words, text)
  }

  /// Whether the dialect's own device obeys it, proven or not.
  static func isObeyed(_ text: [UInt8], in words: RemoteWords) -> Bool {
    guard let device = devices.first(where: { $0.words == words && $0.accepting }) else {
      return false
    }
    if case .request = device.rules.judge(text: text, sender: sender) { return true }
    return false
  }

  private static func fault(in bytes: [UInt8], _ device: Device) -> String? {
    let (accepting, rules, whole) = (device.accepting, device.rules, device.whole)
    if case .request = rules.judge(text: bytes, sender: Array("12345679".utf8)) {
      return "a stranger is obeyed"
    }
    switch rules.judge(text: bytes, sender: sender) {
    case .ignored: return nil
    case .refused(let refusal, _, let authority):
      if refusal.reason.isEmpty { return "refused without a word" }
      return fault(in: authority, accepting, bytes)
        ?? fault(in: refusal.receipt, .refused(refusal.reason), whole)
    case .request(let request):
      if request.actions.isEmpty { return "a request for nothing" }
      for action in request.actions {
        if let fault = fault(in: action, request.authority, whole) { return fault }
      }
      return fault(in: request.authority, accepting, bytes)
        ?? fault(in: request.receipt, .kept, whole)
    }
  }

  /// Nothing is obeyed that isn't proven, but for what the configuration accepts.
  private static func fault(
    in authority: RemoteAuthority, _ accepting: Bool, _ bytes: [UInt8]
  ) -> String? {
    switch authority {
    case .signed: return "signed, in a dialect"
    case .password:
      return bytes.contains(Array("74213".utf8)) ? nil : "proven without the password"
    case .unauthenticated: return accepting ? nil : "obeyed without a proof"
    }
  }

  /// Each value is one that the table takes and shows alike, and all of them go together.
  private static func fault(
    in action: RemoteAction, _ authority: RemoteAuthority, _ whole: Configuration
  ) -> String? {
    if case .set(let changes) = action {
      for change in changes {
        let again = try? SettingChange(change.setting, change.value)
        if again != change { return "\(change.setting.name) reads otherwise" }
        for byte in change.value
        where !(0x20...0x7E).contains(byte) || Array("\";\\".utf8).contains(byte) {
          return "\(change.setting.name) has a byte \(byte)"
        }
        if authority == .unauthenticated, !access.contains(change.setting) {
          return "\(change.setting.name) without a proof"
        }
      }
      return (try? whole.changed(by: changes)) == nil ? "changes that don't go together" : nil
    }
    return authority == .unauthenticated && action != .nothing ? "an action without a proof" : nil
  }

  private static let access: [RemoteSetting] = [
    .apn, .user, .password, .authentication, .roaming, .chosenOperator,
  ]

  /// An answer fits, and is text.
  private static func fault(
    in receipt: RemoteReceipt, _ outcome: RemoteOutcome, _ whole: Configuration
  ) -> String? {
    guard let kept = RemoteReceipt(kept: receipt.kept), kept.form == receipt.form else {
      return "a receipt that can't be kept"
    }
    let answer = RemoteAnswer.text(
      for: kept, outcome: outcome, facts: RemoteFacts(), configuration: whole)
    guard let answer else { return nil }
    if answer.count > RemoteAnswer.lengthLimit { return "an answer of \(answer.count) bytes" }
    return answer.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0A }
      ? nil : "an answer that isn't text"
  }
}
