import AT
import Cellular
import Modems
import Primitives
import Testing

/// What the EC25 has of its own; what it shares with the BG95 is tested there.
@Suite("Quectel EC25") struct EC25Tests {
  private let profile = ModuleProfile.quectelEC25
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("the pulse that wakes it can never turn it off") func pulse() {
    // EG91, EG25-G: on from 500 ms. EC21: off from 600 to 700 ms.
    #expect((Duration.milliseconds(500)..<(.milliseconds(600))).contains(profile.power.onPulse))
    #expect(profile.power.offPulse! > .milliseconds(700))
  }

  @Test(
    "what its unsolicited lines mean",
    arguments: [
      ("RDY", ModuleURC.ready), ("POWERED DOWN", .poweredDown), ("+QIND: PB DONE", .other),
      ("+QUSIM: 1", .other), ("+CPIN: READY", .sim(.ready)),
      ("+QIOPEN: 0,0", .socketOpened(error: 0)),
      ("+CGREG: 5", .registration(.init(status: .roaming))), ("+QIURC: \"recv\",0", .dataWaiting),
      ("+QIURC: \"pdpdeact\",1", .contextLost), ("+QIND: \"act\",\"LTE\"", .other),
    ])
  func meaning(line: String, expected: ModuleURC) {
    #expect(profile.meaning(bytes(line)) == expected)
  }

  @Test(
    "one radio is chosen, or it chooses itself",
    arguments: [
      ([RAT.lte], "AT+QCFG=\"nwscanmode\",3,1"), ([.umts], "AT+QCFG=\"nwscanmode\",2,1"),
      ([.gsm, .lteM], "AT+QCFG=\"nwscanmode\",1,1"), ([.lte, .gsm], "AT+QCFG=\"nwscanmode\",0,1"),
      ([.lteM, .nbIoT], nil), ([], nil),
    ])
  func scanMode(rats: [RAT], written: String?) {
    let wanted = NetworkSettings(accessPoint: nil, rats: rats)
    let setting = profile.settings.first { $0.name.description == "nwscanmode" }!
    #expect(setting.isWanted(wanted) == (written != nil))
    let lines = setting.writes(wanted).map { String(decoding: $0.line.bytes, as: UTF8.self) }
    #expect(lines == (written.map { [$0] } ?? []))
  }

  @Test("its URCs may come to every port") func urcPort() {
    let setting = profile.settings.first { $0.name.description == "urcport" }!
    let nothing = NetworkSettings(accessPoint: nil)
    #expect(setting.isRight([bytes("+QURCCFG: \"urcport\",\"all\"")], nothing) == true)
    #expect(setting.isRight([bytes("+QURCCFG: \"urcport\",\"usbat\"")], nothing) == false)
  }

  @Test("a captured EC21 that searches for ever is heard as searching in both domains")
  func wioLTE() {
    // https://github.com/SeeedJP/WioLTEforArduino/issues/34
    let lines = [bytes("+CEREG: 0,2"), bytes("+CGREG: 0,2")]
    for (line, read) in zip(lines, profile.registrationReads) {
      #expect(read.answers.contains { $0.matches(line) })
      #expect(Registration(readAnswer: line)?.status == .searching)
    }
  }
}
