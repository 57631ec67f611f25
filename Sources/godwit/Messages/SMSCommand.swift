import Board
import Primitives
import SMS
import Settings

/// `godwit sms`: reads, makes and signs messages by hand. It talks to no modem.
enum SMSCommand {
  static func run(_ request: SMSRequest) -> ExitStatus {
    switch request {
    case .decode(let pdus, let isFromDevice, let isJSON):
      decode(pdus, isFromDevice: isFromDevice, isJSON: isJSON)
    case .encode(let recipient, let text, let isJSON):
      encode(text, to: recipient, isJSON: isJSON)
    case .sign(let request): sign(request)
    }
  }

  /// Shows every PDU that can be read, and complains of each other one.
  private static func decode(
    _ pdus: [[UInt8]], isFromDevice: Bool, isJSON: Bool
  ) -> ExitStatus {
    var status = ExitStatus.done
    var messages: [PDU] = []
    for (index, hex) in pdus.enumerated() {
      do throws(PDUFault) {
        messages.append(try PDU(hex: hex, isFromDevice: isFromDevice, isExact: true))
      } catch {
        let name = pdus.count == 1 ? "the PDU" : "PDU \(index + 1)"
        complain("godwit sms: \(name) \(error.text)")
        status = .usage
      }
    }
    var text: [UInt8] = []
    for message in DecodedMessage.joined(messages) {
      if !isJSON, !text.isEmpty { text.append(UInt8(ascii: "\n")) }
      text += isJSON ? DecodedText.json(message) : DecodedText.text(message)
    }
    return output(text) == .done ? status : .failed
  }

  private static func encode(
    _ text: [UInt8], to recipient: SMSAddress, isJSON: Bool
  ) -> ExitStatus {
    guard let message = EncodedMessage(text, to: recipient) else {
      let isText = EncodedMessage.isUTF8(text)
      complain(
        ArgumentError.badWord(.sms, text, isText ? .tooManyParts : .notUTF8).text)
      return .usage
    }
    return output(isJSON ? message.json : message.text)
  }

  /// The first moment whose seconds are taken for a counter: a clock before it was never set.
  private static let firstTrusted = UTC(year: 2026, month: 1, day: 1)

  /// The message alone goes to standard output, ready to be passed on; what it was made with, to
  /// standard error.
  private static func sign(_ request: SigningRequest) -> ExitStatus {
    let bytes: [UInt8]
    do throws(BoardError) {
      bytes = try BoundedFile.readPrivate(request.keyFile, limitBytes: DeviceKey.textLimit)
    } catch {
      complain("godwit sms: \(error.description)")
      return .failed
    }
    let key: DeviceKey
    do throws(DeviceKeyFault) {
      key = try DeviceKey(bytes)
    } catch {
      complain("godwit sms: file \(request.keyFile.printable) \(error.text)")
      return .failed
    }
    var configuration: Configuration?
    if let file = request.configurationFile {
      do throws(ConfigurationFault) {
        configuration = try ConfigurationFile.read(file)
      } catch {
        for line in error.lines(file: file) { complain(line) }
        return .failed
      }
    }
    if let problem = OwnCommands.problem(in: request.text, for: configuration) {
      complain("godwit sms: the device would refuse this command: \(problem)")
      return .usage
    }
    guard let counter = request.counter ?? timeOfDay else {
      complain("godwit sms: this machine's clock is wrong; set it, or give --counter")
      return .failed
    }
    guard
      let message = SignedMessage.sign(
        request.text, device: request.device, counter: counter, key: key.bytes)
    else { preconditionFailure("text, counter and key have been checked") }
    if request.counter == nil {
      complain("counter \(counter), the time of day; sign the next one a second later")
    }
    return output(message + Array("\n".utf8))
  }

  /// Seconds since 1970: they grow by themselves, on every machine that signs and without a file to
  /// keep, lose or copy. Two messages of one second have the same counter, of which the device takes
  /// only the first; and a clock that was once ahead is to be answered with `--counter`.
  private static var timeOfDay: UInt64? {
    let now = BoardClock.wallClock()
    guard let firstTrusted, now >= firstTrusted else { return nil }
    return UInt64(now.millisecondsSince1970 / 1000)
  }
}
