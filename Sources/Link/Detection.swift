import AT
import Cellular
import Modems
import Primitives

/// Finds out which module is at the other end of the UART, and at which rate it speaks.
/// Performs no IO and reads no clock, like `Link`.
///
/// First it listens, at every usual rate. If nobody answers, the power key is pressed in rising
/// lengths, since what starts one module resets another; after each pulse a whole boot is waited
/// for and every rate tried again. A module that shows itself, by its STATUS line or by a line of
/// text, isn't pressed again; bytes that make no line may be the noise of an open wire, which must
/// not keep a module off for ever.
public struct Detection: Sendable {
  public enum Input: Equatable, Sendable {
    /// `isStatusOn`: nil where the line isn't wired or wasn't told.
    case start(isStatusOn: Bool?)
    case uartReceived([UInt8])
    case statusLine(isOn: Bool)
    /// The UART couldn't be opened, or broke: at this rate nobody can answer.
    case uartFailed
    /// Nothing is wanted of the module any more: what was begun is ended, and no pulse follows.
    case noMorePulses
    case deadline
  }

  public enum Effect: Equatable, Sendable {
    /// The UART is to be opened, or opened anew, at that rate.
    case openUART(baud: Int)
    case closeUART
    case write([UInt8])
    case setPowerKey(asserted: Bool)
    /// The last effect, with the UART left open.
    case found(DetectedModule)
    /// The last effect: nobody answered, with the UART closed.
    case nobody
    /// The last effect: the UART failed at every rate, so the key wasn't pressed any more.
    case uartFailed
  }

  /// The rates that modules come with, the likeliest first.
  public static let bauds = [
    115_200, 9600, 57_600, 38_400, 19_200, 230_400, 460_800, 921_600,
  ]
  /// How long an `AT` waits for its answer at one rate.
  public static let probeTimeout = Duration.milliseconds(400)
  /// How many go unanswered before the next rate is tried. The first one lets a module that finds
  /// the rate by itself find it.
  public static let probes = 2
  /// From the end of a pulse to the first `AT` at every rate: the slowest of the modules takes that
  /// long to take commands.
  public static let boot = Duration.seconds(20)
  /// The same where the module has shown that it boots.
  public static let bootSeen = Duration.seconds(6)
  /// From the end of a pulse to the first `AT` at the first rate, and from one that went unanswered
  /// to the next: a module that wakes from power saving mode is asleep again before `boot` is over.
  public static let pollFrom = Duration.seconds(5)
  public static let pollStep = Duration.seconds(1)
  /// Lengths that differ by less than this are one, the longest of them: a little more than its
  /// least length starts every module, and resets none.
  static let pulseStep = Duration.milliseconds(250)
  /// How often a question that isn't answered with OK is asked: a module that boots may take an
  /// `AT` before it takes these.
  static let askings = 3

  private enum Phase {
    case idle
    /// So many probes at this rate are left, the one on its way included.
    case probing(rate: Int, left: Int)
    case asking(rate: Int)
    case pressing(until: Instant)
    /// `pollAt`: the next `AT`; nil while one is on its way.
    case booting(until: Instant, pollAt: Instant?)
  }

  private let pulses: [Duration]
  private let rates: [Int]
  private var phase = Phase.idle
  private var engine = Engine(dialect: .generic)
  private var effects: [Effect] = []
  private var isStatusOn: Bool?
  /// Which pulse comes next.
  private var nextPulse = 0
  /// The module has shown that it is on, though it hasn't answered.
  private var hasShownItself = false
  /// One that shows itself late is listened to once more.
  private var isLastSweep = false
  private var mayPress = true
  /// Rates in a row at which the UART failed.
  private var failedRates = 0
  private var answers: [[UInt8]] = []
  private var askingsLeft = Detection.askings

