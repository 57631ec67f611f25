import Primitives

/// What a device makes of the messages that come in: what is enabled, for whom, and how it is proven.
public struct RemoteRules: Sendable {
  let configuration: Configuration
  let device: DeviceLabel
  let key: DeviceKey?

  /// The longest message that is looked at, in bytes: a signed command of the longest text.
  public static let lengthLimit = 320

  /// - Parameters:
  ///   - device: the name for which commands are signed; nil: the configuration's.
  ///   - key: nil: no message is obeyed.
  public init(_ configuration: Configuration, device: DeviceLabel? = nil, key: DeviceKey?) {
    self.configuration = configuration
    self.device = device ?? configuration.device.name
    self.key = key
  }

  /// Whether any message can be obeyed at all.
  public var isListening: Bool {
    configuration.sms.obeysCommands || configuration.dialects.contains { $0.isEnabled }
  }

  /// The same, and the device has a key, without which nobody can prove anything.
  public var isAnybodyObeyed: Bool { isListening && key != nil }

  /// Whether any text of this sender could be obeyed.
  public func mayObey(sender: [UInt8]) -> Bool {
    let settings = configuration.sms
    let isOwners =
      settings.obeysCommands
      && (settings.senders.isEmpty || settings.senders.contains { $0.covers(sender) })
    return isOwners
      || configuration.dialects.contains {
        $0.isEnabled && $0.senders.contains { $0.covers(sender) }
      }
  }

  /// What a message comes to. Pure: that a signed command's counter is a new one is for the caller to
  /// see to, before anything is done or answered.
  ///
  /// - Parameters:
  ///   - text: the whole message, its parts joined.
  ///   - sender: as the network tells it, `+` and all; it proves nothing.
  public func judge(text: [UInt8], sender: [UInt8]) -> RemoteVerdict {
    if key == nil { return .ignored(.unprovisioned) }
    guard (1...Self.lengthLimit).contains(text.count),
      text.allSatisfy({ (0x20...0x7E).contains($0) })
    else { return .ignored(.malformed) }
    if SignedMessage.isClaimed(by: text) { return judgeOwn(text, sender) }
    return judgeDialect(text, sender)
  }

  private func judgeOwn(_ text: [UInt8], _ sender: [UInt8]) -> RemoteVerdict {
    let settings = configuration.sms
    guard settings.obeysCommands else { return .ignored(.unknown) }
    guard let key else { return .ignored(.unprovisioned) }
    guard settings.senders.isEmpty || settings.senders.contains(where: { $0.covers(sender) }) else {
      return .ignored(.sender)
    }
    let message: SignedMessage
    do throws(SignatureFault) {
      message = try SignedMessage(text, device: device, key: key.bytes)
    } catch {
      return .ignored(.forged)
    }
    let authority = RemoteAuthority.signed(counter: message.counter)
    var receipt = RemoteReceipt(words: .own)
    do throws(CommandFault) {
      let action = try OwnCommands.action(message.text, configuration)
      switch action {
      case .get(let settings):
        receipt.echo = Array(settings.map { Array($0.name) }.joined(separator: [0x20]))
      case .set(let changes):
        receipt.echo = Array(changes.map { $0.shown }.joined(separator: [0x20]))
      default: break
      }
      return .request(
        RemoteRequest(words: .own, actions: [action], authority: authority, receipt: receipt))
    } catch {
      let refusal = RemoteRefusal(receipt: receipt, reason: Array(error.text.utf8))
      return .refused(refusal, words: .own, authority: authority)
    }
  }
}

/// Why a command that was proven can't be obeyed: what is wrong, and what to do. It never holds a
/// secret.
enum CommandFault: Error {
  case verb([UInt8])
  case surplus(StaticString)
  case setting([UInt8])
  case noSettings
  case noValue([UInt8])
  case twice(RemoteSetting)
  case keyAlone
  case value(RemoteSetting, shown: [UInt8]?, ValueProblem)
  case together(ConfigurationProblem)
  case secret(RemoteSetting)
  /// Of a dialect: what it asks for isn't there.
  case unavailable(StaticString)

  var text: String {
    switch self {
    case .verb(let word):
      Self.unknown("command", word, OwnCommands.verbs)
    case .surplus(let verb): "\(Array(verb).printable) takes nothing behind it"
    case .setting(let word):
      Self.unknown("setting", word, RemoteSetting.words)
    case .noSettings: "nothing to set; write set KEY=VALUE, like set apn=em"
    case .noValue(let word): "\(word.prefix(40).printable) has no value; write KEY=VALUE"
    case .twice(let setting): "\(Array(setting.name).printable) is set twice; name each once"
    case .keyAlone: "the key is changed alone; send the rest under the new one"
    case .value(let setting, let shown, let problem):
      Array(setting.name).printable + (shown.map { "=" + $0.prefix(80).printable } ?? "")
        + ": " + problem.what + "; " + problem.remedy
    case .together(let problem): problem.key.printable + ": " + problem.what + "; " + problem.remedy
    case .secret(let setting): "\(Array(setting.name).printable) is never told"
    case .unavailable(let what): Array(what).printable
    }
  }

  private static func unknown(_ kind: String, _ word: [UInt8], _ all: [[UInt8]]) -> String {
    let remedy =
      all.nearest(to: word).map { "did you mean \($0.printable)?" }
      ?? "there are " + all.listed(lastSeparator: " and ")
    return "no \(kind) '" + word.prefix(40).printable + "'; " + remedy
  }
}
