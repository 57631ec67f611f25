import ModemSimulator
import Testing
import World

@testable import godwit_bench

@Suite("Command lines") struct ArgumentsTests {
  private static let grammar = Arguments.Grammar(flags: ["--json"], options: ["--port", "--map"])

  @Test("flags, options in both forms, and options given twice") func options() throws {
    let words = ["--json", "--port", "7", "--map=a=b", "--map", "c"]
    let arguments = try Arguments(words, Self.grammar)
    #expect(arguments.has("--json"))
    #expect(try arguments.number("--port", in: 1...9) == 7)
    #expect(arguments.values("--map") == ["a=b", "c"])
    #expect(arguments.value("--map") == "c")
  }

  @Test(
    "a wrong command line ends with status 2 and says what is wrong",
    arguments: [["--jsn"], ["--port"], ["port"], ["--json=1"]])
  func refused(words: [String]) {
    #expect(throws: BenchError.self) { try Arguments(words, Self.grammar) }
  }

  @Test("numbers outside their range are refused", arguments: ["0", "10", "-1", "7x", ""])
  func numbers(text: String) throws {
    let arguments = try Arguments(["--port", text], Self.grammar)
    #expect(throws: BenchError.self) { try arguments.number("--port", in: 1...9) }
  }

  @Test("the modem's faults are read by name") func faults() throws {
    let texts = ["ignore-power-key=2", "never-sleep", "slow=50", "reboot-on=+QIACT", "noise=10"]
    let faults = try FaultText.parse(texts)
    var expected = ModemFaults()
    expected.ignoredPowerKeyPulses = 2
    expected.neverSleeps = true
    expected.answerDelay = .milliseconds(50)
    expected.rebootsOnCommand = Array("+QIACT".utf8)
    expected.noisePerMillion = 10
    #expect(faults == expected)
  }

  @Test(
    "a fault that doesn't exist, or whose number is wrong, is refused",
    arguments: ["deaf=1", "slow", "slow=x", "noise=1000001", "babble=0", "gone", ""])
  func wrongFaults(text: String) {
    #expect(throws: BenchError.self) { try FaultText.parse([text]) }
  }

  @Test("the collector's faults are read by name") func collectorFaults() throws {
    let policy = try CollectorFaultText.policy(["lose-answers=30", "unavailable=2"], seed: 9)
    #expect(policy.loseAnswerPercent == 30)
    #expect(policy.unavailableAnswers == 2)
    #expect(policy.seed == 9)
    #expect(throws: BenchError.self) { try CollectorFaultText.policy(["refuse=101"], seed: 1) }
  }
}
