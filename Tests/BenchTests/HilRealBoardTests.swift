import Glibc
import Primitives
import Testing

@testable import godwit_bench

/// A real board stood in for by two ptys and shell commands: what is tried is the bench's side of
/// the adapters and commands, not a board.
@Suite("A real board", .serialized) struct HilRealBoardTests {
  @Test("gets its configuration through its shell before it is up; UART and pins go both ways")
  func lines() throws {
    let stand = try Stand(
      pins:
        "echo power-key 1 1000000; echo power-key 0 1560000; read line; echo $line >FOLDER/said; cat"
    )
    let board = try RealBoard(stand.configuration, GuestPlan(), isFresh: true)
    #expect(HilFiles.exists(stand.folder.path + "/on"))
    var events = stand.run(board) { events, last in
      events.contains(.pin(.powerKey, isAsserted: false, at: last))
    }
    let levels = events.compactMap { event -> Bool? in
      if case .pin(.powerKey, let isAsserted, _) = event { isAsserted } else { nil }
    }
    #expect(levels == [true, false])
    #expect(!events.contains(.up), "its shell hasn't answered")

    stand.shell.write(Array("login: \r\nroot# shell-42\r\n".utf8))
    events = stand.run(board) { _, _ in
      stand.heardByShell.hasSuffix("systemctl restart godwit\necho ready-$((40+2))\n")
    }
    #expect(events.contains(.shell("login: ")))
    #expect(!events.contains(.up), "its configuration isn't in force yet")
    let heard = stand.heardByShell
    #expect(heard.contains("power-key = gpiochip1 28\n"))
    #expect(heard.contains("systemctl stop godwit\nrm -f /var/lib/godwit/spool.db "))
    stand.shell.write(Array("ready-42\r\n".utf8))
    events = stand.run(board) { events, _ in events.contains(.up) }
    #expect(events.contains(.up))

    stand.modem.write([0x41, 0x54])
    events = stand.run(board) { events, _ in events.contains(.uart([0x41, 0x54])) }
    board.transmit([0x4F, 0x4B])
    board.setStatus(isOn: true)
    stand.run(board) { _, _ in
      stand.heardByModem == [0x4F, 0x4B] && HilFiles.size(stand.folder.path + "/said") > 0
    }
    let said = try Path.read(stand.folder.path + "/said")
    #expect(said == "status 1\n")
    board.cutPower()
    #expect(HilFiles.exists(stand.folder.path + "/off"))
  }

  @Test("whose reset fails says which command, its status and its words") func reset() throws {
    let stand = try Stand(pins: "cat", reset: "echo no relay >&2; exit 3")
    let error = #expect(throws: BenchError.self) {
      try RealBoard(stand.configuration, GuestPlan(), isFresh: true)
    }
    #expect(error?.what.hasPrefix("[board] reset ended with status 3: no relay") == true)
  }

  @Test("whose pin reader ends says so") func pins() throws {
    let stand = try Stand(pins: "exit 0")
    let board = try RealBoard(stand.configuration, GuestPlan(), isFresh: true)
    let events = stand.run(board) { events, _ in
      events.contains { if case .ended = $0 { true } else { false } }
    }
    #expect(
      events.contains(.ended("[pins] command ended; without it the power key can't be seen")))
    board.cutPower()
  }
}

/// The far sides of a real board's adapters.
private final class Stand {
  /// A turn that never comes ends the test instead of hanging it.
  private static let limit = Duration.seconds(20)

  let folder: Folder
  let modem: PseudoTerminal
  let shell: PseudoTerminal
  let configuration: HilConfiguration
  private(set) var heardByShell = ""
  private(set) var heardByModem: [UInt8] = []

  init(pins: String, reset: String = "touch FOLDER/on") throws {
    signal(SIGPIPE, SIG_IGN)  // As `Signals` does for the tool.
    folder = try Folder()
    modem = try PseudoTerminal(path: folder.path + "/modem")
    shell = try PseudoTerminal(path: folder.path + "/shell")
    let text = """
      [board]
      reset = \(reset)
      power-off = touch FOLDER/off
      shell = FOLDER/shell
      [modem]
      adapter = FOLDER/modem
      [pins]
      command = \(pins)
      drives-status = yes
      [guest]
      power-key = gpiochip1 28
      """
    let parts = text.split(separator: "FOLDER", omittingEmptySubsequences: false)
    configuration = try HilConfiguration(text: parts.joined(separator: folder.path))
  }

  /// Serves board and adapters until `isDone` says so of the events so far; it is also given the
  /// moment of the last pin event.
  @discardableResult
  func run(_ board: RealBoard, until isDone: ([BoardEvent], Instant) -> Bool) -> [BoardEvent] {
    var events: [BoardEvent] = []
    var lastPin = Instant.start
    let end = BenchClock.now + Self.limit
    while !isDone(events, lastPin), BenchClock.now < end {
      var set = PollSet()
      board.addInterest(to: &set)
      modem.addInterest(to: &set)
      shell.addInterest(to: &set)
      set.wait(until: BenchClock.now + .milliseconds(20), now: BenchClock.now)
      for event in board.serve(set, now: BenchClock.now) {
        if case .pin(_, _, let at) = event { lastPin = at }
        events.append(event)
      }
      heardByShell += String(decoding: shell.read(set), as: UTF8.self)
      heardByModem += modem.read(set)
    }
    return events
  }
}
