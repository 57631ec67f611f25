import Primitives

/// What one report cost, from the wake of the modem to its next rest.
struct WakeReport: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// The modem was off.
    case cold
    /// The modem was asleep in PSM and kept its registration.
    case warm
    /// The family has no PSM: what another report costs out of the rest that it has, which is off.
    case standby

    var text: String {
      switch self {
      case .cold: "cold"
      case .warm: "warm"
      case .standby: "standby"
      }
    }

    /// As JSON names it, which knows two kinds: a module out of standby was off.
    var name: String { self == .warm ? "warm" : "cold" }
  }

  var kind: Kind
  /// Up to the last byte of the server's answer on the UART.
  var untilConfirmed: ExchangeCount
  /// Up to the sleep.
  var whole: ExchangeCount
  /// From the wake to the last byte of the server's answer on the UART.
  var total: Duration
  /// From the wake until the modem slept again.
  var chargeMicrocoulombs: Int64

  /// One object of `godwit-bench wake --json`.
  func write(to json: inout JSONWriter, module: String, floor: ChargeFloor) {
    json.beginObject()
    json.key("module")
    json.value(module)
    json.key("kind")
    json.value(kind.name)
    json.key("exchanges")
    json.value(Int64(whole.exchanges))
    json.key("uartBytes")
    json.value(Int64(whole.bytesFromHost + whole.bytesFromModem))
    json.key("totalMilliseconds")
    json.value(total.wholeMilliseconds)
    json.key("hostMilliseconds")
    json.value(tenths(untilConfirmed.hostTime.wholeNanoseconds / 100_000))
    json.key("chargeMillicoulombs")
    json.value(tenths(chargeMicrocoulombs / 100))
    json.key("floorMillicoulombs")
    json.value(tenths(floor.microcoulombs / 100))
    json.endObject()
  }

  private func tenths(_ value: Int64) -> DecimalNumber {
    DecimalNumber(mantissa: value, exponent: -1) ?? DecimalNumber(0)
  }
}
