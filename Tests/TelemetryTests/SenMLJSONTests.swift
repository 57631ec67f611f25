import Primitives
import Telemetry
import Testing

@Suite("SenML in JSON") struct SenMLJSONTests {
  /// The moment of the call: 1000 s after boot.
  static let now = Instant.milliseconds(1_000_000)

  static func decode(_ text: String, utc: UTC? = evening) throws(SenMLError) -> [Reading] {
    try SenMLJSON.decode(Array(text.utf8), now: now, utc: utc)
  }

  /// `name value unit time`, the time in milliseconds since 1970 or, with a `+`, since boot.
  static func lines(_ readings: [Reading]) -> [String] {
    readings.map { reading in
      let unit = reading.unit.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "-"
      let time =
        switch reading.time {
        case .utc(let utc): "\(utc.millisecondsSince1970)"
        case .sinceBoot(let taken): "+\(taken.milliseconds)"
        case .unknown: "unknown"
        }
      return "\(reading.name.bytes.printable) \(reading.value.text) \(unit) \(time)"
    }
  }

  @Test("one datum means now, RFC 8428 §5.1.1") func single() throws {
    let text = #"[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]"#
    #expect(
      try Self.lines(Self.decode(text)) == [
        "urn:dev:ow:10e2073a01080063 23.1 Cel 1795386527000"
      ])
    #expect(
      try Self.lines(Self.decode(text, utc: nil)) == [
        "urn:dev:ow:10e2073a01080063 23.1 Cel +1000000"
      ])
  }

  @Test("two data share a base name, RFC 8428 §5.1.2") func twoData() throws {
    let text = """
      [
        {"bn":"urn:dev:ow:10e2073a01080063:","n":"voltage","u":"V","v":120.1},
        {"n":"current","u":"A","v":1.2}
      ]
      """
    #expect(
      try Self.lines(Self.decode(text)) == [
        "urn:dev:ow:10e2073a01080063:voltage 120.1 V 1795386527000",
        "urn:dev:ow:10e2073a01080063:current 1.2 A 1795386527000",
      ])
  }

  @Test("base time, base unit and version apply to what follows, RFC 8428 §5.1.2") func bases()
    throws
  {
    let text = """
      [
        {"bn":"urn:dev:ow:10e2073a0108006:","bt":1.276020076001e+09,
         "bu":"A","bver":5,
         "n":"voltage","u":"V","v":120.1},
        {"n":"current","t":-5,"v":1.2},
        {"n":"current","t":-4,"v":1.3},
        {"n":"current","v":1.7}
      ]
      """
    #expect(
      try Self.lines(Self.decode(text)) == [
        "urn:dev:ow:10e2073a0108006:voltage 120.1 V 1276020076001",
        "urn:dev:ow:10e2073a0108006:current 1.2 A 1276020071001",
        "urn:dev:ow:10e2073a0108006:current 1.3 A 1276020072001",
        "urn:dev:ow:10e2073a0108006:current 1.7 A 1276020076001",
      ])
  }

  @Test("several measurements over time, RFC 8428 §5.1.3") func overTime() throws {
    let text = """
      [
        {"bn":"urn:dev:ow:10e2073a01080063","bt":1.320067464e+09,
         "bu":"%RH","v":20},
        {"u":"lon","v":24.30621},
        {"u":"lat","v":60.07965},
        {"t":60,"v":20.3},
        {"u":"lon","t":60,"v":24.30622}
      ]
      """
    #expect(
      try Self.lines(Self.decode(text)) == [
        "urn:dev:ow:10e2073a01080063 20 %RH 1320067464000",
        "urn:dev:ow:10e2073a01080063 24.30621 lon 1320067464000",
        "urn:dev:ow:10e2073a01080063 60.07965 lat 1320067464000",
        "urn:dev:ow:10e2073a01080063 20.3 %RH 1320067524000",
        "urn:dev:ow:10e2073a01080063 24.30622 lon 1320067524000",
      ])
  }

  @Test(
    "records are resolved exactly",
    arguments: [
      (#"[{"n":"a","bv":0.1,"v":0.2}]"#, "a 0.3 - 1795386527000"),
      (#"[{"n":"a","v":1,"t":-1.5}]"#, "a 1 - 1795386525500"),
      (#"[{"n":"a","v":1,"t":10}]"#, "a 1 - 1795386537000"),
      (#"[{"n":"a","v":1,"bt":-3600,"t":1}]"#, "a 1 - 1795382928000"),
      (#"[{"n":"a","v":1,"t":268435456}]"#, "a 1 - 268435456000"),
      (#"[{"n":"a","v":1,"t":1700000000.1239}]"#, "a 1 - 1700000000123"),
      (#"[{"n":"a","v":1,"t":-0.0001}]"#, "a 1 - 1795386526999"),
      (#"[{"\u006e":"\u0061\/b","v":-1E-2}]"#, "a/b -0.01 - 1795386527000"),
      (
        #"[{"n":"a","v":1,"x":{"y":[1,{"z":null}]},"ut":5,"é":"\ud83d\ude00"}]"#,
        "a 1 - 1795386527000"
      ),
      ("\r\n\t [ { \"n\" : \"a\" , \"v\" : 1 } ] \n", "a 1 - 1795386527000"),
    ])
  func resolved(text: String, expected: String) throws {
    #expect(try Self.lines(Self.decode(text)) == [expected])
  }

  @Test("a relative time may lie before the boot while the clock is unknown") func beforeBoot()
    throws
  {
    let text = #"[{"n":"a","v":1,"t":-1001}]"#
    #expect(try Self.lines(Self.decode(text, utc: nil)) == ["a 1 - +-1000"])
  }

  @Test(
    "a bad record is named with its fault",
    arguments: [
      ("5", .notAnObject), (#"{"n":"a","n":"a","v":1}"#, .repeatedLabel),
      (#"{"n":"a","v":1,"must_":1}"#, .mandatoryLabel), (#"{"n":5,"v":1}"#, .wrongType(.name)),
      (#"{"n":"a","v":"1"}"#, .wrongType(.value)), (#"{"n":"a","v":null}"#, .wrongType(.value)),
      (#"{"n":"a","v":[1]}"#, .wrongType(.value)), (#"{"n":"a","u":1,"v":1}"#, .wrongType(.unit)),
      (#"{"n":"a","v":1,"t":true}"#, .wrongType(.time)),
      (#"{"n":"a","v":0.1234567890123456789}"#, .badNumber(.value)),
      (#"{"n":"a","v":1e99}"#, .badNumber(.value)), (#"{"n":"a","bver":11,"v":1}"#, .badVersion),
      (#"{"n":"a","bver":4.5,"v":1}"#, .badVersion), (#"{"v":1}"#, .badName),
      (#"{"n":"a b","v":1}"#, .badName), (#"{"n":"a\u0000","v":1}"#, .badName),
      (#"{"n":"godwit/lost","v":1}"#, .reservedName),
      (#"{"bn":"godwit/","n":"x","v":1}"#, .reservedName), (#"{"n":"a","u":"","v":1}"#, .badUnit),
      (#"{"n":"a"}"#, .noValue), (#"{"n":"a","bv":1}"#, .noValue),
      (#"{"n":"a","vs":"on"}"#, .notANumber(.stringValue)),
      (#"{"n":"a","vb":true}"#, .notANumber(.boolValue)),
      (#"{"n":"a","vd":"AAA"}"#, .notANumber(.dataValue)), (#"{"n":"a","v":1,"s":2}"#, .sum),
      (#"{"n":"a","bs":1,"v":1}"#, .sum),
      (#"{"n":"a","bv":1e18,"v":1e-18}"#, .valueOutOfRange),
      (#"{"n":"a","v":1,"t":253402300800}"#, .timeOutOfRange),
      (#"{"n":"a","v":1,"t":-268435457}"#, .timeOutOfRange),
      (#"{"n":"a","v":1,"t":1e18}"#, .timeOutOfRange),
    ] as [(String, SenMLFault)])
  func badRecord(record: String, fault: SenMLFault) {
    let text = #"[{"n":"first","v":1},"# + record + "]"
    #expect(throws: SenMLError.badRecord(record: 2, fault)) { try Self.decode(text) }
  }

  @Test(
    "what isn't JSON is refused at its byte",
    arguments: [
      ("[", 1), ("[{", 2), (#"[{"n"}]"#, 5), (#"[{"n":"a","v":1}"#, 16),
      (#"[{"n":"a","v":01}]"#, 15), (#"[{"n":"a","v":+1}]"#, 14), (#"[{"n":"a","v":1.}]"#, 16),
      (#"[{"n":"a","v":.5}]"#, 14), (#"[{"n":"a","v":1e}]"#, 16), (#"[{"n":"a","v":NaN}]"#, 14),
      (#"[{"n":"a","v":nul}]"#, 14), (#"[{"n":"a","v":1}] x"#, 18), (#"[{"n":"a" "v":1}]"#, 10),
      (#"[{"n":"a\x"}]"#, 9), (#"[{"n":"\u12g4"}]"#, 11), (#"[{"n":"\ud800"}]"#, 13),
      (#"[{"n":"\udc00"}]"#, 9), ("[{\"n\":\"a\n\"}]", 8), ("", 0), (" ", 1),
    ])
  func notJSON(text: String, offset: Int) {
    #expect(throws: SenMLError.badJSON(offset: offset)) { try Self.decode(text) }
  }

  @Test(
    "what isn't a pack is refused",
    arguments: ["{}", #"{"n":"a","v":1}"#, "1", #""x""#, "null"])
  func notAPack(text: String) {
    #expect(throws: SenMLError.notAPack) { try Self.decode(text) }
  }

  @Test("limits hold: size, records, labels and depth") func limits() throws {
    #expect(throws: SenMLError.emptyPack) { try Self.decode("[]") }
    let record = #"{"n":"a","v":1}"#
    let many = [String](repeating: record, count: SenMLJSON.recordLimit)
    let most = "[" + many.joined(separator: ",") + "]"
    #expect(try Self.decode(most).count == SenMLJSON.recordLimit)
    let more = "[" + (many + [record]).joined(separator: ",") + "]"
    #expect(throws: SenMLError.tooManyRecords) { try Self.decode(more) }
    let size = SenMLJSON.sizeLimit
    let wide = "[" + record + String(repeating: " ", count: size - record.utf8.count - 2) + "]"
    #expect(try Self.decode(wide).count == 1)
    #expect(throws: SenMLError.tooLarge(bytes: size + 1)) { try Self.decode(wide + " ") }
    let deep = { (levels: Int) in
      #"[{"n":"a","v":1,"x":"# + String(repeating: "[", count: levels)
        + String(repeating: "]", count: levels) + "}]"
    }
    #expect(try Self.decode(deep(SenMLJSON.depthLimit - 2)).count == 1)
    #expect(throws: SenMLError.tooDeep(offset: 26)) {
      try Self.decode(deep(SenMLJSON.depthLimit - 1))
    }
    #expect(throws: SenMLError.tooDeep(offset: 26)) { try Self.decode(deep(100_000)) }
    let labels = (0...SenMLJSON.memberLimit).map { "\"x\($0)\":0" }.joined(separator: ",")
    #expect(throws: SenMLError.badRecord(record: 1, .tooManyLabels)) {
      try Self.decode("[{" + labels + "}]")
    }
  }

  @Test("no truncation and no changed byte makes it trap") func hostile() {
    let text = Array(
      #"[{"bn":"a:","bt":1.7e9,"bu":"A","bver":5,"n":"\u00e9","v":1.5e-3,"x":[{"y":null}]}]"#.utf8)
    var refusals = 0
    for end in text.indices where !decodes(Array(text[..<end])) { refusals += 1 }
    #expect(refusals == text.count)
    for index in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[index] = byte
        if !decodes(changed) { refusals += 1 }
      }
    }
    #expect(refusals > text.count * 100)
  }

  private func decodes(_ text: [UInt8]) -> Bool {
    (try? SenMLJSON.decode(text, now: Self.now, utc: evening)) != nil
  }

  @Test(
    "a refusal tells a person what to do",
    arguments: [
      (
        .badRecord(record: 3, .notANumber(.boolValue)),
        "record 3: 'vb' is no number; only numbers ('v') are stored"
      ),
      (.tooManyRecords, "the pack has more than 1000 records; send it in parts"),
      (.badJSON(offset: 7), "the text is not JSON at byte 7"),
    ] as [(SenMLError, String)])
  func text(error: SenMLError, expected: String) { #expect(error.description == expected) }
}
