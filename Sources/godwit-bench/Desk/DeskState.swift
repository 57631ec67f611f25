import Primitives

/// Everything that the desk shows. Plain data: what it looks like is `Screen`'s.
struct DeskState: Equatable, Sendable {
  /// The simulated modem, seen from its own side of the line.
  struct Modem: Equatable, Sendable {
    var state = "off"
    var isStatusOn = false
    var registration = "not registered"
    var chargeMicrocoulombs: Int64 = 0
    /// How often the power key was pressed.
    var pulses = 0
    /// How often it fell asleep in PSM.
    var sleeps = 0
    /// What a real module would have suffered from, if anything was done to this one.
    var violations = 0
  }

  /// A row of the picture: what the modem can be busy with, and what that has cost so far.
  struct Activity: Equatable, Sendable {
    var name: String
    var chargeMicrocoulombs: Int64
  }

  /// The SMS centre, for whoever wants to send to the device.
  struct Messages: Equatable, Sendable {
    /// `http://127.0.0.1:8025/api/v1/endpoint/1/sms`
    var address: String
    var applicationToken: String
    var webhook: String?
    var waiting = 0
    var delivered = 0
    /// From the device.
    var received = 0

    var access: String { "SMS: POST \(address), application token '\(applicationToken)'" }
  }

  /// Events kept: more than a terminal has rows.
  static let logLimit = 200

  /// The simulated modem's family.
  var module = ModemSetup.defaultModule
  var network = NetworkText(name: "", meaning: [])
  var now = Instant.start
  var modem = Modem()
  /// nil where nobody can send messages.
  var messages: Messages?
  var device: DeviceStatus?
  /// When the device will report next, by its own word.
  var nextReport: Instant?
  /// How the device's process ended, if it did.
  var exit: String?
  var confirmed = 0
  /// How many reports end the run; nil: it goes on until someone stops it.
  var wanted: Int?
  var lastReport: ReportText?
  var activities: [Activity] = []
  var timeline = Timeline(slice: .seconds(1))
  private(set) var log: [String] = []
  /// What to type in another shell to add a reading.
  var putCommand = ""

  mutating func note(_ line: String) {
    log.append(line)
    if log.count > Self.logLimit { log.removeFirst(log.count - Self.logLimit) }
  }
}

/// Which network the simulated modem is in, in words for the screen.
struct NetworkText: Equatable, Sendable {
  var name: String
  /// Lines of 78 columns at most.
  var meaning: [String]

  static let accelerated = NetworkText(
    name: "accelerated",
    meaning: [
      "No real network is this fast: a report and its sleep fit into 15 s, and the",
      "limits to radio accesses are off. --real-time takes the facts' own times.",
    ])
  static let real = NetworkText(
    name: "real-time",
    meaning: [
      "Search, attach, answers and radio tail take the times that the facts give."
    ])
}

/// A report as the collector understood it, in words.
struct ReportText: Equatable, Sendable {
  struct Row: Equatable, Sendable {
    var name: String
    var value: String
    var unit: String
    /// `22:47:31`, or empty where the device didn't know.
    var time: String

    /// `temperature 21.5 Cel`
    var line: String { unit.isEmpty ? "\(name) \(value)" : "\(name) \(value) \(unit)" }
  }

  var identity: String
  var device: String
  var rows: [Row]
  /// The whole datagram: CoAP header, options and payload.
  var byteCount: Int
  /// When the collector first saw it.
  var at: String

  /// `5d3a0c11-3 from meadow-7, 9 readings, 187 bytes`
  var line: String { "\(identity) from \(device), \(rows.count) readings, \(byteCount) bytes" }
}

extension DeskState.Messages {
  init(_ host: CentreHost) {
    self.init(
      address: "\(host.origin)/api/v1/endpoint/\(host.centre.endpoint.id)/sms",
      applicationToken: CentreHost.applicationToken, webhook: host.webhook?.text)
  }

  mutating func take(_ host: CentreHost?) {
    guard let centre = host?.centre else { return }
    (waiting, delivered) = (centre.waitingCount, centre.deliveredCount)
    received = centre.receivedCount
  }
}
