import AT
import Cellular
import Modems
import Primitives
import Testing

/// Not covered: the lines RTS and CTS, without which a real module doesn't sleep.
@Suite("Sequans GM02S, and a module that nobody knows") struct SequansTests {
  private let profile = ModuleProfile.sequansGM02S
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(
    "what its unsolicited lines mean",
    arguments: [
      ("+SYSSTART", ModuleURC.ready), ("+SQNSSHDN", .poweredDown), ("+SHUTDOWN", .other),
      ("+SQNSRING: 1,12", .dataWaiting), ("+SQNSRING: 1", .dataWaiting),
      ("+SQNSRING: 3,12", .other), ("+SQNSH: 1", .socketClosed), ("+SQNSH: 3", .other),
      ("+CEREG: 80", .registration(.init(status: .unknown))),
      (
        "+CEREG: 5,\"0A1B\",\"01234567\",7,,,\"00000001\",\"00100110\"", .registration(Self.granted)
      ),
    ])
  func meaning(line: String, expected: ModuleURC) {
    #expect(profile.meaning(bytes(line)) == expected)
  }

  private static let granted = Registration(
    status: .roaming, trackingArea: 0x0A1B, cell: 0x0123_4567, technology: .lte,
    activeTime: ActiveTime(atLeast: .seconds(2)),
    periodicTAU: PeriodicTAU(atLeast: .seconds(6 * 3600)))

  @Test(
    "the socket is configured and opened at every connection", arguments: [Transport.udp, .tcp])
  func opening(transport: Transport) {
    let socket = profile.socket!
    let target = LinkTarget(
      host: NetworkHost(bytes("collector.example"))!, port: 5683, transport: transport)
    var progress = SocketProgress()
    var lines: [CommandLine] = []
    // An error to the configuration is passed over.
    for outcome in [Outcome.error, .ok] {
      guard case .run(let exchange) = socket.open(target, progress) else { break }
      lines.append(exchange.line)
      #expect(socket.note(Answer(outcome: outcome, duration: .zero), &progress) == nil)
    }
    #expect(
      lines == [
        "AT+SQNSCFGEXT=1,1,0,0,0,0",
        transport == .udp
          ? "AT+SQNSD=1,1,5683,\"collector.example\",0,0,1"
          : "AT+SQNSD=1,0,5683,\"collector.example\",0,0,1",
      ])
    if case .open = socket.open(target, progress) {} else { Issue.record("not open") }
  }

  @Test("NO CARRIER is tried again later, an error at once") func refusals() {
    let socket = profile.socket!
    var progress = SocketProgress()
    progress.step = 1
    #expect(socket.note(Answer(outcome: .refused, duration: .zero), &progress) == .busy)
    #expect(socket.note(Answer(outcome: .error, duration: .zero), &progress) == .stale)
    #expect(progress.step == 1)
  }

  @Test("data is counted; an empty buffer may be an error") func read() {
    let read = profile.socket!.read(SocketProgress())
    #expect(read.countedBytes(bytes("+SQNSRECV: 1,16")) == 16)
    #expect(read.countedBytes(bytes("+SQNSI: 1,16")) == nil)
    #expect(read.mayFail)
  }

  @Test(
    "which networks it searches",
    arguments: [
      ([RAT.lteM], 1), ([.nbIoT], 2), ([.nbIoT, .lteM], 3), ([.lteM, .gsm], 1), ([.gsm], nil),
      ([], nil),
    ])
  func radioAccess(rats: [RAT], mode: Int?) {
    let wanted = NetworkSettings(accessPoint: nil, rats: rats)
    let setting = profile.settings.first { "\($0.name)" == "+SQNMODEACTIVE" }!
    #expect(setting.isWanted(wanted) == (mode != nil))
    #expect(
      setting.writes(wanted).first?.line.bytes == mode.map { bytes("AT+SQNMODEACTIVE=\($0)") })
    #expect(setting.needsRestart)
    #expect(setting.isRight([bytes("+SQNMODEACTIVE: 3")], wanted) == (mode == 3))
  }

  // MARK: - Any module

  @Test("every profile has a name of its own and is found by it") func names() {
    let all = ModuleProfile.all
    for profile in all {
      #expect(ModuleProfile.named(bytes("\(profile.name)"))?.power.onPulse == profile.power.onPulse)
      #expect(all.filter { "\($0.name)" == "\(profile.name)" }.count == 1)
      #expect(profile.dialect.lineLimit <= CommandLine.limit)
      #expect(!profile.registrations.isEmpty)
    }
    #expect(ModuleProfile.named(bytes("quectel-bg9")) == nil)
    #expect(ModuleProfile.named([]) == nil)
  }

  @Test("no model belongs to two profiles") func models() {
    let all = ModuleProfile.all.flatMap { profile in profile.covers.map { "\($0)" } }
    for model in all { #expect(all.filter { model.hasPrefix($0) }.count == 1, "\(model)") }
  }

  @Test("no line that is an answer is taken for the module's own word") func answersAreNoURCs() {
    for profile in ModuleProfile.all {
      for line in ["u-blox", "SARA-R510S-01B", "02.05", "Sequans", "GM02SP", "Quectel", "BG95-M3"] {
        #expect(profile.meaning(bytes(line)) == .other)
      }
    }
  }

  @Test(
    "credentials as TS 27.007 has them",
    arguments: [
      ("+CGAUTH: 1,1,\"me\",\"hush\"", true), ("+CGAUTH: 1,1,\"me\"", true),
      ("+CGAUTH: 1,2,\"me\",\"hush\"", false), ("+CGAUTH: 2,1,\"me\",\"hush\"", false),
      ("+CGAUTH: 1,1,\"you\",\"hush\"", false), ("", false),
    ])
  func authentication(line: String, expected: Bool?) {
    let wanted = NetworkSettings(
      accessPoint: AccessPoint(
        apn: APN(bytes("em"))!,
        authentication: .pap(
          user: CredentialText(bytes("me"))!, password: CredentialText(bytes("hush"))!)))
    #expect(
      StandardSettings.authentication.isRight(line.isEmpty ? [] : [bytes(line)], wanted) == expected
    )
    let none = NetworkSettings(accessPoint: AccessPoint(apn: APN(bytes("em"))!))
    #expect(StandardSettings.authentication.isRight([], none) == nil)
    #expect(StandardSettings.authentication.isRight([bytes("+CGAUTH: 1,0")], none) == true)
  }
}
