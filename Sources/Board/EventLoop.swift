import CLinux
import Primitives

/// Waits for descriptors and for one deadline, and for nothing else: no ticks, no polling.
///
/// epoll(7), and one timer on the boot-time clock (timerfd_create(2)) that is set only when the
/// deadline differs from the one it was set for. A wait of which the deadline hasn't changed costs
/// one system call.
public struct EventLoop: ~Copyable {
  private let epoll: Int32
  private let timer: Int32
  /// Whether the deadline wakes a suspended board that has a clock for it.
  public let wakesBoard: Bool
  /// What the timer is set for, also after it has fired.
  private var armed: Instant?
  private var buffer = [linux_ready](
    repeating: linux_ready(token: 0, conditions: 0), count: Int(linux_ready_limit))

  public init() throws(BoardError) {
    let epoll = linux_epoll()
    if epoll < 0 { throw .kernel(.eventLoop, errno: -epoll) }
    var wakesBoard = false
    let timer = linux_timer(&wakesBoard)
    if timer < 0 {
      _ = linux_close(epoll)
      throw .kernel(.timer, errno: -timer)
    }
    let added = linux_epoll_add(epoll, timer, EventToken.timer.rawValue, Conditions.readable.mask)
    if added < 0 {
      _ = linux_close(epoll)
      _ = linux_close(timer)
      throw .kernel(.watching, errno: -added)
    }
    (self.epoll, self.timer, self.wakesBoard) = (epoll, timer, wakesBoard)
  }

  deinit {
    _ = linux_close(timer)
    _ = linux_close(epoll)
  }

  /// Waits until something watched is ready or `deadline` has come, nil being never.
  ///
  /// - Returns: what is ready, at most 32 at a time and the rest at the next wait; empty when the
  ///   deadline came.
  public mutating func wait(until deadline: Instant?) throws(BoardError) -> [Ready] {
    if let deadline, deadline <= BoardClock.now { return try collect(timeoutMilliseconds: 0) }
    try arm(deadline)
    return try collect(timeoutMilliseconds: -1)
  }

  /// What is ready already. The timer is left set for `deadline`, so that it wakes a board that is
  /// put to sleep now.
  public mutating func poll(arming deadline: Instant?) throws(BoardError) -> [Ready] {
    try arm(deadline)
    return try collect(timeoutMilliseconds: 0)
  }

  private mutating func collect(timeoutMilliseconds: Int32) throws(BoardError) -> [Ready] {
    let count = linux_epoll_wait(epoll, &buffer, timeoutMilliseconds)
    if count < 0 { throw .kernel(.eventLoop, errno: -count) }
    var ready: [Ready] = []
    for entry in buffer[..<Int(count)] where entry.token != EventToken.timer.rawValue {
      ready.append(
        Ready(
          token: EventToken(entry.token), conditions: Conditions(rawValue: entry.conditions)))
    }
    return ready
  }

  /// Watches a descriptor until it is removed or closed. That it hung up is always reported.
  public mutating func add(
    _ descriptor: Int32, as token: EventToken, for conditions: Conditions = .readable
  ) throws(BoardError) {
    let result = linux_epoll_add(epoll, descriptor, token.rawValue, conditions.mask)
    if result < 0 { throw .kernel(.watching, errno: -result) }
  }

  /// Watches a descriptor that is already there for something else.
  public mutating func change(
    _ descriptor: Int32, as token: EventToken, for conditions: Conditions
  ) throws(BoardError) {
    let result = linux_epoll_change(epoll, descriptor, token.rawValue, conditions.mask)
    if result < 0 { throw .kernel(.watching, errno: -result) }
  }

  /// Call it before the descriptor is closed. One that isn't watched is ignored.
  public mutating func remove(_ descriptor: Int32) { _ = linux_epoll_remove(epoll, descriptor) }

  // Setting the timer also forgets an expiration, so it is never read.
  private mutating func arm(_ deadline: Instant?) throws(BoardError) {
    if armed == deadline { return }
    let result = linux_timer_set(
      timer, deadline?.kernelTime ?? linux_time(seconds: 0, nanoseconds: 0))
    if result < 0 { throw .kernel(.timer, errno: -result) }
    armed = deadline
  }
}

/// The caller's name for a descriptor it watches: 0 to 2^32 - 2.
public struct EventToken: Hashable, Sendable {
  public let rawValue: UInt32

  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  static let timer = EventToken(.max)
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
