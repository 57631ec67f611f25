import CLinux
import Glibc
import Primitives
import Testing

@testable import Board

// Real time is used where the kernel's timer is what is tested. Not covered: a deadline that passes
// while the machine is suspended (that comes with the boards).
@Suite("Event loop") struct EventLoopTests {
  /// How often this thread has waited for something so far.
  private func waits() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(1), &usage)  // RUSAGE_THREAD
    return usage.ru_nvcsw
  }

  @Test("does not wake before its deadline, and then once") func idle() throws {
    var loop = try EventLoop()
    let deadline = BoardClock.now + .milliseconds(400)
    let before = waits()
    let ready = try loop.wait(until: deadline)
    #expect(ready == [])
    #expect(BoardClock.now >= deadline)
    #expect(waits() - before <= 2)
  }

  @Test("a deadline that has passed doesn't wait") func passed() throws {
    var loop = try EventLoop()
    let start = BoardClock.now
    let ready = try loop.wait(until: .start)
    let again = try loop.wait(until: start)
    #expect(ready == [] && again == [])
    #expect(BoardClock.now - start < .milliseconds(200))
  }

  @Test("a deadline that came is forgotten when the next one is later or none")
  func nextDeadline() throws {
    var loop = try EventLoop()
    _ = try loop.wait(until: BoardClock.now + .milliseconds(5))
    let later = BoardClock.now + .milliseconds(60)
    let ready = try loop.wait(until: later)
    #expect(ready == [] && BoardClock.now >= later)
    let earlier = BoardClock.now + .milliseconds(20)
    _ = try loop.wait(until: BoardClock.now + .milliseconds(-1))
    _ = try loop.wait(until: earlier)
    #expect(BoardClock.now >= earlier)
    let event = linux_event()
    defer { linux_close(event) }
    try loop.add(event, as: EventToken(1))
    linux_event_raise(event)
    let raised = try loop.wait(until: nil)
    #expect(raised == [Ready(token: EventToken(1), conditions: .readable)])
  }

  @Test("a board that stays awake waits by the call's own time-out, and its timer is left alone")
  func awake() throws {
    var loop = try EventLoop()
    // The timer is set for a moment that comes during the second wait, which it must not end.
    _ = try loop.poll(arming: BoardClock.now + .milliseconds(20))
    let deadline = BoardClock.now + .milliseconds(80)
    let ready = try loop.wait(until: deadline, isAwake: true)
    #expect(ready == [] && BoardClock.now >= deadline)
    let event = linux_event()
    defer { linux_close(event) }
    try loop.add(event, as: EventToken(1))
    linux_event_raise(event)
    let raised = try loop.wait(until: nil, isAwake: true)
    #expect(raised.map(\.token) == [EventToken(1)])
  }

  @Test("what is left out of a wait is reported at the next one") func leavingOut() throws {
    var loop = try EventLoop()
    let (one, other) = (linux_event(), linux_event())
    defer {
      linux_close(one)
      linux_close(other)
    }
    try loop.add(one, as: EventToken(1))
    try loop.add(other, as: EventToken(2))
    linux_event_raise(one)
    let soon = BoardClock.now + .milliseconds(5)
    let without = try loop.wait(until: soon, isAwake: true, leavingOut: EventToken(1))
    #expect(without == [] && BoardClock.now >= soon)
    linux_event_raise(other)
    let rest = try loop.wait(until: nil, leavingOut: EventToken(1))
    #expect(rest.map(\.token) == [EventToken(2)])
    let all = try loop.wait(until: nil)
    #expect(all.map(\.token) == [EventToken(1), EventToken(2)])
  }

  @Test("one descriptor more than it can watch is an error") func full() throws {
    var loop = try EventLoop()
    let event = linux_event()
    defer { linux_close(event) }
    for token in 1...15 as ClosedRange<UInt32> { try loop.add(event, as: EventToken(token)) }
    let refused = thrown { () throws(BoardError) in try loop.add(event, as: EventToken(16)) }
    #expect(refused == .kernel(.watching, errno: linux_ENOSPC))
  }

  @Test("names what is ready, and no more once it was taken or removed") func tokens() throws {
    var loop = try EventLoop()
    let (one, other) = (linux_event(), linux_event())
    defer {
      linux_close(one)
      linux_close(other)
    }
    try loop.add(one, as: EventToken(7))
    try loop.add(other, as: EventToken(8))
    linux_event_raise(one)
    linux_event_raise(other)
    let both = try loop.wait(until: nil)
    #expect(Set(both.map(\.token.rawValue)) == [7, 8])
    linux_event_clear(one)
    let second = try loop.wait(until: nil)
    #expect(second.map(\.token.rawValue) == [8])
    loop.remove(other)
    let none = try loop.wait(until: BoardClock.now)
    #expect(none == [])
  }

  @Test("reports room to write only while asked to, and that the other end hung up")
  func conditions() throws {
    var loop = try EventLoop()
    var (ours, theirs): (Int32, Int32) = (-1, -1)
    #expect(linux_packet_pair(&ours, &theirs) == 0)
    try loop.add(ours, as: EventToken(1))
    let quiet = try loop.wait(until: BoardClock.now)
    #expect(quiet == [])
    loop.change(ours, for: [.readable, .writable])
    let writable = try loop.wait(until: nil)
    #expect(writable.map(\.isWritable) == [true])
    #expect(writable.map(\.isReadable) == [false])
    loop.change(ours, for: .readable)
    linux_close(theirs)
    let gone = try loop.wait(until: nil)
    #expect(gone.map(\.isReadable) == [true])
    #expect(gone.map { $0.conditions.contains(.hungUp) } == [true])
    linux_close(ours)
  }

  @Test("watching what can't be watched is an error, not a crash") func notWatchable() throws {
    var loop = try EventLoop()
    let refused = thrown { () throws(BoardError) in try loop.add(-1, as: EventToken(1)) }
    #expect(refused == .kernel(.watching, errno: linux_EBADF))
    loop.remove(-1)
  }

  @Test(
    "deadlines are rounded up to the nanosecond, so that the timer never fires early",
    arguments: [
      (Duration.milliseconds(1500), 1, 500_000_000),
      (Duration(secondsComponent: 2, attosecondsComponent: 1), 2, 1),
      (Duration(secondsComponent: 2, attosecondsComponent: 999_999_999_999_999_999), 3, 0),
    ])
  func rounding(since: Duration, seconds: Int64, nanoseconds: Int64) {
    let time = Instant(sinceStart: since).kernelTime
    #expect(time.seconds == seconds && time.nanoseconds == nanoseconds)
  }
}

@Suite("Clock") struct BoardClockTests {
  @Test("boot time goes on and civil time is after 2020") func clocks() throws {
    let first = BoardClock.now
    #expect(BoardClock.now >= first)
    let after2020 = try #require(UTC(year: 2020, month: 1, day: 1))
    #expect(BoardClock.wallClock() > after2020)
  }
}
