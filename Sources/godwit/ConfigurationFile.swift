import Board
import Primitives
import Settings

/// A configuration in its file.
enum ConfigurationFile {
  /// Reads it, and makes its folder the one that relative paths are seen from. What is wrong with
  /// it goes to standard error.
  ///
  /// - Returns: nil when it can't be read or is wrong.
  static func open(_ file: [UInt8]) -> Configuration? {
    let configuration: Configuration
    do throws(ConfigurationFault) {
      configuration = try read(file)
    } catch {
      for line in error.lines(file: file) { complain(line) }
      return nil
    }
    do throws(BoardError) {
      try BoundedFile.enterFolder(folder(of: file))
    } catch {
      complain(error.description)
      return nil
    }
    return configuration
  }

  static func read(_ file: [UInt8]) throws(ConfigurationFault) -> Configuration {
    let text: [UInt8]
    do throws(BoardError) {
      text = try BoundedFile.read(file, limitBytes: ConfigurationParser.fileLimit)
    } catch {
      throw .unreadable(error)
    }
    do throws(ConfigurationError) {
      return try ConfigurationParser.parse(text)
    } catch {
      throw .wrong(error)
    }
  }

  /// The part before the last slash; the present folder where there is none.
  static func folder(of file: [UInt8]) -> [UInt8] {
    guard let slash = file.lastIndex(of: UInt8(ascii: "/")) else { return Array(".") }
    return slash == 0 ? Array("/") : Array(file[..<slash])
  }
}

/// Why there is no configuration.
enum ConfigurationFault: Error {
  case unreadable(BoardError)
  case wrong(ConfigurationError)

  /// For standard error.
  func lines(file: [UInt8]) -> [String] {
    switch self {
    case .unreadable(let error): [error.description]
    case .wrong(let error): error.lines(file: file)
    }
  }
}

/// Writes one line to standard error.
func complain(_ line: String) { StandardStream.error.write(Array((line + "\n").utf8)) }

/// Writes to standard output.
///
/// - Returns: that it is done; failed, when nobody takes the output.
func output(_ text: [UInt8]) -> ExitStatus {
  StandardStream.output.write(text) ? .done : .failed
}
