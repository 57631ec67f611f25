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

  /// A form each, and what is answered once it is done, refused and undone.
  static let answers: [(RemoteWords, String, done: String?, refused: String?, undone: String?)] = [
    (
      .teltonika, "74213 setparam 2001:em;2002:u;2003:p", "New value 2001:em;2002:u;2003:***",
      "WARNING: Not supported Param ID or Value detected: why",
      "Error while configuring parameters: why"
    ),
    (
      .teltonika, "74213 getparam 2001", "Param ID:2001 Value:em",
      "Invalid parameter id provided: why", "Invalid parameter id provided: why"
    ),
    (
      .teltonika, "74213 getparam 2001;2004;2005;2016",
      "Param ID:2001 Value:em;2004:collector.example;2005:5683;2016:none",
      "Invalid parameter id provided: why", "Invalid parameter id provided: why"
    ),
    (
      .teltonika, "74213 getstatus",
      "Data Link: 1 GPRS: 1 OP: 26201 Signal: 2 Roaming: 1 LAC: 115 Cell ID: 1361430", nil, nil
    ),
    (.teltonika, "74213 cpureset", nil, nil, nil),
    (
      .ruptela, "74213 setconnection em", "set connection data ok",
      "set connection data incorrect: why", "set connection data incorrect: why"
    ),
    (
      .ruptela, "74213 getapn",
      "APN: em User: none PSW: none IP1: collector.example Port1: 5683 IP2: Port2: TCP/UDP: 1", nil,
      nil
    ),
    (.ruptela, "74213 imei", "IMEI: 353976012555151", nil, nil),
    (.ruptela, "74213 reset", "Resetting device", nil, nil),
    (.concox, "APN,74213,em#", "OK", "ERROR: why", "ERROR: why"),
    (.concox, "SERVER,74213#", "SERVER,1,collector.example,5683,1", nil, nil),
    (.concox, "TIMER,74213,60#", "OK!", "ERROR: why", "ERROR: why"),
    (.concox, "STATUS,74213#", "GPRS:Link Up; GSM Signal Level:Strong; GPS:OFF", nil, nil),
    (.concox, "RESET,74213#", "RESET OK", nil, nil),
    (.coban, "apn74213 em", "APN ok", nil, nil),
    (.coban, "apnuser74213 u", "apnuser ok", nil, nil),
    (.coban, "up74213 u p", "user, password ok!", nil, nil),
    (.coban, "adminip74213 a.example 9000", "adminip ok", nil, nil),
    (.coban, "gprs74213", "GPRS ok", nil, nil),
    (.coban, "fix060s***n74213", "fix 060s***n ok", nil, nil),
    (
      .coban, "check74213",
      "GPRS: ON\nGPS: NO\nGSM: 17\nAPN: em\nIP: collector.example PORT: 5683", nil, nil
    ),
    (.coban, "imei74213", "353976012555151", nil, nil),
    (.coban, "reset74213", "reset ok", nil, nil),
    (.meitrack, "74213,A81,em,,", "353976012555151,A81,OK", nil, nil),
    (.meitrack, "74213,A21,,,,em,,", "353976012555151,A21,OK", nil, nil),
    (.meitrack, "74213,A12,6,0", "353976012555151,A12,OK", nil, nil),
    (
      .meitrack, "74213,A10",
      "353976012555151,A10,Online 26201 LTE-M -79dBm apn=em waiting=0", nil, nil
    ),
    (.meitrack, "74213,F01", "353976012555151,F01,OK", nil, nil),
    (.elinz, "apn74213 em", nil, nil, nil),
    (
      .reachfar, "74213,sos1,12345678#",
      "12345678 has been set for master number successfully.", nil, nil
    ),
    (.reachfar, "pw,74213,apn,em,,,90143#", nil, nil, nil),
    (
      .reachfar, "pw,74213,ts#",
      "1.2 353976012555151 collector.example:5683 Online 26201 LTE-M -79dBm apn=em waiting=0", nil,
      nil
    ),
    (
      .queclink, "AT+GTBSI=74213,em,,,,,,,0002$",
      "+ACK:GTBSI,1A0102,353976012555151,meadow-7,0002,20261122222847,0001$", nil, nil
    ),
    (
      .queclink, "AT+GTRTO=74213,3,,,,,,000B$",
      "+ACK:GTRTO,1A0102,353976012555151,meadow-7,REBOOT,000B,20261122222847,0001$", nil, nil
    ),
    (
      .bitrek, "74213 setparam 0242 em; setparam 0244 p; setparam 0243 u; setparam 0917 1",
      "Param ID 0242 New Val: em; Param ID 0244 New Val: ***; Param ID 0243 New Val: u; Param ID 0917 New Val: 1",
      nil, nil
    ),
    (
      .bitrek, "74213 getparam 0242; getparam 0246",
      "Param ID 0242 Val: em; Param ID 0246 Val: 5683", nil, nil
    ),
    (
      .bitrek, "74213 flush;",
      "353976012555151, em, none, none, collector.example, 5683, 1", nil, nil
    ),
    (.bitrek, "74213 cpureset;", nil, nil, nil),
    (.rut, "74213 cellular apn=em", nil, nil, nil),
    (
      .rut, "74213 status",
      "Router name - meadow-7; WAN IP - 10.1.2.3; Data Connection state - connected; Connection type - LTE-M; Signal strength - -79; New FW available - N/A;",
      nil, nil
    ),
    (.rut, "74213 reboot", nil, nil, nil),
  ]

  @Test("are answered in their words, over a restart too", arguments: answers.indices)
  func answers(index: Int) {
    let (words, text, done, refused, undone) = Self.answers[index]
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
