import Board
import Modems
import Primitives

/// `godwit explain`: says what a modem's lines mean.
enum ExplainCommand {
  /// The longest log taken, in bytes: a day of a talkative modem.
  static let sizeLimit = 4_194_304

  /// - Parameter file: nil for standard input.
  static func run(_ file: [UInt8]?, isJSON: Bool) -> ExitStatus {
    let log: [UInt8]
    do throws(BoardError) {
      log =
        if let file {
          try BoundedFile.read(file, limitBytes: sizeLimit)
        } else {
          try StandardStream.readInput(limitBytes: sizeLimit)
        }
    } catch {
      complain("godwit explain: \(error.description)")
      return .failed
    }
    return explain(log, isJSON: isJSON)
  }

  private static func explain(_ log: [UInt8], isJSON: Bool) -> ExitStatus {
    var reader = LogReader()
    for line in log.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
    {
      guard show(reader.read(line), isJSON: isJSON) else { return .failed }
    }
    return show(reader.end(), isJSON: isJSON) ? .done : .failed
  }

  private static func show(_ readings: [LogReader.Reading], isJSON: Bool) -> Bool {
    readings.allSatisfy { reading in
      output(isJSON ? ExplainText.json(reading) : ExplainText.text(reading)) == .done
    }
  }
}
