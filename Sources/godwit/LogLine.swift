import Primitives
import Telemetry

extension Event {
  /// `22:28:47 modem: online: the socket is open`. Before the time of day is known it begins with
  /// the seconds since boot, `+4512.3 s`, in a form that can be sorted and subtracted.
  var logLine: [UInt8] {
    Array("\(stamp) \(subject.printable): \(text.printable)".utf8)
  }

  private var stamp: String {
    switch time {
    case .utc(let utc): utc.timeOfDay
    case .sinceBoot(let moment):
      "+\(moment.milliseconds / 1000).\(moment.milliseconds % 1000 / 100) s"
    case .unknown: "?"
    }
  }
}
