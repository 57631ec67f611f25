import Agent
import Cellular
import Link
import Primitives
import Testing

/// The ledger by itself: its windows, what clears them, and what it is after a restart. Not covered:
/// that the agent asks it and keeps it in time (AgentLimitsTests), a year of it (WorldTests).
@Suite("The ledger of radio accesses") struct AccessLedgerTests {
  private static let cold = AccessLedger.Wish(isCold: true)
  private static let warm = AccessLedger.Wish(isCold: false)
  private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }

  @Test("4 cold starts in any hour, the fifth when the first is an hour old") func hour() {
    var ledger = AccessLedger()
    for minute in 0..<4 as Range<Int64> {
      #expect(ledger.hold(Self.cold, now: at(minute * 60)) == nil)
      let isCounted = ledger.begin(Self.cold, now: at(minute * 60))
      #expect(isCounted)
      _ = ledger.confirmed()
    }
    let held = ledger.hold(Self.cold, now: at(300))
    #expect(held?.until == at(3600))
    #expect(held?.reason == .accessesPerHour)
    #expect(ledger.hold(Self.cold, now: at(3599)) != nil)
    #expect(ledger.hold(Self.cold, now: at(3600)) == nil)
    #expect(ledger.accessesLeft(now: at(3600)) == 1)
  }

  @Test("a planned wake out of sleep isn't counted, one after a failure is") func warmWakes() {
    var ledger = AccessLedger()
    for _ in 0..<100 {
      let isCounted = ledger.begin(Self.warm, now: at(1))
      #expect(!isCounted)
    }
    #expect(ledger.accessesLeft(now: at(1)) == 4)
    ledger.failed(on: .socket, retryAt: at(60))
    #expect(ledger.hold(Self.warm, now: at(59))?.reason == .backOff)
    #expect(ledger.hold(Self.warm, now: at(60)) == nil)
    let isCounted = ledger.begin(Self.warm, now: at(60))
    #expect(isCounted)
    #expect(ledger.accessesLeft(now: at(60)) == 3)
  }

  @Test("one reset in any hour, whatever happens between") func resets() {
    var ledger = AccessLedger()
    #expect(ledger.resetsLeft(now: at(0)) == 1)
    ledger.climb(isReset: true, now: at(10))
    _ = ledger.confirmed()
    #expect(ledger.resetsLeft(now: at(3609)) == 0)
    #expect(ledger.resetsLeft(now: at(3610)) == 1)
    #expect(ledger.accessesLeft(now: at(10)) == 3)
  }

  @Test("6 power cycles a day for a module that fails; those between reports are others")
  func powerCycles() {
    var ledger = AccessLedger()
    for hour in 0..<6 as Range<Int64> {
      ledger.failed(on: .power, retryAt: at(hour * 3600))
      #expect(ledger.hold(Self.cold, now: at(hour * 3600)) == nil)
      _ = ledger.begin(Self.cold, now: at(hour * 3600))
    }
    ledger.failed(on: .sim, retryAt: at(6 * 3600))
    let held = ledger.hold(Self.cold, now: at(6 * 3600))
    #expect(held?.until == at(86_400))
    #expect(held?.reason == .powerCyclesPerDay)
    ledger.failed(on: .registration, retryAt: at(6 * 3600))
    #expect(ledger.hold(Self.cold, now: at(6 * 3600)) == nil)
    #expect(ledger.powerCyclesLeft(now: at(86_399)) == 0)
    #expect(ledger.powerCyclesLeft(now: at(86_400)) == 1)
  }

  @Test("cold starts between reports have the module's own limit a day") func starts() {
    var ledger = AccessLedger()
    var wish = Self.cold
    wish.startsPerDay = 3
    for hour in 0..<3 as Range<Int64> {
      #expect(ledger.hold(wish, now: at(hour * 3600)) == nil)
      _ = ledger.begin(wish, now: at(hour * 3600))
      _ = ledger.confirmed()
    }
    let held = ledger.hold(wish, now: at(3 * 3600))
    #expect(held?.until == at(86_400))
    #expect(held?.reason == .startsPerDay)
  }

  @Test("a search begins only where the day's energy lasts for a whole one") func energy() {
    var ledger = AccessLedger()
    _ = ledger.confirmed()
    for hour in 0..<17 as Range<Int64> { ledger.searched(.seconds(600), now: at(hour * 3600)) }
    #expect(ledger.hold(Self.cold, now: at(17 * 3600)) == nil)
    ledger.searched(.seconds(600), now: at(17 * 3600))
    #expect(ledger.searchLeft(now: at(17 * 3600)) == .zero)
    let held = ledger.hold(Self.cold, now: at(17 * 3600))
    #expect(held?.until == at(86_400))
    #expect(held?.reason == .searchPerDay)
  }

  @Test("a confirmation clears back-off, ladder and refusals, never what the network bore")
  func confirmed() {
    var ledger = AccessLedger()
    _ = ledger.begin(Self.cold, now: at(0))
    let cause = RejectCause(code: 3)!
    _ = ledger.refused(.refused(cause), RejectTreatment(cause.consequence), now: at(5))
    ledger.failed(on: .registration, retryAt: at(90_000))
    #expect(ledger.hold(Self.cold, now: at(10)) != nil)
    let isNews = ledger.confirmed()
    #expect(isNews)
    #expect(ledger.hold(Self.cold, now: at(10)) == nil)
    #expect(ledger.failures == 0 && ledger.rung == nil)
    #expect(ledger.accessesLeft(now: at(10)) == 3)
    let again = ledger.confirmed()
    #expect(!again)
  }

  @Test("other settings allow one attempt at once, within the hour's accesses") func settings() {
    var ledger = AccessLedger()
    let first = ledger.take(settings: 7, chosen: nil)
    #expect(!first)
    let cause = RejectCause(code: 8)!
    _ = ledger.begin(Self.cold, now: at(0))
    _ = ledger.refused(.refused(cause), RejectTreatment(cause.consequence), now: at(5))
    ledger.failed(on: .registration, retryAt: at(50_000))
    let same = ledger.take(settings: 7, chosen: nil)
    #expect(!same)
    #expect(ledger.hold(Self.cold, now: at(10))?.reason == .backOff)
    let other = ledger.take(settings: 8, chosen: nil)
    #expect(other)
    #expect(ledger.hold(Self.cold, now: at(10)) == nil)
    _ = ledger.begin(Self.cold, now: at(10))
    ledger.failed(on: .registration, retryAt: at(100))
    #expect(ledger.hold(Self.cold, now: at(20))?.until == at(100))
  }

  @Test("what an operator refuses holds for it alone, over restarts, and still when it is back")
  func operators() {
    let (first, second) = (PLMN(Array("26201".utf8))!, PLMN(Array("310410".utf8))!)
    let cause = RejectCause(code: 11)!
    let treatment = RejectTreatment(cause.consequence)
    func restarted(_ ledger: AccessLedger, _ seconds: Int64) -> AccessLedger {
      let moment = AccessLedger.Moment(now: at(seconds), utc: nil, boot: 9)
      return AccessLedger(ledger.encoded(at: moment), at: moment)!
    }
    var ledger = AccessLedger()
    _ = ledger.take(settings: 7, chosen: first)
    _ = ledger.begin(Self.cold, now: at(0))
    _ = ledger.refused(.refused(cause), treatment, now: at(5))
    ledger.failed(on: .registration, retryAt: at(60))
    #expect(ledger.hold(Self.cold, now: at(100))?.until == at(3605))

    // Another operator: at once, and what follows is its own.
    ledger = restarted(ledger, 100)
    let isOther = ledger.take(settings: 7, chosen: second)
    #expect(isOther)
    #expect(ledger.hold(Self.cold, now: at(100)) == nil)
    _ = ledger.begin(Self.cold, now: at(100))
    ledger.failed(on: .socket, retryAt: at(160))
    #expect(ledger.hold(Self.cold, now: at(150))?.reason == .backOff)
    #expect(ledger.hold(Self.cold, now: at(160)) == nil)
    _ = ledger.begin(Self.cold, now: at(160))
    let isNews = ledger.confirmed()
    #expect(isNews)

    // The first one again: one attempt at once, and then its word, twice as long where it repeats it.
    for _ in 0..<2 { ledger = restarted(ledger, 200) }
    let isBack = ledger.take(settings: 7, chosen: first)
    #expect(isBack)
    #expect(ledger.hold(Self.cold, now: at(200)) == nil)
    _ = ledger.begin(Self.cold, now: at(200))
    ledger.failed(on: .registration, retryAt: at(260))
    #expect(ledger.hold(Self.cold, now: at(300))?.until == at(3605))
    #expect(ledger.hold(Self.cold, now: at(300))?.reason == .refused(cause))
    let wait = ledger.refused(.refused(cause), treatment, now: at(400))
    #expect(wait == .seconds(7200))

    // The module's own choice is another one still; other settings end them all.
    _ = ledger.take(settings: 7, chosen: nil)
    _ = ledger.begin(Self.cold, now: at(8000))
    ledger.failed(on: .registration, retryAt: at(8060))
    #expect(ledger.hold(Self.cold, now: at(8060)) == nil)
    _ = ledger.take(settings: 8, chosen: first)
    _ = ledger.begin(Self.cold, now: at(8100))
    ledger.failed(on: .registration, retryAt: at(8160))
    #expect(ledger.hold(Self.cold, now: at(8160)) == nil)
  }

  @Test("a refusal holds for its card alone; a card that rotates for ever is new but once")
  func cards() {
    var ledger = AccessLedger()
    let known = ledger.read(card: 1)
    #expect(!known)
    let cause = RejectCause(code: 2)!
    let wait = ledger.refused(
      .refused(cause), RejectTreatment(cause.consequence), now: at(0))
    #expect(wait == .seconds(6 * 3600))
    ledger.failed(on: .registration, retryAt: at(60))
    #expect(ledger.hold(Self.cold, now: at(100))?.reason == .refused(cause))
    let isOther = ledger.read(card: 2)
    #expect(isOther)
    #expect(ledger.hold(Self.cold, now: at(100)) == nil)
    #expect(ledger.failures == 0)
    ledger.failed(on: .registration, retryAt: at(200))
    let isThird = ledger.read(card: 3)
    #expect(isThird)
    #expect(ledger.failures == 1)
  }

  @Test("an attempt that died with its process was a failure") func pending() {
    var ledger = AccessLedger()
    _ = ledger.begin(Self.cold, now: at(100))
    let moment = AccessLedger.Moment(now: at(101), utc: nil, boot: 5)
    var next = AccessLedger(ledger.encoded(at: moment), at: moment)!
    next.countPending { .seconds(60 * Int64($0)) }
    #expect(next.failures == 1)
    #expect(next.hold(Self.cold, now: at(101))?.until == at(160))
  }
}

