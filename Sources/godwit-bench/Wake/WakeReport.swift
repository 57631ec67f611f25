import Primitives

/// What one report cost, from the wake of the modem to the server's confirmation and beyond.
struct WakeReport: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// The modem was off.
    case cold
    /// The modem was asleep in PSM and kept its registration.
    case warm

    var text: String {
      switch self {
      case .cold: "cold"
      case .warm: "warm"
      }
    }
  }

  var kind: Kind
  /// Up to the confirmation.
  var count: ExchangeCount
  /// Command lines after the confirmation, until the modem slept.
  var exchangesAfter: Int
  /// From the power key to the last byte of the server's answer on the UART.
  var total: Duration
  /// From the power key until the modem slept again.
  var chargeMicrocoulombs: Int64

  /// One object of `godwit-bench wake --json`.
  func write(to json: inout JSONWriter, module: String) {
    json.beginObject()
    json.key("module")
    json.value(module)
    json.key("kind")
    json.value(kind.text)
    json.key("exchanges")
    json.value(Int64(count.exchanges))
    json.key("exchangesAfterConfirmation")
    json.value(Int64(exchangesAfter))
    json.key("uartBytes")
    json.value(Int64(count.bytesFromHost + count.bytesFromModem))
    json.key("uartBytesFromHost")
    json.value(Int64(count.bytesFromHost))
    json.key("uartBytesFromModem")
    json.value(Int64(count.bytesFromModem))
    json.key("totalMilliseconds")
    json.value(total.wholeMilliseconds)
    json.key("hostMilliseconds")
    json.value(tenths(count.hostTime.wholeNanoseconds / 100_000))
    json.key("chargeMillicoulombs")
    json.value(tenths(chargeMicrocoulombs / 100))
    json.key("commands")
    json.beginArray()
    for command in count.commands { json.string(command) }
    json.endArray()
    json.endObject()
  }

  private func tenths(_ value: Int64) -> DecimalNumber {
    DecimalNumber(mantissa: value, exponent: -1) ?? DecimalNumber(0)
  }
}
