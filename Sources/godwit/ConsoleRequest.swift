import AT
import Link
import Modems
import Primitives

/// A person's command line on its way to the running process, one packet:
/// `at SECONDS now COMMAND`, or `wake` in place of `now`.
struct ConsoleRequest: Equatable {
  /// What goes in front of the command.
  static let prefix: StaticString = "at "

  var command: TypedCommand
  var seconds: Int64
  var wakes: Bool

  var packet: [UInt8] {
    Array("at \(seconds) ".utf8) + (wakes ? Array("wake ") : Array("now ")) + command.line.bytes
  }

  init(command: TypedCommand, seconds: Int64, wakes: Bool) {
    self.command = command
    self.seconds = seconds
    self.wakes = wakes
  }

  /// Reads a packet. It comes from any process of this machine, and is hostile until read.
  init(_ packet: [UInt8], hiding mask: SecretMask) throws(ConsoleRequestFault) {
    let words = packet.split(
      separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
    guard words.count == 4, words[0].equals("at"), let seconds = words[1].asciiWholeNumber,
      (1...ConsoleCommand.timeLimitSeconds).contains(seconds),
      words[2].equals("now") || words[2].equals("wake")
    else { throw .form }
    do throws(TypedCommandError) {
      command = try TypedCommand(Array(words[3]), hiding: mask.masked)
    } catch {
      throw .command(error)
    }
    self.seconds = seconds
    wakes = words[2].equals("wake")
  }

  /// - Parameter id: by which the result is told from others.
  func command(id: Int64) -> ConsoleCommand {
    ConsoleCommand(id: id, command: command, timeout: .seconds(seconds), wakes: wakes)
  }
}

/// Why a packet isn't a command line.
enum ConsoleRequestFault: Error, Equatable {
  case form
  case command(TypedCommandError)

  var text: String {
    switch self {
    case .form:
      "the line isn't of the form: at SECONDS now COMMAND, or wake in place of now, "
        + "SECONDS 1 to \(ConsoleCommand.timeLimitSeconds)"
    case .command(let error): error.text
    }
  }
}
