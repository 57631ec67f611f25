import Foundation
import Primitives
import Testing

@testable import godwit_bench

/// The framing of every captured session is reconstructed: nothing here rests on it.
@Suite("Replaying a captured session") struct ReplayTests {
  @Test("the sessions are there") func present() {
    #expect(Captured.all.count >= 20, "set GODWIT_SHARED to the folder that has data/sessions")
  }

  @Test("comes out as its collectors read it, step by step", arguments: Captured.all)
  func asRead(captured: Captured) throws {
    let session = try CapturedSession(captured.text)
    let found = try SessionPlayer.play(session).map { try Captured.object($0) }
    #expect(found.count == captured.steps.count)
    for (index, (found, wanted)) in zip(found, captured.steps).enumerated() {
      #expect(found == wanted, "step \(index + 1)")
    }
  }

  @Test("comes out the same one byte at a time", arguments: Captured.all)
  func bytewise(captured: Captured) throws {
    // Not compared: which command a URC behind the final result belongs to, since reads tell it.
    let whole = try CapturedSession(captured.text)
    var text: [UInt8] = []
    for step in whole.steps {
      switch step {
      case .host(let bytes): text += Array("> ".utf8) + Captured.escaped(bytes) + [10]
      case .modem(let bytes):
        for byte in bytes { text += Array("< ".utf8) + Captured.escaped([byte]) + [10] }
      case .wait(let span): text += Array("= \(span.wholeMilliseconds)\n".utf8)
      }
    }
    let split = try CapturedSession(text)
    #expect(Self.commands(SessionPlayer.play(split)) == Self.commands(SessionPlayer.play(whole)))
  }

  private static func commands(_ moments: [PlayedMoment]) -> [PlayedCommand] {
    moments.compactMap { moment in
      guard case .command(var played) = moment else { return nil }
      played.urcs = []
      return played
    }
  }

  @Test("a command whose result never came has had the log's own time") func timeout() throws {
    let moments = try play(
      """
      > AT\\r
      = 400
      < \\r\\nRDY\\r\\n
      > ATE0\\r
      = 50
      < \\r\\nOK\\r\\n
      """)
    #expect(
      moments.map { ReplayText.json($0) } == [
        #"{"cmd":"AT","outcome":"timeout","lines":[],"urcs":[],"wait_ms":400}"#,
        #"{"urc_between_commands":["RDY"]}"#,
        #"{"cmd":"ATE0","outcome":"ok","lines":[],"urcs":[]}"#,
      ])
  }

  @Test("what isn't a command line is said to be none, and ends nothing") func noCommand() throws {
    let moments = try play("> +++\\r\n< \\r\\nOK\\r\\n\n> ati\\r\n< ati\\r\\r\\nBG96\\r\\nOK\\r\\n")
    #expect(
      moments.map { ReplayText.json($0) } == [
        #"{"cmd":"+++","outcome":"incomplete","lines":[],"urcs":[]}"#,
        #"{"cmd":"ati","outcome":"ok","lines":["BG96"],"urcs":[]}"#,
      ])
  }

  @Test("a URC in the form of an answer stays one where nothing was asked") func registration()
    throws
  {
    let moments = try play("> AT+CEREG=2\\r\n< \\r\\n+CEREG: 2\\r\\n\\r\\nOK\\r\\n")
    #expect(
      moments.map { ReplayText.json($0) } == [
        #"{"cmd":"AT+CEREG=2","outcome":"ok","lines":[],"urcs":["+CEREG: 2"]}"#
      ])
  }

  @Test(
    "a line that is no step is refused with its number",
    arguments: ["# x\nAT", "\n= soon", "\n= 3600001", "\n> \\x1", "\n< \\q", "\n<"])
  func refused(text: String) {
    #expect {
      _ = try CapturedSession(Array(text.utf8))
    } throws: { error in
      "\(error)".hasPrefix("line 2 is no step of a session; ")
    }
  }

  @Test("random steps trap nothing", arguments: 1...40 as ClosedRange<UInt64>)
  func noise(seed: UInt64) throws {
    let pieces = [
      "> AT\\r", "> AT+QISEND=0,4\\r", "> ping", "> \\r", "> \\r\\n", "< \\r\\n> ", "< OK\\r\\n",
      "= 5", "< +QIRD: 9\\r\\n", "> AT+QIRD=0,9\\r", "< \\xFF\\x00", "> A", "> T\\r", "< >",
      "> AT+CEREG?;+CSQ\\r", "< +CEREG: 1,1\\r\\n", "< SEND OK\\r\\n", "> ATD*99#\\r",
      "< CONNECT\\r",
      "> \\xE2AT;;;\\r", "> AT+QIRD=1;+X=\"a;b\"\\rAT\\r",
    ]
    var random = SeededRandom(seed: seed)
    var text = ""
    for _ in 0..<400 { text += pieces[Int(random.next(below: UInt64(pieces.count)))] + "\n" }
    #expect(try !play(text).isEmpty, "seed \(seed)")
  }

  private func play(_ text: String) throws -> [PlayedMoment] {
    SessionPlayer.play(try CapturedSession(Array(text.utf8)))
  }
}

/// A captured session with what sessions.json has for it.
struct Captured: CustomTestStringConvertible, @unchecked Sendable {
  var id: String
  var text: [UInt8]
  /// JSON objects as they stand there, notes left out.
  var steps: [NSDictionary]
  var testDescription: String { id }

  /// They stand beside the repository, or where `GODWIT_SHARED` says. Where they are missing, the
  /// test that counts them fails.
  static let all: [Captured] = {
    let beside = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared")
    let shared = ProcessInfo.processInfo.environment["GODWIT_SHARED"].map { URL(filePath: $0) }
    let folder = (shared ?? beside).appending(path: "data/sessions")
    guard let index = try? Data(contentsOf: folder.appending(path: "sessions.json")),
      let entries = try? JSONSerialization.jsonObject(with: index) as? [NSDictionary]
    else { return [] }
    return entries.compactMap { entry in
      guard let id = entry["id"] as? String, let file = entry["file"] as? String,
        let steps = entry["steps"] as? [NSDictionary],
        let text = try? Data(contentsOf: folder.appending(path: file))
      else { return nil }
      return Captured(id: id, text: Array(text), steps: steps.map { withoutNote($0) })
    }
  }()

  static func object(_ moment: PlayedMoment) throws -> NSDictionary {
    let json = try JSONSerialization.jsonObject(with: Data(ReplayText.json(moment).utf8))
    return try #require(json as? NSDictionary)
  }

  static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      let (high, low) = byte.hexDigits
      return [UInt8(ascii: "\\"), UInt8(ascii: "x"), high, low]
    }
  }

  private static func withoutNote(_ step: NSDictionary) -> NSDictionary {
    guard let copy = step.mutableCopy() as? NSMutableDictionary else { return step }
    copy.removeObject(forKey: "note")
    return copy
  }
}
