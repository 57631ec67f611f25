import Cellular
import Link
import Modems
import Primitives
import Testing

@testable import Agent

@Suite("The order of access points") struct AccessRotaTests {
  private static func point(_ name: String) -> AccessPoint {
    AccessPoint(apn: name.isEmpty ? .blank : APN(Array(name.utf8))!)
  }

  private func rota(
    _ apn: String = "iot.example", rats: [RAT] = [.lteM, .gsm], isOn: Bool = true,
    isTrial: Bool = false
  ) -> AccessRota {
    let network = NetworkSettings(accessPoint: Self.point(apn), rats: rats)
    return AccessRota(network, isOn: isOn, isTrial: isTrial)
  }

  private func at(hour: Int64) -> Instant { .start + .seconds(hour * 3600) }

  /// What each of so many refusals leads to.
  private func texts(_ rota: inout AccessRota, hasGSM: Bool = true, _ count: Int) -> [String] {
    var texts = [rota.text]
    for _ in 0..<count {
      _ = rota.failed(.refused, hasGSM: hasGSM, now: at(hour: 0))
      texts.append(rota.text)
    }
    return texts
  }

  @Test("configured, none, em, emnify, 2G alone, and then the first for a day") func order() {
    var rota = rota()
    let expected = ["the configured APN", "no APN", "APN em", "APN emnify", "2G alone"]
    #expect(texts(&rota, 6) == expected + ["the configured APN", "the configured APN"])
    #expect(!rota.failed(.refused, hasGSM: true, now: at(hour: 23)))
    #expect(rota.failed(.refused, hasGSM: true, now: at(hour: 24)))
    #expect(rota.text == "no APN")
  }

  @Test("each once: one that is configured or known isn't repeated") func once() {
    var rota = rota("em")
    rota.recall(Self.point("emnify"), standsIn: false)
    #expect(
      texts(&rota, hasGSM: false, 4)
        == [
          "the configured APN", "APN emnify", "no APN", "the configured APN", "the configured APN",
        ])
  }

  @Test("one that stood in comes first; the configured one has its turn behind it")
  func standsIn() {
    var rota = rota()
    rota.recall(Self.point("em"), standsIn: true)
    #expect(
      texts(&rota, hasGSM: false, 3) == ["APN em", "the configured APN", "no APN", "APN emnify"])
    rota.worked(through: Self.point("iot.example"), now: at(hour: 1))
    #expect(rota.text == "the configured APN")
    #expect(!rota.standsIn)
  }

  @Test(
    "no 2G where the module, the settings or nothing else has it",
    arguments: [([.lteM, .gsm], false), ([.lteM], true), ([.gsm], true)] as [([RAT], Bool)])
  func noGSM(rats: [RAT], hasGSM: Bool) {
    var rota = rota(rats: rats)
    #expect(!texts(&rota, hasGSM: hasGSM, 5).contains("2G alone"))
  }

  @Test("whatever fails with 2G alone, the round ends there; what works stays for a day")
  func secondGeneration() {
    var rota = rota()
    _ = texts(&rota, 4)
    var other = rota
    #expect(other.failed(.none, hasGSM: true, now: at(hour: 0)))
    #expect(other.text == "the configured APN")
    for hour in [1, 12, 24] as [Int64] {
      rota.worked(through: nil, now: at(hour: hour))
      #expect(rota.text == "2G alone")
    }
    rota.worked(through: nil, now: at(hour: 25))
    #expect(rota.text == "the configured APN")
  }

  @Test("what a failure says about the access point")
  func evidence() throws {
    let cause = try #require(RejectCause(code: 19))
    let other = try #require(RejectCause(code: 11))
    let table: [(ReportFailure, AccessRota.Evidence)] = [
      (.link(.notRegistered(.denied, cause)), .refused),
      (.link(.notRegistered(.denied, other)), .none),
      (.link(.notRegistered(.searching, nil)), .none),
      (.link(.contextRefused(error: 127)), .refused),
      (.link(.contextRefused(error: 133)), .refused),
      (.link(.contextRefused(error: 126)), .none),
      (.link(.contextRefused(error: nil)), .unexplained),
      (.link(.contextRefused(error: 148)), .unexplained),
      (.link(.serverUnreachable(error: nil)), .silence),
      (.noAnswer, .silence), (.reset, .none), (.store, .none), (.link(.deaf), .none),
      (.link(.simMissing(error: nil)), .none), (.held(.backOff), .none),
    ]
    for (failure, expected) in table {
      #expect(AccessRota.Evidence(failure) == expected, "\(failure.text)")
    }
  }

  @Test("a session refused without a cause counts only three times in a row") func unexplained() {
    var rota = rota()
    for evidence in [.unexplained, .unexplained, .none, .unexplained, .unexplained]
      as [AccessRota.Evidence]
    {
      #expect(!rota.failed(evidence, hasGSM: false, now: at(hour: 0)))
    }
    #expect(rota.failed(.unexplained, hasGSM: false, now: at(hour: 0)))
    #expect(rota.failed(.unexplained, hasGSM: false, now: at(hour: 0)))
    #expect(rota.text == "APN em")
  }

  @Test("silence says nothing about the configured one, and enough about another") func silence() {
    var rota = rota()
    #expect(!rota.failed(.silence, hasGSM: false, now: at(hour: 0)))
    _ = texts(&rota, hasGSM: false, 1)
    #expect(rota.failed(.silence, hasGSM: false, now: at(hour: 0)))
    #expect(rota.text == "APN em")
  }

  @Test(
    "off, or with settings on trial, nothing is tried", arguments: [(false, false), (true, true)])
  func still(isOn: Bool, isTrial: Bool) {
    var rota = rota(isOn: isOn, isTrial: isTrial)
    #expect(!rota.failed(.refused, hasGSM: true, now: at(hour: 0)))
    #expect(!rota.isElsewhere)
  }
}

@Suite("What was learnt of networks") struct LearntNetworkTests {
  private func whole() -> LearntNetwork {
    var learnt = LearntNetwork()
    learnt.iccid = ICCID(Array("89423100000000000017".utf8))
    learnt.imsi = IMSI(Array("901430000000017".utf8))
    learnt.plmn = PLMN(Array("310410".utf8))
    learnt.band = 20
    learnt.apn = .blank
    learnt.hasCredentials = true
    learnt.configured = APN(Array("em".utf8))
    return learnt
  }

  @Test("comes back as it was kept, and fits its slot") func round() {
    #expect(LearntNetwork(whole().bytes) == whole())
    #expect(LearntNetwork(LearntNetwork().bytes) == LearntNetwork())
    #expect(whole().bytes.count <= 1024)
  }

  @Test("damaged in any byte or cut anywhere it is refused, or is whole all the same")
  func damaged() {
    let bytes = whole().bytes
    for count in 0..<bytes.count { #expect(LearntNetwork(Array(bytes.prefix(count))) == nil) }
    #expect(LearntNetwork(bytes + [0]) == nil)
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        if let read = LearntNetwork(damaged) { #expect(read.bytes == damaged) }
      }
    }
  }
}
