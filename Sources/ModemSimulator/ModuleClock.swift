import Primitives

/// The module's clock, and what the network said the time was.
struct ModuleClock: Sendable {
  /// Local time at a moment; nil: never set.
  var local: (time: UTC, at: Instant)?
  var zoneQuarters = 0
  /// The network's last word.
  var network: SimulatedNetwork.Time?
  var runsSince = Instant.start

  mutating func forget() { self = ModuleClock() }
}

extension SimulatedModem {
  /// EMM information after an attach or an update (TS 24.301 §8.2.13).
  mutating func clockReceived() {
    guard var time = network.time else { return }
    time.utc = time.utc + (now - time.at)
    time.at = now
    clock.network = time
    if stored.timeZoneUpdate == 1 {
      clock.zoneQuarters = time.zoneQuarters
      clock.local = (time.utc + .seconds(time.zoneQuarters * 900), now)
    }
    let zone = zoneText(time.zoneQuarters)
    switch stored.timeZoneReport {
    case 1: sendURC("+CTZV: \(quoted: zone)")
    case 2:
      let local = time.utc + .seconds(time.zoneQuarters * 900)
      sendURC("+CTZE: \(quoted: zone),0,\(quoted: dateText(local, fullYear: true))")
    default: break
    }
  }

  var localTime: UTC {
    let (time, at) = clock.local ?? (personality.unsetClock, clock.runsSince)
    return time + (now - at)
  }

  /// `26/11/22,22:28:47`, the year in two or four digits.
  func dateText(_ time: UTC, fullYear: Bool) -> [UInt8] {
    var text = Array(time.text.utf8.prefix(19))
    for index in [4, 7] { text[index] = UInt8(ascii: "/") }
    text[10] = UInt8(ascii: ",")
    return fullYear ? text : Array(text.dropFirst(2))
  }

  /// `+08`: quarter hours with their sign.
  func zoneText(_ quarters: Int) -> [UInt8] {
    let text: ATText = "\(two: abs(quarters))"
    return [UInt8(ascii: quarters < 0 ? "-" : "+")] + text.bytes
  }
}
