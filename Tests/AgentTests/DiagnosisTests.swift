import Cellular
import Link
import Modems
import Primitives
import Settings
import Telemetry
import Testing
import Uplink

@testable import Agent

/// The table of diagnoses, and what can't be planted in a simulated world.
/// Not covered: most of the ways from evidence to a diagnosis (WorldTests, DoctorTests).
@Suite("Diagnoses") struct DiagnosisTests {
  @Test("have a row each, in their order, with a code of its own") func rows() {
    #expect(DiagnosisTable.rows.map(\.diagnosis) == Diagnosis.allCases)
    #expect(Set(Diagnosis.allCases.map { "\($0.code)" }).count == Diagnosis.allCases.count)
    for diagnosis in Diagnosis.allCases {
      #expect("\(diagnosis.code)".allSatisfy { ("a"..."z").contains($0) || $0 == "-" })
    }
  }

  @Test("say one sentence and one remedy, short enough for a line of a log")
  func sentences() {
    #expect(
      Set(Diagnosis.allCases.map { "\($0.sentence)" }).count == Diagnosis.allCases.count)
    for diagnosis in Diagnosis.allCases {
      for text in ["\(diagnosis.sentence)", "\(diagnosis.remedy)"] {
        #expect(text.hasSuffix(".") && text.count <= 100, "\(text)")
        #expect(text.first.map { $0.isUppercase || $0 == "`" } == true, "\(text)")
      }
      #expect(!"\(diagnosis.sentence)".dropLast().contains(". "), "\(diagnosis.sentence)")
    }
  }

  @Test(
    "follow from what the network refuses with, TS 24.301 §9.9.3.9",
    arguments: [
      (2, Diagnosis.simRefused), (3, .simRefused), (5, .deviceRefused), (6, .deviceRefused),
      (7, .simRefused), (8, .simRefused), (11, .operatorRefused), (12, .operatorRefused),
      (13, .roamingRefused), (14, .operatorRefused), (15, .operatorRefused),
      (17, .registrationRefused),
      (19, .apnRefused), (22, .congestion), (35, .operatorRefused), (111, .registrationRefused),
    ])
  func rejects(cause: Int, expected: Diagnosis) throws {
    #expect(Diagnosis(try #require(RejectCause(code: cause))) == expected)
  }

  @Test(
    "follow from the error of a data session, TS 27.007 §9.2.2",
    arguments: [
      (nil, Diagnosis.apnRefused), (148, .apnRefused), (149, .credentialsRefused),
      (133, .dataNotAllowed), (107, .dataNotAllowed),
    ])
  func contexts(error: Int?, expected: Diagnosis) {
    #expect(Diagnosis(contextError: error) == expected)
  }

  @Test(
    "follow from the server's code, RFC 7252 §5.9",
    arguments: [
      (CoAPCode(4, 4), Diagnosis.serverPath), (CoAPCode(4, 1), .serverForbids),
      (CoAPCode(4, 3), .serverForbids), (CoAPCode(4, 0), .serverRefuses),
      (CoAPCode(4, 29), .serverBusy), (CoAPCode(5, 3), .serverBusy), (CoAPCode(5, 0), .serverBusy),
    ])
  func answers(code: CoAPCode, expected: Diagnosis) { #expect(Diagnosis(code) == expected) }

  @Test("follow from each way in which the link can fail", arguments: failures)
  func causes(cause: LinkCause, expected: Diagnosis) throws {
    var status = try AgentBench().agent.status(now: .milliseconds(30_000))
    status.record.failure = .link(cause)
    #expect(status.diagnosis == expected, "\(cause.text)")
  }

  @Test("warn of a PIN that keeps the module from sleeping, where it is to sleep")
  func pin() throws {
    var status = try AgentBench().agent.status(now: .milliseconds(30_000))
    status.utc = UTC(millisecondsSince1970: 1_800_000_000_000)
    status.record.confirmed = 1
    status.record.isPINOn = true
    status.isSleepWanted = true
    #expect(status.diagnosis == .pinIsOn)
    #expect(status.text.contains("; its PIN is on, and keeps the module from sleeping\n"))
    status.isSleepWanted = false
    #expect(status.diagnosis == .well)
  }

  @Test("put what is nearer to the device first") func order() throws {
    var status = try AgentBench().agent.status(now: .milliseconds(30_000))
    status.record.failure = .link(.simLocked)
    #expect(status.diagnosis == .simLocked)
    status.pinFault = "pin"
    #expect(status.diagnosis == .pinsFailed)
    status.uartFault = "line"
    #expect(status.diagnosis == .uartFailed)
    status.isStoreFailing = true
    #expect(status.diagnosis == .storeFailed)
    #expect(status.finding.text.hasPrefix("store-failed: The store can't be used"))
    #expect(status.finding.text.contains("\n  seen  line\n  seen  pin\n"))
  }

  @Test(
    "in both forms begin so that a program sees whether all is well", arguments: Diagnosis.allCases)
  func forms(diagnosis: Diagnosis) {
    let finding = Finding(diagnosis, state: "off", cause: "c", observed: ["\"a\""])
    #expect(Finding.isWell(Array(finding.text.utf8)) == diagnosis.isWell)
    #expect(Finding.isWell(finding.json) == diagnosis.isWell)
    let json = String(decoding: finding.json, as: UTF8.self)
    #expect(json.contains("\"code\":\"\(diagnosis.code)\""))
    #expect(json.contains("\"observed\":[\"\\\"a\\\"\"]"))
  }
}

