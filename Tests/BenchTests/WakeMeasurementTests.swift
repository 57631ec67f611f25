import Primitives
import Testing

@testable import godwit_bench

@Suite("Measuring a wake") struct WakeMeasurementTests {
  private static let answer: [UInt8] = [0x60, 0x44, 0x00, 0x0D, 0x0A]

  @Test("a cold report runs from the power key to the answer's last byte, its charge to the sleep")
  func cold() {
    var measurement = WakeMeasurement()
    measurement.handle(.woken(charge: 1000), now: .milliseconds(100))
    measurement.uart("AT\r", from: .fromHost, at: 3000)
    measurement.uart("\r\nOK\r\n", from: .fromModem, at: 3010)
    measurement.uart("AT+QIRD=0\r", from: .fromHost, at: 3015)
    measurement.handle(.answered(Self.answer), now: .milliseconds(3016))
    measurement.uart("\r\n+QIRD: 5\r\n", from: .fromModem, at: 3020)
    measurement.handle(
      .uart(.init(at: .milliseconds(3021), direction: .fromModem, bytes: [0x60])),
      now: .milliseconds(3021))
    measurement.handle(
      .uart(.init(at: .milliseconds(3022), direction: .fromModem, bytes: [0x44, 0, 0x0D, 0x0A])),
      now: .milliseconds(3022))
    measurement.uart("AT+QICLOSE=0\r", from: .fromHost, at: 3030)
    measurement.handle(.slept(inPSM: true, charge: 6000), now: .milliseconds(9000))
    #expect(measurement.reports.count == 1)
    let report = measurement.reports.first
    #expect(report?.kind == .cold)
    #expect(report?.untilConfirmed.exchanges == 2)
    #expect(report?.whole.exchanges == 3)
    #expect(report?.total == .milliseconds(2922))
    #expect(report?.untilConfirmed.hostTime == .milliseconds(5))
    #expect(report?.untilConfirmed.bytesFromHost == 13)
    #expect(report?.untilConfirmed.bytesFromModem == 6 + 12 + 5)
    #expect(report?.chargeMicrocoulombs == 5000)
  }

  @Test("a report out of PSM is warm, one out of off is cold again") func kinds() {
    var measurement = WakeMeasurement()
    for inPSM in [true, false, true] {
      measurement.handle(.woken(charge: 0), now: .start)
      measurement.handle(.answered(Self.answer), now: .start)
      let hex = String(decoding: Self.answer.hex, as: UTF8.self)
      measurement.uart(hex, from: .fromModem, at: 0)
      measurement.handle(.slept(inPSM: inPSM, charge: 0), now: .start)
    }
    #expect(measurement.reports.map(\.kind) == [.cold, .warm, .cold])
  }

  @Test("a module without PSM is cold once, and then in standby") func standby() {
    var measurement = WakeMeasurement(hasPSM: false)
    for _ in 1...3 {
      measurement.handle(.woken(charge: 0), now: .start)
      measurement.handle(.answered([7]), now: .start)
      measurement.uart("\u{7}", from: .fromModem, at: 0)
      measurement.handle(.slept(inPSM: false, charge: 0), now: .start)
    }
    #expect(measurement.reports.map(\.kind) == [.cold, .standby, .standby])
    #expect(measurement.reports.map(\.kind.name) == ["cold", "cold", "cold"])
  }

  @Test("a wake without a confirmation is no report, nor are bytes between wakes") func none() {
    var measurement = WakeMeasurement()
    measurement.uart("AT\r", from: .fromHost, at: 1)
    measurement.handle(.woken(charge: 0), now: .milliseconds(2))
    measurement.uart("AT\r", from: .fromHost, at: 3)
    measurement.handle(.slept(inPSM: true, charge: 9), now: .milliseconds(4))
    #expect(measurement.reports == [])
  }

