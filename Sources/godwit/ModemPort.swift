import Board
import Primitives

/// The modem's wires: the UART, which is open only while the modem is to be talked to, and the
/// pins. What can't be opened is said once and tried again when it is next needed.
struct ModemPort: ~Copyable {
  private let wiring: ModemWiring
  private var line: OpenLine?
  private var pins: TakenPins?
  private var isWatchedForWriting = false
  private var gather: LineGather
  /// The last faults that were said, so that a retry doesn't repeat them: of the UART and of the
  /// pins, since an attempt that fails at both would else repeat each after the other.
  private(set) var lineFault: BoardError?
  private(set) var pinFault: BoardError?

  init(_ wiring: ModemWiring) {
    self.wiring = wiring
    gather = LineGather(baud: wiring.baud)
  }

  /// Waits for whatever is watched, the modem's wires among it, and for `deadline`. While the UART
  /// is open the board isn't put to sleep.
  ///
  /// - Returns: what is ready; the UART also when the rest of a line has had its time to arrive.
  func wait(until deadline: Instant?, _ loop: inout EventLoop) throws(BoardError) -> [Ready] {
    guard let line, let ends = gather.ends else {
      return try loop.wait(until: deadline, isAwake: line != nil)
    }
    var ready = try loop.wait(
      until: earlier(deadline, ends), isAwake: true, leavingOut: .uart)
    if ends <= BoardClock.now {
      let conditions: Conditions =
        line.uart.hasOutputWaiting ? [.readable, .writable] : .readable
      ready.append(Ready(token: .uart, conditions: conditions))
    }
    return ready
  }

  /// Takes the pins if they aren't taken yet.
  ///
  /// - Returns: a fault that hasn't been said yet.
  mutating func takePins(_ loop: inout EventLoop) -> BoardError? {
    if pins != nil { return nil }
    do throws(BoardError) {
      let pins = TakenPins(
        try ModemPins(
          powerKey: wiring.powerKey, status: wiring.status, supplyCut: wiring.supplyCut))
      if let descriptor = pins.statusDescriptor { try loop.add(descriptor, as: .status) }
      self.pins = pins
      return nil
    } catch {
      return news(ofPins: error)
    }
  }

  /// The STATUS line's level; nil where it isn't wired, can't be read or hasn't been told yet.
  var statusIsOn: Bool? { pins?.statusIsOn }

  /// Whether STATUS is wired and its level isn't known yet.
  var isStatusUnknown: Bool { pins?.statusDescriptor != nil && statusIsOn == nil }

  /// The level that STATUS has changed to, once its descriptor is readable; the next change, if
  /// there is one, keeps it so.
  mutating func statusChange(_ loop: inout EventLoop) -> (level: Bool?, fault: BoardError?) {
    do throws(BoardError) {
      return (try pins?.nextStatusChange() ?? nil, nil)
    } catch {
      giveUpPins(&loop)
      return (nil, news(ofPins: error))
    }
  }

  /// - Returns: a fault that hasn't been said yet.
  mutating func setPowerKey(asserted: Bool, _ loop: inout EventLoop) -> BoardError? {
    if let fault = takePins(&loop) { return fault }
    do throws(BoardError) {
      try pins?.setPowerKey(asserted: asserted)
      pinFault = nil
      return nil
    } catch {
      giveUpPins(&loop)
      return news(ofPins: error)
    }
  }

  /// - Returns: a fault that hasn't been said yet.
  mutating func cutSupply(_ isCut: Bool, _ loop: inout EventLoop) -> BoardError? {
    if let fault = takePins(&loop) { return fault }
    do throws(BoardError) {
      try pins?.cutSupply(isCut)
      return nil
    } catch {
      giveUpPins(&loop)
      return news(ofPins: error)
    }
  }

  /// - Parameter baud: bits a second; nil: as configured.
  /// - Throws: when the line can't be opened; the link then has none.
  mutating func open(baud: Int?, _ loop: inout EventLoop) throws(BoardError) {
    close(&loop)
    let baud = baud.map { Int32($0) } ?? wiring.baud
    let line = OpenLine(
      try UART(path: wiring.uart, baud: baud, flowControl: wiring.flowControl))
    try loop.add(line.uart.descriptor, as: .uart)
    self.line = line
    gather = LineGather(baud: baud)
    lineFault = nil
  }

  mutating func close(_ loop: inout EventLoop) {
    if let line { loop.remove(line.uart.descriptor) }
    isWatchedForWriting = false
    line = nil
  }

  mutating func write(_ bytes: [UInt8], _ loop: inout EventLoop) throws(BoardError) {
    guard let line else { return }
    try line.uart.write(bytes)
    watch(line, &loop)
  }

  /// What has arrived; also sends on what waited.
  mutating func transfer(_ ready: Ready, _ loop: inout EventLoop) throws(BoardError) -> [UInt8] {
    guard let line else { return [] }
    if ready.isWritable {
      try line.uart.flush()
      watch(line, &loop)
    }
    guard ready.isReadable else { return [] }
    let bytes = try line.uart.read()
    gather.note(bytes, now: BoardClock.now)
    return bytes
  }

  /// - Returns: the UART's fault, unless it was the last one said too.
  mutating func news(ofLine fault: BoardError) -> BoardError? {
    defer { lineFault = fault }
    return fault == lineFault ? nil : fault
  }

  private mutating func news(ofPins fault: BoardError) -> BoardError? {
    defer { pinFault = fault }
    return fault == pinFault ? nil : fault
  }

  private mutating func watch(_ line: OpenLine, _ loop: inout EventLoop) {
    let isNeeded = line.uart.hasOutputWaiting
    if isNeeded == isWatchedForWriting { return }
    isWatchedForWriting = isNeeded
    let conditions: Conditions = isNeeded ? [.readable, .writable] : .readable
    loop.change(line.uart.descriptor, for: conditions)
  }

  private mutating func giveUpPins(_ loop: inout EventLoop) {
    if let descriptor = pins?.statusDescriptor { loop.remove(descriptor) }
    pins = nil
  }
}

/// An open UART that can be held or not: the compiler takes minutes and gigabytes over an optional
/// of a move-only type that is used in place (Swift 6.3.1), and none over a reference.
private final class OpenLine {
  var uart: UART

  init(_ uart: consuming UART) { self.uart = uart }
}

/// The pins that can be held or not, for the same reason.
private final class TakenPins {
  private var pins: ModemPins

  init(_ pins: consuming ModemPins) { self.pins = pins }

  var statusDescriptor: Int32? { pins.status?.descriptor }
  var statusIsOn: Bool? { (try? pins.status?.isAsserted()) ?? nil }

  func nextStatusChange() throws(BoardError) -> Bool? { try pins.status?.nextChange() ?? nil }
  func setPowerKey(asserted: Bool) throws(BoardError) {
    try pins.powerKey.set(asserted: asserted)
  }
  func cutSupply(_ isCut: Bool) throws(BoardError) { try pins.cutSupply(isCut) }
}

/// Where the modem is wired, from the configuration.
struct ModemWiring {
  var uart: [UInt8]
  var baud: Int32
  var flowControl: FlowControl
  var powerKey: PinAddress
  var status: PinAddress?
  var supplyCut: PinAddress?
}

extension EventToken {
  static let signals = EventToken(1)
  static let control = EventToken(2)
  static let uart = EventToken(3)
  static let status = EventToken(4)
}
