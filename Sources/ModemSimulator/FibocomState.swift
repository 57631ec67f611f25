import Primitives

/// What a Fibocom L610 forgets at every boot.
struct FibocomState: OwnState {
  /// AT+GTSET="IPRFMT": how received data comes. That it is 0 at boot is assumed.
  var dataFormat = 0
  /// AT+GTWAKE: 2 allows the sleep that ATS24 sets a time for.
  var wakeMode = (0, 2)
  /// ATS24: seconds without a byte until the UART sleeps; 0: never.
  var idleSeconds = 0

  /// Sockets 1 to 6.
  static let socketCount = 6
}

extension SimulatedModem {
  var fibocom: FibocomState {
    get { own[FibocomState.self] }
    set { own[FibocomState.self] = newValue }
  }
}
