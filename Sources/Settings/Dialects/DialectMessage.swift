import Crypto
import Primitives

/// A message that is in a dialect, cut into its commands. Nothing is proven or checked yet.
struct DialectMessage {
  let words: RemoteWords
  let traits: DialectTraits
  /// Never empty. The form is its place in the dialect's table.
  private(set) var commands: [(form: Int, match: DialectMatch)] = []

  /// The most commands in one message.
  private static let commandLimit = 24

  /// - Returns: nil for what isn't in the dialect.
  init?(_ text: [UInt8], _ words: RemoteWords) {
    guard let traits = words.traits else { return nil }
    (self.words, self.traits) = (words, traits)
    var body = text[...]
    while body.last == 0x20 { body = body.dropLast() }
    let blanks = body.prefix { $0 == 0x20 }.count
    guard blanks <= traits.leadingBlanks else { return nil }
    body = body.dropFirst(blanks)
    var pieces = [body]
    if let separator = traits.commandSeparator {
      if body.last == separator { body = body.dropLast() }
      pieces = body.split(separator: separator, omittingEmptySubsequences: false)
    }
    guard pieces.count <= Self.commandLimit else { return nil }
    for (index, piece) in pieces.enumerated() {
      guard let command = read(index == 0 ? piece : piece.drop { $0 == 0x20 }) else { return nil }
      commands.append(command)
    }
  }

  /// The first form that fits.
  private func read(_ text: ArraySlice<UInt8>) -> (form: Int, match: DialectMatch)? {
    for (index, form) in traits.forms.enumerated() {
      guard let match = DialectMatch(form, traits, text) else { continue }
      if let list = match.list, parameters(in: list, form.deed) == nil { continue }
      return (index, match)
    }
    return nil
  }

  /// A list's names and values; the values of a list that asks are empty.
  ///
  /// - Returns: nil for what is no list of this dialect, which tells dialects apart whose commands
  ///   have the same name.
  func parameters(
    in list: [UInt8], _ deed: DialectDeed
  ) -> [(name: [UInt8], value: [UInt8])]? {
    var parameters: [(name: [UInt8], value: [UInt8])] = []
    for item in list.split(separator: traits.listSeparators.item, omittingEmptySubsequences: false)
    {
      let name = item.prefix { $0 != traits.listSeparators.value }
      guard !name.isEmpty, name.allSatisfy({ $0.isASCIIDigit || $0.isASCIILetter || $0 == 0x5F })
      else { return nil }
      if (deed == .change) != (name.count < item.count) { return nil }
      parameters.append((Array(name), Array(item.dropFirst(name.count + 1))))
    }
    return parameters
  }

  /// How a dialect's field is called that a parameter of this name is.
  func field(of name: [UInt8]) -> StaticString? {
    traits.parameters.first { $0.covers(name) }?.field
  }
}

extension DialectParameter {
  /// Whether it is meant: its own name, or a number of its range.
  func covers(_ word: [UInt8]) -> Bool {
    let bounds = Array(name).split(separator: UInt8(ascii: "-"))
    if bounds.count < 2 { return word.equals(name) }
    guard word.count == bounds[0].count, let number = word.asciiWholeNumber,
      let first = bounds[0].asciiWholeNumber, let last = bounds[1].asciiWholeNumber
    else { return false }
    return (first...last).contains(number)
  }
}

extension DialectMatch {
  /// What stands where the pattern has a list.
  var list: [UInt8]? { fields.first { $0.name.equals("list") }?.value }
}

extension RemoteRules {
  /// A text of an enabled dialect. Where it can be of two, the sender decides; the configuration has
  /// no such two with a sender in common.
  func judgeDialect(_ text: [UInt8], _ sender: [UInt8]) -> RemoteVerdict {
    var isKnown = false
    for settings in configuration.dialects where settings.isEnabled {
      guard let message = DialectMessage(text, settings.words) else { continue }
      isKnown = true
      if settings.senders.contains(where: { $0.covers(sender) }) {
        return judge(message, settings, sender)
      }
    }
    return .ignored(isKnown ? .sender : .unknown)
  }

