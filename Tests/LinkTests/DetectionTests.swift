import Modems
import Primitives
import Testing

@testable import Link

/// Not covered: `Detection` inside `Link` (LinkDetectionTests), and real modules' start-up.
@Suite("Finding out the module") struct DetectionTests {
  @Test("a module that is on is found at every usual rate, and never pulsed", arguments: rates)
  func on(baud: Int) {
    var bench = DetectionBench(baud: baud)
    bench.isOn = true
    bench.run()
    #expect(
      bench.end
        == .found(
          DetectedModule(
            profile: .quectelBG95, maker: bytes("Quectel"), model: bytes("BG95-M3"), baud: baud,
            pulse: nil)))
    #expect(bench.pulses == [])
    #expect(bench.isUARTOpen)
  }

  private static let rates = Detection.bauds

  @Test("the configured rate is tried first, also one that isn't usual") func configuredRate() {
    var bench = DetectionBench(baud: 4800, detection: Detection(baud: 4800))
    bench.isOn = true
    bench.run()
    #expect(bench.found?.baud == 4800)
    #expect(bench.opened == [4800])
  }

  @Test("one that is off is started by the second length, found, and not pulsed again")
  func off() {
    var bench = DetectionBench()
    bench.leastPulse = .milliseconds(500)
    bench.run()
    #expect(bench.pulses == [.milliseconds(300), .milliseconds(575)])
    #expect(bench.found?.pulse == .milliseconds(575))
    #expect(bench.found?.profile.name.description == "quectel-bg95")
  }

  @Test("the lengths rise, each at least the least of every family of its like") func lengths() {
    var bench = DetectionBench()
    bench.leastPulse = .seconds(60)
    bench.run()
    #expect(bench.end == .nobody)
    #expect(bench.pulses == bench.pulses.sorted())
    #expect(bench.pulses.first == .milliseconds(300) && bench.pulses.last == .milliseconds(5050))
    for profile in ModuleProfile.all {
      let near = bench.pulses.contains {
        $0 >= profile.power.onPulse && $0 - profile.power.onPulse < .milliseconds(250)
      }
      #expect(near, "\(profile.name)")
    }
    #expect(!bench.isUARTOpen)
  }

  @Test("between two pulses lie a whole boot and every rate") func wholeBoot() {
    var bench = DetectionBench()
    bench.leastPulse = .seconds(60)
    bench.run()
    let sweep = Detection.probeTimeout * (Detection.probes * Detection.bauds.count)
    for (end, next) in zip(bench.pulseEnds, bench.pulseStarts.dropFirst()) {
      #expect(next - end == Detection.boot + sweep)
    }
  }

  @Test("the remembered pulse comes first") func remembered() {
    var bench = DetectionBench(detection: Detection(first: .milliseconds(1500)))
    bench.leastPulse = .milliseconds(1300)
    bench.run()
    #expect(bench.pulses == [.milliseconds(1500)])
    #expect(bench.found?.pulse == .milliseconds(1500))
  }

  @Test("STATUS off: pressed at once, without an AT; STATUS on after it shortens the wait")
  func statusOff() {
    var bench = DetectionBench()
    bench.hasStatusLine = true
    bench.bootText = ""
    bench.leastPulse = .milliseconds(100)
    bench.run()
    #expect(bench.pulseStarts == [.start])
    #expect(bench.found?.pulse == .milliseconds(300))
    #expect(bench.firstWrite == .start + .milliseconds(300) + Detection.pollFrom)
    var deaf = DetectionBench()
    deaf.hasStatusLine = true
    deaf.bootText = ""
    deaf.leastPulse = .milliseconds(100)
    deaf.isDeaf = true
    deaf.run()
    #expect(deaf.end == .nobody)
    // STATUS comes on 1 s after the pulse's end; such a module is listened to twice.
    let waits = Duration.milliseconds(300 + 1000) + Detection.bootSeen * 2
    #expect(deaf.now == .start + deaf.sweep * 2 + waits)
  }

  @Test("STATUS on: a module that answers nothing is given time, and never pulsed")
  func statusOn() {
    var bench = DetectionBench()
    bench.hasStatusLine = true
    bench.isOn = true
    bench.isDeaf = true
    bench.run()
    #expect(bench.end == .nobody)
    #expect(bench.pulses == [])
    #expect(bench.now > .start + Detection.bootSeen)
  }

  @Test("a boot URC shortens the wait, and forbids another pulse") func bootText() {
    var bench = DetectionBench()
    bench.leastPulse = .milliseconds(100)
    bench.run()
    #expect(bench.pulses == [.milliseconds(300)])
    #expect(bench.firstAnswered == .start + bench.sweep + .milliseconds(300) + Detection.pollFrom)
    var deaf = DetectionBench()
    deaf.leastPulse = .milliseconds(100)
    deaf.isDeaf = true
    deaf.run()
    #expect(deaf.end == .nobody)
    #expect(deaf.pulses == [.milliseconds(300)])
    // The word comes 1 s after the pulse; a module that showed itself is listened to twice.
    let waits = Duration.milliseconds(300 + 1000) + Detection.bootSeen * 2
    #expect(deaf.now == .start + deaf.sweep * 3 + waits)
  }

  @Test("garbage is nobody's answer, and doesn't keep the key from being pressed") func garbage() {
    var bench = DetectionBench()
    bench.leastPulse = .milliseconds(500)
    bench.noise = [0x00, 0xFF, 0x81, 0x0D, 0x0A, 0xFE, 0x0A, 0x00]
    bench.run()
    #expect(bench.pulses == [.milliseconds(300), .milliseconds(575)])
    #expect(bench.found?.baud == 115_200)
  }

  @Test("a rate that the UART doesn't have is passed over; without any the key isn't pressed")
  func failingUART() {
    var bench = DetectionBench(baud: 9600)
    bench.isOn = true
    bench.failingRates = [115_200]
    bench.run()
    #expect(bench.found?.baud == 9600)
    var dead = DetectionBench()
    dead.failingRates = Detection.bauds
    dead.run()
    #expect(dead.end == .uartFailed)
    #expect(dead.pulses == [])
  }

  @Test("when nothing is wanted any more no pulse follows") func noMorePulses() {
    var bench = DetectionBench()
    bench.leastPulse = .seconds(60)
    bench.stopsAfterPulses = 1
    bench.run()
    #expect(bench.end == .nobody)
    #expect(bench.pulses == [.milliseconds(300)])
  }

  @Test(
    "names the family by the model; one that nobody knows is the generic one",
    arguments: [
      ("Quectel", "BG95-M3", "quectel-bg95", "BG95-M3"),
      ("u-blox", "SARA-R510S", "ublox-sara-r5", "SARA-R510S"),
      ("+CGMI: \"Sierra Wireless\"", "+CGMM: \"HL7800\"", "sierra-hl78", "HL7800"),
      ("Acme", "X1000", "generic", "X1000"),
    ])
  func models(maker: String, model: String, name: String, shown: String) {
    var bench = DetectionBench()
    bench.isOn = true
    bench.answers = ["AT+CGMI": maker, "AT+CGMM": model]
    bench.run()
    #expect(bench.found.map { "\($0.profile.name)" } == name)
    #expect(bench.found?.model == bytes(shown))
  }

  @Test("a module that refuses its names at first is asked again") func namesRefused() {
    var bench = DetectionBench()
    bench.isOn = true
    bench.refusals = 2
    bench.run()
    #expect(bench.found?.model == bytes("BG95-M3"))
    bench = DetectionBench()
    bench.isOn = true
    bench.refusals = 100
    bench.run()
    #expect(bench.found.map { "\($0.profile.name)" } == "generic")
  }
}

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The machine and a module of one rate on a virtual clock.
private struct DetectionBench {
  var detection: Detection
  let baud: Int
  var isOn = false
  var isDeaf = false
  var hasStatusLine = false
  /// Shorter pulses do nothing.
  var leastPulse = Duration.seconds(60)
  /// Said 1 s after the pulse.
  var bootText = "\r\nRDY\r\n"
  /// Comes with everything that is written.
  var noise: [UInt8] = []
  /// Times that the names are answered ERROR.
  var refusals = 0
  var answers = ["AT+CGMI": "Quectel", "AT+CGMM": "BG95-M3"]
  var failingRates: [Int] = []
  var stopsAfterPulses = Int.max

