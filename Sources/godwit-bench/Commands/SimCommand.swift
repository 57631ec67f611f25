import ModemSimulator
import Primitives

/// `godwit-bench sim`: the modem alone, on a pty, for tests and for people.
enum SimCommand {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words,
      Arguments.Grammar(
        flags: ["--json"],
        options: ["--pty", "--pins", "--map", "--trace", "--baud"] + ModemSetup.options
          + CentreHost.options))
    var map = SocketMap()
    for rule in arguments.values("--map") { try map.add(text: rule) }
    var setup = try ModemSetup(arguments)
    setup.names = map.rules.map(\.host)
    try map.addAddresses()
    var lines = SimulatorHost.Lines(
      uart: try arguments.required("--pty"), pins: try arguments.required("--pins"))
    lines.baud = try arguments.number("--baud", in: 300...4_000_000) ?? lines.baud
    let trace: TraceFile? =
      if let path = arguments.value("--trace") { try TraceFile(path: path) } else { nil }
    let signals = try Signals()
    let modem = try setup.modem(now: BenchClock.now, utc: BenchClock.utc)
    let host = try SimulatorHost(modem: modem, lines: lines, map: map, now: BenchClock.now)
    let centre: CentreHost? =
      if arguments.value("--sms-port") == nil {
        nil
      } else {
        try CentreHost(try CentreHost.plan(arguments, endpoint: CentreEndpoint(name: "sim")))
      }
    let voice = Voice(isJSON: arguments.has("--json"))
    voice.say("ready", [("uart", .text(lines.uart)), ("pins", .text(lines.pins))])
    if let centre {
      let endpoint = "\(centre.origin)/api/v1/endpoint/\(centre.centre.endpoint.id)/sms"
      voice.say(
        "sms-centre",
        [
          ("url", .text(endpoint)), ("applicationToken", .text(CentreHost.applicationToken)),
        ])
    }
    while true {
      var set = PollSet()
      signals.addInterest(to: &set)
      host.addInterest(to: &set)
      centre?.addInterest(to: &set)
      let due = centre?.deadline(now: BenchClock.now, utc: BenchClock.utc)
      set.wait(until: earlier(host.deadline, due), now: BenchClock.now)
      for moment in host.serve(set, now: BenchClock.now) {
        if case .uart(let entry) = moment.event { trace?.append(entry) }
        if case .messageSubmitted(let tpdu) = moment.event {
          centre?.submitted(tpdu, host, now: BenchClock.now, utc: BenchClock.utc)
        }
        say(moment, modem: host.modem, with: voice)
      }
      for line in centre?.serve(set, host, now: BenchClock.now, utc: BenchClock.utc) ?? [] {
        voice.say("sms", [("text", .text(line))])
      }
      if signals.read(set).contains(.stop) { return 0 }
    }
  }

  private static func say(
    _ moment: SimulatorHost.Moment, modem: SimulatedModem, with voice: Voice
  ) {
    switch moment.event {
    case .state(let state):
      let charge = modem.chargeMicrocoulombs(until: moment.at)
      voice.say("state", [("state", .text(state)), ("chargeMicrocoulombs", .number(charge))])
    case .powerKey(let isAsserted):
      voice.say("power-key", [("level", .text(isAsserted ? "asserted" : "released"))])
    case .status(let isOn): voice.say("status", [("level", .text(isOn ? "on" : "off"))])
    case .unmapped(let host, let port):
      voice.say(
        "refused",
        [("server", .text("\(host.printable):\(port)")), ("because", .text("it is in no --map"))])
    case .secure(let host, let port):
      voice.say(
        "refused",
        [
          ("server", .text("\(host.printable):\(port)")),
          ("because", .text("the simulator's TLS isn't encrypted")),
        ])
    case .messageSubmitted(let tpdu):
      voice.say("message", [("tpdu", .text(tpdu.hex.printable))])
    case .uart, .slept: break
    }
  }
}