  /// - Parameters:
  ///   - first: the length that found the module the last time, tried before the others.
  ///   - baud: the rate that is tried first, in bits a second.
  public init(
    among profiles: [ModuleProfile] = ModuleProfile.all, first: Duration? = nil, baud: Int? = nil
  ) {
    var lengths: [Duration] = []
    var shortest = Duration.zero
    for length in profiles.map({ $0.power.onPulse }).sorted() {
      if !lengths.isEmpty, length - shortest < Self.pulseStep {
        lengths[lengths.count - 1] = length
      } else {
        shortest = length
        lengths.append(length)
      }
    }
    if let first { lengths = [first] + lengths.filter { $0 != first } }
    pulses = lengths
    if let baud { rates = [baud] + Self.bauds.filter { $0 != baud } } else { rates = Self.bauds }
  }

  /// The next moment at which `.deadline` is wanted.
  public var deadline: Instant? {
    switch phase {
    case .idle: nil
    case .probing, .asking: engine.deadline
    case .pressing(let until): until
    case .booting(let until, let pollAt): earlier(until, earlier(pollAt, engine.deadline))
    }
  }

  public mutating func handle(_ input: Input, now: Instant) -> [Effect] {
    effects = []
    switch input {
    case .start(let isOn):
      isStatusOn = isOn
      nextPulse = 0
      hasShownItself = false
      isLastSweep = false
      mayPress = true
      failedRates = 0
      if isOn == false { press(now: now) } else { probe(rate: 0, now: now) }
    case .uartReceived(let bytes): take(engine.receive(bytes, now: now), now: now)
    case .statusLine(let isOn): statusChanged(isOn, now: now)
    case .uartFailed: uartFailed(now: now)
    case .noMorePulses: mayPress = false
    case .deadline: due(now: now)
    }
    defer { effects = [] }
    return effects
  }

  private mutating func due(now: Instant) {
    switch phase {
    case .idle: break
    case .probing, .asking: take(engine.elapse(now: now), now: now)
    case .pressing(let until):
      guard until <= now else { return }
      effects += [.setPowerKey(asserted: false), .openUART(baud: rates[0])]
      engine.reset(isInStep: true)
      let wait = isStatusOn == true ? Self.bootSeen : Self.boot
      phase = .booting(until: now + wait, pollAt: now + Self.pollFrom)
    case .booting(let until, let pollAt):
      if until <= now { return probe(rate: 0, now: now) }
      guard let pollAt, pollAt <= now, engine.isIdle else {
        return take(engine.elapse(now: now), now: now)
      }
      phase = .booting(until: until, pollAt: nil)
      take(engine.begin(.probe(timeout: Self.probeTimeout), now: now), now: now)
    }
  }

  private mutating func statusChanged(_ isOn: Bool, now: Instant) {
    isStatusOn = isOn
    if isOn { expectSoon(now: now) }
  }

  /// It has begun to boot.
  private mutating func expectSoon(now: Instant) {
    guard case .booting(let until, let pollAt) = phase else { return }
    phase = .booting(until: min(until, now + Self.bootSeen), pollAt: pollAt)
  }

  // MARK: - Rates

  private mutating func probe(rate: Int, now: Instant) {
    guard rate < rates.count else { return silent(now: now) }
    effects.append(.openUART(baud: rates[rate]))
    // It may still be answering somebody else's command.
    engine.reset(isInStep: false)
    probe(rate: rate, left: Self.probes, now: now)
  }

  private mutating func probe(rate: Int, left: Int, now: Instant) {
    phase = .probing(rate: rate, left: left)
    take(engine.begin(.probe(timeout: Self.probeTimeout), now: now), now: now)
  }

  /// This rate is none; what the module says at the others is still to be heard.
  private mutating func uartFailed(now: Instant) {
    guard case .probing(let rate, _) = phase else {
      if case .asking(let rate) = phase { probe(rate: rate + 1, now: now) }
      return
    }
    failedRates += 1
    if failedRates < rates.count { return probe(rate: rate + 1, now: now) }
    end(.uartFailed)
  }

