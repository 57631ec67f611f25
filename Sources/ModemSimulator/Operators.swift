import Primitives

/// One operator whose network is in reach.
public struct SimulatedOperator: Equatable, Sendable {
  public var name: [UInt8]
  /// MCC and MNC, 5 or 6 digits (TS 23.003 §2.2).
  public var number: [UInt8]
  public var verdict = SimulatedNetwork.Verdict.accepts
  public var trackingArea: UInt16
  public var cell: UInt32
  public var band = 3
  public var channel = 1300

  public init(
    _ name: StaticString, _ number: StaticString, trackingArea: UInt16 = 0x0B0B,
    cell: UInt32 = 0x0BB0_0B01
  ) {
    self.name = Array(name)
    self.number = Array(number)
    self.trackingArea = trackingArea
    self.cell = cell
  }
}

extension SimulatedNetwork {
  /// The first operator, whose values are the network's own, and the others.
  var operators: [SimulatedOperator] {
    var first = SimulatedOperator("", "", trackingArea: trackingArea, cell: cell)
    (first.name, first.number, first.verdict) = (operatorName, operatorNumber, verdict)
    (first.band, first.channel) = (band, channel)
    return [first] + others
  }
}

/// Which operator the module takes (TS 23.122 §4.4.3), and the lists of those that it doesn't.
extension SimulatedModem {
  /// T3245: so long after the first entry the list of forbidden networks is erased (TS 24.301
  /// §5.3.7a; UNVERIFIED in the facts).
  static let forbiddenPeriod: ClosedRange<Duration> = .seconds(24 * 3600) ... .seconds(48 * 3600)

  /// The one that the module camps on, or tries.
  var serving: SimulatedOperator {
    let all = network.operators
    return radio.serving < all.count ? all[radio.serving] : all[0]
  }

  /// What the module goes by: the card's list as it was when the radio was started, and all who
  /// refused since, for whom the card may have no place.
  private var forbidden: [[UInt8]] { session.forbidden ?? sim.forbidden }

  private func inReach(_ index: Int) -> Bool {
    network.operators[index].verdict != .noCoverage
  }

  private var wanted: Int? {
    network.operators.firstIndex {
      $0.number == stored.operatorWanted || $0.name == stored.operatorWanted
    }
  }

  /// Takes the operator that is to be tried, as the mode of AT+COPS says.
  ///
  /// - Returns: false where there is none in reach, or none that isn't forbidden.
  mutating func chooseOperator() -> Bool {
    forgetForbidden()
    if stored.operatorMode == 1 || stored.operatorMode == 4 {
      if let wanted, inReach(wanted), stored.operatorMode == 1 || !radio.barred.contains(wanted) {
        radio.serving = wanted
        return true
      }
      if stored.operatorMode == 1 { return false }
      stored.operatorMode = 0  // TS 27.007 §7.3: mode 4 ends in mode 0 when the choice fails.
    }
    let candidates = network.operators.indices.filter {
      inReach($0) && !forbidden.contains(network.operators[$0].number)
    }
    let fresh = candidates.filter { !radio.barred.contains($0) }
    let all = fresh.isEmpty ? candidates : fresh
    let last = all.first { network.operators[$0].number == sim.lastOperator }
    guard let choice = last ?? all.first else { return false }
    radio.serving = choice
    return true
  }

  var isAnyoneInReach: Bool { network.operators.indices.contains { inReach($0) } }

  /// The network took the module in: its operator comes first from now on, and is not forbidden
  /// any more, were it chosen by hand (TS 23.122 §3.1).
  mutating func operatorAccepted() {
    let number = serving.number
    sim.lastOperator = number
    sim.forbidden.removeAll { $0 == number }
    session.forbidden?.removeAll { $0 == number }
  }

  /// Keeps in mind who refused, as the cause says (TS 24.301 §5.5.1.2.5): 11 and 35 go to the
  /// card's list; 12 to 15 are held in the module until its radio stops.
  ///
  /// - Returns: whether another operator is to be tried at once.
  mutating func operatorRefused(cause: Int?) -> Bool {
    switch cause {
    case 11, 35: forbid(serving.number)
    case 13, 14, 15: radio.barred.append(radio.serving)
    case 12:
      radio.barred.append(radio.serving)
      return false  // It stays there, with limited service.
    default:
      guard stored.operatorMode == 4 else { return false }
      radio.barred.append(radio.serving)
    }
    if stored.operatorMode == 1 { return false }
    return network.operators.indices.contains {
      inReach($0) && !radio.barred.contains($0)
        && !forbidden.contains(network.operators[$0].number)
    }
  }

  private mutating func forbid(_ number: [UInt8]) {
    guard network.isRoaming, !forbidden.contains(number) else { return }
    session.forbidden = forbidden + [number]
    if sim.forbidden.contains(number) { return }
    sim.forbidden.append(number)
    if sim.forbidden.count > SimulatedSIM.forbiddenPlaces { sim.forbidden.removeFirst() }
    counters.cardWrites += 1
    if forbiddenUntil == nil { forbiddenUntil = now + sample(Self.forbiddenPeriod) }
  }

  private mutating func forgetForbidden() {
    if session.forbidden == nil { session.forbidden = sim.forbidden }
    guard let forbiddenUntil, forbiddenUntil <= now else { return }
    self.forbiddenUntil = nil
    sim.forbidden = []
    session.forbidden = []
  }

  /// AT+COPS=?: every operator in reach, with 1 available, 2 current, 3 forbidden.
  var operatorList: ATText {
    var list: [UInt8] = []
    for (index, one) in network.operators.enumerated() where one.verdict != .noCoverage {
      let isCurrent = radio.phase == .camped && radio.serving == index
      let isForbidden = forbidden.contains(one.number) || radio.barred.contains(index)
      let status = isCurrent ? 2 : isForbidden ? 3 : 1
      let names: ATText = "\(quoted: one.name),\(quoted: one.name),\(quoted: one.number)"
      let text: ATText = "(\(status),\(names),\(access.number))"
      list += (list.isEmpty ? [] : [UInt8(ascii: ",")]) + text.bytes
    }
    return "+COPS: \(list),,(0,1,2,3,4),(0,1,2)"
  }
}
