import AT
import Cellular
import Modems
import Primitives

/// What the link is doing at this moment, with what exists only meanwhile.
enum Phase: Sendable {
  /// The UART is closed: off, asleep or failed. Nothing is due.
  case resting
  /// Which module is it, and at which rate does it speak?
  case detecting(Detection)
  /// The process started, and the level of the STATUS line hasn't been told yet.
  case awaitingStatus(until: Instant)
  /// Is anybody there? So many `AT`s are left, the one on its way included.
  case probing(left: Int)
  /// The module ignores a pulse so soon after it went off.
  case holdingOff(Pulse, until: Instant)
  case pressing(Pulse, until: Instant)
  case booting(Boot)
  /// An exchange is on its way.
  case working(Job)
  /// Something was refused and is tried again then.
  case pausing(until: Instant)
  /// On, and nothing is wanted of it.
  case idle(until: Instant)
  case searching(pollAt: Instant, until: Instant)
  /// The module takes the context up.
  case activating(until: Instant)
  /// The module opens the socket.
  case opening(until: Instant)
  case online(OnlineTimes)
  /// Released, and PSM was granted: it falls asleep by itself.
  case draining(Drain)
  /// It took the power-off command, or the key was pressed to turn it off.
  case goingOff(until: Instant)
  /// It said that it is off or asleep; the STATUS line is to confirm it.
  case confirming(SleepKind, until: Instant)

  /// When the phase ends or wants something done by itself.
  var deadline: Instant? {
    switch self {
    case .resting, .probing, .working: nil
    case .detecting(let detection): detection.deadline
    case .awaitingStatus(let until), .holdingOff(_, let until), .pressing(_, let until),
      .pausing(let until), .idle(let until), .activating(let until), .opening(let until),
      .goingOff(let until), .confirming(_, let until):
      until
    case .booting(let boot): boot.deadline
    case .draining(let drain): drain.deadline
    case .searching(let pollAt, let until): min(pollAt, until)
    case .online(let times): times.deadline
    }
  }
}

/// What the power key is pressed for; or its supply is cut, and given time to come back.
enum Pulse: Equatable, Sendable { case on, off, reset, supply }

/// A module that is to answer soon.
struct Boot: Equatable, Sendable {
  /// The key was pressed for it.
  var isPulsed: Bool
  /// The next `AT`; nil while one is on its way.
  var pollAt: Instant?
  var until: Instant
  /// The STATUS line must be on by then.
  var statusBy: Instant?
  /// The STATUS line came on after the pulse.
  var isShownOn = false
  /// It was asked whether it runs although STATUS doesn't show it.
  var isAsked = false

  var deadline: Instant { min(until, pollAt ?? until, statusBy ?? until) }
}

/// A module that is about to fall asleep.
struct Drain: Equatable, Sendable {
  var until: Instant
  /// Whether it still answers is asked then; nil where something else tells, and while an `AT` is
  /// on its way.
  var askAt: Instant?
  /// `AT`s that went unanswered in a row.
  var unanswered = 0

  var deadline: Instant { min(until, askAt ?? until) }
}

struct OnlineTimes: Equatable, Sendable {
  /// Nothing sent or received by then: the connection is given up.
  var until: Instant
  /// The buffer is read once more then.
  var drainAt: Instant?
  /// The registration is gone and has to be back by then.
  var lossAt: Instant?

  var deadline: Instant { min(until, drainAt ?? until, lossAt ?? until) }
}

/// What the exchange that is on its way is for.
enum Job: Sendable {
  case batch(Batch)
  /// Writes the first of the wrong settings in the way of that number.
  case write(way: Int)
  case radioOff, radioOn
  /// Operators and the card's list of them.
  case operators(OperatorJob)
  case restart
  /// The context's activation, from the exchange of that number on.
  case activate(Int)
  case deactivate
  case servers
  /// That command of the security profile.
  case secure(Int)
  case open(withClock: Bool)
  case close
  /// With the word that one answer is all that will follow, or without.
  case send(isLast: Bool)
  /// An SMS.
  case message
  /// So many bytes are known to wait; an error may say that there are none.
  case read(expected: Int?, mayFail: Bool)
  case powerOff
  /// A person's line.
  case console
}

/// Exchanges that go on one line where that works, and one by one where it doesn't.
struct Batch: Sendable {
  enum Purpose: Equatable {
    case setup, resume, identity, registration, context, messageMode, listing, deletion
  }
  var purpose: Purpose
  /// Those that aren't done yet, the ones on their way included.
  var parts: [Exchange]
  var inFlight = 0
  /// The module refused the joined line: one at a time, until the one that it refuses is found.
  var isSplit = false
  var lines: [[UInt8]] = []
  /// PDU mode was refused.
  var isTextMode = false
  /// The last error, if any.
  var refusal: Outcome?
  /// The parts that ended in one.
  var refused: [CommandLine] = []