  /// Nobody answered at any rate.
  private mutating func silent(now: Instant) {
    failedRates = 0
    guard isStatusOn == true || hasShownItself else {
      effects.append(.closeUART)
      return press(now: now)
    }
    if isLastSweep { return end(.nobody) }
    isLastSweep = true
    effects.append(.openUART(baud: rates[0]))
    engine.reset(isInStep: true)
    phase = .booting(until: now + Self.bootSeen, pollAt: nil)
  }

  private mutating func end(_ effect: Effect) {
    phase = .idle
    effects += [.closeUART, effect]
  }

  private mutating func press(now: Instant) {
    guard mayPress, nextPulse < pulses.count else {
      phase = .idle
      effects.append(.nobody)
      return
    }
    phase = .pressing(until: now + pulses[nextPulse])
    nextPulse += 1
    effects.append(.setPowerKey(asserted: true))
  }

  // MARK: - Answers

  private mutating func take(_ events: [Engine.Event], now: Instant) {
    for event in events {
      switch event {
      case .write(let bytes): effects.append(.write(bytes))
      case .urc: heard(now: now)
      case .resynced: break
      case .finished(let answer): finished(answer, now: now)
      }
    }
  }

  /// A whole line that nobody asked for, at the rate that the UART has: the module boots.
  private mutating func heard(now: Instant) {
    hasShownItself = true
    expectSoon(now: now)
  }

  private mutating func finished(_ answer: Answer, now: Instant) {
    switch phase {
    case .probing(let rate, let left):
      if answer.outcome.isAnswered { return askNames(rate: rate, now: now) }
      if left > 1 {
        probe(rate: rate, left: left - 1, now: now)
      } else {
        probe(rate: rate + 1, now: now)
      }
    case .asking(let rate):
      askingsLeft -= 1
      if !answer.isOK, askingsLeft > 0 { return ask(now: now) }
      askingsLeft = Self.askings
      answers.append(answer.lines.first ?? [])
      if answers.count < Self.questions.count { return ask(now: now) }
      phase = .idle
      effects.append(.found(module(at: rate)))
    case .booting(let until, _):
      if answer.outcome.isAnswered { return askNames(rate: 0, now: now) }
      phase = .booting(until: until, pollAt: now + Self.pollStep)
    case .idle, .pressing: break
    }
  }

  private mutating func askNames(rate: Int, now: Instant) {
    phase = .asking(rate: rate)
    answers = []
    askingsLeft = Self.askings
    ask(now: now)
  }

  /// Maker and model, asked one by one: not every module takes them on one line (TS 27.007 §5.1,
  /// §5.2).
  private static let questions: [CommandLine] = ["AT+CGMI", "AT+CGMM"]

  private mutating func ask(now: Instant) {
    let exchange = Exchange(
      Self.questions[answers.count], answers: [.line(Self.isIdentity)], timeout: .seconds(2))
    take(engine.begin(exchange, now: now), now: now)
  }

  /// Short text that isn't one of the lines that modules say by themselves at their start.
  private static let isIdentity: @Sendable ([UInt8]) -> Bool = { line in
    let isNamed = line.isNamed("+CGMI") || line.isNamed("+CGMM")
    return line.count <= 64 && line.allSatisfy { (0x20...0x7E).contains($0) }
      && (isNamed || !line.hasName)
  }

  private func module(at rate: Int) -> DetectedModule {
    let (maker, model) = (Self.text(answers[0]), Self.text(answers[1]))
    let pulse = nextPulse == 0 ? nil : pulses[nextPulse - 1]
    return DetectedModule(
      profile: ModuleProfile.covering(model: model), maker: maker, model: model,
      baud: rates[rate], pulse: pulse)
  }

  /// Some makers name and quote the answer: `+CGMM: "HL7800"`.
  private static func text(_ line: [UInt8]) -> [UInt8] {
    line.hasName ? ParameterList(line).text(0) : line
  }
}