  private(set) var now = Instant.start
  private(set) var end: Detection.Effect?
  private(set) var opened: [Int] = []
  private(set) var isUARTOpen = false
  private(set) var pulseStarts: [Instant] = []
  private(set) var pulseEnds: [Instant] = []
  private(set) var firstWrite: Instant?
  private(set) var firstAnswered: Instant?
  private var arrivals: [(at: Instant, input: Detection.Input)] = []

  init(baud: Int = 115_200, detection: Detection = Detection()) {
    self.baud = baud
    self.detection = detection
  }

  var pulses: [Duration] { zip(pulseEnds, pulseStarts).map { $0 - $1 } }
  var sweep: Duration { Detection.probeTimeout * (Detection.probes * Detection.bauds.count) }
  var found: DetectedModule? { if case .found(let module)? = end { module } else { nil } }

  mutating func run() {
    give(.start(isStatusOn: hasStatusLine ? isOn : nil))
    for _ in 0..<10_000 where end == nil {
      let arrival = arrivals.map { $0.at }.min()
      guard let next = earlier(arrival, detection.deadline) else { break }
      now = max(now, next)
      if let index = arrivals.firstIndex(where: { $0.at <= now }) {
        give(arrivals.remove(at: index).input)
      } else {
        give(.deadline)
      }
    }
  }

