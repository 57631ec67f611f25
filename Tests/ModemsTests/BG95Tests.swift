import AT
import Cellular
import Modems
import Primitives
import Testing

@Suite("Quectel BG95") struct BG95Tests {
  private let profile = ModuleProfile.quectelBG95
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private var wanted: NetworkSettings {
    NetworkSettings(
      accessPoint: AccessPoint(
        apn: APN(bytes("em"))!,
        authentication: .pap(
          user: CredentialText(bytes("me"))!, password: CredentialText(bytes("hush"))!)),
      isRoamingAllowed: true, rats: [.lteM, .nbIoT],
      psm: PSMRequest(
        periodicTAU: PeriodicTAU(atLeast: .seconds(3600))!,
        activeTime: ActiveTime(atLeast: .seconds(60))!))
  }

  @Test(
    "what its unsolicited lines mean",
    arguments: [
      ("RDY", ModuleURC.booting), ("APP RDY", .ready), ("POWERED DOWN", .poweredDown),
      ("NORMAL POWER DOWN", .poweredDown), ("PSM POWER DOWN", .asleep), ("POWER DOWN", .asleep),
      ("+QIOPEN: 0,0", .socketOpened(error: 0)), ("+QIOPEN: 0,566", .socketOpened(error: 566)),
      ("+QIOPEN: 1,0", .other), ("+QIURC: \"recv\",0", .dataWaiting),
      ("+QIURC: \"recv\",0,12", .dataWaiting), ("+QIURC: \"recv\",3", .other),
      ("+QIURC: \"closed\",0", .socketClosed), ("+QIURC: \"pdpdeact\",1", .contextLost),
      ("+QIURC:\"pdpdeact\",2", .other), ("+CPIN: READY", .sim(.ready)),
      ("+CPIN: NOT READY", .sim(.notReady)),
      ("+CEREG: 2", .registration(.init(status: .searching))),
      ("+CEREG: x", .other), ("+QUSIM: 1", .other), ("+CFUN: 1", .other), ("", .other),
    ])
  func meaning(line: String, expected: ModuleURC) {
    #expect(profile.meaning(bytes(line)) == expected)
  }

  @Test("the pulse that wakes it can never turn it off") func pulse() {
    // Hardware design V1.3: on from 500 ms, off from 650 ms, reset from 2 s to 3.8 s.
    #expect(profile.power.onPulse >= .milliseconds(500))
    #expect(profile.power.onPulse <= .milliseconds(640))
    #expect((Duration.milliseconds(650)...(.milliseconds(1500))).contains(profile.power.offPulse!))
    #expect((Duration.seconds(2)...(.milliseconds(3800))).contains(profile.power.resetPulse!))
  }

  @Test(
    "a setting is compared as the module means it",
    arguments: [
      ("urcport", "+QURCCFG: \"urcport\",\"uart1\"", true),
      ("urcport", "+QURCCFG: \"urcport\",\"usbat\"", false), ("urcport", "", nil),
      ("psm/urc", "+QCFG: \"psm/urc\",1", true), ("psm/urc", "+QCFG: \"psm/urc\",0", false),
      ("roamservice", "+QCFG: \"roamservice\",2", true),
      ("roamservice", "+QCFG: \"roamservice\",255", false),
      ("roamservice", "+QCFG: \"ims\",2", nil),
      ("nwscanseq", "+QCFG: \"nwscanseq\",0203", true),
      ("nwscanseq", "+QCFG: \"nwscanseq\",203", true),
      ("nwscanseq", "+QCFG: \"nwscanseq\",020301", false),
      ("nwscanmode", "+QCFG: \"nwscanmode\",3", true),
      ("iotopmode", "+QCFG: \"iotopmode\",2", true), ("iotopmode", "+QCFG: \"iotopmode\",0", false),
      ("psm", "+CPSMS: 1,,,\"00000110\",\"00100001\"", true),  // 1 h as 6 × 10 min, 60 s as 1 min
      ("psm", "+CPSMS: 1,,,\"00100001\",\"00011110\"", true),
      ("psm", "+CPSMS: 1,,,\"00100010\",\"00011110\"", false),
      ("psm", "+CPSMS: 0,,,\"00100001\",\"00011110\"", false), ("psm", "+CPSMS: 1", false),
      ("attach APN", "+CGDCONT: 1,\"IP\",\"em\",\"0.0.0.0\",0,0", true),
      ("attach APN", "+CGDCONT: 1,\"IPV4V6\",\"em\",\"\",0,0", false),
      ("attach APN", "+CGDCONT: 2,\"IP\",\"em\",\"\",0,0", false), ("attach APN", "", false),
      ("APN", "+QICSGP: 1,\"em\",\"me\",\"hush\",1", true),
      ("APN", "+QICSGP: 1,\"em\",\"me\",\"other\",1", false),
      ("APN", "+QICSGP: 1,\"\",\"\",\"\",0", false),
    ])
  func compared(name: String, line: String, expected: Bool?) {
    let setting = profile.settings.first { "\($0.name)" == name }
    #expect(setting != nil)
    let lines = line.isEmpty ? [] : [bytes(line)]
    #expect(setting?.isRight(lines, wanted) == .some(expected))
  }

