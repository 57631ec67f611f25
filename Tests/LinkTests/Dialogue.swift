import AT
import Link
import Modems
import Primitives

/// The link with the profile of some family, and in place of the module a table: what each command
/// is answered. A module that has no rules of its own can't be wrong about them; what it would
/// refuse is the simulator's to say.
struct Dialogue {
  enum Reply {
    /// Information lines, then OK.
    case lines([String])
    /// OK, and these lines so many milliseconds later.
    case later([String], Int64)
    /// Information lines, then ERROR.
    case error([String])
    /// These bytes, and no result code.
    case raw(String)
    /// The prompt; after the payload these bytes. What they are followed by comes 300 ms later.
    case prompt(String, then: String, sign: String = "> ")
    /// The same for a module that asks in another way, and wants so many bytes behind the payload.
    case ask(String, mark: Int, String, then: String)
  }

  var link: Link
  var now = Instant.milliseconds(1000)
  var events: [LinkEvent] = []
  /// Command lines as they were written, echo-off and all.
  var lines: [String] = []
  var sent: [[UInt8]] = []
  var message = Array("ping".utf8)
  /// What the module says by itself some time after the release.
  var afterRelease = ""
  /// Whether it hears nothing any more some time after the release.
  var fallsSilent = false

  private let profile: ModuleProfile
  private let target: LinkTarget
  /// By command, its `AT` left off. The last of several stays; any other command is answered OK.
  private var replies: [String: [Reply]]
  private let bootText: String
  private var input: [UInt8] = []
  private var payload: (left: Int, text: String, then: String)?
  private var arrivals: [(at: Instant, bytes: [UInt8])] = []
  private var pending: [Link.Input] = [.start]
  /// It takes no command before; nil while it is off.
  private var bootedAt: Instant?
  private var silentAt: Instant?
  private static let bootMilliseconds: Int64 = 5000

  init(
    _ profile: ModuleProfile, to target: LinkTarget, boot: String = "\r\nRDY\r\n",
    network: NetworkSettings = .forTests, _ replies: [String: [Reply]]
  ) {
    self.profile = profile
    self.target = target
    self.replies = replies
    bootText = boot
    pending.append(.connect(target))
    var network = network
    // Servers that the module can't be told are the owner's to ask, not the link's.
    if profile.context.setServers(network.dnsServers) == nil { network.dnsServers = [] }
    link = Link(LinkSettings(module: profile, network: network, hasStatusLine: false), seed: 1)
  }

  /// A report, from a module that is off to one that is asleep or off: sends the message, waits
  /// for what comes, releases.
  ///
  /// - Returns: what was received.
  mutating func report() -> [UInt8] {
    for _ in 0..<5000 {
      if events.contains(where: isEnd) { break }
      step()
    }
    var received: [UInt8] = []
    for case .received(let bytes) in events { received += bytes }
    return received
  }

  /// The next report, from the module that is asleep or off since the last one.
  mutating func reportAgain() -> [UInt8] {
    (events, lines, sent, bootedAt, silentAt) = ([], [], [], nil, nil)
    pending.append(.connect(target))
    return report()
  }

  /// The next report, from the module that was never off.
  mutating func reportAgainWhileOn() -> [UInt8] {
    (events, lines, sent) = ([], [], [])
    pending.append(.connect(target))
    return report()
  }

  private func isEnd(_ event: LinkEvent) -> Bool {
    switch event {
    case .asleep, .failed: true
    default: false
    }
  }

  private mutating func step() {
    if !pending.isEmpty { return give(pending.removeFirst()) }
    let arrival = arrivals.map { $0.at }.min()
    let next = [arrival, link.deadline].compactMap { $0 }.min() ?? now
    now = max(now, next)
    let due = arrivals.filter { $0.at <= now }
    arrivals.removeAll { $0.at <= now }
    for text in due { give(.uartReceived(text.bytes)) }
    if due.isEmpty { give(.deadline) }
  }

  private mutating func give(_ input: Link.Input) {
    for effect in link.handle(input, now: now) {
      switch effect {
      case .openUART, .closeUART, .cutSupply: break
      case .setPowerKey(let isAsserted):
        if !isAsserted {
          bootedAt = now + .milliseconds(Self.bootMilliseconds)
          say(bootText, after: Self.bootMilliseconds)
        }
      case .write(let bytes):
        if let bootedAt, bootedAt <= now, silentAt.map({ now < $0 }) ?? true { receive(bytes) }
      case .event(let event):
        events.append(event)
        if event == .online { pending.append(.send(message, expectsAnswer: true)) }
        if case .received = event {
          pending.append(.release)
          say(afterRelease, after: 12_000)
          if fallsSilent { silentAt = now + .seconds(5) }
        }
      }
    }
  }

  private mutating func say(_ text: String, after milliseconds: Int64) {
    if !text.isEmpty {
      arrivals.append((now + .milliseconds(milliseconds), Array(text.utf8)))
    }
  }

  private mutating func receive(_ bytes: [UInt8]) {
    for byte in bytes {
      if let expected = payload {
        input.append(byte)
        guard input.count == expected.left else { continue }
        sent.append(input)
        (input, payload) = ([], nil)
        say(expected.text, after: 20)
        say(expected.then, after: 300)
      } else if byte == UInt8(ascii: "\r") {
        let line = String(decoding: input, as: UTF8.self)
        input = []
        lines.append(line)
        run(line)
      } else {
        input.append(byte)
      }
    }
  }

  private mutating func run(_ line: String) {
    var text = ""
    for command in line.dropFirst(2).split(separator: ";").map(String.init) {
      var reply = Reply.lines([])
      if let table = replies[command] {
        reply = table[0]
        if table.count > 1 { replies[command]?.removeFirst() }
      }
      switch reply {
      case .lines(let lines): text += framed(lines)
      case .later(let lines, let milliseconds): say(framed(lines), after: milliseconds)
      case .error(let lines): return say(text + framed(lines + ["ERROR"]), after: 20)
      case .raw(let bytes): return say(text + bytes, after: 20)
      case .prompt(let end, let then, let sign):
        payload = (message.count, end, then)
        return say("\r\n" + sign, after: 20)
      case .ask(let prompt, let mark, let end, let then):
        payload = (message.count + mark, end, then)
        return say(prompt, after: 20)
      }
    }
    say(text + "\r\nOK\r\n", after: 20)
  }

  private func framed(_ lines: [String]) -> String {
    lines.map { "\r\n" + $0 + "\r\n" }.joined()
  }
}
