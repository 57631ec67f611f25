import Primitives
import Telemetry
import Testing

/// A batch and its bytes.
struct SenMLVector: Sendable, CustomTestStringConvertible {
  let name: String
  let batch: Batch
  let hex: String

  /// The moment of sending.
  static let now = Instant.milliseconds(100_000)

  var testDescription: String { name }

  static let all = [
    SenMLVector(
      name: "nothing", batch: TelemetryTests.batch([]),
      hex: "80"),
    SenMLVector(
      name: "one reading", batch: TelemetryTests.batch([reading("temp", "21.5", "Cel")]),
      hex: "81A521696D6561646F772D373A221A6B036C9F006474656D70016343656C02C4822018D7"),
    SenMLVector(
      name: "one of each",
      batch: TelemetryTests.batch([
        reading("load", "0.35"), reading("uptime", "86400", "s"),
        reading("temp", "-4.25", "Cel", after: 0.5),
      ]),
      hex: "83A421696D6561646F772D373A221A6B036C9F00646C6F616402C482211823A3006675707469"
        + "6D65016173021A00015180A4006474656D70016343656C06C482200502C482213901A8"),
    SenMLVector(
      name: "a name repeats",
      batch: TelemetryTests.batch([
        reading("temp", "21.5", "Cel"), reading("load", "1"),
        reading("temp", "21.4", "Cel", after: 60), reading("load", "0.98", after: 60),
        reading("temp", "21.25", "Cel", after: 120), reading("load", "-1e3", after: 120),
        reading("temp", "21", "Cel", after: 179.999), reading("door", "1", after: 60),
      ]),
      hex: "88A521696D6561646F772D373A221A6B036C9F0064646F6F7206183C0201A2216D6D6561646F"
        + "772D373A6C6F61640201A206183C02C482211862A2061878023903E7A3216D6D6561646F772D"
        + "373A74656D70236343656C02C4822018D7A206183C02C4822018D6A206187802C4822119084D"
        + "A206C482221A0002BF1F0215"),
    SenMLVector(
      name: "times of every kind",
      batch: TelemetryTests.batch(
        [
          reading("temp", "1", "Cel", .unknown), reading("load", "2", nil, .unknown),
          reading("temp", "3", "Cel", .sinceBoot(.milliseconds(40_000))),
          reading("temp", "4", "Cel"), reading("load", "5", after: -1),
        ], lost: 300),
      hex: "86A42178186D6561646F772D373A676F647769742F756E74696D65642F006474656D70016343"
        + "656C0201A200646C6F61640202A421696D6561646F772D373A006B676F647769742F6C6F7374"
        + "0165636F756E740219012CA4006474656D70016343656C06383B0203A4221A6B036C9F006474"
        + "656D70016343656C0204A300646C6F616406200205"),
    SenMLVector(
      name: "only losses", batch: TelemetryTests.batch([], lost: 70_000),
      hex: "81A421696D6561646F772D373A006B676F647769742F6C6F73740165636F756E74021A000111"
        + "70"),
    SenMLVector(
      name: "extreme numbers",
      batch: TelemetryTests.batch([
        reading("a", "999999999999999999"), reading("b", "1e-18"), reading("c", "-999e15"),
        reading("d", "123456789012345678e18"), reading("e", "-0"),
      ]),
      hex: "85A421696D6561646F772D373A221A6B036C9F006161021B0DE0B6B3A763FFFFA200616202C4"
        + "823101A2006163023B0DDD2935029D7FFFA200616402C482111B112210F47DE9810CA2006165"
        + "0200"),
  ]
}
