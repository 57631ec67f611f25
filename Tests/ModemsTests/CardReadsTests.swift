import Modems
import Testing

/// What is read while the modem searches, since a multi-IMSI card changes its numbers.
@Suite("Reads of the card") struct CardReadsTests {
  @Test("end with the subscriber's number, behind all for the card's") func reads() {
    for profile in ModuleProfile.all {
      let lines = profile.cardReads.map { String(decoding: $0.line.bytes, as: UTF8.self) }
      #expect(lines.last == "AT+CIMI", "\(profile.name)")
      #expect(lines.count <= 3)
      // How a card's number is asked for, an unknown module doesn't say.
      guard profile.name.description != "generic" else { continue }
      #expect(lines[0].contains("CID"), "\(profile.name): \(lines)")
    }
  }
}
