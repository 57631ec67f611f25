import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

@Suite("A whole journey") struct JourneyTests {
  @Test("cold: seven exchanges from the power key to the answer") func cold() {
    var bench = Bench()
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.modem.sent == [Array("ping".utf8)])
    #expect(
      bench.modem.lines == [
        "AT+CMEE=1;+CGREG=2;+CEREG=4;+QURCCFG=\"urcport\";+QCFG=\"psm/urc\";+QCFG=\"roamservice\""
          + ";+QCFG=\"nwscanseq\";+QCFG=\"nwscanmode\";+QCFG=\"iotopmode\";+CPSMS?;+CGDCONT?"
          + ";+QICSGP=1;+CEREG?;+CGREG?;E0",
        "AT+CPIN?;+QCCID;+CIMI;+CGSN;+CGMI;+CGMM;+CGMR", "AT+QIACT?;+QLTS=2", "AT+QIACT=1",
        "AT+QIOPEN=1,0,\"UDP\",\"192.0.2.1\",5683,0,0", "AT+QISEND=0,4", "AT+QIRD=0,1500",
      ])
    #expect(bench.exchanges == 7)
    #expect(bench.events.last == .asleep(.psmURC))
    #expect(bench.link.state == .asleep)
    #expect(bench.modem.violations == [])
    #expect(!bench.isUARTOpen)
  }

  @Test("warm: four exchanges from the power key to the answer") func warm() {
    var bench = Bench()
    bench.report()
    let before = bench.exchanges
    let lines = bench.modem.lines.count
    bench.modem.registrationDelay = 0
    bench.events = []
    bench.now = bench.now + .seconds(300)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .draining }
    #expect(bench.received == [Array("pong".utf8)])
    #expect(
      Array(bench.modem.lines.dropFirst(lines)) == [
        "AT+CMEE=1;+CGREG=2;+CEREG=4;+CEREG?;+CGREG?;+QIACT?;+QLTS=2;E0",
        "AT+QIOPEN=1,0,\"UDP\",\"192.0.2.1\",5683,0,0", "AT+QISEND=0,4", "AT+QIRD=0,1500",
      ])
    #expect(bench.exchanges - before == 4)
    #expect(bench.link.counters.warmWakes == 1)
    #expect(bench.modem.violations == [])
  }
}
