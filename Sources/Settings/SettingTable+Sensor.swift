import Primitives

extension SettingTable {
  static let sensor: [Setting] = [
    Setting(
      .sensor, "file", .checked(FilePath.rule.shape, FilePath.init(_:)) { $0.bytes },
      .required(example: "/proc/loadavg"),
      get: { $0.sensor.file }, set: { $0.sensor.file = $1 },
      "The file that holds the number. It is opened and read anew each time."),
    Setting(
      .sensor, "field", .count(1...64), .preset("1"),
      get: { $0.sensor.field }, set: { $0.sensor.field = $1 },
      "Which of the file's words is the number. Blanks and line ends separate words."),
    Setting(
      .sensor, "scale", .factor, .preset("1", example: "0.001"),
      get: { $0.sensor.scale }, set: { $0.sensor.scale = $1 },
      "What the number is multiplied by, exactly and in decimal: 0.001 turns milliunits into units."
    ),
    Setting(
      .sensor, "offset", .decimal, .preset("0", example: "-273.15"),
      get: { $0.sensor.offset }, set: { $0.sensor.offset = $1 },
      "What is added after scaling."),
    Setting(
      .sensor, "unit", .checked(UnitLabel.rule.shape, UnitLabel.init) { $0.bytes },
      .optional(example: "Cel", otherwise: "the reading has no unit"),
      get: { $0.sensor.unit }, set: { $0.sensor.unit = $1 },
      "The reading's unit after scaling, best one of SenML's: Cel, %RH, V, A, W, Pa, m, s, lx and so on."
    ),
    Setting(
      .sensor, "interval", .duration(.seconds(1) ... .seconds(31 * 86_400)),
      .optional(example: "5min", otherwise: "once for each report"),
      get: { $0.sensor.interval }, set: { $0.sensor.interval = $1 },
      "The time between two readings. Readings fall together with reports where the intervals allow it."
    ),
    Setting(
      .sensor, "minimum", .decimal,
      .optional(example: "-40", otherwise: "no limit"),
      get: { $0.sensor.minimum }, set: { $0.sensor.minimum = $1 },
      "The lowest value that the sensor can truly have. A lower one is refused and counted."),
    Setting(
      .sensor, "maximum", .decimal,
      .optional(example: "85", otherwise: "no limit"),
      get: { $0.sensor.maximum }, set: { $0.sensor.maximum = $1 },
      "The highest value that the sensor can truly have. A higher one is refused and counted."),
  ]
}
