import Primitives
import SMS
import Settings

/// What is wrong with a word or a value of the calculators and of `sms`.
enum WordFault: Error, Equatable {
  /// How many digits it should have; where the first other character stands, counted from 1, or nil
  /// where only their number is wrong.
  case bits(count: Int, badPosition: Int?)
  case time
  case timeRange(ClosedRange<Duration>)
  case mixed
  case strangeOption(SMSVerb)
  case verb
  case number
  case tooManyParts
  case notUTF8
  case counter
  case label(ValueProblem)
  case signedByte(position: Int)
  case signedLength(Int)
  case tooManyPDUs(Int)

  /// What is wrong, to stand behind the word.
  var what: String {
    switch self {
    case .bits(let count, nil): "isn't \(count) digits long"
    case .bits(_, let position?): "has something else than 0 and 1 at position \(position)"
    case .time: "isn't a time"
    case .timeRange: "is out of range"
    case .mixed: "is a bit pattern, which doesn't go together with a time"
    case .strangeOption(let verb): "doesn't go with sms \(verb.word.text)"
    case .verb: "isn't anything that sms does"
    case .number: "isn't a number that messages can go to"
    case .tooManyParts: "is too long a text"
    case .notUTF8: "isn't UTF-8"
    case .counter: "isn't a counter"
    case .label(let problem): "isn't a device's name: \(problem.what)"
    case .signedByte(let position):
      "has something else than printable ASCII at position \(position)"
    case .signedLength(let count): "has \(count) bytes"
    case .tooManyPDUs(let count): "is one of \(count) PDUs"
    }
  }

  func remedy(_ command: CommandName) -> String {
    switch self {
    case .bits(let count, _): "write \(count) of 0 and 1, as AT commands have them"
    case .time: "write a number and s, min, h or d, like 10s or 140h"
    case .timeRange(let range):
      "write \(range.lowerBound.exactText) to \(range.upperBound.exactText)"
    case .mixed: command.usage
    case .strangeOption(let verb): verb.usage
    case .verb: "write godwit sms decode, encode or sign"
    case .number:
      "write 1 to \(SMSAddress.digitLimit) digits, with + in front of an international one"
    case .tooManyParts: "send at most \(SMSSubmit.partLimit) parts"
    case .notUTF8: "check the terminal's character set"
    case .counter:
      "write 1 to 18 digits without leading zeros, a greater number than the last one signed with"
    case .label(let problem): problem.remedy
    case .signedByte: "sign a command, like set apn=em"
    case .signedLength: "sign 1 to \(SignedMessage.textLimit)"
    case .tooManyPDUs: "give at most \(SMSRequest.pduLimit) at a time"
    }
  }
}
