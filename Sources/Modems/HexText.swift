import AT
import Primitives

/// Bytes as hexadecimal digits, which are harmless wherever they stand in a command line.
struct HexText: CommandText {
  let commandText: [UInt8]

  init(_ bytes: [UInt8]) { commandText = bytes.hex }
}
