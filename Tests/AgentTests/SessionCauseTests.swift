import Agent
import Cellular
import Link
import Primitives
import Testing

/// Every cause that a module tells as +CME ERROR when the network refuses a data session, played
/// through the whole agent. Not covered: causes of the registration (PolitenessTests), which no
/// module tells here, and modules that name none.
@Suite("A refused data session, by its cause") struct SessionCauseTests {
  /// TS 27.007 §9.2.2.2, every number that stands for an ESM cause.
  static let errors = (0...300).filter { SessionCause(equipmentError: $0) != nil }

  @Test("every cause of the table has a number that a module tells") func complete() {
    let told = Set(Self.errors.compactMap { SessionCause(equipmentError: $0)?.code })
    #expect(told == Set(SessionCause.all.map { $0.code }))
  }

  @Test("is in the record, decides the wait, is kept, and is said", arguments: errors)
  func played(error: Int) throws {
    let cause = try #require(SessionCause(equipmentError: error))
    let pause = RejectTreatment(cause.consequence).wait(strikes: 1)
    let bench = try AgentBench(obeysLimits: true)
    bench.modem.sessionError = error
    let startedAt = bench.now
    bench.start()
    bench.put(2)
    bench.run(for: .seconds(1800)) { _ in bench.agent.record.failed == 1 }
    try #require(bench.agent.record.failed == 1, "\(bench.log.suffix(5))")

    // The record, and what follows.
    let failedAt = bench.now
    #expect(bench.agent.status(now: bench.now).text.contains(cause.text))
    let limits = bench.agent.limits(now: bench.now)
    let until = try #require(limits.blockedUntil)
    // The first back-off of this bench is a minute, with the device's own fifth more or less.
    let least = max(pause, .seconds(48))
    #expect(until - failedAt >= least && until - failedAt <= max(pause, .seconds(72)))
    let reason = pause > .zero ? LimitReason.sessionRefused(cause) : .backOff
    #expect(limits.reason == reason)
    #expect(limits.rung == .context)
    #expect(limits.resetsLeft == AccessLimits.resetsPerHour)

    // What is kept, as the next process reads it.
    let bytes = try #require(bench.store.vault[.limits])
    let clock = AgentBench.noon.millisecondsSince1970 + (bench.now - startedAt).wholeMilliseconds
    let moment = AccessLedger.Moment(
      now: .milliseconds(1000), utc: UTC(millisecondsSince1970: clock), boot: 1)
    let kept = try #require(AccessLedger(bytes, at: moment))
    #expect(kept.failures == 1)
    let held = kept.hold(.init(isCold: true), now: moment.now)
    #expect(held?.reason == reason)
    #expect((held?.until ?? .start) - moment.now >= until - failedAt - .seconds(2))

    // The next attempt comes when it may, and a session that is there then ends it all.
    let wakes = bench.wakes.count
    bench.run(until: until + (.zero - .seconds(1)))
    #expect(bench.wakes.count == wakes)
    bench.modem.sessionError = nil
    bench.run(for: .seconds(900)) { $0.agent.record.confirmed == 1 }
    #expect(bench.agent.record.confirmed == 1, "\(bench.log.suffix(5))")
    #expect(bench.agent.limits(now: bench.now).blockedUntil == nil)
  }
}
