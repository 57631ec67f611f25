import Primitives
import Settings
import Testing

/// A text and what it comes to.
struct DialectRow: Sendable, CustomTestStringConvertible {
  let words: RemoteWords
  let text: String
  let outcome: String

  init(_ words: RemoteWords, _ text: String, _ outcome: String) {
    (self.words, self.text, self.outcome) = (words, text, outcome)
  }

  var testDescription: String { "\(words.name): \(text)" }

  /// The developer hub's own texts, as they stand there; `+` marks what the reader has to fill in.
  static let hub: [DialectRow] = [
    DialectRow(.teltonika, "  setparam 2001:em ", "nothing: set apn=em"),
    DialectRow(.ruptela, "74213 setconnection em", "password: set apn=em"),
    DialectRow(.ruptela, "setconnection em", "nothing: set apn=em"),
    DialectRow(.concox, "APN em#", "nothing: set apn=em"),
    DialectRow(.concox, "APN,666666,em#", "nothing: set apn=em"),
    DialectRow(.coban, "gprs74213 ", "password: nothing"),
    DialectRow(.coban, "APN74213 em ", "password: set apn=em"),
    DialectRow(.coban, "APN123456 em", "nothing: set apn=em"),
    DialectRow(.meitrack, "0000,A81,em,,", "nothing: set apn=em"),
    DialectRow(
      .meitrack, "74213,A21,1,server.meigps.com,8800,em,,",
      "password: set apn=em server=coap://server.meigps.com:8800/r"),
    DialectRow(
      .meitrack, "666888,A21,1,server.meigps.com,8800,em,,", "ignored: unauthenticated"),
    DialectRow(.elinz, "APN,em#", "nothing: set apn=em"),
    DialectRow(.elinz, "apn74213 em", "password: set apn=em"),
    DialectRow(.elinz, "apn123456 em", "nothing: set apn=em"),
    DialectRow(.reachfar, "123456,sos1,12345678#", "nothing: nothing"),
    DialectRow(.reachfar, "apn,em,plmn,90143#", "nothing: set apn=em"),
    DialectRow(.reachfar, "pw,123456,center,12345678#", "nothing: nothing"),
    DialectRow(
      .reachfar, "apn,em# // Send this SMS from the phone", "nothing: set apn=em"),
    DialectRow(.queclink, "AT+GTBSI=74213,em,,,,,,,0002$", "password: set apn=em"),
    DialectRow(.queclink, "AT+GTBSI=gl200,em,,,,,,,0002$", "nothing: set apn=em"),
    DialectRow(.bitrek, "setparam 0242 em", "nothing: set apn=em"),
    DialectRow(.bitrek, "setparam 0917 1", "nothing: set roaming=on"),
    DialectRow(.bitrek, "setparam 0021 26202", "nothing: nothing"),
    DialectRow(.bitrek, "setparam 0099 26203", "nothing: nothing"),
    DialectRow(
      .bitrek, "setparam 0242 em; setparam 0917 1; setparam 0021 26202;",
      "nothing: set apn=em roaming=on"),
    DialectRow(.rut, "cellular apn=em", "nothing: set apn=em"),
  ]
}

@Suite("The ten dialects") struct DialectTests {
  @Test("take the developer hub's own texts", arguments: DialectRow.hub) func hub(row: DialectRow) {
    var sample = DialectSample(words: row.words, accepts: true)
    sample.apn = "other"
    sample.extra = "roaming = off\n"
    #expect(sample.outcome(row.text) == row.outcome)
  }

  @Test(
    "pass over the same texts from anybody else, or while they are off", arguments: DialectRow.hub)
  func stranger(row: DialectRow) {
    var sample = DialectSample(words: row.words, accepts: true)
    sample.apn = "other"
    #expect(sample.outcome(row.text, sender: "12345679") == "ignored: sender")
    #expect(sample.outcome(row.text, sender: "") == "ignored: sender")
    var off = sample.configuration
    off.dialects[0].isEnabled = false
    let rules = RemoteRules(off, key: DialectSample.key)
    let verdict = rules.judge(text: Array(row.text.utf8), sender: Array("12345678"))
    #expect(verdict == .ignored(.unknown))
    let unprovisioned = RemoteRules(sample.configuration, key: nil)
    #expect(
      unprovisioned.judge(text: Array(row.text.utf8), sender: Array("12345678"))
        == .ignored(.unprovisioned))
  }

  @Test("want accept-unauthenticated for those that prove nothing", arguments: DialectRow.hub)
  func proof(row: DialectRow) {
    var sample = DialectSample(words: row.words, accepts: false)
    sample.apn = "other"
    let isProven = row.outcome.hasPrefix("password")
    #expect(sample.outcome(row.text).hasPrefix(isProven ? "password: " : "ignored: unauth"))
  }

  @Test("read their forms and no others", arguments: DialectRow.forms) func forms(row: DialectRow) {
    #expect(DialectSample(words: row.words).outcome(row.text) == row.outcome)
  }

  @Test("are answered in their words, over a restart too", arguments: DialectAnswers.all.indices)
  func answered(index: Int) {
    let (words, text, done, refused, undone) = DialectAnswers.all[index]
    let sample = DialectSample(words: words)
    for outcome in [RemoteOutcome.kept, .begun, .told] {
      #expect(sample.answer(text, outcome) == done)
    }
    #expect(sample.answer(text, .refused(Array("why"))) == refused)
    #expect(sample.answer(text, .undone(Array("why"))) == undone)
  }

  @Test("are answered with what is known while the modem has told nothing") func unknown() {
    let sample = DialectSample(words: .teltonika)
    #expect(
      sample.answer("74213 getstatus", .told, facts: RemoteFacts())
        == "Data Link: 0 GPRS: 0 OP:  Signal:  Roaming: 0 LAC:  Cell ID: ")
    #expect(
      DialectSample(words: .meitrack).answer("74213,A81,em,,", facts: RemoteFacts()) == ",A81,OK")
  }
}