  private func judge(
    _ message: DialectMessage, _ settings: DialectSettings, _ sender: [UInt8]
  ) -> RemoteVerdict {
    var authority = RemoteAuthority.unauthenticated
    for command in message.commands {
      let password = command.match.password
      if password.isEmpty { continue }
      if let own = settings.password, ConstantTime.areEqual(password, own.bytes) {
        authority = .password
      } else if !message.words.isDefault(password) {
        return .ignored(.password)
      }
    }
    if authority == .unauthenticated, !settings.acceptsUnauthenticated {
      return .ignored(.unauthenticated)
    }
    var receipt = RemoteReceipt(words: message.words)
    receipt.form = UInt8(message.commands[0].form)
    do throws(CommandFault) {
      var wish = DialectWish(configuration, senders: settings.senders, sender: sender)
      let action = try message.action(&wish)
      if authority == .unauthenticated, !action.needsNoProof {
        return .ignored(.unauthenticated)
      }
      receipt.echo = wish.echo
      return .request(
        RemoteRequest(
          words: message.words, actions: [action], authority: authority, receipt: receipt))
    } catch {
      if authority == .unauthenticated, !error.isAboutValues { return .ignored(.unauthenticated) }
      let refusal = RemoteRefusal(receipt: receipt, reason: Array(error.text.utf8))
      return .refused(refusal, words: message.words, authority: authority)
    }
  }
}

extension DialectMessage {
  /// What the commands come to, all of them or none.
  func action(
    _ wish: inout DialectWish
  ) throws(CommandFault) -> RemoteAction {
    var asked: [RemoteSetting] = []
    var action = RemoteAction.status
    var isChange = false
    for (index, command) in commands.enumerated() {
      let deed = traits.forms[command.form].deed
      let isLast = index == commands.count - 1
      if command.form != commands[0].form, !(deed == .reboot && isLast) {
        throw .unavailable("one message asks for one kind of thing; send the others alone")
      }
      for (name, value) in command.match.fields where !name.equals("list") {
        if words == .ruptela, value.equals("*old*") { continue }
        try wish.take(name, value)
      }
      switch deed {
      case .change:
        isChange = true
        try take(command.match.list ?? [], &wish)
      case .read:
        try read(command.match.list ?? [], &asked, &wish)
        action = .get(asked)
      case .status: action = .status
      case .report: action = .report
      case .reboot: action = .reboot
      }
    }
    guard isChange else { return action }
    let change = try wish.action()
    // Changed settings begin with a cold start as it is.
    return change == .nothing && action == .reboot ? .reboot : change
  }

  private func take(_ list: [UInt8], _ wish: inout DialectWish) throws(CommandFault) {
    for (name, value) in parameters(in: list, .change) ?? [] {
      guard let field = field(of: name) else {
        throw .unavailable("one of its parameters is nothing that this device has")
      }
      try wish.take(Array(field)[...], value)
      let shown = field.isSecret ? Array("***") : value
      wish.echo += wish.echo.isEmpty ? [] : [UInt8(ascii: ";")]
      wish.echo += name + [traits.listSeparators.value] + shown
    }
  }

  private func read(
    _ list: [UInt8], _ settings: inout [RemoteSetting], _ wish: inout DialectWish
  ) throws(CommandFault) {
    for (name, _) in parameters(in: list, .read) ?? [] {
      guard let field = field(of: name) else {
        throw .unavailable("one of its parameters is nothing that this device has")
      }
      if field.isSecret { throw .secret(.password) }
      wish.echo += (wish.echo.isEmpty ? [] : [UInt8(ascii: ";")]) + name
      guard let setting = DialectWish.setting(of: Array(field)[...]) else { continue }
      if !settings.contains(setting) { settings.append(setting) }
    }
  }
}

extension StaticString {
  /// Whether a field of this name has the access point's password.
  fileprivate var isSecret: Bool { Array(self).equals("pass") }
}

extension RemoteAction {
  /// Whether a message may ask for it that proves nothing.
  public var needsNoProof: Bool {
    switch self {
    case .nothing: true
    case .set(let changes): changes.allSatisfy { $0.setting.isOfNetworkAccess }
    default: false
    }
  }
}

extension RemoteSetting {
  /// Whether it is of those that a message may put on trial that proves nothing: the access point with
  /// its credentials, roaming, and the operator. Each comes back by itself.
  public var isOfNetworkAccess: Bool {
    switch self {
    case .apn, .user, .password, .authentication, .roaming, .chosenOperator: true
    default: false
    }
  }
}
