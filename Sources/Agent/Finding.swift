import Link
import Primitives
import Telemetry
import Uplink

/// What `godwit doctor` says: one sentence, what was observed, and what to do.
public struct Finding: Sendable {
  public var diagnosis: Diagnosis
  /// The link's state and its cause; nil where no process could be asked.
  public var state: String?
  public var cause: String?
  /// What the diagnosis rests on, a line each.
  public var observed: [String]

  public init(
    _ diagnosis: Diagnosis, state: String? = nil, cause: String? = nil, observed: [String] = []
  ) {
    self.diagnosis = diagnosis
    self.state = state
    self.cause = cause
    self.observed = observed
  }

  /// `CODE: SENTENCE`, then a line for each thing that was seen, then the remedy.
  public var text: String {
    var text = "\(diagnosis.code.words): \(diagnosis.sentence.words)\n"
    for line in observed { text += "  seen  \(line)\n" }
    return text + "  do    \(diagnosis.remedy.words)\n"
  }

  /// One JSON object.
  public var json: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("well")
    json.value(diagnosis.isWell)
    json.member("code", text: Array(diagnosis.code))
    json.member("state", state)
    json.member("cause", cause)
    json.member("sentence", text: Array(diagnosis.sentence))
    json.key("observed")
    json.beginArray()
    for line in observed { json.value(line) }
    json.endArray()
    json.member("remedy", text: Array(diagnosis.remedy))
    json.endObject()
    return json.bytes
  }

  /// Whether that is how a finding in either form begins in which all is well.
  public static func isWell(_ answer: [UInt8]) -> Bool {
    if answer.hasPrefix("{\"well\":true") { return true }
    return Diagnosis.allCases.contains { $0.isWell && answer.starts(with: Array($0.code) + [0x3A]) }
  }
}

extension Status {
  public var finding: Finding {
    var observed = [uartFault, pinFault, storeFault].compactMap { $0 }
    if let failure = record.failure {
      observed.append("\(failure.text), \(failuresInRow) failures in a row")
    }
    if let refusal = record.refusal {
      observed.append("the server answered \(refusal.text); \(record.refused) reports set aside")
    }
    observed.append("\(platform.text.words); modem \(modemLine)")
    if let registration = record.registration { observed.append(Self.text(registration)) }
    if let other = record.otherModule { observed.append(other.text) }
    if silentSensors > 0 { observed.append("\(silentSensors) sensors without a value") }
    if let last = record.lastConfirmed {
      observed.append("the last report was confirmed \((now - last.at).text) ago")
    }
    if let store { observed.append("\(store.waiting) readings wait") }
    return Finding(
      diagnosis, state: linkState.text, cause: record.linkCause.text, observed: observed)
  }
}
