import Primitives
import Testing

@testable import godwit_bench

@Suite("The table of servers") struct SocketMapTests {
  @Test(
    "a name or an address leads to a port of this machine, for one of its ports or all",
    arguments: [
      ("Collector.Desk=127.0.0.1:4000", "collector.desk", UInt16(5683), UInt16(4000)),
      ("192.0.2.1=127.0.0.1:4000", "192.0.2.1", 1, 4000),
      ("a.example:53=127.0.0.1:5353", "a.example", 53, 5353),
    ])
  func mapped(rule: String, host: String, port: UInt16, local: UInt16) throws {
    var map = SocketMap()
    try map.add(text: rule)
    #expect(map.localPort(host: Array(host.utf8), port: port) == local)
  }

  @Test("nothing else is reachable") func unmapped() throws {
    var map = SocketMap()
    try map.add(text: "a.example:53=127.0.0.1:5353")
    #expect(map.localPort(host: Array("a.example".utf8), port: 54) == nil)
    #expect(map.localPort(host: Array("b.example".utf8), port: 53) == nil)
    #expect(map.localPort(host: Array("127.0.0.1".utf8), port: 5353) == nil)
    #expect(map.localPort(host: Array("no host".utf8), port: 53) == nil)
  }

  @Test("the address that the network's name servers give is mapped like its name")
  func addresses() throws {
    var map = SocketMap()
    try map.add(text: "198.51.100.7=127.0.0.1:4001")
    try map.add(text: "a.example:53=127.0.0.1:5353")
    try map.addAddresses()
    #expect(map.localPort(host: ModemSetup.address(1).bytes, port: 53) == 5353)
    #expect(map.localPort(host: ModemSetup.address(1).bytes, port: 54) == nil)
    #expect(map.rules.count == 3)
  }

  @Test(
    "a wrong rule is refused as a wrong command line",
    arguments: [
      "a.example", "a.example=127.0.0.1", "a.example=127.0.0.1:0", "a.example=127.0.0.1:65536",
      "a.example=192.0.2.1:53", "a.example=localhost:53", "=127.0.0.1:53", "a=b=127.0.0.1:53",
      "a b=127.0.0.1:53",
    ])
  func refused(rule: String) {
    var map = SocketMap()
    do {
      try map.add(text: rule)
      Issue.record("\(rule) was taken")
    } catch {
      #expect(error.status == 2)
      #expect(error.what.contains(rule))
    }
  }
}
