import Glibc
import Primitives

/// The modem's control lines for a board that has none: packets on a Unix socket.
///
/// A packet is one byte: the board sends `K` (power key asserted) and `k` (released); the bench
/// sends `S` or `s` (STATUS on, off) on connection and at each change. A board on which RI is wired
/// sends `R`, and hears `R` or `r` (RI asserted, released) from then on. Levels are after polarity.
/// A board that goes away lets go of the power key.
final class PinServer {
  /// What a board did.
  enum Input: Equatable { case powerKey(isAsserted: Bool) }

  /// Boards and onlookers at once; the next has to wait for one to leave.
  static let callerLimit = 8
  /// Packets of one board in one turn, so that a flood can't hold up the modem.
  private static let turnLimit = 64
  /// Longer packets are cut and mean nothing.
  private static let packetLimit = 16

  private let listener: UnixListener
  private var callers: [Caller] = []
  private var isStatusOn = false
  private var isRinging = false
  private var isKeyAsserted = false

  private final class Caller {
    let descriptor: Descriptor
    var holdsKey = false
    var hearsRing = false
    init(_ number: Int32) { descriptor = Descriptor(number) }
  }

  init(path: String) throws(BenchError) { listener = try UnixListener(path: path) }

  func addInterest(to set: inout PollSet) {
    if callers.count < Self.callerLimit { set.addReadable(listener.number) }
    for caller in callers { set.addReadable(caller.descriptor.number) }
  }

  /// What the boards did since the last call. The key is asserted while any of them holds it.
  func read(_ set: PollSet) -> [Input] {
    var inputs: [Input] = []
    for caller in callers where set.isReadable(caller.descriptor.number) {
      let isOpen = take(from: caller) { inputs += keyChanged() }
      if !isOpen {
        caller.holdsKey = false
        inputs += keyChanged()
        callers.removeAll { $0 === caller }
      }
    }
    if set.isReadable(listener.number), let number = listener.accept() {
      let caller = Caller(number)
      callers.append(caller)
      _ = caller.descriptor.write(Self.statusPacket(isOn: isStatusOn))
    }
    return inputs
  }

  func setStatus(isOn: Bool) {
    isStatusOn = isOn
    for caller in callers { _ = caller.descriptor.write(Self.statusPacket(isOn: isOn)) }
  }

  func setRing(isAsserted: Bool) {
    isRinging = isAsserted
    for caller in callers where caller.hearsRing { tellRing(caller) }
  }

  /// Takes the waiting packets; false once the caller is gone.
  private func take(from caller: Caller, changed: () -> Void) -> Bool {
    for _ in 0..<Self.turnLimit {
      switch caller.descriptor.read(limit: Self.packetLimit) {
      case .bytes(let text):
        if text.equals("K") { caller.holdsKey = true }
        if text.equals("k") { caller.holdsKey = false }
        if text.equals("R"), !caller.hearsRing {
          caller.hearsRing = true
          tellRing(caller)
        }
        changed()
      case .nothing: return true
      case .ended: return false
      }
    }
    return true
  }

  private func keyChanged() -> [Input] {
    let isAsserted = callers.contains { $0.holdsKey }
    if isAsserted == isKeyAsserted { return [] }
    isKeyAsserted = isAsserted
    return [.powerKey(isAsserted: isAsserted)]
  }

  private func tellRing(_ caller: Caller) {
    _ = caller.descriptor.write([UInt8](isRinging ? "R" : "r"))
  }

  private static func statusPacket(isOn: Bool) -> [UInt8] { [UInt8](isOn ? "S" : "s") }
}
