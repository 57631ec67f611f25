import Foundation
import Testing

@testable import godwit

@Suite("The calculator of eDRX") struct EDRXCalculatorTests {
  // The tables of cycles and windows are tested in CellularTests.

  @Test("says what to ask for, and the command") func exact() throws {
    #expect(
      try ask("--lte-m 143.36s") == """
        cycle on LTE-M: 1000 is 143.36s
        paging window: the network's choice, 1.28s to 20.48s in steps of 1.28s

        AT+CEDRXS=2,4,"1000"

        """)
    #expect(try ask("--lte-m 1000") == ask("--lte-m 143.36s"))
    #expect(try ask("--nb-iot 20.48s").contains("\n\nAT+CEDRXS=2,5,\"0010\"\n"))
  }

  @Test("rounds a cycle down and a window up, and says so") func rounded() throws {
    let text = try ask("--nb-iot 143.36s --window 3s")
    #expect(text.contains("cycle on NB-IoT: 0101 is 81.92s; 143.36s was rounded down, so that "))
    #expect(text.contains("paging window: 0001 is 5.12s; 3s was rounded up\n"))
    #expect(try ask("--lte-m 30d").contains(": 1101 is 2621.44s; 30d was rounded down"))
    #expect(try ask("--lte-m 10.24s --window 0111").contains("must be shorter than the cycle"))
    #expect(try !ask("--lte-m 20.48s --window 0111").contains("must be shorter"))
  }

  @Test("reads codes that a technology doesn't have as it reads them itself") func aliases() throws
  {
    #expect(try ask("--lte-m 1001").contains("1001 is 163.84s\n"))
    let alias = try ask("--nb-iot 1000")
    #expect(alias.contains("1000 is read as 0010, 20.48s\n"))
    #expect(alias.contains("AT+CEDRXS=2,5,\"0010\""))
    let absent = try ask("--nb-iot 0000")
    #expect(absent.contains("0000 counts as not given: no eDRX\n") && !absent.contains("AT+"))
    #expect(try ask("--lte-m 0000").contains("0000 is 5.12s\n"))
  }

  @Test("gives the same as JSON") func json() throws {
    #expect(
      try ask("--json --nb-iot 1000") == #"{"technology":"nb-iot","cycle":{"wishedSeconds":null,"#
        + #""bits":"1000","readAs":"0010","seconds":20.48},"window":null,"notes":[],"#
        + #""command":"AT+CEDRXS=2,5,\"0010\""}"# + "\n")
    let answer = try ask("--json --lte-m 1h --window 0011")
    #expect(answer.contains(#""wishedSeconds":3600,"bits":"1101","readAs":"1101","#))
    #expect(answer.contains(#""seconds":2621.44}"#))
    #expect(answer.contains(#""window":{"wishedSeconds":null,"bits":"0011","seconds":5.12}"#))
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(answer.utf8)) }
    #expect(try ask("--json --nb-iot 0001").contains(#""readAs":null,"seconds":null"#))
  }

  @Test(
    "refuses what it can't code or read",
    arguments: [
      ("", "there is no CYCLE; "), ("--lte-m 1s", "'1s' is out of range; write 5.12s to "),
      ("--nb-iot 10.24s", "'10.24s' is out of range; write 20.48s to "),
      ("--lte-m 10012", "'10012' has something else than 0 and 1 at position 5; "),
      ("--lte-m 101", "'101' isn't 4 digits long; write 4 of 0 and 1"),
      ("--lte-m 20.48s --window 21s", "'21s' is out of range; write 0.001s to 20.48s"),
      ("--lte-m 20.48s --window 0s", "'0s' is out of range; "),
      ("--lte-m soon", "'soon' isn't a time; "),
      ("--lte-m 1001 --nb-iot 1001", "don't go together"),
      ("--lte-m 1001 x", "'x' is too much; "),
    ])
  func refused(line: String, part: String) {
    #expect(refusal("edrx " + line).contains(part), "\(refusal("edrx " + line))")
  }

  private func ask(_ line: String) throws -> String {
    let command = try Command("edrx \(line)".split(separator: " ").map { Array($0.utf8) })
    guard case .edrx(let question, let isJSON) = command else { return "" }
    return String(decoding: EDRXText.answer(to: question, isJSON: isJSON), as: UTF8.self)
  }
}
