import Primitives
import Settings
import Testing

@testable import godwit

@Suite("Provisioning") struct ProvisionTests {
  private static let key = try! DeviceKey([UInt8](repeating: UInt8(ascii: "a"), count: 64))
  private static let other = try! DeviceKey([UInt8](repeating: UInt8(ascii: "b"), count: 64))

  private func provisioning(
    _ key: DeviceKey = key, counter: UInt64 = 0, isAgain: Bool = false
  ) -> Provisioning {
    Provisioning(
      identity: DeviceIdentity(key: key, name: try? DeviceLabel(Array("meadow-7".utf8))),
      counter: counter, isAgain: isAgain)
  }

  @Test("goes over the control socket and comes out the same", arguments: [true, false])
  func packet(isAgain: Bool) throws {
    let one = provisioning(counter: 17, isAgain: isAgain)
    let packet = ProvisionPacket.packet(one)
    guard case .provision(let read) = ControlRequest(packet, now: .start) else {
      Issue.record("refused")
      return
    }
    #expect(read == one)
  }

  @Test(
    "a packet of another form is refused, and nothing of it shown",
    arguments: ["", "x", "- zz 0", "- 00 0", "- K -1", "- K 0 more", "- K 0 again x", "a/b K 0"])
  func malformed(rest: String) {
    let secret = String(decoding: Self.key.bytes.hex, as: UTF8.self)
    let text = "provision " + rest.replacing("K", with: secret)
    guard case .refused(let answer) = ControlRequest(Array(text.utf8), now: .start) else {
      Issue.record("taken")
      return
    }
    #expect(!String(decoding: answer, as: UTF8.self).contains("AAAA"))
  }

  @Test("doesn't happen twice by accident, whatever the vault holds") func twice() throws {
    #expect(provisioning().values(over: [9, 9], nil) == nil)
    let first = try #require(provisioning().values(over: nil, nil))
    #expect(provisioning(Self.other).values(over: first.identity, first.counters) == nil)
    let next = try #require(
      provisioning(Self.other, isAgain: true).values(over: first.identity, first.counters))
    #expect(DeviceIdentity(kept: next.identity)?.key == Self.other)
    #expect(DeviceIdentity(kept: next.identity)?.name?.bytes == Array("meadow-7".utf8))
  }

  @Test("a key that stays keeps its counter, a new one begins with the one that is given")
  func counters() throws {
    var ledger = CommandLedger()
    (ledger.counter, ledger.trials) = (1_800_000_000, 2)
    let identity = DeviceIdentity(key: Self.key, name: nil).kept
    func counter(_ key: DeviceKey, _ given: UInt64) throws -> UInt64? {
      let values = provisioning(key, counter: given, isAgain: true).values(
        over: identity, ledger.kept)
      let kept = try #require(values.flatMap { CommandLedger(kept: $0.counters) })
      #expect(kept.trials == 2)
      return kept.counter
    }
    #expect(try counter(Self.key, 5) == 1_800_000_000)
    #expect(try counter(Self.key, 1_900_000_000) == 1_900_000_000)
    #expect(try counter(Self.other, 5) == 5)
    #expect(try counter(Self.other, 0) == 0)
  }

  @Test("what isn't whole counts as lost") func lost() {
    let identity = DeviceIdentity(key: Self.key, name: nil).kept
    #expect(DeviceIdentity(kept: identity) == DeviceIdentity(key: Self.key, name: nil))
    for count in 0..<34 { #expect(DeviceIdentity(kept: Array(identity.prefix(count))) == nil) }
    #expect(DeviceIdentity(kept: [2] + identity.dropFirst()) == nil)
    let ledger = CommandLedger().kept
    for count in 0..<ledger.count {
      #expect(CommandLedger(kept: Array(ledger.prefix(count))) == nil)
    }
    #expect(CommandLedger(kept: [4] + ledger.dropFirst()) == nil)
  }
}
