import AT
import Cellular
import Modems
import Primitives

// What the tests of the module families ask of a profile.

func wire(_ text: String) -> [UInt8] { Array(text.utf8) }

func shownLine(_ exchange: Exchange?) -> String {
  exchange.map { String(decoding: $0.line.shown, as: UTF8.self) } ?? "none"
}

func socketTarget(_ host: String, _ transport: Transport) -> LinkTarget {
  LinkTarget(host: NetworkHost(wire(host))!, port: 5683, transport: transport)
}

/// Roaming SIM, password, PSM of 1 h and 60 s.
func wholeWish(_ rats: [RAT]) -> NetworkSettings {
  NetworkSettings(
    accessPoint: AccessPoint(
      apn: APN(wire("em"))!,
      authentication: .pap(
        user: CredentialText(wire("me"))!, password: CredentialText(wire("hush"))!)),
    isRoamingAllowed: true, rats: rats,
    psm: PSMRequest(
      periodicTAU: PeriodicTAU(atLeast: .seconds(3600))!,
      activeTime: ActiveTime(atLeast: .seconds(60))!))
}

extension ModuleProfile {
  /// The commands that write the settings, every way of each.
  func written(_ wanted: NetworkSettings) -> [String] {
    settings.filter { $0.isWanted(wanted) }.flatMap { $0.writes(wanted).map { shownLine($0) } }
  }

  /// What a setting makes of a line that answered; nil when it makes nothing of it, or isn't there.
  func isRight(_ setting: String, _ line: String, _ wanted: NetworkSettings) -> Bool? {
    let setting = settings.first { "\($0.name)" == setting }
    return setting?.isRight(line.isEmpty ? [] : [wire(line)], wanted)
  }

  /// Opens a socket with these answers to its steps.
  ///
  /// - Returns: the commands and waits, and how it ended.
  func opening(_ target: LinkTarget, _ answers: [Answer]) -> ([String], SocketProgress) {
    var (progress, said, answers) = (SocketProgress(), [String](), answers[...])
    while said.count < 12 {
      switch socket!.open(target, progress) {
      case .run(let exchange):
        said.append(shownLine(exchange))
        guard let answer = answers.popFirst() else { return (said, progress) }
        if let failure = socket!.note(answer, &progress) {
          return (said + ["\(failure)"], progress)
        }
      case .await(let limit):
        said.append("wait \(limit.components.seconds) s")
        progress.step += 1
      case .pause(let time):
        said.append("pause \(time.components.attoseconds / 1_000_000_000_000_000) ms")
        progress.step += 1
      case .open: return (said + ["open"], progress)
      }
    }
    return (said, progress)
  }

  /// Runs one exchange against what the module says, in one piece and byte by byte.
  ///
  /// - Returns: its answer and what was written, the command left out; nil where the pieces matter.
  func run(_ exchange: Exchange, _ said: String) -> (answer: Answer, written: [String])? {
    let whole = run(exchange, [wire(said)])
    let split = run(exchange, wire(said).map { [$0] })
    guard let whole, let split, whole.answer == split.answer, whole.written == split.written else {
      return nil
    }
    return whole
  }

  private func run(
    _ exchange: Exchange, _ chunks: [[UInt8]]
  ) -> (answer: Answer, written: [String])? {
    var engine = Engine(dialect: dialect)
    let now = Instant(sinceStart: .seconds(1))
    var (answer, written) = (Answer?.none, [String]())
    _ = engine.begin(exchange, now: now)
    for chunk in chunks {
      for event in engine.receive(chunk, now: now) {
        switch event {
        case .write(let bytes): written.append(String(decoding: bytes, as: UTF8.self))
        case .finished(let whole): answer = whole
        case .urc, .resynced: break
        }
      }
    }
    return answer.map { ($0, written) }
  }
}

extension Answer {
  static let ok = Answer(outcome: .ok, duration: .zero)
  static let refused = Answer(outcome: .refused, duration: .zero)
  static let error = Answer(outcome: .error, duration: .zero)
  static func error(_ code: Int) -> Answer {
    Answer(outcome: .equipmentError(code), duration: .zero)
  }
  static func ok(_ line: String) -> Answer {
    Answer(outcome: .ok, lines: [wire(line)], duration: .zero)
  }
}