  @Test("what it writes for each setting") func written() {
    let lines = profile.settings.filter { $0.isWanted(wanted) }.flatMap { setting in
      setting.writes(wanted).map { String(decoding: $0.line.shown, as: UTF8.self) }
    }
    #expect(
      lines == [
        "AT+QURCCFG=\"urcport\",\"uart1\"", "AT+QCFG=\"psm/urc\",1",
        "AT+QCFG=\"roamservice\",2,1", "AT+QCFG=\"roamservice\",2", "AT+QCFG=\"nwscanseq\",0203,1",
        "AT+QCFG=\"nwscanmode\",3,1", "AT+QCFG=\"iotopmode\",2,1",
        "AT+CPSMS=1,,,\"00000110\",\"00011110\"", "AT+CGDCONT=1,\"IP\",\"em\"",
        "AT+QICSGP=1,1,\"em\",\"***\",\"***\",1",
      ])
  }

  @Test("what isn't wanted isn't touched; PSM is turned off") func unwanted() {
    let nothing = NetworkSettings(accessPoint: nil)
    let names = profile.settings.filter { $0.isWanted(nothing) }.map { "\($0.name)" }
    #expect(names == ["urcport", "psm"])
    let psm = profile.settings.first { "\($0.name)" == "psm" }!
    #expect(psm.writes(nothing).map { $0.line } == ["AT+CPSMS=0"])
    #expect(psm.isRight([bytes("+CPSMS: 0,,,\"00100001\",\"00011110\"")], nothing) == true)
  }

  @Test("the longest names fit on a command line") func longest() {
    let label = String(repeating: "a", count: 61)
    let name = [label, label, label, label].joined(separator: ".")
    let target = LinkTarget(
      host: NetworkHost(bytes(name))!, port: 65_535, transport: .tcp)
    guard case .run(let open) = profile.socket!.open(target, SocketProgress()) else {
      Issue.record("the socket isn't opened by a command")
      return
    }
    #expect(Exchange.joined([profile.clock, open])?.count == 2)
    var long = wanted
    let text = CredentialText([UInt8](repeating: 120, count: 64))!
    let apn = APN(
      bytes(String(repeating: "a", count: 49) + "." + String(repeating: "b", count: 50)))!
    long.accessPoint = AccessPoint(apn: apn, authentication: .chap(user: text, password: text))
    for setting in profile.settings {
      for write in setting.writes(long) { #expect(write.line.bytes.count <= CommandLine.limit) }
    }
  }

  @Test("identities in the order of their questions, whatever their form") func identity() {
    var identity = ModuleIdentity()
    let lines = [
      "+CPIN: READY", "89882390000012345678", "901430000012345", "861234567890123", "Quectel",
      "BG95-M3", "BG95M3LAR02A03",
    ]
    profile.readIdentity(lines.map { bytes($0) }, &identity)
    #expect(identity.iccid == ICCID(bytes("89882390000012345678")))
    #expect(identity.imsi == IMSI(bytes("901430000012345")))
    #expect(identity.imei == IMEI(bytes("861234567890123")))
    #expect(identity.model == bytes("BG95-M3"))
    #expect(identity.firmware == bytes("BG95M3LAR02A03"))
  }

  @Test(
    "which layer an error number is about",
    arguments: [
      (563, SocketFailure.stale), (561, .context), (570, .context), (565, .name), (566, .remote),
      (569, .remote), (553, .busy), (564, .busy), (1, .busy),
    ])
  func failures(error: Int, layer: SocketFailure) {
    #expect(profile.socket!.failure(error) == layer)
  }
}
