import Primitives
import Sensors
import Telemetry

/// From the control socket and the sensors into the store.
extension Agent where S: ~Copyable {
  mutating func put(_ requests: [StoreRequest], now: Instant) {
    let time = readingTime(now)
    var readings: [Reading] = []
    for request in requests {
      for var reading in request.readings {
        switch reading.time {
        case .utc: break
        case .sinceBoot(let taken): reading.time = readingTime(taken)
        case .unknown: reading.time = time
        }
        readings.append(reading)
      }
    }
    do {
      try store.append(readings)
      for request in requests {
        effects.append(.stored(request: request.id, readings: request.readings.count))
      }
    } catch {
      record.storeFailures += 1
      for request in requests { effects.append(.refused(request: request.id, .storeFailed)) }
    }
  }

  mutating func take(_ contents: [SensorContents], now: Instant) {
    let time = readingTime(now)
    var readings: [Reading] = []
    for one in contents {
      let name = plan.sensors[one.sensor].name.bytes.printable
      switch sensors[one.sensor].take(one.bytes, at: time) {
      case .reading(let reading, let isRecovery):
        readings.append(reading)
        if isRecovery { log("sensor", "\(name): has values again", now) }
      case .refused(let error, let isNews):
        if isNews { log("sensor", "\(name): no value: \(error.description)", now) }
      }
    }
    keep(readings, now: now)
    if !isStopping { reportIfDue(now: now) }
  }

  /// Sensor readings have no sender who could hand them in again: those that the store doesn't
  /// take are lost. Said when it begins and, with their count, when it is over.
  private mutating func keep(_ readings: [Reading], now: Instant) {
    if readings.isEmpty { return }
    do {
      try store.append(readings)
    } catch {
      record.storeFailures += 1
      if unstored == nil { log("store", "can't be written: sensor readings are lost", now) }
      unstored = (unstored ?? 0) + Int64(readings.count)
      return
    }
    guard let lost = unstored else { return }
    unstored = nil
    log("store", "can be written again; \(lost) sensor readings were lost", now)
  }

  /// To the whole second: no sensor here knows better, and each reading is 3 to 5 bytes shorter.
  func readingTime(_ now: Instant) -> ReadingTime {
    guard let utc = clock.utc(at: now) else { return .sinceBoot(now) }
    return .utc(UTC(millisecondsSince1970: utc.millisecondsSince1970 / 1000 * 1000))
  }
}
