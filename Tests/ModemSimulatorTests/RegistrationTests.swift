import ModemSimulator
import Primitives
import Testing

@Suite("Registration") struct RegistrationTests {
  @Test("is seen by URCs in the order not registered, searching, roaming") func urcs() {
    var stored = StoredSettings.configured(apn: Array("em".utf8))
    stored.profile.isEchoOn = false
    stored.profile.cereg = 2
    var bench = Bench.running(stored: stored)
    bench.wait(10_000)
    let searching = "\r\n+CEREG: 2\r\n"
    #expect(bench.said(searching))
    #expect(bench.said("\r\n+CEREG: 5,\"2C0A\",\"1A2D003\",8\r\n"))
    #expect(bench.ask("AT+CGATT=0\r", for: 3000) == "\r\n+CEREG: 0\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CGATT=1\r", for: 5000)
    #expect(bench.heard.hasPrefix(searching))
    #expect(bench.heard.hasSuffix("\r\n+CEREG: 5,\"2C0A\",\"1A2D003\",8\r\n\r\nOK\r\n"))
  }

  @Test("mode 1 says the status alone, once per change") func modeOne() {
    var bench = Bench.registered()
    _ = bench.ask("AT+CEREG=1\r")
    #expect(bench.ask("AT+COPS=2\r", for: 3000) == "\r\n+CEREG: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+COPS?\r") == "\r\n+COPS: 2\r\n\r\nOK\r\n")
    let back = "\r\n+CEREG: 2\r\n\r\n+CEREG: 5\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+COPS=0\r", for: 5000) == back)
  }

  @Test(
    "mode 4 reads the granted timers, with or without <rac> as firmwares differ",
    arguments: 1...10)
  func granted(seed: UInt64) {
    var bench = Bench.registered(seed: seed)
    _ = bench.ask("AT+CEREG=4\r")
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000101\"\r", for: 1000)
    let area = "\"2C0A\",\"1A2D003\",8"
    #expect(bench.said("\r\n+CEREG: 5,\(area),,,\"00000101\",\"00100110\"\r\n"))
    _ = bench.ask("AT+CEREG?\r")
    let plain = "\r\n+CEREG: 4,5,\(area),,,\"00000101\",\"00100110\"\r\n\r\nOK\r\n"
    let manual = "\r\n+CEREG: 4,5,\(area),,,,\"00000101\",\"00100110\"\r\n\r\nOK\r\n"
    #expect([plain, manual].contains(bench.heard))
  }

  @Test("reads what the network granted, which may be nothing or something else")
  func otherGrants() {
    var network = SimulatedNetwork.accelerated
    network.powerSaving = .none
    var bench = Bench.registered(network: network)
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000101\"\r", for: 5000)
    #expect(bench.ask("AT+QPSMS?\r") == "\r\n+QPSMS: 1,,,,\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CEREG=4;+CEREG?\r")
    #expect(bench.said("\"11100000\",\"11100000\""))
    bench.modem.network.powerSaving = .fixed(
      periodicTAU: Array("00111000".utf8), activeTime: Array("00000001".utf8))
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000110\"\r", for: 1000)
    #expect(bench.ask("AT+QPSMS?\r") == "\r\n+QPSMS: 1,,,\"86400\",\"2\"\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CPSMS?\r")
    #expect(bench.said("\r\n+CPSMS: 1,,,\"00100110\",\"00000110\"\r\n\r\nOK\r\n"))
  }

  @Test(
    "a refusal shows status 3 with its cause, and the module tries again as the cause allows",
    arguments: [(13, 20_000), (19, 4500), (22, 20_000)])
  func refused(cause: Int, retryMilliseconds: Int64) {
    var network = SimulatedNetwork.accelerated
    network.verdict = .rejects(cause: cause)
    var bench = Bench.running(network: network, seed: 2)
    _ = bench.ask("ATE0\r")
    _ = bench.ask("AT+CEREG=2\r")
    for _ in 1...100 where bench.modem.state != "registration denied" { bench.wait(50) }
    bench.modem.network.verdict = .accepts
    _ = bench.ask("AT+CEREG?\r", for: 50)
    #expect(bench.said("\r\n+CEREG: 2,3,,,,0,\(cause)\r\n\r\nOK\r\n"))
    bench.wait(retryMilliseconds)
    #expect(
      bench.ask("AT+CEREG?\r", for: 100) == "\r\n+CEREG: 2,5,\"2C0A\",\"1A2D003\",8\r\n\r\nOK\r\n")
  }

  @Test("an illegal device stays refused until the power cycle") func illegal() {
    var network = SimulatedNetwork.accelerated
    network.verdict = .rejects(cause: 6)
    var bench = Bench.registered(network: network)
    bench.modem.network.verdict = .accepts
    bench.wait(3_600_000)
    #expect(bench.modem.state == "registration denied")
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,3\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIACT=1\r") == "\r\nERROR\r\n")
  }

  @Test("a wrong APN is refused at attach with ESM failure, the right one heals it") func wrongAPN()
  {
    var network = SimulatedNetwork.accelerated
    network.accessPointNames = [Array("em".utf8)]
    var bench = Bench.registered(network: network, stored: .configured(apn: Array("internet".utf8)))
    #expect(bench.modem.state == "registration denied" || bench.modem.state == "searching")
    #expect(bench.ask("AT+CGDCONT=1,\"IP\",\"EM\"\r") == "\r\nOK\r\n")
    bench.wait(40_000)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
    // A second context with a wrong APN: refused when it is activated.
    _ = bench.ask("AT+QICSGP=2,1,\"internet\",\"\",\"\",0\r")
    #expect(bench.ask("AT+QIACT=2\r", for: 3000) == "\r\nERROR\r\n")
    #expect(
      bench.ask("AT+QIGETERROR\r") == "\r\n+QIGETERROR: 561, open PDP context failed\r\n\r\nOK\r\n")
  }

  @Test("roaming switched off, and radio technologies left out, find nothing to register on")
  func notAllowed() {
    for line in ["\"roamservice\",1,1", "\"iotopmode\",1,1", "\"nwscanmode\",1,1"] {
      var bench = Bench.registered()
      _ = bench.ask("AT+QCFG=\(line)\r", for: 30_000)
      #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,2\r\n\r\nOK\r\n", "\(line)")
    }
  }

  @Test("a write of a search setting deregisters even when nothing changed") func rewrite() {
    var bench = Bench.registered()
    _ = bench.ask("AT+QCFG=\"iotopmode\",2,1;+CEREG?\r")
    #expect(bench.heard == "\r\n+CEREG: 0,2\r\n\r\nOK\r\n")
    bench.wait(10_000)
    #expect(bench.ask("AT+QCFG=\"iotopmode\",2,0;+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
  }

  @Test("AT+COPS=0 puts nwscanmode 3 back to 0, particle-iot/device-os#2112") func scanMode() {
    var bench = Bench.registered()
    _ = bench.ask("AT+QCFG=\"nwscanmode\",3,1\r", for: 5000)
    #expect(bench.ask("AT+QCFG=\"nwscanmode\"\r") == "\r\n+QCFG: \"nwscanmode\",3\r\n\r\nOK\r\n")
    _ = bench.ask("AT+COPS=0\r", for: 5000)
    #expect(bench.ask("AT+QCFG=\"nwscanmode\"\r") == "\r\n+QCFG: \"nwscanmode\",0\r\n\r\nOK\r\n")
  }

  @Test("lost coverage ends it and coverage brings it back") func coverage() {
    var bench = Bench.registered()
    bench.modem.network.verdict = .noCoverage
    bench.wait(5000)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,2\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CSQ\r") == "\r\n+CSQ: 99,99\r\n\r\nOK\r\n")
    bench.modem.network.verdict = .accepts
    bench.wait(10_000)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
  }

  @Test("network time comes with the attach; mode 1 and 2 go on counting") func time() throws {
    var network = SimulatedNetwork.accelerated
    let utc = try #require(UTC(year: 2026, month: 11, day: 22, hour: 22, minute: 28, second: 47))
    network.time = .init(utc: utc, at: .start, zoneQuarters: 4)
    var bench = Bench.registered(network: network)
    let elapsed = bench.now.milliseconds
    let now = (utc + .milliseconds(elapsed)).text.replacing("T", with: ",").dropLast()
      .replacing("-", with: "/")
    #expect(bench.ask("AT+QLTS=1\r") == "\r\n+QLTS: \"\(now)+04,0\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CCLK?\r").hasPrefix("\r\n+CCLK: \"80/01/06,00:0"))
    _ = bench.ask("AT+CTZU=1\r")
    bench.modem.network.powerSaving = .none
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000101\"\r", for: 1000)
    #expect(bench.ask("AT+CCLK?\r").hasPrefix("\r\n+CCLK: \"26/11/22,23:29:5"))
  }
}
