import Primitives
import Testing

@testable import ModemSimulator

/// What a personality may say that none of the families in this folder's other tests has.
@Suite("Traits of a family") struct TraitsTests {
  /// A module that exists nowhere.
  static func made(_ change: (inout ModemPersonality) -> Void = { _ in }) -> Bench {
    var personality = ModemPersonality(
      name: Array("made".utf8), maker: Array("Maker".utf8), model: Array("Model".utf8),
      revision: Array("1".utf8), applicationVersion: Array("2".utf8), imei: Array("3".utf8),
      key: PowerKeyTiming(startsWithSupply: true),
      boot: BootTraits(
        status: .zero ... .zero, uart: .milliseconds(100) ... .milliseconds(100),
        texts: [TimedText("HELLO", after: .zero ... .zero)]),
      currents: ModemCurrents(),
      commands: CommandGroup.general + CommandGroup.card + [CommandGroup.function([0, 1, 4])]
        + CommandGroup.registration + CommandGroup.network + CommandGroup.packet
        + CommandGroup.activation + [
          CommandEntry("+FORM") { modem, _ in
            modem.inform("CONNECT")
            modem.informRaw(Array("raw\r\nOK".utf8))
            modem.informRaw(Array("--END--\r\n".utf8))
            return .says(Array("DATA OK".utf8))
          },
          CommandEntry("#TAKE") { modem, command in
            .prompt(
              PayloadRequest(
                command: command, socket: 0, count: command.number(0, 1...100),
                prompt: Array("\r\nCONNECT\r\n".utf8), pattern: Array("--END--".utf8),
                patience: .seconds(5)))
          },
          CommandEntry("#LINE") { modem, command in
            modem.inform("^LINE: 0,3")
            return .prompt(PayloadRequest(command: command, socket: 0, count: 3, prompt: []))
          },
        ])
    personality.line.prefixes = "+#"
    personality.sockets.payload = { modem, request, payload in
      modem.inform("\(request.command.name): \(payload.count)")
      return .ok
    }
    change(&personality)
    let stored = personality.configured(apn: [])
    var bench = Bench(personality, stored: stored)
    bench.input(.supply(isOn: true))
    bench.wait(20_000)
    return bench
  }

  static func quiet(_ change: (inout ModemPersonality) -> Void = { _ in }) -> Bench {
    var bench = made(change)
    _ = bench.ask("ATE0\r")
    return bench
  }

  @Test("a module without a key starts with its supply and knows no pulse") func noKey() {
    var bench = Self.made()
    #expect(bench.heard == "\r\nHELLO\r\n")
    bench.pulse(3000)
    #expect(bench.modem.counters.violations.total == 0)
    #expect(bench.modem.state == "idle")
  }

  @Test("answers hold raw data, and end in texts of their own") func rawAnswer() {
    var bench = Self.quiet()
    #expect(
      bench.ask("AT+FORM\r") == "\r\nCONNECT\r\nraw\r\nOK--END--\r\n\r\nDATA OK\r\n")
  }

  @Test("a payload ends with a pattern; one inside counted data is data") func pattern() {
    var bench = Self.quiet()
    #expect(bench.ask("AT#TAKE\r") == "\r\nCONNECT\r\n")
    #expect(bench.ask("a--END-b--END--") == "\r\n#TAKE: 8\r\n\r\nOK\r\n")
    #expect(bench.ask("AT#TAKE=9\r") == "\r\nCONNECT\r\n")
    #expect(bench.ask("--END--xy") == "")
    #expect(bench.ask("--END--") == "\r\n#TAKE: 9\r\n\r\nOK\r\n")
  }

  @Test("a prompt that waits in vain gives up") func patience() {
    var bench = Self.quiet()
    #expect(bench.ask("AT#TAKE=9\r", for: 4900) == "\r\nCONNECT\r\n")
    bench.wait(200)
    #expect(bench.said("\r\nERROR\r\n"))
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
  }

  @Test("a line may stand where a prompt does") func line() {
    var bench = Self.quiet()
    #expect(bench.ask("AT#LINE\r") == "\r\n^LINE: 0,3\r\n")
    #expect(bench.ask("abc") == "\r\n#LINE: 3\r\n\r\nOK\r\n")
  }

  @Test("commands that mustn't be joined are an error, and so is a line too long") func joined() {
    var bench = Self.quiet {
      $0.line.joinsCommands = false
      $0.line.limit = 20
    }
    #expect(bench.ask("AT+CMEE=1;+CSQ\r") == "\r\nERROR\r\n")
    #expect(bench.ask("ATE0V1\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+CMEE?\r") == "\r\n+CMEE: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGDCONT=1,\"IP\",\"abcd\"\r") == "\r\nERROR\r\n")
  }

  @Test("an error of its own where AT+CMEE is on") func genericError() {
    var bench = Self.quiet { $0.line.genericError = 100 }
    #expect(bench.ask("AT+NONE\r") == "\r\nERROR\r\n")
    _ = bench.ask("AT+CMEE=1\r")
    #expect(bench.ask("AT+NONE\r") == "\r\n+CME ERROR: 100\r\n")
  }

  @Test("2G: no default bearer, +CGREG has the cell, +CEREG nothing") func secondGeneration() {
    var bench = Self.quiet {
      $0.radio.accesses = [AccessTraits(.gsm, number: 0, name: "GSM", hasDefaultBearer: false)]
    }
    bench.wait(40_000)
    _ = bench.ask("AT+CGREG=2\r")
    #expect(bench.ask("AT+CGREG?\r") == "\r\n+CGREG: 2,5,\"2C0A\",\"01A2D003\",0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGACT?\r") == "\r\n+CGACT: 1,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGACT=1,1\r", for: 2000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+CGPADDR=1\r") == "\r\n+CGPADDR: 1,\"10.64.12.9\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGACT=0,1\r", for: 2000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+CGACT?\r") == "\r\n+CGACT: 1,0\r\n\r\nOK\r\n")
  }

  @Test("a family's own state is gone after a boot") func ownState() {
    struct Count: OwnState { var value = 0 }
    var states = OwnStates()
    states[Count.self].value = 3
    #expect(states[Count.self].value == 3)
    states.forget(isWake: true)
    #expect(states[Count.self].value == 0)
  }
}
