import Primitives

/// What the network granted for eDRX (TS 24.008 §10.5.5.32).
struct GrantedExtendedDRX: Equatable, Sendable {
  /// 4 LTE-M, 5 NB-IoT (TS 27.007 §7.40).
  let access: Int
  /// 4 bits of text each: what the module asked for, the cycle and the paging time window that it
  /// got.
  let requested: [UInt8]
  let value: [UInt8]
  let window: [UInt8]

  /// 10.24 s times 2^(n-2) and so on: a table, for the codes follow no formula.
  var cycle: Duration {
    let milliseconds: [Int64] = [
      5120, 10_240, 20_480, 40_960, 61_440, 81_920, 102_400, 122_880, 143_360, 163_840, 327_680,
      655_360, 1_310_720, 2_621_440, 5_242_880, 10_485_760,
    ]
    return .milliseconds(milliseconds[Self.number(value)])
  }

  /// Steps of 1.28 s, in NB-IoT of 2.56 s; never longer than the cycle.
  var windowLength: Duration {
    min(cycle, .milliseconds(Int64(Self.number(window) + 1) * (access == 4 ? 1280 : 2560)))
  }

  var text: ATText { "\(access),\(quoted: requested),\(quoted: value),\(quoted: window)" }

  /// 0 to 15.
  static func number(_ bits: [UInt8]) -> Int { bits.reduce(0) { ($0 << 1 | Int($1 & 1)) & 15 } }

  /// The code as a network reads it; nil where it takes the request as absent. NB-IoT hasn't 0000
  /// and 0001 and reads 0100 and 0110 to 1000 as 0010; LTE-M reads 1110 and 1111 as 1101.
  static func read(_ bits: [UInt8], access: Int) -> [UInt8]? {
    switch (access, number(bits)) {
    case (5, 0...1): nil
    case (5, 4), (5, 6...8): Array("0010".utf8)
    case (4, 14...15): Array("1101".utf8)
    default: bits
    }
  }
}

extension SimulatedNetwork {
  /// What the network makes of a request for eDRX.
  public enum ExtendedDRXGrant: Equatable, Sendable {
    case asRequested
    /// 4 bits of text each, whatever was asked for.
    case fixed(value: [UInt8], window: [UInt8])
    case none
  }

  /// What the network makes of a message that the module sends.
  public enum MessageService: Equatable, Sendable {
    case accepts
    /// An RP or TP cause (TS 27.005 §3.2.5): 50 where the subscription has no SMS.
    case refuses(cause: Int)
    /// No answer at all.
    case silent
  }
}

extension SimulatedModem {
  /// What the module asks for on this access technology; nil: nothing, or no eDRX here.
  private var wantedExtendedDRX: (access: Int, value: [UInt8], window: [UInt8]?)? {
    let edrx = personality.sleep.extendedDRX(self)
    guard edrx.mode == 1 || edrx.mode == 2 else { return nil }
    switch access.technology {
    case .lteM: return edrx.wideBand.map { (4, $0, edrx.wideWindow) }
    case .nbIoT: return edrx.narrowBand.map { (5, $0, edrx.narrowWindow) }
    case .gsm, .umts, .lte: return nil
    }
  }

  /// The attach or the update carried the request; the answer carries the grant. `+CEDRXP` in mode
  /// 2, where that is news.
  mutating func grantExtendedDRX() {
    radio.registration?.extendedDRX = nil
    let wanted = wantedExtendedDRX
    if let wanted, let value = GrantedExtendedDRX.read(wanted.value, access: wanted.access) {
      let own = Array("0011".utf8)
      switch network.extendedDRX {
      case .none: break
      case .asRequested:
        radio.registration?.extendedDRX = GrantedExtendedDRX(
          access: wanted.access, requested: wanted.value, value: value,
          window: wanted.window ?? own)
      case .fixed(let value, let window):
        radio.registration?.extendedDRX = GrantedExtendedDRX(
          access: wanted.access, requested: wanted.value, value: value, window: window)
      }
    }
    let line: ATText = "+CEDRXP: \(radio.registration?.extendedDRX?.text ?? "0")"
    let isTold = stored.edrx.mode == 2 && wanted != nil
    if isTold, radio.reportedExtendedDRX != line.bytes {
      radio.reportedExtendedDRX = line.bytes
      sendURC(line)
    }
  }

  /// The request changed: the module tells the network with an update.
  mutating func extendedDRXChanged() {
    radio.reportedExtendedDRX = nil
    if radio.phase == .camped { request(.update) }
  }

  /// From a page's arrival at the network until the module hears it: at once, or in the next paging
  /// time window. Windows begin at whole cycles of the clock.
  mutating func pagingDelay() -> Duration {
    let delay = sample(network.timing.paging)
    guard let granted = radio.registration?.extendedDRX else { return delay }
    let cycle = granted.cycle.wholeMilliseconds
    let phase = now.milliseconds % cycle
    return phase < granted.windowLength.wholeMilliseconds
      ? delay : .milliseconds(cycle - phase) + delay
  }

  /// Registered, idle, and asleep between two paging time windows.
  var restsInExtendedDRX: Bool {
    radio.phase == .camped && radio.registration?.extendedDRX != nil && execution == nil
      && personality.sleep.restsInExtendedDRX(self)
  }
}
