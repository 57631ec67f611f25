import Board
import Primitives
import Settings

/// `godwit run`: reads the configuration, and runs the device until it is asked to end.
enum RunCommand {
  static func run(_ file: [UInt8]) -> ExitStatus {
    guard let configuration = ConfigurationFile.open(file) else { return .usage }
    guard DevicePlan(configuration) != nil else {
      complain("godwit: \(file.printable): a value isn't taken by the part that it is for")
      return .usage
    }
    CurrentProcess.bufferOutputByLine()
    do throws(BoardError) {
      let device = try Device(configuration)
      try device.run()
      return device.wantsBoardRestart ? .boardRestart : .done
    } catch {
      complain("godwit: \(error.description)")
      return .failed
    }
  }
}
