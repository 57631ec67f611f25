import Agent
import Board
import Primitives
import Settings

/// `godwit doctor`: asks the running process, and where none answers its configuration and its files.
enum DoctorCommand {
  static func run(isJSON: Bool, of address: ControlAddress) -> ExitStatus {
    let path: [UInt8]
    var configuration: Configuration?
    switch address {
    case .socket(let named): path = named
    case .configuration(let file):
      do throws(ConfigurationFault) {
        let read = try ConfigurationFile.read(file)
        path = read.control.socket.bytes
        configuration = read
      } catch {
        return say(error.finding(file), isJSON, .usage)
      }
      do throws(BoardError) {
        try BoundedFile.enterFolder(ConfigurationFile.folder(of: file))
      } catch {
        return say(Finding(.configurationMissing, observed: [error.description]), isJSON, .usage)
      }
    }
    do throws(BoardError) {
      let client = try ControlClient(path: path, timeout: ClientCommands.patience)
      try client.send(isJSON ? Array("doctor") : Array("doctor text"))
      guard let answer = try client.receive(within: ClientCommands.patience) else {
        return say(Finding(.notAnswering), isJSON, .unreachable)
      }
      guard output(isJSON ? answer + Array("\n") : answer) == .done else { return .failed }
      return Finding.isWell(answer) ? .done : .failed
    } catch {
      return say(finding(error, configuration), isJSON, .unreachable)
    }
  }

  /// What a control socket that doesn't answer means; and what the process would run into.
  private static func finding(_ error: BoardError, _ configuration: Configuration?) -> Finding {
    var observed = [error.description]
    guard case .control(let fault, _) = error else {
      return Finding(.notRunning, observed: observed)
    }
    if fault.isForbidden { return Finding(.notPermitted, observed: observed) }
    guard fault.isNobodyListening else { return Finding(.notAnswering, observed: observed) }
    if let configuration {
      let uart = configuration.modem.uart.bytes
      if !BoundedFile.exists(uart) { observed.append("there is no \(uart.printable) either") }
      let store = ConfigurationFile.folder(of: configuration.store.path.bytes)
      if !BoundedFile.exists(store) {
        observed.append("there is no folder \(store.printable) either")
      }
    }
    return Finding(.notRunning, observed: observed)
  }

  private static func say(
    _ finding: Finding, _ isJSON: Bool, _ status: ExitStatus
  ) -> ExitStatus {
    let text = isJSON ? finding.json + Array("\n") : Array(finding.text.utf8)
    return output(text) == .done ? status : .failed
  }
}

extension ConfigurationFault {
  /// The first few lines of it: the rest is for `godwit check`.
  private static var shownLimit: Int { 5 }

  fileprivate func finding(_ file: [UInt8]) -> Finding {
    switch self {
    case .unreadable(let error): Finding(.configurationMissing, observed: [error.description])
    case .wrong(let error):
      Finding(.configurationWrong, observed: Array(error.lines(file: file).prefix(Self.shownLimit)))
    }
  }
}