private let failures: [(LinkCause, Diagnosis)] = [
  (.uartFailed, .uartFailed), (.noModule, .noModule), (.keyIgnored, .keyIgnored),
  (.deaf, .modemDeaf), (.rebooted, .modemReboots), (.simMissing(error: 10), .simMissing),
  (.simLocked, .simLocked), (.notRegistered(nil, nil), .noCoverage),
  (.notRegistered(.searching, nil), .noCoverage), (.notRegistered(.unknown, nil), .noCoverage),
  (.notRegistered(.denied, nil), .registrationRefused),
  (.notRegistered(.roamingSMSOnly, nil), .smsOnly),
  (.registrationLost(.unknown), .registrationLost),
  (.contextRefused(error: nil), .apnRefused), (.contextLost, .sessionLost),
  (.nameNotFound, .nameUnknown), (.serverUnreachable(error: 566), .serverUnreachable),
  (.socketRefused(error: 563), .serverUnreachable), (.noSocketCommands, .moduleWithoutSockets),
  (.noSecureSockets, .secureUnsupported), (.trustUnsupported, .secureUnsupported),
  (.certificateRefused(error: nil), .secureRefused), (.serverUntrusted(error: nil), .secureRefused),
  (.secureSocketRefused(error: nil), .secureRefused), (.sendFailed, .serverUnreachable),
  (.timeIsUp, .connectLate), (.rested(.poweredOff), .modemReboots),
]

@Suite("The status") struct StatusTests {
  @Test("fits one packet of the control socket, whatever is in it") func size() throws {
    var status = try AgentBench().agent.status(now: .milliseconds(Int64.max / 4))
    let long = [UInt8](repeating: UInt8(ascii: "\""), count: 64)
    var identity = ModuleIdentity()
    (identity.maker, identity.model, identity.firmware) = (long, long, long)
    identity.imei = IMEI(Array("863593050000017".utf8))
    identity.iccid = ICCID(Array("89423100000000000017".utf8))
    identity.imsi = IMSI(Array("901430000000017".utf8))
    status.record.identity = identity
    status.record.otherModule = OtherModule(long, configured: .quectelBG95)
    status.record.failure = .link(.certificateRefused(error: 1_000_000_000))
    status.record.refusal = CoAPCode(4, 31)
    status.record.attempts = .max
    status.record.confirmed = .max
    status.record.failed = .max
    status.store = StoreCounts(waiting: .max, delivered: .max, setAside: .max, lost: .max)
    status.link.coldStarts = .max
    status.link.warmWakes = .max
    status.link.failures = .max
    status.record.lastConfirmed = (
      BatchIdentity(era: .max, sequence: .max), .start
    )
    status.record.rest = SleepPlan.decide(
      RestSituation(
        interval: .seconds(600), currents: ModuleProfile.quectelBG95.restTraits.currents), .least)
    status.limits.failures = .max
    status.limits.rung = .registration
    status.limits.blockedUntil = .milliseconds(Int64.max / 4)
    status.limits.reason = .refused(try #require(RejectCause(code: 15)))
    status.nextWindow = .milliseconds(Int64.max / 4)
    let apn = try SettingChange(.apn, Array(repeating: UInt8(ascii: "a"), count: 63))
    status.trial = Trial(changes: Array(repeating: apn, count: 12))
    status.uartFault = String(repeating: "u", count: 400)
    status.pinFault = String(repeating: "p", count: 400)
    status.storeFault = String(repeating: "s", count: 400)
    for packet in [
      status.json, Array(status.text.utf8), status.finding.json, Array(status.finding.text.utf8),
    ] { #expect(packet.count <= 4096, "\(String(decoding: packet, as: UTF8.self))") }
  }

  @Test("uses the platform's words: Offline, Online once there is a session, and asleep with it")
  func platform() throws {
    let bench = try AgentBench()
    #expect(bench.agent.platformState == .offline)
    bench.put(1)
    bench.start()
    bench.run(for: .seconds(300)) { $0.agent.link.state == .online }
    #expect(bench.agent.platformState == .online)
    bench.run(for: .seconds(300)) { $0.agent.link.state == .asleep }
    #expect(bench.agent.link.state == .asleep)
    #expect(bench.agent.platformState == .online)
    bench.give(.stop)
    bench.run(for: .seconds(60))
  }

  @Test("tells IMEI and SIM from the start, as an earlier process read them") func identity() throws
  {
    let bench = try AgentBench()
    bench.store.remember(
      Array("863593050000017 89423100000000000017 901430000000017 ".utf8), as: "identity")
    bench.start()
    let text = bench.agent.status(now: bench.now).text
    #expect(
      text.contains("IMEI 863593050000017\nSIM       89423100000000000017, IMSI 901430000000017\n"))
  }

  @Test("takes damaged memory for none") func damaged() {
    for text in ["", "x", "1 2", "863593050000017 x y ", "\0\0 \0 \0"] {
      let identity = ModuleIdentity(numbers: Array(text.utf8))
      #expect(identity.iccid == nil)
    }
  }
}
