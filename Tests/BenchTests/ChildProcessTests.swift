import Glibc
import Primitives
import Testing

@testable import godwit_bench

@Suite("A program that the bench starts") struct ChildProcessTests {
  @Test("its lines come whole, the last one too when it isn't ended") func lines() throws {
    let child = try Self.shell("echo one; echo two >&2; printf three")
    let (lines, exit) = Self.watch(child)
    #expect(lines == ["one", "two", "three"])
    #expect(exit == .status(0))
  }

  @Test("its status and its signal are told apart") func exits() throws {
    #expect(Self.watch(try Self.shell("exit 3")).exit == .status(3))
    let killed = Self.watch(try Self.shell("kill -KILL $$")).exit
    #expect(killed == .signal(SIGKILL))
    #expect(killed?.text == "was ended by signal 9 (Killed)")
  }

  @Test("asked to stop it can end in order; by force it ends with all that it started")
  func stop() throws {
    let polite = try Self.shell("trap 'echo bye; exit 0' TERM; echo up; while :; do read x; done")
    #expect(Self.watch(polite, until: "up").lines == ["up"])
    polite.stop(byForce: false)
    #expect(Self.watch(polite).lines == ["bye"])
    // `cat` waits on a pipe that its parent holds, and has the output open as well.
    let stubborn = try Self.shell("trap '' TERM; echo up; sleep 600 | cat")
    #expect(Self.watch(stubborn, until: "up").lines == ["up"])
    stubborn.stop(byForce: true)
    #expect(Self.watch(stubborn).exit == .signal(SIGKILL))
  }

  @Test("a program that isn't there is said") func missing() {
    #expect(throws: BenchError.self) { try ChildProcess(["/nonexistent/godwit", "run"]) }
  }

  private static func shell(_ script: String) throws -> ChildProcess {
    try ChildProcess(["/bin/bash", "-c", script])
  }

  /// Reads until the output ends, or up to a line.
  private static func watch(
    _ child: ChildProcess, until last: String? = nil
  ) -> (lines: [String], exit: ChildProcess.Exit?) {
    var lines: [String] = []
    let limit = BenchClock.now + .seconds(20)
    while BenchClock.now < limit {
      var set = PollSet()
      child.addInterest(to: &set)
      set.wait(until: limit, now: BenchClock.now)
      lines += child.readLines(set)
      if let last, lines.last == last { break }
      if child.hasOutputEnded { break }
    }
    while last == nil, child.exit == nil, BenchClock.now < limit { child.reap() }
    return (lines, child.exit)
  }
}
