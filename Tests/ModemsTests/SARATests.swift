import AT
import Cellular
import Modems
import Primitives
import Testing

/// Not covered: what a real module makes of several commands on one line.
@Suite("u-blox SARA-R4 and SARA-R5") struct SARATests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
  private let profiles = [ModuleProfile.ubloxSARAR4, .ubloxSARAR5]
  private static let address = IPv4Address(192, 0, 2, 1)

  private func target(_ host: String, _ transport: Transport) -> LinkTarget {
    LinkTarget(host: NetworkHost(bytes(host))!, port: 5683, transport: transport)
  }

  private func ok(_ lines: String...) -> Answer {
    Answer(outcome: .ok, lines: lines.map { bytes($0) }, duration: .milliseconds(100))
  }

  /// The command lines of an opening that is answered so; `nil` is an awaited URC with error 0.
  private func opening(
    _ profile: ModuleProfile, _ target: LinkTarget, _ answers: [Answer?]
  ) -> (lines: [String], progress: SocketProgress, failure: SocketFailure?) {
    let socket = profile.socket!
    var (lines, progress) = ([String](), SocketProgress())
    for answer in answers {
      switch (socket.open(target, progress), answer) {
      case (.run(let exchange), let answer?):
        lines.append(String(decoding: exchange.line.bytes, as: UTF8.self))
        if let failure = socket.note(answer, &progress) { return (lines, progress, failure) }
      case (.await, nil): progress.step += 1
      default: lines.append("?")
      }
    }
    if case .open = socket.open(target, progress) { lines.append("open") }
    return (lines, progress, nil)
  }

  @Test(
    "what their unsolicited lines mean",
    arguments: [
      ("+UUSORD: 0,16", ModuleURC.dataAvailable(16)), ("+UUSORF: 3,5", .dataAvailable(5)),
      ("+UUSORF: 0,0", .other), ("+UUSOCL: 0", .socketClosed),
      ("+UUSOCO: 0,0", .socketOpened(error: 0)), ("+UUSOCO: 0,111", .socketOpened(error: 111)),
      ("+UUPSDA: 0,\"10.1.2.3\"", .contextActivated(error: 0)),
      ("+UUPSDA: 1", .contextActivated(error: 1)), ("+UUPSDD: 0", .contextLost),
      ("+CGEV: NW PDN DEACT 1", .contextLost), ("+CGEV: NW PDN DEACT 3", .other),
      ("+CGEV: NW DETACH", .contextLost), ("+CGEV: ME PDN ACT 1", .other),
      ("+UUPSMR: 1", .other), ("+CPIN: READY", .sim(.ready)),
      ("+CEREG: 2,,,,,,,,", .registration(.init(status: .searching))),
    ])
  func meaning(line: String, expected: ModuleURC) {
    for profile in profiles { #expect(profile.meaning(bytes(line)) == expected) }
  }

  @Test("a datagram to an address needs a socket and nothing else") func udp() {
    for profile in profiles {
      let (lines, progress, _) = opening(profile, target("192.0.2.1", .udp), [ok("+USOCR: 2")])
      #expect(lines == ["AT+USOCR=17", "open"])
      let socket = profile.socket!
      let send = socket.send(bytes("ping"), target("192.0.2.1", .udp), progress)
      #expect(send.line == "AT+USOST=2,\"192.0.2.1\",5683,4")
      #expect(socket.read(progress).line == "AT+USORF=2,1024")
      #expect(socket.close(progress)?.line == "AT+USOCL=2")
    }
  }

  @Test("a name is looked up first, and the datagram goes to its address") func named() {
    for profile in profiles {
      let target = target("collector.example", .udp)
      let (lines, progress, _) = opening(
        profile, target, [ok("+UDNSRN: \"192.0.2.1\""), ok("+USOCR: 0")])
      #expect(lines == ["AT+UDNSRN=0,\"collector.example\"", "AT+USOCR=17", "open"])
      #expect(progress.address == Self.address)
      let send = profile.socket!.send(bytes("ping"), target, progress)
      #expect(send.line == "AT+USOST=0,\"192.0.2.1\",5683,4")
    }
  }

  @Test("TCP: the R5 waits for the connection, the R4 hears of it") func tcp() {
    let target = target("collector.example", .tcp)
    let later = opening(.ubloxSARAR4, target, [ok("+USOCR: 1"), ok(), nil])
    #expect(later.lines == ["AT+USOCR=6", "AT+USOCO=1,\"collector.example\",5683,1", "open"])
    let waiting = opening(.ubloxSARAR5, target, [ok("+USOCR: 1"), ok()])
    #expect(waiting.lines == ["AT+USOCR=6", "AT+USOCO=1,\"collector.example\",5683", "open"])
    for (profile, progress) in [
      (ModuleProfile.ubloxSARAR4, later.progress), (.ubloxSARAR5, waiting.progress),
    ] {
      let socket = profile.socket!
      #expect(socket.send(bytes("ping"), target, progress).line == "AT+USOWR=1,4")
      #expect(socket.read(progress).line == "AT+USORD=1,1024")
      #expect(socket.accepted(ok("+USOWR: 1,3")) == 3)
      #expect(socket.accepted(ok("+USOST: 1,3")) == nil)
    }
  }

  @Test("an old R4 that can't connect behind the OK connects in front of it") func oldTCP() {
    let refused = Answer(outcome: .error, duration: .milliseconds(50))
    let (lines, progress, _) = opening(
      .ubloxSARAR4, target("192.0.2.1", .tcp), [ok("+USOCR: 0"), refused, ok()])
    #expect(
      lines == [
        "AT+USOCR=6", "AT+USOCO=0,\"192.0.2.1\",5683,1", "AT+USOCO=0,\"192.0.2.1\",5683", "open",
      ])
    #expect(ModuleProfile.ubloxSARAR4.socket!.read(progress).line == "AT+USORD=0,1024")
  }

  @Test("an error at once says that the module is busy, a late one what it is about")
  func failures() {
    func failing(after duration: Duration, _ before: [Answer?], to host: String, _ t: Transport)
      -> SocketFailure?
    {
      let error = Answer(outcome: .error, duration: duration)
      return opening(.ubloxSARAR5, target(host, t), before + [error]).failure
    }
    #expect(failing(after: .milliseconds(100), [], to: "a.example", .udp) == .busy)
    #expect(failing(after: .seconds(2), [], to: "a.example", .udp) == .name)
    #expect(failing(after: .seconds(1), [ok("+USOCR: 0")], to: "a.example", .tcp) == .busy)
    #expect(failing(after: .seconds(30), [ok("+USOCR: 0")], to: "a.example", .tcp) == .remote)
  }

  @Test(
    "where the data begins in a line",
    arguments: [
      ("+USORF: 0,\"192.0.2.1\",5683,5,\"", 5), ("+USORF: 0,\"192.0.2.1\",5683,5,", nil),
      ("+USORF: 0,\"192.0.2.1\"", nil), ("+USORF: 0,\"", nil), ("+USORD: 0,16,\"", 16),
      ("+USORD: 0,\"", nil), ("+USORD: 0,\"\"", nil), ("+USORD: 0,", nil), ("+UUSORD: 0,\"", nil),
      ("+USORD: 0,x,\"", nil),
    ])
  func inlineData(line: String, expected: Int?) {
    let read = ModuleProfile.ubloxSARAR5.socket!.read(SocketProgress())
    #expect(read.inlineData?(bytes(line)) == expected)
  }

  @Test(
    "a setting is compared as the module means it",
    arguments: [
      ("CSGT", "+CSGT: \"RDY\",1", true, true), ("CSGT", "+CSGT: \"RDY\",0", false, false),
      ("CSGT", "+CSGT: \"\",1", false, false), ("CSGT", "", nil, nil),
      ("UPSV", "+UPSV: 4", true, false), ("UPSV", "+UPSV: 1,1300", false, true),
      ("UPSV", "+UPSV: 0", false, false), ("URAT", "+URAT: 7,8", true, true),
      ("URAT", "+URAT: 8,7", false, false), ("URAT", "+URAT: 7", false, false),
      ("URAT", "", nil, nil), ("network time", "+CTZU: 0", false, false),
      ("psm", "+CPSMS: 1,,,\"00011000\",\"00011110\"", true, true),  // ubxlib#201, an R510
      ("UAUTHREQ", "", false, false), ("UAUTHREQ", "+UAUTHREQ: 1,1,\"me\"", true, true),
      ("UAUTHREQ", "+UAUTHREQ: 1,2", false, false),
    ])
  func compared(name: String, line: String, onR4: Bool?, onR5: Bool?) {
    for (profile, expected) in zip(profiles, [onR4, onR5]) {
      let setting = profile.settings.first { "\($0.name)" == name }
      #expect(setting?.isRight(line.isEmpty ? [] : [bytes(line)], wanted) == .some(expected))
    }
  }

  @Test("what they write, and in which state of the radio") func written() {
    func lines(_ profile: ModuleProfile) -> [String] {
      profile.settings.filter { $0.isWanted(wanted) }.flatMap { setting in
        setting.writes(wanted).map {
          String(decoding: $0.line.shown, as: UTF8.self) + (setting.needsRestart ? " restart" : "")
        }
      }
    }
    #expect(
      lines(.ubloxSARAR4) == [
        "AT+CSGT=1,\"RDY\"", "AT+UPSV=4", "AT+UPSMVER=4", "AT+URAT=7,8 restart", "AT+CTZU=1",
        "AT+CPSMS=1,,,\"00011000\",\"00011110\" restart", "AT+CGDCONT=1,\"IP\",\"em\"",
        "AT+UAUTHREQ=1,1,\"***\",\"***\"",
      ])
    #expect(
      lines(.ubloxSARAR5) == [
        "AT+CSGT=1,\"RDY\"", "AT+UPSV=1,1300", "AT+URAT=7,8 restart", "AT+CFUN=0;+URAT=7,8 restart",
        "AT+CTZU=1",
        "AT+CPSMS=1,,,\"00011000\",\"00011110\"", "AT+CGDCONT=1,\"IP\",\"em\"",
        "AT+UAUTHREQ=1,1,\"***\",\"***\"",
      ])
    func credentials(_ profile: ModuleProfile) -> [UInt8]? {
      profile.settings.first { "\($0.name)" == "UAUTHREQ" }?.writes(wanted).first?.line.bytes
    }
    #expect(credentials(.ubloxSARAR4) == bytes("AT+UAUTHREQ=1,1,\"hush\",\"me\""))
    #expect(credentials(.ubloxSARAR5) == bytes("AT+UAUTHREQ=1,1,\"me\",\"hush\""))
  }

  private var wanted: NetworkSettings {
    NetworkSettings(
      accessPoint: AccessPoint(
        apn: APN(bytes("em"))!,
        authentication: .pap(
          user: CredentialText(bytes("me"))!, password: CredentialText(bytes("hush"))!)),
      rats: [.lteM, .nbIoT],
      psm: PSMRequest(
        periodicTAU: PeriodicTAU(atLeast: .seconds(4 * 3600))!,
        activeTime: ActiveTime(atLeast: .seconds(60))!))
  }

  @Test("whether the R5's profile for its sockets is up")
  func context() {
    let context = ModuleProfile.ubloxSARAR5.context
    #expect(context.isActive([bytes("+UPSND: 0,8,1")]))
    #expect(!context.isActive([bytes("+UPSND: 0,8,0")]))
    #expect(!context.isActive([]))
    func lines(_ activate: (@Sendable (NetworkSettings) -> [Exchange])?) -> [String]? {
      activate?(wanted).map { String(decoding: $0.line.shown, as: UTF8.self) }
    }
    let profile = ["AT+UPSD=0,0,0", "AT+UPSD=0,100,1", "AT+UPSDA=0,3"]
    #expect(lines(context.activate) == profile)
    #expect(lines(context.activateAtLength) == ["AT+CGACT=1,1"] + profile)
    #expect(ModuleProfile.ubloxSARAR4.context.isActive([bytes("+CGACT: 1,1")]))
    #expect(!ModuleProfile.ubloxSARAR4.context.isActive([bytes("+CGACT: 2,1")]))
  }

  @Test("a pulse that turns one on is too short to turn it off") func pulses() {
    for profile in profiles {
      #expect(profile.power.onPulse < profile.power.offPulse!)
      #expect(profile.power.offPulse! >= .milliseconds(1500))
      #expect(profile.power.resetPulse == nil)
    }
  }

  @Test("the longest names fit on a command line") func longest() {
    let label = String(repeating: "a", count: 61)
    let name = [label, label, label, label].joined(separator: ".")
    for profile in profiles {
      for transport in [Transport.udp, .tcp] {
        for step in 0...3 {
          var progress = SocketProgress()
          progress.step = step
          guard case .run(let exchange) = profile.socket!.open(target(name, transport), progress)
          else { continue }
          #expect(exchange.line.bytes.count <= CommandLine.limit)
        }
      }
    }
  }
}
