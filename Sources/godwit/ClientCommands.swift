import Board
import Primitives
import Sensors
import Settings
import Telemetry

/// The commands that aren't `run`: each does its work, waits for it, and says how it ended.
enum ClientCommands {
  /// How long the running process may take to answer: as long as a slow disk takes to sync.
  static let patience = Duration.seconds(10)

  static func put(_ measurements: [Measurement], to address: ControlAddress) -> ExitStatus {
    put(measurements.map { PutRequest.Line($0) }, to: address)
  }

  /// Reads SenML JSON from standard input first, all of it.
  static func putInput(to address: ControlAddress) -> ExitStatus {
    let text: [UInt8]
    do throws(BoardError) {
      text = try StandardStream.readInput(limitBytes: SenMLJSON.sizeLimit)
    } catch {
      complain("godwit put: \(error.description)")
      return .failed
    }
    let readings: [Reading]
    do throws(SenMLError) {
      // The wall clock may be wrong, and only the running process knows: relative times are told
      // on the boot-time clock, which both share.
      readings = try SenMLJSON.decode(text, now: BoardClock.now, utc: nil)
    } catch {
      complain("godwit put: \(error.description); nothing was stored")
      return .failed
    }
    return put(readings.map { PutRequest.Line($0) }, to: address)
  }

  private static func put(_ lines: [PutRequest.Line], to address: ControlAddress) -> ExitStatus {
    converse(with: address, for: .put) { (client: borrowing ControlClient) throws(BoardError) in
      var stored = 0
      for packet in PutRequest.packets(lines) {
        try client.send(packet)
        guard let answer = try client.receive(within: patience) else { return hungUp(.put) }
        switch ControlAnswer(answer) {
        case .stored(let count): stored += count
        case .refused(let line, let reason):
          let which = line == 0 ? "" : "reading \(stored + line) was "
          complain("godwit put: \(which)refused: \(reason.printable)")
          if stored > 0 { complain("godwit put: \(stored) before it are stored") }
          return .failed
        case .unknown(let text):
          complain("godwit put: the running process said: \(text.printable)")
          return .failed
        }
      }
      return output(Array("stored \(stored)\n".utf8))
    }
  }

  static func status(_ form: StatusForm, of address: ControlAddress) -> ExitStatus {
    converse(with: address, for: .status) { (client: borrowing ControlClient) throws(BoardError) in
      try client.send(form == .json ? Array("status") : Array("status text"))
      guard let status = try client.receive(within: patience) else { return hungUp(.status) }
      switch form {
      case .json: return output(status + Array("\n"))
      case .text: return output(status)
      case .follow:
        guard output(status) == .done else { return .failed }
        try client.send(Array("follow"))
        while let line = try client.receive(within: nil) {
          guard output(Array((line.printable + "\n").utf8)) == .done else { return .done }
        }
        return hungUp(.status)
      }
    }
  }

  /// Reads the configuration and tries its sensors.
  static func check(_ file: [UInt8], isPrinting: Bool) -> ExitStatus {
    guard let configuration = ConfigurationFile.open(file) else { return .usage }
    for settings in configuration.sensors {
      if let trouble = trouble(of: settings, in: configuration) {
        let sensor = "[sensor \(settings.name.bytes.printable)]"
        complain("\(file.printable): warning: \(sensor): \(trouble)")
      }
    }
    if isPrinting { return output(configuration.text) }
    let count = configuration.sensors.count
    let sensors = count == 1 ? "1 sensor" : "\(count) sensors"
    let interval = configuration.report.interval.text
    return output(Array("\(file.printable): good; \(sensors), a report every \(interval)\n".utf8))
  }

  /// Why the sensor gives no value now; nil when it gives one.
  private static func trouble(
    of settings: SensorSettings, in configuration: Configuration
  ) -> String? {
    let contents: [UInt8]
    do throws(BoardError) {
      contents = try SensorFile.read(settings.file.bytes)
    } catch {
      return error.description
    }
    do throws(SensorError) {
      _ = try SensorDefinition(settings, in: configuration).value(in: contents)
      return nil
    } catch {
      return error.description
    }
  }

  private static func hungUp(_ command: CommandName) -> ExitStatus {
    let prefix = "godwit \(command.word.text)"
    complain("\(prefix): the running process has closed the connection; see its log")
    return .unreachable
  }

  /// Finds the running process and lets `talk` happen with it.
  private static func converse(
    with address: ControlAddress, for command: CommandName,
    _ talk: (borrowing ControlClient) throws(BoardError) -> ExitStatus
  ) -> ExitStatus {
    let path: [UInt8]
    switch address {
    case .socket(let named): path = named
    case .configuration(let file):
      guard let configuration = ConfigurationFile.open(file) else {
        if address == .standard {
          complain("godwit \(command.word.text): name it with --config, or name --socket")
        }
        return .usage
      }
      path = configuration.control.socket.bytes
    }
    do throws(BoardError) {
      return try talk(ControlClient(path: path, timeout: patience))
    } catch {
      complain("godwit \(command.word.text): \(error.description)")
      if case .control(let fault, _) = error, fault.isUnreachable { return .unreachable }
      return .failed
    }
  }
}

extension ControlFault {
  fileprivate var isUnreachable: Bool {
    switch self {
    case .cannotConnect, .notAnswering, .transferFailed: true
    case .cannotListen, .taken, .notSocket, .packetTooLong: false
    }
  }
}
