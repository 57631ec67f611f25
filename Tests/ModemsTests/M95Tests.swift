import AT
import Cellular
import Modems
import Primitives
import Testing

@Suite("Quectel M95") struct M95Tests {
  private let profile = ModuleProfile.quectelM95
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(
    "what its unsolicited lines mean",
    arguments: [
      ("RDY", ModuleURC.ready), ("Call Ready", .other), ("NORMAL POWER DOWN", .poweredDown),
      ("UNDER_VOLTAGE POWER DOWN", .poweredDown), ("UNDER_VOLTAGE WARNING", .other),
      ("0, CONNECT OK", .socketOpened(error: 0)), ("0,CONNECT OK", .socketOpened(error: 0)),
      ("0, CONNECT FAIL", .socketOpened(error: 1)), ("ALREADY CONNECT", .socketOpened(error: 2)),
      ("0, ALREADY CONNECT", .socketOpened(error: 2)), ("1, CONNECT OK", .other),
      ("0, CLOSED", .socketClosed), ("3, CLOSED", .other), ("0, CLOSE OK", .other),
      ("+PDP DEACT", .contextLost), ("+QIRDI: 0,1,0", .dataWaiting), ("+QIRDI: 0,1,2", .other),
      ("+QIRDI: 0,1,0,2,40,80", .dataWaiting),  // MC60
      (
        "+CGREG: 5,\"1A2B\",\"0123\"",
        .registration(.init(status: .roaming, trackingArea: 0x1A2B, cell: 0x0123))
      ),
      ("+CPIN: NOT READY", .sim(.notReady)),
    ])
  func meaning(line: String, expected: ModuleURC) {
    #expect(profile.meaning(bytes(line)) == expected)
  }

  @Test("the pulse that turns it off is too short to turn it on") func pulse() {
    #expect(profile.power.onPulse > .seconds(1))
    #expect((Duration.milliseconds(700)..<(.seconds(1))).contains(profile.power.offPulse!))
  }

  @Test(
    "data is counted by the last number",
    arguments: [
      ("+QIRD: 192.0.2.1:5683,UDP,12", 12), ("+QIRD:192.0.2.1:5683,TCP,1500", 1500),
      ("+QIRDI: 0,1,0", nil), ("0, CLOSED", nil),
    ])
  func counted(line: String, count: Int?) {
    let read = profile.socket!.read(SocketProgress())
    #expect(read.countedBytes(bytes(line)) == count)
  }

  @Test("socket errors are the server's, but for one that exists already") func failures() {
    #expect(profile.socket?.failure(1) == .remote)
    #expect(profile.socket?.failure(2) == .stale)
  }

  @Test(
    "a captured M26 tells who it is",
    arguments: ["+CCID: \"89620160002701055486\"", "+QCCID: 89620160002701055486"])
  func identity(iccid: String) {
    // https://github.com/warthog618/modem/issues/17
    let lines = [
      iccid, "510019568278473", "012345678912345", "FOXCOM MODEM", "Quectel_M26",
      "Revision: M26FBR03A06-TTS",
    ]
    var identity = ModuleIdentity()
    profile.readIdentity(lines.map { bytes($0) }, &identity)
    #expect(identity.iccid == ICCID(bytes("89620160002701055486")))
    #expect(identity.model == bytes("Quectel_M26"))
    #expect(identity.firmware == bytes("M26FBR03A06-TTS"))
    #expect(profile.covers.contains { bytes("Quectel_M26").hasPrefix($0) })
    #expect(profile.identity[0].answers.contains { $0.matches(bytes(iccid)) })
  }
}
