import Primitives

/// What a scenario puts into the image: godwit's configuration and what hands readings in.
struct GuestPlan: Equatable, Sendable {
  static let device = "hil"
  /// The feed's readings; their values are counted up, so that one that is missing shows.
  static let feedName = "feed"

  /// Readings that are handed in through `godwit put` from inside the guest.
  struct Feed: Equatable, Sendable {
    /// The first value.
    var first: Int64
    /// Between two calls.
    var pause: Duration
  }

  var hasStatus = true
  var usesPSM = true
  var reportInterval = "15s"
  /// Waits between attempts, as `retry-after` takes them.
  var retryAfter = "5s 10s"
  /// Sensors that godwit reads itself, from the guest's /proc.
  var hasSensors = true
  var sensorInterval = "5s"
  var feed: Feed?
  /// Whether godwit lets the guest's kernel sleep while nothing is due.
  var suspends = false
  /// The board's watchdog that godwit arms; nil for none.
  var watchdog: String?
  /// The wall clock at power-on; nil: the host's. As QEMU's `-rtc base=` takes it.
  var clock: String?

  /// The modem's wires, as godwit.conf names them. QEMU's boards have these.
  struct Wiring: Equatable, Sendable {
    var uart = "/dev/ttyS0"
    var baud = 115_200
    var powerKey = "gpiochip0 \(QemuBoard.powerKeyLine)"
    var status = "gpiochip0 \(QemuBoard.statusLine)"
    var module = "quectel-bg95"
    /// The lines of [network] but psm.
    var network = ["apn = em"]
    var url = "coap://\(BoardModem.serverName):\(BoardModem.serverPort)/r"
    var store = "/var/lib/godwit/spool.db"
    var control = "/run/godwit/control.sock"
  }

  /// godwit.conf.
  func configuration(_ wiring: Wiring) -> String {
    var text = """
      [device]
      name = \(Self.device)
      suspend = \(suspends ? "freeze" : "none")
      \(watchdog.map { "watchdog = " + $0 } ?? "# no watchdog")
      [modem]
      module = \(wiring.module)
      uart = \(wiring.uart)
      baud = \(wiring.baud)
      flow-control = none
      power-key = \(wiring.powerKey)
      status = \(hasStatus ? wiring.status : "none")
      [network]
      \(wiring.network.joined(separator: "\n"))
      psm = \(usesPSM ? "on" : "off")
      limits = off
      [server]
      url = \(wiring.url)
      [report]
      interval = \(reportInterval)
      retry-after = \(retryAfter)
      [store]
      path = \(wiring.store)
      [control]
      socket = \(wiring.control)
      [log]
      level = \(suspends ? "debug" : "info")

      """
    if hasSensors {
      text += """
        [sensor load]
        file = /proc/loadavg
        field = 1
        interval = \(sensorInterval)
        [sensor uptime]
        file = /proc/uptime
        field = 1
        unit = s
        interval = \(sensorInterval)

        """
    }
    return text
  }

  /// What the guest's shell is told once it answers. A reading counts as acknowledged once its whole
  /// line has come, which is after godwit's own answer.
  var commands: [String] {
    var lines: [String] = []
    if let feed {
      let pause = Double(feed.pause.wholeMilliseconds) / 1000
      lines += [
        "n=\(feed.first)",
        "while :; do if answer=$(\(Self.put)=$n 2>&1); then echo \"feed: stored $n\"; n=$((n+1));"
          + " else echo \"feed: refused $n: $answer\"; fi; sleep \(pause); done &",
      ]
    }
    return lines
  }

  /// The same where the configuration is at another path.
  func commands(configuration path: String) -> [String] {
    commands.map { $0.replacing(Self.configurationPath, with: path) }
  }

  /// Where the images have it.
  static let configurationPath = "/etc/godwit/godwit.conf"

  private static let put = "godwit put --config /etc/godwit/godwit.conf \(feedName)"

  /// The value of an acknowledged reading, when the line says one.
  static func acknowledged(_ line: String) -> Int64? {
    let mark = "feed: stored "
    guard line.hasPrefix(mark) else { return nil }
    return Array(line.utf8.dropFirst(mark.utf8.count)).asciiWholeNumber
  }
}
