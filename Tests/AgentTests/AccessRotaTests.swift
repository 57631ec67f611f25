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
  private func texts(_ rota: AccessRota, hasGSM: Bool = true, _ count: Int) -> [String] {
    after(rota, Array(repeating: .refused, count: count), hasGSM: hasGSM).texts
  }

  private func after(
    _ rota: AccessRota, _ failures: [AccessRota.Evidence], hasGSM: Bool = false, hour: Int64 = 0
  ) -> (rota: AccessRota, texts: [String], moves: [Bool]) {
    var rota = rota
    var texts = [rota.text]
    var moves: [Bool] = []
    for failure in failures {
      moves.append(rota.failed(failure, hasGSM: hasGSM, now: at(hour: hour)))
      texts.append(rota.text)
    }
    return (rota, texts, moves)
  }

  @Test("configured, none, em, emnify, 2G alone, and then the first for a day") func order() {
    let expected = ["the configured APN", "no APN", "APN em", "APN emnify", "2G alone"]
    let round = Array(repeating: AccessRota.Evidence.refused, count: 6)
    let tried = after(rota(), round, hasGSM: true)
    #expect(tried.texts == expected + ["the configured APN", "the configured APN"])
    #expect(tried.moves == [true, true, true, true, true, false])
    #expect(after(tried.rota, [.refused], hasGSM: true, hour: 23).moves == [false])
    #expect(after(tried.rota, [.refused], hasGSM: true, hour: 24).texts.last == "no APN")
  }

  @Test("each once: one that is configured or known isn't repeated") func once() {
    var rota = rota("em")
    rota.recall(Self.point("emnify"), standsIn: false)
    let expected = ["the configured APN", "APN emnify", "no APN", "the configured APN"]
    #expect(texts(rota, hasGSM: false, 3) == expected)
  }

  @Test("one that stood in comes first; the configured one has its turn behind it")
  func standsIn() {
    var rota = rota()
    rota.recall(Self.point("em"), standsIn: true)
    let expected = ["APN em", "the configured APN", "no APN", "APN emnify"]
    #expect(texts(rota, hasGSM: false, 3) == expected)
    rota.worked(through: Self.point("iot.example"), now: at(hour: 1))
    #expect(rota.text == "the configured APN")
    #expect(!rota.standsIn)
  }

  @Test(
    "no 2G where the module, the settings or nothing else has it",
    arguments: [([.lteM, .gsm], false), ([.lteM], true), ([.gsm], true)] as [([RAT], Bool)])
  func noGSM(rats: [RAT], hasGSM: Bool) {
    #expect(!texts(rota(rats: rats), hasGSM: hasGSM, 5).contains("2G alone"))
  }

  @Test("whatever fails with 2G alone, the round ends there; what works stays for a day")
  func secondGeneration() {
    let tried = after(rota(), [.refused, .refused, .refused, .refused], hasGSM: true)
    let failed = after(tried.rota, [.none], hasGSM: true)
    #expect(failed.moves == [true])
    #expect(failed.rota.text == "the configured APN")
    var works = tried.rota
    for hour in [1, 12, 24] as [Int64] {
      works.worked(through: nil, now: at(hour: hour))
      #expect(works.text == "2G alone")
    }
    works.worked(through: nil, now: at(hour: 25))
    #expect(works.text == "the configured APN")
  }

  @Test("what a failure says about the access point")
  func evidence() throws {
    let cause = try #require(RejectCause(code: 19))
    let other = try #require(RejectCause(code: 11))
    let table: [(ReportFailure, AccessRota.Evidence)] = [
      (.link(.notRegistered(.denied, cause)), .refused),
      (.link(.notRegistered(.denied, other)), .none),
      (.link(.notRegistered(.searching, nil)), .none),
      (.link(.notRegistered(.denied, nil)), .unexplained),
      (.link(.contextRefused(error: 127)), .refused),
      (.link(.contextRefused(error: 133)), .refused),
      (.link(.contextRefused(error: 126)), .none),
      (.link(.contextRefused(error: nil)), .unexplained),
      (.link(.contextRefused(error: 148)), .unexplained),
      (.link(.serverUnreachable(error: nil)), .silence), (.noAnswer, .silence),
      (.reset, .none), (.store, .none), (.link(.deaf), .none),
      (.link(.simMissing(error: nil)), .none), (.held(.backOff), .none),
    ]
    for (failure, expected) in table {
      #expect(AccessRota.Evidence(failure) == expected, "\(failure.text)")
    }
  }

  @Test("a session refused without a cause counts only three times in a row") func unexplained() {
    let tried = after(
      rota(), [.unexplained, .unexplained, .none, .unexplained, .unexplained, .unexplained])
    #expect(tried.moves == [false, false, false, false, false, true])
    #expect(after(tried.rota, [.unexplained]).texts == ["no APN", "APN em"])
  }

  @Test("silence says nothing about the configured one, and enough about another") func silence() {
    #expect(after(rota(), [.silence, .silence, .silence]).moves == [false, false, false])
    #expect(after(rota(), [.refused, .silence]).texts.last == "APN em")
  }

  @Test(
    "off, or with settings on trial, nothing is tried", arguments: [(false, false), (true, true)])
  func still(isOn: Bool, isTrial: Bool) {
    let tried = after(rota(isOn: isOn, isTrial: isTrial), [.refused])
    #expect(tried.moves == [false])
    #expect(!tried.rota.isElsewhere)
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
