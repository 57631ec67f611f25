import Primitives
import World

/// A collected report in words: for a screen, and as one JSON object.
enum CollectedText {
  /// - Parameter utc: the moment at which the report arrived.
  static func report(_ report: CollectorReport, at utc: UTC) -> ReportText {
    ReportText(
      identity: report.identity, device: report.device,
      rows: report.readings.map { reading in
        ReportText.Row(
          name: reading.name, value: reading.value, unit: reading.unit ?? "",
          time: moment(reading.time, arrived: utc)?.timeOfDay ?? "")
      }, byteCount: report.datagramBytes, at: utc.timeOfDay)
  }

  /// `{"event":"report", …}`: values and times as decimal text, so that nothing is rounded; times
  /// in seconds since 1970, null where the device didn't know.
  static func json(_ report: CollectorReport, at utc: UTC) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.key("event")
    json.value("report")
    json.key("utc")
    json.value(utc.text)
    json.key("identity")
    json.value(report.identity)
    json.key("device")
    json.value(report.device)
    json.key("bytes")
    json.value(Int64(report.datagramBytes))
    json.key("lostReadings")
    json.value(report.lostReadings)
    json.key("readings")
    json.beginArray()
    for reading in report.readings { write(reading, arrived: utc, to: &json) }
    json.endArray()
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func write(_ reading: CollectedReading, arrived: UTC, to json: inout JSONWriter) {
    json.beginObject()
    json.key("name")
    json.value(reading.name)
    json.key("value")
    json.value(reading.value)
    json.key("unit")
    if let unit = reading.unit { json.value(unit) } else { json.null() }
    json.key("time")
    if let time = moment(reading.time, arrived: arrived),
      let seconds = DecimalNumber(mantissa: time.millisecondsSince1970, exponent: -3)
    {
      json.value(seconds.text)
    } else {
      json.null()
    }
    json.endObject()
  }

  /// A device without a clock says how old a reading is; the arrival stands for the sending.
  private static func moment(_ time: CollectedTime, arrived: UTC) -> UTC? {
    switch time {
    case .utc(let milliseconds): UTC(millisecondsSince1970: milliseconds)
    case .beforeSending(let milliseconds): arrived + .milliseconds(-milliseconds)
    case .unknown: nil
    }
  }
}
