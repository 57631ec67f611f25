import ModemSimulator
import Primitives

/// How the bench sets a simulated modem up from a command line's words.
struct ModemSetup: Equatable, Sendable {
  enum Network: Equatable, Sendable { case accelerated, real }
  enum Stored: Equatable, Sendable { case fresh, configured }

  /// The grammar that `sim` and its relatives share.
  static let options = ["--module", "--network", "--stored", "--seed", "--fault", "--apn"]

  /// The family, as a configuration's `module` names it.
  var module = defaultModule

  var network = Network.accelerated
  var stored = Stored.fresh
  var apn: [UInt8] = Array("em".utf8)
  /// Those that the network knows; nil: every one.
  var accessPointNames: [[UInt8]]?
  /// The server's names; the network's name servers know them.
  var names: [NetworkHost] = []
  var seed: UInt64 = 1
  var faults: [String] = []

  /// Name servers that a device may be told to ask instead of the network's; no other answers.
  static let publicServers = [Array("9.9.9.9".utf8), Array("1.1.1.1".utf8)]
  /// What the desk's network calls itself, besides the name that the configuration has.
  static let deskAccessPoints = [Array("em".utf8), Array("emnify".utf8)]

  static let defaultModule = "quectel-bg95"

  init() {}

  init(_ arguments: Arguments) throws(BenchError) {
    module = try Self.module(arguments)
    network =
      try arguments.choice("--network", of: ["accelerated", "real"]) == "real"
      ? .real : .accelerated
    stored =
      try arguments.choice("--stored", of: ["fresh", "configured"]) == "fresh"
      ? .fresh : .configured
    seed = UInt64(try arguments.number("--seed", in: 0...Int.max) ?? 1)
    apn = Array((arguments.value("--apn") ?? "em").utf8)
    faults = arguments.values("--fault")
    _ = try FaultText.parse(faults)
  }

  /// The address that the network's name servers give for the server of rule `index`; it is one of
  /// the range for documentation (RFC 5737, TEST-NET-1), which leads nowhere.
  static func address(_ index: Int) -> IPv4Address {
    IPv4Address(192, 0, 2, UInt8(1 + index % 254))
  }

  /// The family that `--module` names.
  static func module(_ arguments: Arguments) throws(BenchError) -> String {
    let names = ModemPersonality.all.map { String(decoding: $0.name, as: UTF8.self) }
    guard let name = arguments.value("--module") else { return defaultModule }
    guard names.contains(name) else {
      throw .usage("--module \(name): one of \(names.joined(separator: ", "))")
    }
    return name
  }

  /// - Parameters:
  ///   - now: the network's clock starts here, with the machine's civil time.
  func modem(now: Instant, utc: UTC) throws(BenchError) -> SimulatedModem {
    var network = network == .real ? SimulatedNetwork.real : .accelerated
    network.time = SimulatedNetwork.Time(utc: utc, at: now)
    network.accessPointNames = accessPointNames
    network.answeringServers = network.dnsServers + Self.publicServers
    for (index, host) in names.enumerated() {
      guard case .name(let name) = host else { continue }
      network.names.append(
        SimulatedNetwork.Name(name.bytes, .address(Self.address(index).bytes)))
    }
    let personality = ModemPersonality.named(Array(module.utf8)) ?? .bg95
    var memory =
      stored == .fresh ? personality.factorySettings : personality.configured(apn: apn)
    // What an earlier run has set up was also registered before, and shut down in order.
    memory.knowsCell = stored == .configured
    var modem = SimulatedModem(
      personality: personality, network: network, sim: SimulatedSIM(), stored: memory, seed: seed)
    modem.faults = try FaultText.parse(faults)
    return modem
  }
}

/// Faults by name, as `--fault` takes them.
enum FaultText {
  /// For `godwit-bench help`: a fault's form and what it does.
  static let table: [(form: String, meaning: String)] = [
    ("ignore-power-key=N", "so many of the next power-key pulses do nothing"),
    ("deaf", "the UART's bytes are thrown away"),
    ("babble=MILLISECONDS", "garbage on the UART, every so often"),
    ("reboot-on=COMMAND", "the firmware crashes when that command comes, once (+QIACT)"),
    ("brown-out=N", "the supply collapses at each of the next so many transmissions"),
    ("never-sleep", "PSM is granted and never entered"),
    ("silent-sleep", "PSM is entered without its text"),
    ("slow=MILLISECONDS", "every command takes so much longer"),
    ("noise=N", "of a million bytes, so many arrive with one bit flipped"),
  ]

  static func parse(_ texts: [String]) throws(BenchError) -> ModemFaults {
    var faults = ModemFaults()
    for text in texts { try add(text, to: &faults) }
    return faults
  }

  private static func add(_ text: String, to faults: inout ModemFaults) throws(BenchError) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    let number = parts.count == 2 ? Array(parts[1].utf8).asciiWholeNumber : nil
    switch (parts.first, number) {
    case ("deaf", nil) where parts.count == 1: faults.isDeaf = true
    case ("never-sleep", nil) where parts.count == 1: faults.neverSleeps = true
    case ("silent-sleep", nil) where parts.count == 1: faults.sleepsSilently = true
    case ("ignore-power-key", let count?): faults.ignoredPowerKeyPulses = Int(count)
    case ("babble", let span?) where span > 0: faults.babbleInterval = .milliseconds(span)
    case ("brown-out", let count?): faults.brownOuts = Int(count)
    case ("slow", let span?): faults.answerDelay = .milliseconds(span)
    case ("noise", let count?) where count <= 1_000_000: faults.noisePerMillion = UInt64(count)
    case ("reboot-on", _) where parts.count == 2: faults.rebootsOnCommand = Array(parts[1].utf8)
    default:
      throw .usage("--fault \(text): one of \(table.map(\.form).joined(separator: ", "))")
    }
  }
}
