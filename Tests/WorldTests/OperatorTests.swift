import Cellular
import Link
import Modems
import Primitives
import Testing

@testable import ModemSimulator

/// Each family's driver with its simulator, in a network of several operators. Not covered: modules
/// whose AT+COPS differs from the standard beyond what the facts say.
@Suite("Operators") struct OperatorTests {
  private static let home = PLMN(Array("20408".utf8))!
  private static let other = PLMN(Array("20416".utf8))!
  private static let absent = PLMN(Array("26201".utf8))!

  private func bench(
    _ profile: ModuleProfile = .quectelBG95,
    change: (inout FamilyBench.Conditions) -> Void = { _ in }
  ) throws -> FamilyBench {
    let personality = try #require(ModemPersonality.named(Array("\(profile.name)".utf8)))
    return FamilyBench(profile, personality) {
      $0.network.others = [SimulatedOperator("Heath Net", "20416")]
      $0.settings.operatorChoice = .automatic
      change(&$0)
    }
  }

  private func connect(
    _ bench: inout FamilyBench, works: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let isOnline = bench.goesOnline()
    #expect(isOnline == works, "\(bench.story)", sourceLocation: sourceLocation)
  }

  private func operators(_ bench: FamilyBench) -> [PLMN] {
    bench.events.compactMap { if case .network(let plmn) = $0 { plmn } else { nil } }
  }

  private func lines(_ bench: FamilyBench, with text: String) -> [String] {
    bench.commands.filter { $0.contains(text) }
  }

  @Test(
    "is told by its number, with the band where the module has a command for it",
    arguments: ModuleProfile.all.filter { $0.socket != nil })
  func told(profile: ModuleProfile) throws {
    var bench = try bench(profile)
    connect(&bench)
    #expect(operators(bench) == [Self.home], "\(bench.story)")
    let bands = bench.events.compactMap { if case .band(let band) = $0 { band } else { nil } }
    #expect(bands == (profile.cell == nil ? [] : [20]))
    #expect(lines(bench, with: "+COPS=0").isEmpty)
  }

  @Test(
    "that is chosen by hand is selected once, by its number, and not again on the next start",
    arguments: ModuleProfile.all.filter { $0.socket != nil })
  func manual(profile: ModuleProfile) throws {
    var bench = try bench(profile) { $0.settings.operatorChoice = .manual(Self.other) }
    connect(&bench)
    #expect(operators(bench).last == Self.other)
    #expect(lines(bench, with: "+COPS=4").count == 1)
    _ = bench.rests(after: .powerOff)
    connect(&bench)
    #expect(lines(bench, with: "+COPS=4").count == 1)
    #expect(bench.modem.serving.number == Self.other.digits)
  }

  @Test("that is chosen by hand and isn't there: another one, and the choice again after 6 h")
  func manualAbsent() throws {
    var bench = try bench { $0.settings.operatorChoice = .manual(Self.absent) }
    for _ in 0..<3 {
      connect(&bench)
      _ = bench.rests(after: .powerOff)
    }
    #expect(lines(bench, with: "+COPS=4").count == 1)
    bench.run(for: .seconds(6 * 3600))
    connect(&bench)
    #expect(lines(bench, with: "+COPS=4").count == 2)
  }

  @Test("that is blocked is left for another one", arguments: [false, true])
  func blocked(isPreferredOther: Bool) throws {
    let fen = PLMN(Array("310410".utf8))!
    var bench = try bench {
      $0.network.others.append(SimulatedOperator("Fen", "310410"))
      $0.settings.blockedOperators = [Self.home]
    }
    if isPreferredOther { bench.prefer(fen) }
    connect(&bench)
    #expect(operators(bench) == [Self.home, isPreferredOther ? fen : Self.other])
    #expect(lines(bench, with: "+COPS=?").count == 1)
    // Where the module remembers the choice, it is taken for right.
    _ = bench.rests(after: .powerOff)
    connect(&bench)
    #expect(lines(bench, with: "+COPS=?").count == 1)
    #expect(lines(bench, with: "+COPS=0").isEmpty)
  }

  @Test("that is blocked and alone isn't used: the attempt fails, one scan a day")
  func onlyBlocked() throws {
    var bench = try bench {
      $0.network.others = []
      $0.settings.blockedOperators = [Self.home]
    }
    for _ in 0..<3 {
      connect(&bench, works: false)
      #expect(bench.failure == .operatorBlocked(Self.home), "\(bench.story)")
    }
    #expect(bench.opened.isEmpty)
    #expect(lines(bench, with: "+COPS=?").count == 1)
    bench.run(for: .seconds(24 * 3600))
    connect(&bench, works: false)
    #expect(lines(bench, with: "+COPS=?").count == 2)
  }

  @Test("a choice by hand of an earlier life, which finds nothing, is undone after a search")
  func leftover() throws {
    var bench = try bench {
      $0.stored.operatorMode = 1
      $0.stored.operatorWanted = Self.absent.digits
    }
    connect(&bench)
    #expect(lines(bench, with: "+COPS=0").count == 1)
    #expect(bench.now > .start + .seconds(600))
  }

