import ModemSimulator
import Primitives

/// `godwit-bench message`: what the desk's SMS centre makes of a text, a PDU a line, as a module hands
/// it over: the service centre first, here none.
enum MessageCommand {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words, Arguments.Grammar(options: ["--from", "--text", "--at", "--reference"]))
    var utc = BenchClock.utc
    if let text = arguments.value("--at") {
      guard let at = UTC(platformText: text) else {
        throw .usage("--at \(text): write 2026-11-23T12:00:00Z")
      }
      utc = at
    }
    let reference = try arguments.number("--reference", in: 0...255) ?? 0
    guard
      let message = CentreText(
        try arguments.required("--text"), from: try arguments.required("--from"), at: utc,
        reference: UInt8(reference))
    else {
      throw .usage("--from is a number or a short name, --text fits into 10 messages")
    }
    for tpdu in message.tpdus { Terminal.say("00" + tpdu.hex.printable) }
    return 0
  }
}