  private mutating func give(_ input: Detection.Input) {
    for effect in detection.handle(input, now: now) {
      #expect(end == nil, "an effect after the last one")
      perform(effect)
    }
  }

  private mutating func perform(_ effect: Detection.Effect) {
    switch effect {
    case .openUART(let baud):
      opened.append(baud)
      isUARTOpen = true
      if failingRates.contains(baud) { arrivals.append((now, .uartFailed)) }
    case .closeUART: isUARTOpen = false
    case .write(let bytes): write(bytes)
    case .setPowerKey(true): pulseStarts.append(now)
    case .setPowerKey(false): pressed()
    case .found, .nobody, .uartFailed: end = effect
    }
  }

  private mutating func pressed() {
    pulseEnds.append(now)
    #expect(!isOn, "pressed the key of a module that is on")
    if pulses.count >= stopsAfterPulses { arrivals.append((now, .noMorePulses)) }
    guard let last = pulses.last, last >= leastPulse else { return }
    isOn = true
    let second = now + .seconds(1)
    if hasStatusLine { arrivals.append((second, .statusLine(isOn: true))) }
    if !bootText.isEmpty { arrivals.append((second, .uartReceived(bytes(bootText)))) }
  }

  private mutating func write(_ written: [UInt8]) {
    firstWrite = firstWrite ?? now
    #expect(isUARTOpen, "wrote to a closed UART")
    if !noise.isEmpty { arrivals.append((now + .milliseconds(3), .uartReceived(noise))) }
    guard isOn, !isDeaf, opened.last == baud else { return }
    firstAnswered = firstAnswered ?? now
    let line = String(decoding: written.dropLast(), as: UTF8.self)
    var text = "\r\nOK\r\n"
    if let answer = answers[line] {
      text = "\r\n\(answer)\r\n\r\nOK\r\n"
      if refusals > 0 {
        refusals -= 1
        text = "\r\nERROR\r\n"
      }
    }
    let echoed = line + "\r" + text
    arrivals.append((now + .milliseconds(20), .uartReceived(bytes(echoed))))
  }
}