  @Test(
    "the card's forbidden list is emptied after a search in vain, once, where that is wanted",
    arguments: [true, false])
  func forbidden(isWanted: Bool) throws {
    var bench = try bench {
      $0.network.others = []
      $0.sim.forbidden = [Self.home.digits]
      $0.settings.clearsForbidden = isWanted
    }
    connect(&bench, works: isWanted)
    #expect(bench.modem.counters.cardWrites == (isWanted ? 1 : 0))
    #expect(bench.modem.sim.forbidden.isEmpty == isWanted)
    #expect(bench.events.contains(.forbiddenCleared) == isWanted)
    if isWanted {
      bench.change { $0.sim.forbidden = [Self.home.digits] }
      _ = bench.rests(after: .powerOff)
      connect(&bench, works: false)
      #expect(bench.modem.counters.cardWrites == 1)
    }
  }

  @Test("an empty list is never written") func emptyList() throws {
    var bench = try bench {
      $0.network.verdict = .noCoverage
      $0.network.others = []
      $0.settings.clearsForbidden = true
    }
    connect(&bench, works: false)
    #expect(lines(bench, with: "+CRSM=176").count == 1)
    #expect(lines(bench, with: "+CRSM=214").isEmpty)
  }

  @Test("the card's list is read and emptied by every family", arguments: ModuleProfile.all)
  func forbiddenEverywhere(profile: ModuleProfile) throws {
    if profile.socket == nil { return }
    var bench = try bench(profile) {
      $0.network.others = []
      $0.sim.forbidden = [Self.home.digits]
      $0.settings.clearsForbidden = true
    }
    connect(&bench)
    #expect(bench.modem.counters.cardWrites == 1)
  }

  @Test("a warm wake asks for it only in another tracking area") func warm() throws {
    var bench = try bench {
      $0.settings.psm = PSMRequest(
        periodicTAU: PeriodicTAU(atLeast: .seconds(6 * 3600))!,
        activeTime: ActiveTime(atLeast: .seconds(2))!)
    }
    connect(&bench)
    _ = bench.rests(after: .release)
    let asked = lines(bench, with: "+COPS?").count
    connect(&bench)
    _ = bench.rests(after: .release)
    #expect(lines(bench, with: "+COPS?").count == asked)
    bench.change { $0.network.trackingArea += 1 }
    connect(&bench)
    #expect(lines(bench, with: "+COPS?").count == asked + 1)
  }

  @Test(
    "abroad isn't used with roaming = off, by whatever the family is told that",
    arguments: ModuleProfile.all.filter { $0.socket != nil })
  func roamingOff(profile: ModuleProfile) throws {
    var bench = try bench(profile) {
      $0.settings.isRoamingAllowed = false
      $0.network.isRoaming = true
    }
    connect(&bench, works: false)
    #expect(bench.opened.isEmpty)
    bench.change { $0.network.isRoaming = false }
    connect(&bench)
  }

  @Test("each new search is a radio access, told before; without one left the attempt ends")
  func accesses() throws {
    for left in [0, 1] {
      var bench = try bench { $0.settings.operatorChoice = .manual(Self.other) }
      var allowance = Allowance()
      allowance.radioStarts = left
      // The factory's settings would need accesses of their own.
      connect(&bench)
      _ = bench.rests(after: .powerOff)
      bench.change { $0.stored.operatorMode = 0 }
      bench.change { $0.stored.operatorWanted = [] }
      bench.run(for: .seconds(6 * 3600))
      bench.forget()
      bench.give(.connect(FamilyBench.target, allowance))
      bench.run { $0.events.contains(.online) || $0.failure != nil }
      #expect(bench.failure == (left == 0 ? .heldBack : nil), "\(bench.story)")
      #expect(bench.events.contains(.climbing(isReset: false)) == (left > 0))
    }
  }

  @Test(
    "another access point is written, used, and kept over the module's rest, by every family",
    arguments: ModuleProfile.all.filter { $0.socket != nil && $0.ability(of: .apn) == .yes })
  func accessPoint(profile: ModuleProfile) throws {
    let right = try AccessPoint(apn: #require(APN(Array("right.example".utf8))))
    var bench = try bench(profile) {
      $0.network.accessPointNames = [right.apn.bytes]
      $0.network.hasDefaultAccessPoint = false
    }
    connect(&bench, works: false)
    var allowance = Allowance()
    allowance.wish.accessPoint = right
    for input in [Link.Input.powerOff, .release] {
      bench.forget()
      bench.give(.connect(FamilyBench.target, allowance))
      bench.run { $0.events.contains(.online) || $0.failure != nil }
      #expect(bench.failure == nil, "\(bench.story)")
      _ = bench.rests(after: input)
    }
    #expect(bench.link.network.accessPoint == right)
  }
}
