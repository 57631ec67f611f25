import ModemSimulator
import Primitives
import Testing

/// Four families' own words in any order, with everything that can happen around them.
@Suite("Hostile lines to Telit, Sierra, Cinterion and Fibocom") struct FamilyReplayTests {
  struct Family: Sendable, CustomTestStringConvertible {
    let personality: ModemPersonality
    let pulse: Int64
    let words: [String]
    var testDescription: String { String(decoding: personality.name, as: UTF8.self) }
  }

  static let shared = [
    "AT", "\"", ",", "0", "1", "6", "7", ";", "?", "=", "+CFUN=", "+COPS=", "&W", "&F", "Z", "E0",
    "V0", "V1", "+CEREG=", "+CPSMS=1,,,\"00100110\",\"00000001\"", "\u{1A}", "\u{1B}",
    "\"192.0.2.1\"", "99999999999999999999", "+CGACT=0,1", "A/", "S24=", "+CSCS=\"UCS2\"",
    "--EOF--Pattern--", "+CGDCONT=1,\"IP\",\"em\"", "+CCLK?",
  ]

  static let families = [
    Family(
      personality: .telitME910, pulse: 5050,
      words: [
        "#SGACT=1,1", "#SGACT=1,0", "#SCFG=1,1,300,1,10,1", "#SCFGEXT=1,", "#SCFGEXT2=1,2",
        "#SD=1,1,5683,\"192.0.2.1\",0,0,1", "#SD=2,0,80,\"a\",0,0,1", "#SH=", "#SI", "#SS",
        "#SSENDEXT=1,3", "#SSEND=1", "#SSENDUDPEXT=1,2,\"192.0.2.9\",7", "#SRECV=1,", "#SKTRST",
        "#QDNS=\"a\"", "#REBOOT", "#SHDN", "#CPSMS=1,,,", "#NITZ=7,1", "#WS46=", "#BND=",
      ]),
    Family(
      personality: .sierraHL78, pulse: 1500,
      words: [
        "+KCNXCFG=1,\"GPRS\",\"em\"", "+KCNXUP=1", "+KCNXDOWN=1", "+KUDPCFG=1,0", "+KUDPCFG=1,0,,1",
        "+KTCPCFG=1,0,\"192.0.2.1\",80", "+KTCPCNX=", "+KTCPCLOSE=", "+KTCPDEL=", "+KUDPCLOSE=",
        "+KUDPSND=1,\"192.0.2.1\",5683,3", "+KTCPSND=1,3", "+KUDPRCV=1,", "+KTCPRCV=1,",
        "+KTCPSTAT=", "+KSLEEP=1,2,0", "+KSREP=1", "+KSRAT=", "+KPATTERN=\"x\"", "+CPOF",
      ]),
    Family(
      personality: .cinterionEXS82, pulse: 150,
      words: [
        "^SICA=1,1", "^SICA=0,1", "^SISS=0,srvType,Socket", "^SISS=0,conId,1",
        "^SISS=0,address,\"sockudp://192.0.2.1:5683\"", "^SISS=0,address,\"socktcp://a:80\"",
        "^SISS=0,address,\"sockudp://:4000\"", "^SISS=0,srvType,none", "^SISO=0", "^SISO?",
        "^SISC=0", "^SISW=0,3", "^SISW=0,3,0,\"192.0.2.9:7\"", "^SISR=0,", "^SISI=0", "^SISE=0",
        "^SCFG=\"Tcp/WithURCs\",\"on\"", "^SCFG=\"MEopMode/PowerMgmt/Suspend\",\"1\"", "^SMSO",
        "^SXRAT=", "^SIND=\"suspendReady\",", "^SISX=\"HostByName\",1,\"a\"", "^SICS=0,dns1,",
      ]),
    Family(
      personality: .fibocomL610, pulse: 2000,
      words: [
        "+MIPCALL=1,\"em\"", "+MIPCALL=0", "+MIPCALL?", "+MIPDNS=\"a\"", "+MIPOPEN?",
        "+MIPOPEN=1,,\"192.0.2.1\",5683,1", "+MIPOPEN=2,,\"a\",80,0", "+MIPSEND=1,3", "+MIPSEND?",
        "+MIPREAD=1,", "+MIPCLOSE=", "+GTSET=\"IPRFMT\",", "+GTRAT=", "+GTWAKE=1,2", "+CPWROFF",
      ]),
  ]

  @Test("random lines of real words trap nothing", arguments: families, 1...4)
  func randomLines(family: Family, seed: UInt64) {
    let words = Self.shared + family.words + family.words
    var random = SeededRandom(seed: seed)
    var bench = Bench.other(family.personality, pulse: family.pulse, seed: seed)
    for _ in 0..<1000 {
      var line = random.next(below: 4) == 0 ? "" : "AT"
      for _ in 0...random.next(below: 4) {
        line += words[Int(random.next(below: UInt64(words.count)))]
      }
      bench.write(line + "\r")
      bench.wait(Int64(random.next(below: 400)))
      if let id = bench.lastOpened, random.next(below: 3) == 0 {
        let inputs: [SimulatedModem.Input] = [
          .socketReceived(id, [1, 2, 3]), .socketClosed(id), .socketFailed(id, .refused),
          .socketOpened(id),
        ]
        bench.input(inputs[Int(random.next(below: 4))])
      }
      if random.next(below: 40) == 0 { bench.pulse(Int64(random.next(below: 7000))) }
      if random.next(below: 100) == 0 { bench.modem.faults.dropsContextsAt = bench.now }
      if random.next(below: 200) == 0 {
        bench.input(.supply(isOn: false))
        bench.input(.supply(isOn: true))
      }
      if bench.modem.state == "off" || bench.modem.state == "PSM" {
        bench.wait(1500)
        bench.pulse(family.pulse)
        bench.wait(20_000)
      }
      bench.output = []
      bench.trace = []
    }
    #expect(bench.modem.counters.commands > 60, "seed \(seed)")
    #expect(bench.modem.counters.boots > 2, "seed \(seed)")
  }

  @Test("any split of the host's bytes gives the same output", arguments: families, 1...5)
  func splits(family: Family, chunk: Int) {
    func output(chunk: Int) -> [UInt8] {
      var bench = Bench.other(family.personality, pulse: family.pulse, seed: 3)
      for word in family.words {
        let bytes = Array("AT\(word)\r\nabc--EOF--Pattern--\r".utf8)
        for start in stride(from: 0, to: bytes.count, by: chunk) {
          bench.input(.uartReceived(Array(bytes[start..<min(start + chunk, bytes.count)])))
        }
        bench.wait(800)
      }
      return bench.output
    }
    #expect(output(chunk: chunk) == output(chunk: 1000))
  }
}