  @Test("the power key's second pulse doesn't begin a second wake") func pulses() {
    var measurement = WakeMeasurement()
    measurement.handle(.woken(charge: 0), now: .milliseconds(1000))
    measurement.handle(.woken(charge: 5), now: .milliseconds(2000))
    measurement.handle(.answered([7]), now: .milliseconds(3000))
    measurement.uart("\u{7}", from: .fromModem, at: 3000)
    measurement.handle(.slept(inPSM: false, charge: 9), now: .milliseconds(4000))
    #expect(measurement.reports.first?.total == .milliseconds(2000))
    #expect(measurement.reports.first?.chargeMicrocoulombs == 9)
  }

  @Test("the JSON has the names that its readers rely on, and no others") func json() {
    var measurement = WakeMeasurement()
    measurement.handle(.woken(charge: 0), now: .milliseconds(0))
    measurement.uart("AT\r", from: .fromHost, at: 10)
    measurement.uart("OK\r\n", from: .fromModem, at: 20)
    measurement.uart("ATI\r", from: .fromHost, at: 22)
    measurement.handle(.answered([0x41]), now: .milliseconds(30))
    measurement.uart("A", from: .fromModem, at: 40)
    measurement.uart("AT\r", from: .fromHost, at: 44)
    measurement.handle(.slept(inPSM: true, charge: 12_345), now: .milliseconds(50))
    let rows = measurement.reports.map {
      WakeTable.Row(module: "m", report: $0, floor: ChargeFloor([Self.term]))
    }
    #expect(
      WakeTable.json(rows)
        == #"[{"module":"m","kind":"cold","exchanges":3,"uartBytes":15,"totalMilliseconds":40,"#
        + #""hostMilliseconds":2,"chargeMillicoulombs":12.3,"floorMillicoulombs":10}]"#)
  }

  fileprivate static let term = ChargeFloor.Term(
    name: "boot", time: .seconds(1), microamperes: 10_000)
}

extension WakeMeasurement {
  fileprivate mutating func uart(
    _ text: String, from direction: UARTTrace.Direction, at milliseconds: Int64
  ) {
    let entry = UARTTrace.Entry(
      at: .milliseconds(milliseconds), direction: direction, bytes: Array(text.utf8))
    handle(.uart(entry), now: entry.at)
  }
}

@Suite("The table of wakes") struct WakeTableTests {
  @Test("numbers stand below each other, under their titles") func table() {
    let cold = ExchangeCount([
      UARTTrace.Entry(at: .milliseconds(0), direction: .fromHost, bytes: Array("AT\r".utf8)),
      UARTTrace.Entry(at: .milliseconds(4), direction: .fromModem, bytes: Array("OK\r\n".utf8)),
      UARTTrace.Entry(at: .milliseconds(6), direction: .fromHost, bytes: Array("ATI\r".utf8)),
    ])
    let none = ExchangeCount([])
    let floor = ChargeFloor([WakeMeasurementTests.term])
    let rows = [
      WakeTable.Row(
        module: "m",
        report: WakeReport(
          kind: .cold, untilConfirmed: cold, whole: cold, total: .milliseconds(12_345),
          chargeMicrocoulombs: 1_500_000), floor: floor),
      WakeTable.Row(
        module: "m",
        report: WakeReport(
          kind: .standby, untilConfirmed: none, whole: cold, total: .milliseconds(900),
          chargeMicrocoulombs: 9000), floor: floor),
    ]
    let lines = WakeTable.text(rows).split(separator: "\n").prefix(3)
    #expect(
      lines == [
        "module     kind  exchanges   UART bytes  wake to confirmed  the host's   charge    floor   ratio",
        "     m     cold      2 + 0  7 out, 4 in           12345 ms        2 ms  1500 mC  10.0 mC  150.00",
        "     m  standby      0 + 2  7 out, 4 in             900 ms        0 ms   9.0 mC  10.0 mC    0.90",
      ])
  }
}
