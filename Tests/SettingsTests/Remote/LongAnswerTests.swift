import Primitives
import Settings
import Testing

@Suite("Answers that are too long") struct LongAnswerTests {
  /// What the own `get` of these settings is answered.
  private func answer(_ settings: [RemoteSetting], blocked: Int) throws -> [UInt8] {
    let operators = (0..<blocked).map { "\(20_400 + $0)" }.joined(separator: " ")
    let text = Sample.text("network", "blocked-operators", operators)
    let configuration = try ConfigurationParser.parse(
      blocked == 0 ? Sample.minimal : text)
    var receipt = RemoteReceipt(words: .own)
    receipt.echo = Array(settings.map { Array($0.name) }.joined(separator: [0x20]))
    return try #require(
      RemoteAnswer.text(
        for: receipt, outcome: .told, facts: RemoteFacts(), configuration: configuration))
  }

  @Test("end behind a whole value, and say that there is more") func whole() throws {
    let settings = RemoteSetting.allCases.filter { !$0.isSecret }
    var cuts = 0
    for blocked in 0...16 {
      let answer = try answer(settings, blocked: blocked)
      let text = answer.printable
      #expect(answer.count <= RemoteAnswer.lengthLimit)
      guard text.hasSuffix(" ...") else { continue }
      cuts += 1
      // Each value alone is told whole.
      for word in text.dropLast(4).split(separator: " ").dropFirst() {
        let setting = try #require(settings.first { word.hasPrefix("\($0.name)=") })
        #expect(try self.answer([setting], blocked: blocked).printable == "meadow-7 \(word)")
      }
    }
    #expect(cuts > 0)
  }

  @Test("a short one is as it is") func short() throws {
    #expect(try answer([.apn], blocked: 0).printable == "meadow-7 apn=em")
  }

  @Test("one that has no end of a word is cut where it must be") func unbroken() throws {
    var receipt = RemoteReceipt(words: .own)
    receipt.echo = [UInt8](repeating: UInt8(ascii: "x"), count: 400)
    let configuration = try ConfigurationParser.parse(Sample.minimal)
    let answer = try #require(
      RemoteAnswer.text(
        for: receipt, outcome: .kept, facts: RemoteFacts(), configuration: configuration))
    #expect(answer.count == RemoteAnswer.lengthLimit)
    #expect(answer.printable.hasSuffix("xxx ..."))
  }
}
