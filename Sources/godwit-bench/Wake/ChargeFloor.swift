import Primitives

/// The least charge that a report can cost with a module in a network: what the module and the
/// network take, and nothing for the host. A sum from `WakeFacts`; no driver, no simulator.
struct ChargeFloor: Equatable, Sendable {
  /// A current over a time.
  struct Term: Equatable, Sendable {
    let name: String
    let time: Duration
    let microamperes: Int64

    /// Rounded down.
    var microcoulombs: Int64 { time.wholeNanoseconds / 1000 * microamperes / 1_000_000 }
  }

  let terms: [Term]

  var microcoulombs: Int64 { terms.reduce(0) { $0 + $1.microcoulombs } }

  init(_ terms: [Term]) { self.terms = terms }

  /// - Parameter kind: `.cold` and `.standby` of a module that has no PSM end with its log-out.
  init(_ kind: WakeReport.Kind, of module: WakeFacts, in network: NetworkFacts = .lteM) {
    let isWarm = kind == .warm
    let currents = module.currents
    var terms = [
      Term(
        name: "boot", time: (isWarm ? module.wake : module.boot) - module.key,
        microamperes: currents.booting),
      Term(name: "card", time: network.card, microamperes: currents.radioOff),
    ]
    if isWarm {
      terms.append(Term(name: "cell", time: network.camp, microamperes: currents.searching))
    } else {
      terms.append(Term(name: "search", time: network.search, microamperes: currents.searching))
    }
    // While it transmits, the module draws that instead of what the open connection draws.
    func connected(_ name: String, _ time: Duration, onAir: Duration) {
      terms.append(Term(name: name, time: time - onAir, microamperes: currents.connected))
      terms.append(
        Term(name: "\(name), on air", time: onAir, microamperes: currents.transmitting))
    }
    connected("access", network.access, onAir: network.accessOnAir)
    if !isWarm {
      connected("registration", network.attach, onAir: network.attachOnAir)
      if module.opensContext {
        connected("context", network.context, onAir: network.contextOnAir)
      }
    }
    connected(
      "round trip", network.uplink + network.downlink,
      onAir: network.airTime(ofPayload: WakeFacts.payload) + network.downlinkOnAir)
    if module.hasPSM {
      terms.append(
        Term(name: "network's tail", time: network.tail, microamperes: currents.connected))
      terms.append(
        Term(name: "active time", time: WakeFacts.activeTime, microamperes: currents.awake))
    } else {
      terms.append(Term(name: "log-out", time: network.logOut, microamperes: currents.radioOff))
    }
    self.terms = terms
  }
}
