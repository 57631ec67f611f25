import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

@Suite("Registered for SMS only") struct SMSOnlyTests {
  private static let pdu =
    "00040C919471831778780000620112214300801220D0BC4C8787E5E136480683C574E536"

  private func bench(listens: Bool) -> Bench {
    var (modem, network) = (FakeModem(), NetworkSettings.forTests)
    modem.registration = "7,\"0A1B\",\"01234567\",7,,,\"00000001\",\"00100110\""
    modem.answers["+CMGL=4"] = "+CMGL: 3,0,,35\r\n\(Self.pdu)"
    network.takesMessages = listens
    var bench = Bench(modem: modem, network: network)
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(bench.target))
    return bench
  }

  private static let cause = LinkCause.notRegistered(.roamingSMSOnly, nil)

  @Test("where no data comes in time, the messages are listed, and then it goes off")
  func listed() {
    var bench = bench(listens: true)
    #expect(bench.run { $0.events.contains(.messagesOnly(Self.cause)) })
    #expect(bench.now > .milliseconds(610_000))
    bench.give(.listMessages)
    #expect(bench.run(for: .seconds(5)) { $0.events.contains(.messagesListed(1)) })
    bench.give(.deleteMessages([3]))
    bench.give(.release)
    bench.run { $0.isOver }
    #expect(bench.modem.lines.suffix(2) == ["AT+CMGD=3", "AT+QPOWD=1"])
    #expect(bench.events.last == .asleep(.poweredOff))
    #expect(bench.failure == nil)
    #expect(bench.link.counters.failures == 1)
    #expect(bench.modem.violations == [])
  }

  @Test("nobody listens: it is given up as ever") func deaf() {
    var bench = bench(listens: false)
    bench.run { $0.isOver }
    #expect(bench.failure == Self.cause)
    #expect(!bench.modem.lines.contains { $0.contains("CMGL") })
  }

  @Test("data that comes late is used") func late() {
    var bench = bench(listens: true)
    bench.run(for: .seconds(300)) { _ in false }
    bench.modem.registration = "5,\"0A1B\",\"01234567\",7,,,\"00000001\",\"00100110\""
    bench.run(for: .seconds(300)) { !$0.received.isEmpty }
    #expect(bench.received == [Array("pong".utf8)])
  }
}
