import Cellular
import Foundation
import Modems
import Primitives
import Settings
import Testing

@testable import godwit

@Suite("The calculator of power saving mode") struct PSMTests {
  // The timers' codes are tested in CellularTests.

  @Test("says what to ask for, and how to configure and command it") func exact() throws {
    let lines = try ask("--tau 140h --active 10s").split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "periodic update (T3412 extended): 01001110 = 140h (unit 010: 10h, value 01110: 14)",
        "active time (T3324): 00000101 = 10s (unit 000: 2s, value 00101: 5)",
        "periodic-tau = 140h", "active-time = 10s",
        #"AT+CPSMS=1,,,"01001110","00000101""#,
        #"AT+QPSMS=1,,,"01001110","00000101"   # Quectel's own; AT+QPSMS? tells what was granted"#,
      ])
    #expect(try ask("01001110 00000101") == ask("--tau 140h --active 10s"))
  }

  @Test("rounds up, and says so") func rounded() throws {
    let text = try ask("--tau 54min --active 5s")
    #expect(text.contains("= 1h (unit 000: 10min, value 00110: 6); 54min was rounded up\n"))
    #expect(text.contains("= 6s (unit 000: 2s, value 00011: 3); 5s was rounded up\n"))
    #expect(text.contains("\nA wish that has no code is rounded up"))
    #expect(try !ask("--tau 1h --active 6s").contains("rounded"))
    #expect(try ask("--active 90.5s").contains("active-time = 2min\n"))
  }

  @Test(
    "commands one timer alone, or both",
    arguments: [
      ("--tau 6h", #""AT+CPSMS=1,,,\"00100110\"""#),
      ("--active 2s", #""AT+CPSMS=1,,,,\"00000001\"""#),
      ("--tau 6h --active 2s", #""AT+CPSMS=1,,,\"00100110\",\"00000001\"""#),
      ("00100110", "null"), ("00100110 11100000", "null"), ("11100000 00000001", "null"),
    ])
  func command(line: String, command: String) throws {
    #expect(try ask("--json " + line).hasSuffix(",\"command\":\(command)}\n"))
  }

  @Test("reads deactivated timers and undefined units") func special() throws {
    let off = try ask("11111111 11100000")
    #expect(
      off.contains("T3412 extended): 11111111 = deactivated (unit 111): it counts as not given\n"))
    #expect(off.contains("(T3324): 11100000 = deactivated (unit 111): no power saving mode\n"))
    #expect(off.contains("AT+CPSMS=0") && !off.contains("AT+CPSMS=1"))
    #expect(
      try ask("01001110 01101100").contains(
        "01101100 = 12min (unit 011: undefined, read as 1min, value 01100: 12)\n"))
  }

  @Test("reads one pattern alone as either timer") func either() throws {
    let text = try ask("01001110")
    #expect(text.contains("= 140h ") && text.contains("(T3324): 01001110 = 84min "))
    #expect(!text.contains("AT+"))
  }

  @Test("warns of an active time that isn't shorter, and of steps of 320h") func warnings() throws {
    let warning = "The active time must be shorter than the periodic update."
    #expect(try ask("--tau 5min --active 5min").contains(warning))
    #expect(try !ask("--tau 6min --active 5min").contains(warning))
    #expect(try ask("--tau 30d").contains("unit 110 is read as 1h"))
  }

  @Test("gives the same as JSON") func json() throws {
    let answer = try ask("--json --tau 54min --active 10s")
    #expect(
      answer.hasPrefix(
        #"{"periodicTau":{"wishedSeconds":3240,"bits":"00000110","unit":"000","stepSeconds":600,"#
          + #""value":6,"seconds":3600},"activeTime":{"wishedSeconds":10,"bits":"00000101","#
          + #""unit":"000","stepSeconds":2,"value":5,"seconds":10},"notes":["A wish"#))
    #expect(
      try ask("--json 11100000 11100000").contains(
        #""activeTime":{"wishedSeconds":null,"bits":"11100000","unit":"111","stepSeconds":null,"#
          + #""value":0,"seconds":null}"#))
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(answer.utf8)) }
  }

  @Test("gives lines that the configuration takes, for every octet") func configuration() throws {
    let base =
      "[device]\nname = d\n[modem]\nmodule = generic\nuart = u\npower-key = gpiochip0 1\n"
      + "[server]\nurl = coap://s/r\n[network]\napn = em\n"
    var taken = 0
    for octet in UInt8.min...UInt8.max {
      let bits = TimerOctet(octet: octet).bits
      let text = try ask("\(bits.printable) \(bits.printable)")
      let lines = text.split(separator: "\n").filter { $0.contains(" = ") && !$0.contains(":") }
      if octet >> 5 == 7 { #expect(lines.isEmpty) }
      for line in lines {
        #expect(throws: Never.self, "\(line)") {
          // The other one far away, so that nothing but the line itself can be wrong.
          let other = line.hasPrefix("active") ? "periodic-tau = 9920h\n" : "active-time = 0s\n"
          _ = try ConfigurationParser.parse(Array((base + other + line + "\n").utf8))
        }
        taken += 1
      }
    }
    #expect(taken > 400)
  }

  @Test(
    "refuses what it can't code or read",
    arguments: [
      ("", "there is no TIME or BITS; write: godwit psm "),
      ("0100111", "'0100111' isn't 8 digits long; write 8 of 0 and 1"),
      ("01001110 000001012", "'000001012' has something else than 0 and 1 at position 9; "),
      ("0b001110", "'0b001110' has something else than 0 and 1 at position 2; "),
      ("01001110 00000101 1", "'1' is too much; "),
      ("--tau 1s", "'1s' is out of range; write 2s to 9920h"),
      ("--tau 9921h", "'9921h' is out of range; "), ("--active 187min", "write 0s to 186min"),
      ("--tau 10", "'10' isn't a time; "), ("--tau -5s", "'-5s' isn't a time; "),
      ("--tau 1e3s", "'1e3s' isn't a time; "), ("--tau 99999999999999999999d", "isn't a time; "),
      ("--tau 10parsecs", "isn't a time; write a number and s, min, h or d"),
      ("--tau 0.0001s", "isn't a time; "), ("--tau .s", "isn't a time; "),
      ("--tau 5h 00000101", "'00000101' is a bit pattern, which doesn't go together with a time; "),
      ("--lte-m 1s", "there is no option '--lte-m'"),
    ])
  func refused(line: String, part: String) {
    #expect(refusal("psm " + line).contains("godwit psm: "))
    #expect(refusal("psm " + line).contains(part), "\(refusal("psm " + line))")
  }

  private func ask(_ line: String) throws -> String {
    let command = try Command("psm \(line)".split(separator: " ").map { Array($0.utf8) })
    guard case .psm(let question, let isJSON) = command else { return "" }
    return String(decoding: PSMText.answer(to: question, isJSON: isJSON), as: UTF8.self)
  }
}

/// What is said of a command line that is refused.
func refusal(_ line: String) -> String {
  do throws(ArgumentError) {
    _ = try Command(line.split(separator: " ").map { Array($0.utf8) })
    return ""
  } catch {
    return error.text
  }
}