/// What a restart, a power cut and a clock that begins anew leave of it.
@Suite("The ledger over restarts") struct AccessLedgerRestartTests {
  private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }
  private func utc(_ seconds: Int64) -> UTC {
    UTC(millisecondsSince1970: 1_800_000_000_000 + seconds * 1000)
  }
  private static let cold = AccessLedger.Wish(isCold: true)

  /// Of everything something.
  private var full: AccessLedger {
    var ledger = AccessLedger()
    _ = ledger.take(settings: 0xFFFF_FFFF, chosen: nil)
    _ = ledger.read(card: 0x8000_0001)
    _ = ledger.confirmed()
    for second in [10, 20, 30, 40] as [Int64] { _ = ledger.begin(Self.cold, now: at(second)) }
    ledger.failed(on: .power, retryAt: at(5000))
    for second in [50, 60] as [Int64] { _ = ledger.begin(Self.cold, now: at(second)) }
    ledger.climb(isReset: true, now: at(70))
    ledger.restartBoard(now: at(71))
    ledger.searched(.seconds(600), now: at(72))
    let cause = RejectCause(code: 11)!
    for plmn in [nil, PLMN(Array("26201".utf8)), PLMN(Array("310410".utf8))] {
      _ = ledger.take(settings: 0xFFFF_FFFF, chosen: plmn)
      _ = ledger.refused(.refused(cause), RejectTreatment(cause.consequence), now: at(80))
    }
    ledger.failed(on: .power, retryAt: at(7000))
    return ledger
  }

  @Test("comes back as it was in the same boot") func same() {
    let bytes = full.encoded(at: .init(now: at(100), utc: nil, boot: 9))
    #expect(bytes.count <= 320)
    #expect(AccessLedger(bytes, at: .init(now: at(100), utc: nil, boot: 9)) == full)
    #expect(AccessLedger(bytes, at: .init(now: at(4000), utc: utc(0), boot: 9)) == full)
  }

  @Test("after another boot the time of day says how long it was off") func clock() throws {
    let bytes = full.encoded(at: .init(now: at(100), utc: utc(100), boot: 9))
    let moment = AccessLedger.Moment(now: at(2), utc: utc(3000), boot: 10)
    let ledger = try #require(AccessLedger(bytes, at: moment))
    // 2900 s later: of the four last accesses, at 40, 50, 60 and 70, none is an hour old.
    #expect(ledger.accessesLeft(now: at(2)) == 0)
    #expect(ledger.accessesLeft(now: at(2 + 639)) == 0)
    #expect(ledger.accessesLeft(now: at(2 + 640)) == 1)
    #expect(ledger.resetsLeft(now: at(2 + 669)) == 0)
    #expect(ledger.resetsLeft(now: at(2 + 670)) == 1)
  }

  @Test("where nobody knows the time, no time has passed but that since the board's start")
  func blind() throws {
    for (before, after) in [(nil, nil), (utc(100), nil), (nil, utc(9000))] as [(UTC?, UTC?)] {
      let bytes = full.encoded(at: .init(now: at(100), utc: before, boot: 9))
      let moment = AccessLedger.Moment(now: at(5), utc: after, boot: 10)
      let ledger = try #require(AccessLedger(bytes, at: moment))
      // 30 s old at its keeping.
      #expect(ledger.resetsLeft(now: at(3569)) == 0)
      #expect(ledger.resetsLeft(now: at(3570)) == 1)
    }
  }

  @Test("a clock that went backwards counts as none") func backwards() throws {
    let bytes = full.encoded(at: .init(now: at(100), utc: utc(100), boot: 9))
    let ledger = try #require(AccessLedger(bytes, at: .init(now: at(5), utc: utc(50), boot: 10)))
    #expect(ledger.resetsLeft(now: at(3569)) == 0)
  }

  @Test("the time of day that comes later puts it right, and moves nothing that is of this boot")
  func anchored() throws {
    let bytes = full.encoded(at: .init(now: at(100), utc: utc(100), boot: 9))
    var ledger = try #require(AccessLedger(bytes, at: .init(now: at(5), utc: nil, boot: 10)))
    ledger.climb(isReset: false, now: at(50))
    #expect(ledger.resetsLeft(now: at(60)) == 0)
    ledger.timeIsKnown(utc(4000), now: at(60))
    // The reset, at 70 of the first boot, was 3930 s before; the access of this boot wasn't.
    #expect(ledger.resetsLeft(now: at(60)) == 1)
    #expect(ledger.accessesLeft(now: at(60)) == 3)
  }

  @Test("the time of day that comes later ends no wait that began in this boot")
  func waits() throws {
    let bytes = full.encoded(at: .init(now: at(100), utc: utc(100), boot: 9))
    var ledger = try #require(AccessLedger(bytes, at: .init(now: at(5), utc: nil, boot: 10)))
    let cause = RejectCause(code: 8)!
    _ = ledger.begin(Self.cold, now: at(6))
    let pause = ledger.refused(.refused(cause), RejectTreatment(cause.consequence), now: at(20))
    ledger.failed(on: .registration, retryAt: at(900))
    ledger.timeIsKnown(utc(10 * 86_400), now: at(60))
    #expect(ledger.hold(Self.cold, now: at(61))?.until == at(20) + pause)
    let other = ledger.take(settings: 1, chosen: nil)
    #expect(other)
    _ = ledger.begin(Self.cold, now: at(61))
    ledger.failed(on: .socket, retryAt: at(900))
    #expect(ledger.hold(Self.cold, now: at(62))?.until == at(900))
  }

  @Test("what isn't a ledger is none, at any length") func damaged() {
    let moment = AccessLedger.Moment(now: at(100), utc: nil, boot: 9)
    let bytes = full.encoded(at: moment)
    for count in 0..<bytes.count {
      #expect(AccessLedger(Array(bytes.prefix(count)), at: moment) == nil)
    }
    #expect(AccessLedger([1] + bytes.dropFirst(), at: moment) == nil)
    var random = SeededRandom(seed: 1)
    for _ in 0..<20_000 {
      var noise = bytes
      for _ in 0..<4 {
        noise[Int(random.next(below: UInt64(noise.count)))] = UInt8(
          truncatingIfNeeded: random.next())
      }
      if let ledger = AccessLedger(noise, at: moment) {
        _ = ledger.hold(Self.cold, now: at(100))
        #expect(ledger.encoded(at: moment).count <= 1024)
      }
    }
  }
}

