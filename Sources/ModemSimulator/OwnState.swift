/// State of a family's own, which no other family has: kept by type, made when first asked for.
///
///     struct HexMode: OwnState { var isOn = false }
///     modem.own[HexMode.self].isOn = true
///
/// What lies in the flash goes to `StoredSettings.configuration` instead.
protocol OwnState: Sendable {
  /// Whether PSM leaves it alone; a power-off and a reset never do.
  static var outlivesSleep: Bool { get }
  init()
}

extension OwnState {
  static var outlivesSleep: Bool { false }
}

struct OwnStates: Sendable {
  private var states: [ObjectIdentifier: any OwnState] = [:]

  subscript<State: OwnState>(_ type: State.Type) -> State {
    get { states[ObjectIdentifier(type)] as? State ?? State() }
    set { states[ObjectIdentifier(type)] = newValue }
  }

  mutating func forget(isWake: Bool) {
    states = states.filter { isWake && type(of: $0.value).outlivesSleep }
  }
}
