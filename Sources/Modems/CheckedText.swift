import AT
import Cellular
import Primitives

// The checked types of Cellular that may stand in a command line: none of them can hold a quote,
// a backslash or a control character.

extension APN: CommandText {
  public var commandText: [UInt8] { bytes }
}

extension CredentialText: CommandText {
  public var commandText: [UInt8] { bytes }
  public static var isSecret: Bool { true }
}

extension PLMN: CommandText {
  public var commandText: [UInt8] { digits }
}

extension TimerOctet: CommandText {
  public var commandText: [UInt8] { bits }
}
