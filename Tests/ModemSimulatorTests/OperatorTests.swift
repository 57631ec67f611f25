import ModemSimulator
import Primitives
import Testing

/// Several operators, the lists of those that refused, and the card's files.
@Suite("Operators") struct OperatorTests {
  private func network(_ verdict: SimulatedNetwork.Verdict = .accepts) -> SimulatedNetwork {
    var network = SimulatedNetwork.accelerated
    network.verdict = verdict
    network.others = [SimulatedOperator("Heath Net", "20416"), SimulatedOperator("Fen", "310410")]
    return network
  }

  @Test("a scan lists all in reach: current, available, forbidden") func scan() {
    var sim = SimulatedSIM()
    sim.forbidden = [Array("310410".utf8)]
    var bench = Bench.registered(network: network(), sim: sim)
    _ = bench.ask("AT+COPS=?\r", for: 10_000)
    #expect(
      bench.said(
        "+COPS: (2,\"Godwit Mobile\",\"Godwit Mobile\",\"20408\",8),"
          + "(1,\"Heath Net\",\"Heath Net\",\"20416\",8),(3,\"Fen\",\"Fen\",\"310410\",8),,"))
  }

  @Test("one is chosen by its number, and kept over a power-off in mode 1") func manual() {
    var bench = Bench.registered(network: network())
    #expect(bench.ask("AT+COPS=1,2,\"20416\"\r", for: 10_000).hasSuffix("OK\r\n"))
    _ = bench.ask("AT+COPS=3,2;+COPS?\r")
    #expect(bench.said("\r\n+COPS: 1,2,\"20416\",8\r\n"))
    _ = bench.ask("AT+CFUN=1,1\r", for: 40_000)
    _ = bench.ask("AT+COPS=3,2;+COPS?\r")
    #expect(bench.said("\r\n+COPS: 1,2,\"20416\",8\r\n"))
  }

  @Test("mode 4 falls back to automatic, mode 1 does not") func fallback() {
    var bench = Bench.registered(network: network())
    #expect(bench.ask("AT+COPS=4,2,\"26201\"\r", for: 10_000).hasSuffix("OK\r\n"))
    _ = bench.ask("AT+COPS=3,2;+COPS?\r")
    #expect(bench.said("\r\n+COPS: 0,2,\"20408\",8\r\n"))
    #expect(bench.ask("AT+COPS=1,2,\"26201\"\r", for: 190_000).hasSuffix("ERROR\r\n"))
    #expect(bench.ask("AT+COPS?\r") == "\r\n+COPS: 1\r\n\r\nOK\r\n")
  }

  @Test(
    "who refuses with 11 or 35 is written to the card, with 13 to 15 not; another one is taken",
    arguments: [(11, 1), (35, 1), (13, 0), (14, 0), (15, 0)])
  func refused(cause: Int, entries: Int) {
    var bench = Bench.registered(network: network(.rejects(cause: cause)))
    _ = bench.ask("AT+COPS=3,2;+COPS?\r")
    #expect(bench.said("\"20416\""))
    #expect(bench.modem.sim.forbidden.count == entries)
    #expect(bench.modem.counters.cardWrites == entries)
  }

  @Test("alone in reach it stays denied until the list is emptied and the radio restarts")
  func emptied() {
    var network = SimulatedNetwork.accelerated
    network.verdict = .rejects(cause: 11)
    var bench = Bench.registered(network: network)
    bench.modem.network.verdict = .accepts
    bench.wait(3_600_000)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,3\r\n\r\nOK\r\n")
    let read = "AT+CRSM=176,28539,0,0,12\r"
    let free = "FFFFFFFFFFFFFFFFFF"
    #expect(bench.ask(read) == "\r\n+CRSM: 144,0,\"02F480\(free)\"\r\n\r\nOK\r\n")
    #expect(
      bench.ask("AT+CRSM=214,28539,0,0,12,\"FFFFFF\(free)\"\r")
        == "\r\n+CRSM: 144,0\r\n\r\nOK\r\n")
    // The module goes by its own copy.
    bench.wait(60_000)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,3\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CFUN=4\r", for: 3000)
    _ = bench.ask("AT+CFUN=1\r", for: 20_000)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
    #expect(bench.ask(read) == "\r\n+CRSM: 144,0,\"FFFFFF\(free)\"\r\n\r\nOK\r\n")
  }

  @Test("the list is erased by itself after a day or two") func expires() {
    var network = SimulatedNetwork.accelerated
    network.verdict = .rejects(cause: 11)
    var bench = Bench.registered(network: network)
    bench.modem.network.verdict = .accepts
    bench.wait(23 * 3_600_000)
    #expect(bench.modem.sim.forbidden.count == 1)
    bench.wait(26 * 3_600_000)
    #expect(bench.modem.sim.forbidden.isEmpty)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
  }

  @Test("a forbidden operator may be chosen by hand, which takes it off the list") func byHand() {
    var sim = SimulatedSIM()
    sim.forbidden = [Array("20408".utf8)]
    var bench = Bench.registered(network: network(), sim: sim)
    _ = bench.ask("AT+COPS=3,2;+COPS?\r")
    #expect(bench.said("\"20416\""))
    _ = bench.ask("AT+COPS=4,2,\"20408\"\r", for: 10_000)
    #expect(bench.ask("AT+COPS?\r") == "\r\n+COPS: 4,2,\"20408\",8\r\n\r\nOK\r\n")
    #expect(bench.modem.sim.forbidden.isEmpty)
  }

  @Test("five refusals: the oldest entry makes room; PLMNs of six digits are coded as such")
  func overflow() {
    var network = SimulatedNetwork.accelerated
    network.verdict = .rejects(cause: 11)
    network.others = [
      SimulatedOperator("b", "310410"), SimulatedOperator("c", "90143"),
      SimulatedOperator("d", "26201"), SimulatedOperator("e", "20404"),
    ]
    for index in network.others.indices { network.others[index].verdict = .rejects(cause: 11) }
    var bench = Bench.registered(network: network)
    #expect(
      bench.ask("AT+CRSM=176,28539,0,0,12\r")
        == "\r\n+CRSM: 144,0,\"13001409F13462F21002F440\"\r\n\r\nOK\r\n")
    #expect(bench.modem.sim.forbidden.count == 4)
  }

  @Test("files that aren't here, lengths that are wrong, and the PIN's state") func card() {
    var bench = Bench.registered()
    #expect(bench.ask("AT+CRSM=176,28000,0,0,12\r") == "\r\n+CRSM: 106,130\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CRSM=176,28539,0,0,24\r") == "\r\n+CRSM: 108,12\r\n\r\nOK\r\n")
    #expect(
      bench.ask("AT+CRSM=214,28539,0,0,3,\"FFFFFF\"\r") == "\r\n+CRSM: 103,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CLCK=\"SC\",2\r") == "\r\n+CLCK: 0\r\n\r\nOK\r\n")
    var locked = Bench.registered(sim: SimulatedSIM(pin: Array("1234".utf8)))
    _ = locked.ask("AT+CPIN=\"1234\"\r", for: 5000)
    #expect(locked.ask("AT+CLCK=\"SC\",2\r") == "\r\n+CLCK: 1\r\n\r\nOK\r\n")
  }
}
