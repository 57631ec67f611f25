import ModemSimulator
import Primitives
import Testing

/// What holds for each family.
@Suite("Families") struct PersonalityTests {
  /// A pulse that starts any module, in milliseconds: as long as this one needs it.
  static func pulse(_ personality: ModemPersonality) -> Int64 {
    max(1500, personality.startPulse?.wholeMilliseconds ?? 0)
  }

  @Test("are found by their names, which are all different") func names() {
    let names = ModemPersonality.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names { #expect(ModemPersonality.named(name)?.name == name) }
    #expect(ModemPersonality.named(Array("quectel-bg95".utf8))?.model == Array("BG95-M3".utf8))
    #expect(ModemPersonality.named(Array("generic-".utf8)) == nil)
  }

  @Test("the same seed gives the same trace", arguments: ModemPersonality.all.map(\.name))
  func determinism(name: [UInt8]) throws {
    let personality = try #require(ModemPersonality.named(name))
    func trace() -> [(at: Int64, effect: SimulatedModem.Effect)] {
      var bench = Bench.other(personality, pulse: Self.pulse(personality))
      for command in ["AT+CEREG=2", "AT+CFUN=1", "AT+COPS?", "AT+CGDCONT?", "AT+CSQ"] {
        _ = bench.ask(command + "\r", for: 2000)
      }
      return bench.trace
    }
    #expect(trace().elementsEqual(trace()) { $0 == $1 })
  }

  @Test(
    "random lines of each family's own words trap nothing",
    arguments: ModemPersonality.all.map(\.name))
  func randomLines(name: [UInt8]) throws {
    let personality = try #require(ModemPersonality.named(name))
    let words = [
      "?", "=", "=0,", "=1,", ",", "0", "1", "6", "17", "1024", "65535", "99999999999999999999",
      "\"",
      "\"192.0.2.1\"", "\"a.example\"", ";", "E0", "I9", "V0", "V1", "&F", "@", "\u{1A}", "\u{1B}",
      "abc", "+CFUN=1", "+CFUN=4", "+CPSMS=1,,,\"00100110\",\"00000001\"", "+CGACT=0,1",
    ]
    var random = SeededRandom(seed: 7)
    let pulse = Self.pulse(personality)
    var bench = Bench.other(personality, pulse: pulse, rest: 20_000)
    var commands = 0
    for _ in 0..<1500 {
      var line = random.next(below: 8) == 0 ? "" : "AT"
      if random.next(below: 2) == 0 {
        let known = bench.modem.commandNames
        line += String(decoding: known[Int(random.next(below: UInt64(known.count)))], as: UTF8.self)
      }
      for _ in 0...random.next(below: 6) {
        line += words[Int(random.next(below: UInt64(words.count)))]
      }
      bench.write(line + "\r")
      bench.wait(Int64(random.next(below: 500)))
      if let id = bench.lastOpened, random.next(below: 3) == 0 {
        let inputs: [SimulatedModem.Input] = [
          .socketReceived(id, [1, 2, 3]), .socketClosed(id), .socketFailed(id, .refused),
          .socketOpened(id),
        ]
        bench.input(inputs[Int(random.next(below: 4))])
      }
      if random.next(below: 40) == 0 { bench.pulse(Int64(random.next(below: 3000))) }
      if bench.modem.state == "off" || bench.modem.state == "PSM" {
        bench.input(.supply(isOn: false))
        bench.input(.supply(isOn: true))
        bench.wait(1500)
        bench.pulse(pulse)
        bench.wait(15_000)
        // A module that found PSM in its memory sleeps again: another takes its place.
        if bench.modem.state == "PSM" {
          commands += bench.modem.counters.commands
          bench = Bench.other(personality, pulse: pulse, rest: 20_000)
        }
      }
      bench.output = []
      bench.trace = []
    }
    #expect(commands + bench.modem.counters.commands > 100)
  }
}