/// The table of causes: what is done about each.
@Suite("Reject causes") struct RejectTreatmentTests {
  /// TS 24.301 §5.5.1.2.5 and annex A; facts, 3gpp C6. Hours or minutes of the pause after the first,
  /// the second and the tenth refusal.
  static let table: [(codes: [Int], minutes: [Int64])] = [
    ([2, 3, 5, 6, 7, 8], [360, 720, 2880]),
    ([11, 12, 13, 14, 15, 35, 78], [60, 120, 2880]),
    ([19], [12, 12, 12]),
    ([22], [30, 30, 30]),
    ([42, 95, 96, 97, 98, 99, 100, 101, 111], [12, 12, 12]),
    ([9, 10, 16, 17, 18, 20, 21, 23, 24, 25, 26, 31, 38, 39, 40], [0, 0, 0]),
  ]

  @Test("each has its pause, never more than 48 h", arguments: table)
  func pauses(codes: [Int], minutes: [Int64]) {
    for code in codes {
      let treatment = RejectTreatment(RejectCause(code: code)!.consequence)
      #expect([1, 2, 10].map { treatment.wait(strikes: $0) } == minutes.map { .seconds($0 * 60) })
    }
  }

  @Test("every cause of the standard is in this table") func complete() {
    let codes = Self.table.flatMap { $0.codes }.sorted()
    #expect(codes == RejectCause.all.map { $0.code })
  }

