import Primitives
import Settings
import Testing

@Suite("What a dialect's text can't do") struct DialectInjectionTests {
  /// What would end a quoted string, a command line or a field.
  static let pieces = [
    "\"", "\r", "\n", "\u{1A}", "\u{1B}", "\0", ";", ";AT+QPOWD", "\\", "\",\"", "é", "\u{7F}", " ",
    "'", "|", "$", ",", "coap://", "/",
  ]

  @Test("reach a modem with a byte that its setting hasn't", arguments: RemoteWords.dialects)
  func injection(words: RemoteWords) throws {
    var sample = DialectSample(words: words, accepts: true)
    sample.apn = "other"
    let rules = RemoteRules(sample.configuration, key: DialectSample.key)
    var taken = 0
    for row in DialectRow.forms + DialectRow.hub where row.words == words {
      let text = Array(row.text.utf8)
      for position in 0...text.count {
        for piece in Self.pieces {
          let varied = Array(text[..<position]) + Array(piece.utf8) + Array(text[position...])
          let verdict = rules.judge(text: varied, sender: Array("12345678"))
          guard case .request(let request) = verdict else { continue }
          for case .set(let changes) in request.actions {
            taken += 1
            for change in changes {
              #expect(change.value.allSatisfy { Self.isHarmless($0) }, "\(varied.printable)")
              #expect(try SettingChange(change.setting, change.value) == change)
            }
            _ = try sample.configuration.changed(by: changes)
          }
        }
      }
    }
    // A piece that a comment or a field takes leaves the text a good one.
    #expect(taken > 0)
  }

  /// No setting has these: blanks only stand between the items of a list.
  private static func isHarmless(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && !Array("\";\\".utf8).contains(byte)
  }

  @Test("be of two dialects, but for the pairs that the configuration keeps apart")
  func overlaps() throws {
    let alike: [Set<RemoteWords>] = [
      [.concox, .elinz], [.concox, .reachfar], [.elinz, .reachfar], [.coban, .elinz],
      [.teltonika, .bitrek],
    ]
    var met: Set<Set<RemoteWords>> = []
    for row in DialectRow.forms + DialectRow.hub {
      for other in RemoteWords.dialects where other != row.words {
        guard !row.outcome.hasSuffix("unknown"), !row.outcome.hasSuffix("malformed") else {
          continue
        }
        let verdict = DialectSample(words: other, accepts: true).verdict(row.text)
        if verdict == .ignored(.unknown) || verdict == .ignored(.malformed) { continue }
        met.insert([row.words, other])
        #expect(alike.contains([row.words, other]), "\(row.text) is of \(other.name) too")
      }
    }
    #expect(met.count >= 4, "\(met)")
  }

  @Test("be longer than a message is looked at") func length() {
    var sample = DialectSample(words: .teltonika, accepts: true)
    sample.apn = "other"
    let long = "  setparam 2001:" + String(repeating: "a", count: 400)
    #expect(sample.outcome(long) == "ignored: malformed")
    #expect(
      sample.outcome("  setparam 2001:em" + String(repeating: " ", count: 302))
        == "nothing: set apn=em")
    let many = String(repeating: "setparam 0021 26201;", count: 16)
    #expect(DialectSample(words: .bitrek, accepts: true).outcome(many) == "nothing: nothing")
  }

  @Test("choose an operator that no radio network is") func operators() {
    var sample = DialectSample(words: .bitrek, accepts: true)
    sample.extra = "roaming = off\n"
    #expect(sample.outcome("setparam 0020 90143") == "nothing: nothing")
    #expect(sample.outcome("setparam 0020 9014") == "ignored: unauthenticated")
  }

  @Test("be half applied") func half() {
    let sample = DialectSample(words: .meitrack)
    for text in [
      "74213,A21,1,good.example,99999,iot,,", "74213,A21,1,bad_host,8800,iot,,",
      "74213,A21,1,good.example,8800,i_t,,", "74213,A21,1,good.example,8800,iot,u\",p",
      "74213,A21,9,good.example,8800,iot,,",
    ] {
      #expect(sample.outcome(text).hasPrefix("password: refused: "), "\(text)")
    }
  }
}
