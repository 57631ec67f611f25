import CLinux
import Primitives

/// Waits for descriptors and for one deadline, and for nothing else: no ticks, no polling.
///
/// One ppoll(2) a wait. It takes the few descriptors that a device has each time anew, so that to
/// watch one, or to leave one out for a while, costs no call of its own. The deadline is the call's
/// time-out while the board stays awake, which counts awake time only; else it is a timer's on the
/// boot-time clock (timerfd_create(2)), which is set only when the deadline isn't what it was set
/// for.
public struct EventLoop: ~Copyable {
  private let timer: Int32
  /// Whether the deadline wakes a suspended board that has a clock for it.
  public let wakesBoard: Bool
  /// What the timer is set for, also after it has fired.
  private var armed: Instant?
  private var watches: [Watch] = []

  public init() throws(BoardError) {
    var wakesBoard = false
    let timer = linux_timer(&wakesBoard)
    if timer < 0 { throw .kernel(.timer, errno: -timer) }
    (self.timer, self.wakesBoard) = (timer, wakesBoard)
  }

  deinit { _ = linux_close(timer) }

  /// Waits until something watched is ready or `deadline` has come, nil being never.
  ///
  /// - Parameters:
  ///   - isAwake: whether the board stays awake until then, whatever happens; the timer is then
  ///     left as it is.
  ///   - leftOut: what is watched again from the next wait on.
  /// - Returns: what is ready; empty when the deadline came.
  public mutating func wait(
    until deadline: Instant?, isAwake: Bool = false, leavingOut leftOut: EventToken? = nil
  ) throws(BoardError) -> [Ready] {
    while true {
      let rest = deadline.map { $0 - BoardClock.now }
      if let rest, rest <= .zero { return try collect(within: .zero, leftOut) ?? [] }
      if !isAwake { try arm(deadline) }
      if let ready = try collect(within: isAwake ? rest : nil, usesTimer: !isAwake, leftOut) {
        return ready
      }
    }
  }

  /// What is ready already. The timer is left set for `deadline`, so that it wakes a board that is
  /// put to sleep now.
  public mutating func poll(arming deadline: Instant?) throws(BoardError) -> [Ready] {
    try arm(deadline)
    return try collect(within: .zero, nil) ?? []
  }

  /// - Returns: nil when a signal that means nothing to us ended the wait.
  private func collect(
    within limit: Duration?, usesTimer: Bool = false, _ leftOut: EventToken?
  ) throws(BoardError) -> [Ready]? {
    let watched = watches.filter { $0.token != leftOut }
    var polled = watched.map {
      linux_watch(descriptor: $0.descriptor, conditions: $0.conditions.mask, found: 0)
    }
    if usesTimer {
      polled.append(linux_watch(descriptor: timer, conditions: linux_readable, found: 0))
    }
    let count = Int32(polled.count)
    let result: Int32
    if let limit {
      var time = Instant(sinceStart: limit).kernelTime
      result = linux_poll(&polled, count, &time)
    } else {
      result = linux_poll(&polled, count, nil)
    }
    if result == -linux_EINTR { return nil }
    if result < 0 { throw .kernel(.eventLoop, errno: -result) }
    var ready: [Ready] = []
    for (watch, poll) in zip(watched, polled) where poll.found != 0 {
      ready.append(Ready(token: watch.token, conditions: Conditions(rawValue: poll.found)))
    }
    return ready
  }

  /// Watches a descriptor until it is removed; at most 15. That it hung up is always reported.
  public mutating func add(
    _ descriptor: Int32, as token: EventToken, for conditions: Conditions = .readable
  ) throws(BoardError) {
    if descriptor < 0 { throw .kernel(.watching, errno: linux_EBADF) }
    // One place is the timer's.
    if watches.count == Int(linux_watch_limit) - 1 {
      throw .kernel(.watching, errno: linux_ENOSPC)
    }
    watches.append(Watch(descriptor: descriptor, token: token, conditions: conditions))
  }

  /// Watches a descriptor that is already there for something else.
  public mutating func change(_ descriptor: Int32, for conditions: Conditions) {
    for index in watches.indices where watches[index].descriptor == descriptor {
      watches[index].conditions = conditions
    }
  }

  /// Call it before the descriptor is closed. One that isn't watched is ignored.
  public mutating func remove(_ descriptor: Int32) {
    watches.removeAll { $0.descriptor == descriptor }
  }

  // Setting the timer also forgets an expiration, so it is never read.
  private mutating func arm(_ deadline: Instant?) throws(BoardError) {
    if armed == deadline { return }
    let result = linux_timer_set(
      timer, deadline?.kernelTime ?? linux_time(seconds: 0, nanoseconds: 0))
    if result < 0 { throw .kernel(.timer, errno: -result) }
    armed = deadline
  }
}

private struct Watch {
  let descriptor: Int32
  let token: EventToken
  var conditions: Conditions
}

/// The caller's name for a descriptor it watches.
public struct EventToken: Hashable, Sendable {
  public let rawValue: UInt32

  public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// What a descriptor is watched for, or was found to be.
public struct Conditions: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let readable = Conditions(rawValue: linux_readable)
  public static let writable = Conditions(rawValue: linux_writable)
  /// The other end has gone; a read says how.
  public static let hungUp = Conditions(rawValue: linux_hung_up)

  var mask: UInt32 { rawValue }
}

/// A descriptor that is ready.
public struct Ready: Equatable, Sendable {
  public let token: EventToken
  public let conditions: Conditions

  public init(token: EventToken, conditions: Conditions) {
    self.token = token
    self.conditions = conditions
  }

  public var isReadable: Bool { !conditions.isDisjoint(with: [.readable, .hungUp]) }
  public var isWritable: Bool { conditions.contains(.writable) }
}