  @Test("an operator's or the network's refusal holds its pause in the ledger, for every cause")
  func ledger() {
    for cause in RejectCause.all {
      var ledger = AccessLedger()
      let treatment = RejectTreatment(cause.consequence)
      let wait = ledger.refused(.refused(cause), treatment, now: .start)
      #expect(wait == treatment.wait(strikes: 1))
      let again = ledger.refused(.refused(cause), treatment, now: .start + wait)
      #expect(again == treatment.wait(strikes: 2))
      ledger.failed(on: .registration, retryAt: .start)
      let held = ledger.hold(.init(isCold: true), now: .start + wait)
      #expect(held?.until == (again > .zero ? .start + wait + again : nil), "\(cause.code)")
    }
  }

  @Test("a module's +CME ERROR says which cause it was, TS 27.007 §9.2.2")
  func equipmentErrors() {
    let registration = [(103, 3), (111, 11), (122, 22), (189, 35), (204, 42)]
    for (error, code) in registration {
      #expect(RejectCause(equipmentError: error)?.code == code)
      #expect(SessionCause(equipmentError: error) == nil)
    }
    let session = [
      (126, 26), (127, 27), (133, 33), (177, 8), (178, 65), (179, 66), (190, 38), (192, 50),
      (193, 51), (194, 52), (196, 57), (197, 58),
    ]
    for (error, code) in session {
      #expect(SessionCause(equipmentError: error)?.code == code)
      #expect(RejectCause(equipmentError: error) == nil)
    }
    for error in [0, 30, 100, 138, 148, 515] {
      #expect(
        RejectCause(equipmentError: error) == nil && SessionCause(equipmentError: error) == nil)
    }
  }
}
