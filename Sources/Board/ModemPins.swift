import Primitives

/// The modem's pins: its power key, its STATUS line and the switch of its supply where those are wired.
public struct ModemPins: ~Copyable {
  public var powerKey: OutputLine
  public var status: InputLine?
  private var supplyCut: GPIOLine?

  /// Takes the pins; the power key starts released, and the supply on. A desk named for both key and
  /// STATUS is connected to once.
  ///
  /// - Parameter supplyCut: a GPIO chip's line.
  public init(
    powerKey: PinAddress, status: PinAddress?, supplyCut: PinAddress? = nil
  ) throws(BoardError) {
    let desk = try Self.desk(of: powerKey)
    let key = try OutputLine(powerKey, desk: desk)
    let cut: GPIOLine? =
      if let supplyCut { try GPIOLine(output: supplyCut, isAsserted: false) } else { nil }
    guard let status else {
      self.supplyCut = cut
      self.powerKey = key
      self.status = nil
      return
    }
    let isShared = powerKey.deskPath != nil && powerKey.deskPath == status.deskPath
    let statusDesk = isShared ? desk : try Self.desk(of: status)
    let line = try InputLine(status, desk: statusDesk)
    self.supplyCut = cut
    self.powerKey = key
    self.status = consume line
  }

  public func cutSupply(_ isCut: Bool) throws(BoardError) {
    try supplyCut?.set(asserted: isCut)
  }

  private static func desk(of pin: PinAddress) throws(BoardError) -> DeskPins? {
    guard let path = pin.deskPath else { return nil }
    return try DeskPins(path: path)
  }
}

/// Where a pin is.
public enum PinAddress: Hashable, Sendable {
  /// A line of a GPIO chip.
  ///
  /// - Parameters:
  ///   - chip: the chip's name (`gpiochip0`) or the path of its device file.
  ///   - offset: the line's number on that chip, as `gpioinfo` counts.
  ///   - isActiveLow: the line is asserted when its voltage is low.
  case gpio(chip: [UInt8], offset: UInt32, isActiveLow: Bool)
  /// The simulated pins of a desk, behind the Unix socket at this path.
  case desk(path: [UInt8])

  /// As it is written in the configuration.
  public var text: String {
    switch self {
    case .gpio(let chip, let offset, let isActiveLow):
      "\(chip.printable) \(offset)" + (isActiveLow ? " active-low" : "")
    case .desk(let path): "desk \(path.printable)"
    }
  }

  var deskPath: [UInt8]? {
    switch self {
    case .gpio: nil
    case .desk(let path): path
    }
  }
}

/// A pin that we drive. Released when it goes out of scope; it then keeps or loses its level as
/// the chip's driver has it, so let it end unasserted.
public enum OutputLine: ~Copyable {
  case gpio(GPIOLine)
  case desk(DeskPins)

  /// `desk` is there exactly when the address is a desk's.
  init(_ address: PinAddress, desk: DeskPins?) throws(BoardError) {
    if let desk {
      self = .desk(desk)
    } else {
      self = .gpio(try GPIOLine(output: address, isAsserted: false))
    }
  }

  public func set(asserted: Bool) throws(BoardError) {
    switch self {
    case .gpio(let line): try line.set(asserted: asserted)
    case .desk(let pins): try pins.setPowerKey(asserted: asserted)
    }
  }
}

/// A pin that the modem drives.
public enum InputLine: ~Copyable {
  case gpio(GPIOLine)
  case desk(DeskPins)

  init(_ address: PinAddress, desk: DeskPins?) throws(BoardError) {
    if let desk {
      self = .desk(desk)
    } else {
      self = .gpio(try GPIOLine(input: address))
    }
  }

  /// To be watched: readable when the level has changed.
  public var descriptor: Int32 {
    switch self {
    case .gpio(let line): line.descriptor
    case .desk(let pins): pins.descriptor
    }
  }

  /// Whether the pin is asserted now; nil on a desk that hasn't said it yet, which `nextChange`
  /// will bring.
  public func isAsserted() throws(BoardError) -> Bool? {
    switch self {
    case .gpio(let line): try line.isAsserted()
    case .desk(let pins): pins.isStatusOn
    }
  }

  /// The next level that the pin has changed to, in order; nil when there is none left.
  public func nextChange() throws(BoardError) -> Bool? {
    switch self {
    case .gpio(let line): try line.nextChange()
    case .desk(let pins): try pins.nextStatus()
    }
  }
}
