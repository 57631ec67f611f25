import ModemSimulator
import Primitives
import Testing

@Suite("Faults") struct FaultTests {
  @Test("so many pulses do nothing, the next one works") func ignoredPulses() {
    var bench = Bench()
    bench.modem.faults.ignoredPowerKeyPulses = 2
    bench.input(.supply(isOn: true))
    bench.wait(100)
    for isOn in [false, false, true] {
      bench.pulse(600)
      bench.wait(4000)
      #expect(bench.isStatusOn == isOn)
    }
    #expect(bench.modem.counters.powerKeyPulses == 3)
  }

  @Test("a deaf module answers nothing and goes on talking") func deaf() {
    var bench = Bench.running()
    bench.modem.faults.isDeaf = true
    #expect(!bench.ask("AT\r", for: 10_000).contains("OK"))
    #expect(bench.said("+QIND: SMS DONE"))
  }

  @Test("a babbling module sends garbage until it is off") func babble() {
    var bench = Bench.registered()
    bench.modem.faults.babbleInterval = .milliseconds(100)
    bench.wait(0)
    bench.output = []
    bench.wait(1000)
    #expect((11...264).contains(bench.output.count))
    bench.pulse(700)
    bench.wait(5000)
    bench.output = []
    bench.wait(5000)
    #expect(bench.output == [])
  }

  @Test("a crash at a moment boots it again with its settings lost") func crash() {
    var bench = Bench.registered()
    bench.modem.faults.rebootsAt = bench.now + .seconds(10)
    bench.output = []
    bench.wait(9999)
    #expect(bench.output == [])
    bench.wait(4000)
    #expect(bench.said("\r\nRDY\r\n"))
    #expect(bench.modem.counters.boots == 2)
    bench.wait(3000)
    #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
  }

  @Test("a crash at a command answers nothing, once") func crashOnCommand() {
    var bench = Bench.registered()
    bench.modem.faults.rebootsOnCommand = Array("+QIACT".utf8)
    #expect(bench.ask("AT+QIACT=1\r", for: 500) == "")
    bench.wait(20_000)
    _ = bench.ask("ATE0\r")
    #expect(bench.ask("AT+QIACT=1\r", for: 500) == "\r\nOK\r\n")
  }

  @Test("a weak supply collapses at the first transmission") func brownOut() {
    var bench = Bench()
    bench.modem.faults.brownOuts = 1
    bench.input(.supply(isOn: true))
    bench.wait(100)
    for isOn in [false, true] {
      bench.pulse(600)
      bench.wait(10_000)
      #expect(bench.isStatusOn == isOn)
    }
  }

  @Test("PSM is granted and not entered, or entered without a word") func sleeplessness() {
    var bench = PowerSavingTests.granted()
    bench.modem.faults.neverSleeps = true
    bench.wait(100_000)
    #expect(bench.modem.counters.sleeps == 0)
    bench = PowerSavingTests.granted()
    bench.modem.faults.sleepsSilently = true
    bench.wait(20_000)
    #expect(bench.modem.counters.sleeps == 1)
    #expect(!bench.said("PSM POWER DOWN"))
    #expect(!bench.isStatusOn)
  }

  @Test("late answers come late") func late() {
    var bench = Bench.registered()
    bench.modem.faults.answerDelay = .seconds(2)
    #expect(bench.ask("AT+CSQ\r", for: 2000) == "")
    bench.wait(20)
    #expect(bench.heard == "\r\n+CSQ: 20,0\r\n\r\nOK\r\n")
  }

  @Test("noise flips bits, the same ones for the same seed") func noise() {
    func heard() -> [UInt8] {
      var bench = Bench.registered()
      bench.modem.faults.noisePerMillion = 50_000
      bench.output = []
      for _ in 1...50 {
        bench.write("ATI\r")
        bench.wait(100)
      }
      return bench.output
    }
    #expect(heard() == heard())
    #expect(heard().contains { $0 > 127 })
  }
}