  /// How many parts from the front are sure to have been run, by the lines that they answered.
  func answered(by lines: [[UInt8]]) -> Int {
    var rest = lines[...]
    var sure = 0
    for (index, part) in parts.prefix(inFlight).enumerated() where !part.answers.isEmpty {
      guard
        let match = rest.firstIndex(where: { line in part.answers.contains { $0.matches(line) } })
      else { break }
      rest = rest[(match + 1)...]
      sure = index + 1
    }
    return min(sure, inFlight - 1)
  }
}

/// What the owner wants.
enum Goal: Equatable, Sendable {
  case nothing
  case online(LinkTarget)
  /// To sleep, or off where sleep isn't granted.
  case rest
  case off
}

/// What is known of the module since it started. A reboot makes all of it void.
struct Knowledge: Sendable {
  enum Socket: Equatable {
    case none
    /// It may still exist in the module, and has to be closed before it can be opened.
    case stale
    case open(LinkTarget)
  }

  /// It comes out of PSM, or stayed on: registration and context are looked at, not made anew.
  var isWarm = false
  /// How it rested before.
  var origin: SleepKind?
  /// When it took its first command, and since when it is registered.
  var readyAt: Instant?
  var registeredAt: Instant?
  /// It is about to fall asleep since then.
  var drainSince: Instant?
  /// The network was told to release the radio.
  var isReleaseAsked = false
  var hasSaidReady = false
  var hasAnswered = false
  var isSetUp = false
  /// Indices of the stored settings that weren't as they should be when they were read, as far as it
  /// told them; nil as long as they haven't been read.
  var differing: [Int]?
  /// Those of them that it didn't show.
  var unshown: [Int] = []
  /// Indices of the stored settings that differ, and in the how manieth round they are written.
  var wrongSettings: [Int] = []
  var writeRound = 1
  /// A setting was written that counts only after a restart.
  var needsRestart = false
  var isRadioOff = false
  /// It was turned off by command, and isn't only taken for off.
  var isRadioKnownOff = false
  /// It answered when the process came up.
  var wasFoundRunning = false
  var isSIMReady = false
  var simSince: Instant?
  /// Under each of the profile's names.
  var registrations: [Registration?] = []
  /// Which of them a URC has told since the exchange on its way was begun: a bit for each.
  var newsOfRegistration: UInt8 = 0
  var searchSince: Instant?
  /// It was searched for so long that the card may have changed its identity.
  var isCardDoubtful = false
  /// The last refusal of this search, which a later line may not repeat.
  var rejectCause: RejectCause?
  /// The registration was denied in this search, which goes on all the same.
  var wasDenied = false
  var isContextActive: Bool?
  var mustDeactivate = false
  /// What `AT+COPS?` said last, and whether what follows from it has been done.
  var operatorState: OperatorState?
  var isOperatorSettled = false
  /// What a search that found nothing has already looked at.
  var isModeChecked = false
  var isCardChecked = false
  var areServersSet = false
  /// The module refused them the last time that they were set.
  var areServersRefused = false
  var isClockKnown = false
  /// What the network granted, as far as it was told.
  var edrx: EDRXState?
  /// It hands messages over as octets, and keeps them.
  var isPDUMode = false
  /// It said that it has no room for more of them, and hasn't been listed since.
  var isStorageFull = false
  /// It is registered, and no socket can be had: its owner takes care of its messages.
  var isForMessagesOnly = false
  /// Why none can be had, where that was found out in this attempt.
  var obstacle: LinkCause?
  /// When the network has had time to hand over what waits there.
  var messagesAt: Instant?
  var socket = Socket.none
  /// Whether it is, or was last, one through TLS.
  var isSecure = false
  /// Whether the module's clock shows a time that can be right.
  var isClockSet = false
  /// How far its opening has come.
  var progress = SocketProgress()
  /// How the opening ended, where that was said before the OK.
  var openingResult: Int?
  /// The same of the context.
  var activationResult: Int?
  /// Data has been announced, or may be left in the buffer.
  var mayHoldData = false
  /// A console has woken or changed the module: what it was granted has to be read before it goes
  /// to sleep.
  var isLookDue = false
}

extension Knowledge {
  /// The one that lets data flow; else the first that says more than that nothing is known.
  var registration: Registration? {
    var best: Registration?
    for registration in registrations {
      guard let registration else { continue }
      if registration.status.allowsData { return registration }
      switch best?.status {
      case nil, .idle, .unknown: best = registration
      default: break
      }
    }
    return best
  }
}

/// How often something has been tried since `connect`, or since the last success.
struct Tries: Sendable {
  var pulses = 0
  /// A start was given more time than the family's.
  var hasWaited = false
  var reboots = 0
  var boots = 0
  var silences = 0
  /// Times that it fell asleep without having answered anything.
  var deafSleeps = 0
  var powerCycles = 0
  var radioCycles = 0
  var restarts = 0
  var radioRefusals = 0
  var selections = 0
  var contexts = 0
  var sockets = 0
  var names = 0
  var powerOffs = 0
  var sends = 0
  var adoptions = 0
}
