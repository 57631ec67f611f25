import Primitives
import Testing

@testable import godwit_bench

@Suite("Measuring a wake") struct WakeMeasurementTests {
  private static let answer: [UInt8] = [0x60, 0x44, 0x00, 0x0D, 0x0A]

  @Test("a cold report runs from the power key to the answer's last byte, its charge to the sleep")
  func cold() {
    var measurement = WakeMeasurement()
    measurement.handle(.powerKeyAsserted(charge: 1000), now: .milliseconds(100))
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
    #expect(report?.count.exchanges == 2)
    #expect(report?.exchangesAfter == 1)
    #expect(report?.total == .milliseconds(2922))
    #expect(report?.count.hostTime == .milliseconds(5))
    #expect(report?.count.bytesFromHost == 13)
    #expect(report?.count.bytesFromModem == 6 + 12 + 5)
    #expect(report?.chargeMicrocoulombs == 5000)
  }

  @Test("a report out of PSM is warm, one out of off is cold again") func kinds() {
    var measurement = WakeMeasurement()
    for inPSM in [true, false, true] {
      measurement.handle(.powerKeyAsserted(charge: 0), now: .start)
      measurement.handle(.answered(Self.answer), now: .start)
      let hex = String(decoding: Self.answer.hex, as: UTF8.self)
      measurement.uart(hex, from: .fromModem, at: 0)
      measurement.handle(.slept(inPSM: inPSM, charge: 0), now: .start)
    }
    #expect(measurement.reports.map(\.kind) == [.cold, .warm, .cold])
  }

  @Test("a wake without a confirmation is no report, nor are bytes between wakes") func none() {
    var measurement = WakeMeasurement()
    measurement.uart("AT\r", from: .fromHost, at: 1)
    measurement.handle(.powerKeyAsserted(charge: 0), now: .milliseconds(2))
    measurement.uart("AT\r", from: .fromHost, at: 3)
    measurement.handle(.slept(inPSM: true, charge: 9), now: .milliseconds(4))
    #expect(measurement.reports == [])
  }

  @Test("the power key's second pulse doesn't begin a second wake") func pulses() {
    var measurement = WakeMeasurement()
    measurement.handle(.powerKeyAsserted(charge: 0), now: .milliseconds(1000))
    measurement.handle(.powerKeyAsserted(charge: 5), now: .milliseconds(2000))
    measurement.handle(.answered([7]), now: .milliseconds(3000))
    measurement.uart("\u{7}", from: .fromModem, at: 3000)
    measurement.handle(.slept(inPSM: false, charge: 9), now: .milliseconds(4000))
    #expect(measurement.reports.first?.total == .milliseconds(2000))
    #expect(measurement.reports.first?.chargeMicrocoulombs == 9)
  }

  @Test("the JSON has the names that its readers rely on") func json() {
    var measurement = WakeMeasurement()
    measurement.handle(.powerKeyAsserted(charge: 0), now: .milliseconds(0))
    measurement.uart("AT\r", from: .fromHost, at: 10)
    measurement.uart("OK\r\n", from: .fromModem, at: 20)
    measurement.uart("ATI\r", from: .fromHost, at: 22)
    measurement.handle(.answered([0x41]), now: .milliseconds(30))
    measurement.uart("A", from: .fromModem, at: 40)
    measurement.handle(.slept(inPSM: true, charge: 12_345), now: .milliseconds(50))
    #expect(
      WakeTable.json(measurement.reports, module: "m")
        == #"[{"module":"m","kind":"cold","exchanges":2,"exchangesAfterConfirmation":0,"#
        + #""uartBytes":12,"uartBytesFromHost":7,"uartBytesFromModem":5,"totalMilliseconds":40,"#
        + #""hostMilliseconds":2,"chargeMillicoulombs":12.3,"commands":["AT","ATI"]}]"#)
  }
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
    let reports = [
      WakeReport(
        kind: .cold, count: cold, exchangesAfter: 1, total: .milliseconds(12_345),
        chargeMicrocoulombs: 1_500_000),
      WakeReport(
        kind: .warm, count: ExchangeCount([]), exchangesAfter: 0, total: .milliseconds(900),
        chargeMicrocoulombs: 9000),
    ]
    let lines = WakeTable.text(reports, module: "m").split(separator: "\n").prefix(3)
    #expect(
      lines == [
        "module  kind  exchanges   UART bytes  wake to confirmed  of it the host's   charge",
        "     m  cold      2 + 1  7 out, 4 in           12345 ms              2 ms  1500 mC",
        "     m  warm      0 + 0  0 out, 0 in             900 ms              0 ms   9.0 mC",
      ])
  }
}
