import AT
import Cellular
import Modems
import Primitives
import Testing

@Suite("SIMCom") struct SIMComTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func text(_ exchange: Exchange) -> String {
    String(decoding: exchange.line.bytes, as: UTF8.self)
  }

  private func profile(_ name: String) -> ModuleProfile { ModuleProfile.named(bytes(name))! }

  @Test(
    "what unsolicited lines mean",
    arguments: [
      ("simcom-sim7080", "RDY", ModuleURC.ready),
      ("simcom-sim7080", "SMS Ready", .other),
      ("simcom-sim7080", "+APP PDP: 0,ACTIVE", .contextActivated(error: 0)),
      ("simcom-sim7080", "+APP PDP: 0,DEACTIVE", .contextLost),
      ("simcom-sim7080", "+APP PDP: 1,DEACTIVE", .other),
      ("simcom-sim7080", "+CADATAIND: 0", .dataWaiting),
      ("simcom-sim7080", "+CADATAIND: 1", .other),
      ("simcom-sim7080", "+CASTATE: 0,0", .socketClosed),
      ("simcom-sim7080", "+CASTATE: 0,1", .other),
      ("simcom-sim7080", "+CAOPEN: 0,27", .socketOpened(error: 27)),
      ("simcom-sim7080", "+CPSMSTATUS: \"ENTER PSM\"", .asleep),
      ("simcom-sim7080", "+CPSMSTATUS: \"EXIT PSM\"", .other),
      ("simcom-sim7080", "NORMAL POWER DOWN", .poweredDown),
      ("simcom-sim7080", "0, CLOSED", .other),
      ("simcom-sim7000", "0, CLOSED", .socketClosed),
      ("simcom-sim7000", "+PDP: DEACT", .contextLost),
      ("simcom-sim7000", "+CPSMSTATUS: \"ENTER PSM\"", .asleep),
      ("simcom-sim7000", "*PSUTTZ: 2026,11,23,2,40,0,\"+4\",0", .other),
      ("simcom-sim7000", "DST: 1", .other),
      ("simcom-sim800", "Call Ready", .other),
      ("simcom-sim800", "+CIPRXGET: 1,0", .dataWaiting),
      ("simcom-sim800", "+CIPRXGET:1,0", .dataWaiting),  // SIM900
      ("simcom-sim800", "+CIPRXGET: 1,3", .other),
      ("simcom-sim800", "0, CONNECT OK", .socketOpened(error: 0)),
      ("simcom-sim800", "0, CONNECT FAIL", .socketOpened(error: 1)),
      ("simcom-sim800", "NORMAL POWER OFF", .poweredDown),  // SIM800C
      ("simcom-sim800", "UNDER-VOLTAGE POWER DOWN", .poweredDown),
      ("simcom-sim800", "UNDER-VOLTAGE WARNNING", .other),
      ("simcom-sim800", "+CREG: 5", .registration(.init(status: .roaming))),
      ("simcom-sim7600", "*ATREADY: 1", .ready),
      ("simcom-sim7600", "+NETOPEN: 0", .contextActivated(error: 0)),
      ("simcom-sim7600", "+NETOPEN: 1", .contextActivated(error: 1)),
      ("simcom-sim7600", "+NETCLOSE: 0", .other),
      ("simcom-sim7600", "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY", .contextLost),
      ("simcom-sim7600", "+IPCLOSE: 0,1", .socketClosed),
      ("simcom-sim7600", "+IPCLOSE: 1,1", .other),
      ("simcom-sim7600", "+CIPOPEN: 0,10", .socketOpened(error: 10)),
      ("simcom-sim7600", "+CIPRXGET: 4,0,12", .dataAvailable(12)),
      ("simcom-sim7600", "+CIPRXGET: 4,0,0", .other),
      ("simcom-sim7600", "+CIPCLOSE: 0,0", .other),
      ("simcom-sim7600", "PB DONE", .other),
    ])
  func meaning(name: String, line: String, expected: ModuleURC) {
    #expect(profile(name).meaning(bytes(line)) == expected)
  }

  @Test(
    "no pulse that starts a module turns it off",
    arguments: [
      ("simcom-sim7080", 1000, 1200), ("simcom-sim7000", 1000, 1200),
      ("simcom-sim800", 1000, 1500), ("simcom-sim7600", 100, 2500),
    ])
  func pulses(name: String, from: Int64, below: Int64) {
    let power = profile(name).power
    #expect(power.onPulse >= .milliseconds(from) && power.onPulse < .milliseconds(below))
    #expect(power.offPulse! >= .milliseconds(below))
  }

  @Test(
    "which radio is written for which wish",
    arguments: [
      ("simcom-sim7080", [RAT.lteM], ["AT+CNMP=38", "AT+CMNB=1"]),
      ("simcom-sim7080", [.nbIoT, .lteM], ["AT+CNMP=38", "AT+CMNB=3"]),
      ("simcom-sim7000", [.gsm, .nbIoT], ["AT+CNMP=51", "AT+CMNB=2"]),
      ("simcom-sim7000", [.gsm], ["AT+CNMP=13"]), ("simcom-sim7080", [.lte, .umts], []),
      ("simcom-sim7600", [.lte], ["AT+CNMP=38"]), ("simcom-sim7600", [.umts], ["AT+CNMP=14"]),
      ("simcom-sim7600", [.lte, .gsm], ["AT+CNMP=2"]), ("simcom-sim7600", [.lteM], []),
      ("simcom-sim7600", [.gsm, .nbIoT], ["AT+CNMP=13"]),
    ])
  func radio(name: String, rats: [RAT], written: [String]) {
    let wanted = NetworkSettings(accessPoint: nil, rats: rats)
    var lines: [String] = []
    for setting in profile(name).settings where setting.isWanted(wanted) {
      let name = setting.name.description
      guard name == "+CNMP" || name == "+CMNB" else { continue }
      for write in setting.writes(wanted) {
        lines.append(String(decoding: write.line.bytes, as: UTF8.self))
      }
      let code = lines.last!.drop { $0 != "=" }.dropFirst()
      #expect(setting.isRight([bytes("\(name): \(code)")], wanted) == true)
      #expect(setting.isRight([bytes("\(name): 99")], wanted) == false)
      #expect(setting.isRight([], wanted) == nil)
    }
    #expect(lines == written)
  }

  private func wanted(_ authentication: AccessAuthentication) -> NetworkSettings {
    NetworkSettings(
      accessPoint: AccessPoint(apn: APN(bytes("em"))!, authentication: authentication))
  }

  private var chap: AccessAuthentication {
    .chap(user: CredentialText(bytes("me"))!, password: CredentialText(bytes("hush"))!)
  }

  @Test("the SIM7600 wants the password in front, and may read it back so or not")
  func authentication() {
    let setting = profile("simcom-sim7600").settings.last!
    #expect(setting.writes(wanted(chap)).map(text) == ["AT+CGAUTH=1,2,\"hush\",\"me\""])
    #expect(setting.writes(wanted(.none)).map(text) == ["AT+CGAUTH=1,0"])
    for line in ["+CGAUTH: 1,2,\"me\",\"hush\"", "+CGAUTH: 1,2,\"hush\",\"me\""] {
      #expect(setting.isRight([bytes(line)], wanted(chap)) == true)
      #expect(setting.isRight([bytes(line)], wanted(.none)) == false)
    }
    #expect(setting.isRight([bytes("+CGAUTH: 1,1,\"me\",\"hush\"")], wanted(chap)) == false)
    #expect(setting.isRight([bytes("+CGAUTH: 1,0")], wanted(.none)) == true)
  }

  @Test("what brings the context up, with a password and without an access point")
  func activation() {
    func lines(_ name: String, _ wanted: NetworkSettings) -> [String] {
      profile(name).context.activate(wanted).map(text)
    }
    let nothing = NetworkSettings(accessPoint: nil)
    #expect(
      lines("simcom-sim7080", wanted(chap)) == [
        "AT+CNCFG=0,1,\"em\",\"me\",\"hush\",2;+CNACT=0,1"
      ])
    #expect(profile("simcom-sim7080").context.activate(wanted(chap))[0].mayFail == false)
    #expect(lines("simcom-sim7080", nothing) == ["AT+CNACT=0,1"])
    #expect(lines("simcom-sim800", wanted(chap))[0].contains(";+CSTT=\"em\",\"me\",\"hush\";"))
    #expect(lines("simcom-sim800", nothing)[0].contains(";+CSTT;"))
    let atLength = profile("simcom-sim800").context.activateAtLength
    #expect(atLength?(nothing).map(text).contains("AT+CSTT") == true)
  }

  @Test(
    "how many bytes follow in the line",
    arguments: [
      ("+CARECV: 5,", 5), ("+CARECV: 1459,", 1459), ("+CARECV: 0", nil), ("+CARECV: 0,", nil),
      ("+CARECV: 0,7,", 7),  // as one manual has it
      ("+CAURC: 5,", nil),
    ])
  func inlineData(line: String, count: Int?) {
    let read = profile("simcom-sim7080").socket!.read(SocketProgress())
    #expect(read.inlineData?(bytes(line)) == count)
  }

  @Test("a read's header isn't mistaken for the news that there is data") func header() {
    let read = profile("simcom-sim800").socket!.read(SocketProgress())
    #expect(read.countedBytes(bytes("+CIPRXGET: 2,0,12,0")) == 12)
    #expect(read.countedBytes(bytes("+CIPRXGET: 1,0")) == nil)
    #expect(read.answers.contains { $0.matches(bytes("+CIPRXGET: 2,0,0,0")) })
    #expect(!read.answers.contains { $0.matches(bytes("+CIPRXGET: 1,0")) })
  }

  @Test(
    "which layer an error number is about",
    arguments: [
      ("simcom-sim7080", 1, SocketFailure.stale), ("simcom-sim7080", 21, .context),
      ("simcom-sim7080", 20, .name), ("simcom-sim7080", 23, .remote),
      ("simcom-sim7080", 27, .remote), ("simcom-sim7080", 2, .busy),
      ("simcom-sim7600", 2, .context), ("simcom-sim7600", 4, .stale),
      ("simcom-sim7600", 1, .remote), ("simcom-sim7600", 3, .busy),
    ])
  func failures(name: String, error: Int, layer: SocketFailure) {
    #expect(profile(name).socket?.failure(error) == layer)
  }

  @Test(
    "captured models belong to their family",
    arguments: [
      ("SIMCOM_SIM7080", "simcom-sim7080"),  // zephyrproject-rtos/zephyr#52885
      ("A7670E-FASE", "simcom-sim7600"),  // esphome/esphome#6721
      ("SIMCOM_SIM7600E-H", "simcom-sim7600"), ("SIMCOM_SIM800C", "simcom-sim800"),
      ("SIMCOM_SIM7000E", "simcom-sim7000"),
    ])
  func covers(model: String, name: String) {
    let families = ModuleProfile.all.filter { profile in
      profile.covers.contains { bytes(model).hasPrefix($0) }
    }
    #expect(families.map { $0.name.description } == [name])
  }

  @Test("the card's number may end in its filler, and is no text then") func filler() {
    let profile = profile("simcom-sim800")
    let number = bytes("8988239000001234567f")
    #expect(profile.identity[0].answers.contains { $0.matches(number) })
    var identity = ModuleIdentity()
    profile.readIdentity([number, bytes("901430000012345"), bytes("SIMCOM_Ltd")], &identity)
    #expect(identity.iccid == ICCID(bytes("8988239000001234567")))
    #expect(identity.imsi == IMSI(bytes("901430000012345")))
    #expect(identity.maker == bytes("SIMCOM_Ltd"))
  }

  @Test("the longest names fit on a command line") func longest() {
    let label = String(repeating: "a", count: 61)
    let name = [label, label, label, label].joined(separator: ".")
    for transport in [Transport.udp, .tcp] {
      let target = LinkTarget(
        host: NetworkHost(bytes(name))!, port: 65_535, transport: transport)
      for profile in ModuleProfile.all {
        guard case .run(let open)? = profile.socket?.open(target, SocketProgress()) else {
          continue
        }
        let plain = Exchange(open.line)
        #expect(Exchange.joined([profile.clock, plain])?.count == 2, "\(profile.name)")
      }
    }
  }
}
