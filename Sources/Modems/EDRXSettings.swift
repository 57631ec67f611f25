import AT
import Cellular
import Primitives

/// What the owner wants of eDRX.
public enum EDRXWish: Equatable, Sendable {
  case off
  /// How long the module may be out of reach; the longest cycle that isn't longer is asked for.
  case cycle(Duration)
}

/// eDRX by the commands of TS 27.007 §7.40 and §7.41. A paging time window can't be asked for by
/// them.
extension StandardSettings {
  /// One for each kind of cell: each has cycles of its own, and takes a command of its own.
  public static let edrx = [edrx(.wideband), edrx(.narrowband)]

  /// As the module reads it back, a line for each kind of cell that it is asked for.
  private static let edrxRead = Exchange("AT+CEDRXS?", answers: [.named("+CEDRXS")])

  private static func edrx(_ mode: EDRXMode) -> StoredSetting {
    let number = mode.technology
    return StoredSetting(
      name: mode == .wideband ? "edrx" : "edrx NB-IoT", read: edrxRead,
      isWanted: { $0.asksEDRX(of: mode) },
      isRight: { lines, wanted in
        let stored = lines.values(of: "+CEDRXS", number: number)
        guard case .cycle(let wish)? = wanted.edrx else { return stored == nil }
        guard let code = mode.code(cycle: wish) else { return nil }
        let request = stored.flatMap { EDRXCode(bits: $0.text(1)) }
        return request.flatMap { mode.cycle($0) } == mode.cycle(code)
      },
      writes: { wanted in
        guard case .cycle(let wish)? = wanted.edrx, let code = mode.code(cycle: wish) else {
          return [Exchange("AT+CEDRXS=0,\(number)", timeout: .seconds(5)), Exchange("AT+CEDRXS=0")]
        }
        return [Exchange("AT+CEDRXS=1,\(number),\"\(code)\"", timeout: .seconds(5))]
      })
  }

  /// What the network granted. A module that has eDRX off answers with technology 0.
  public static let edrxGrant = Exchange("AT+CEDRXRDP", answers: [.named("+CEDRXRDP")])
}

extension NetworkSettings {
  /// Whether it matters what the module asks of such a cell.
  fileprivate func asksEDRX(of mode: EDRXMode) -> Bool {
    guard let edrx else { return false }
    guard case .cycle = edrx, !rats.isEmpty else { return true }
    return mode == .narrowband ? rats.contains(.nbIoT) : rats.contains { $0 == .lteM || $0 == .lte }
  }
}

extension EDRXCode: CommandText {
  public var commandText: [UInt8] { bits }
}

extension ModuleProfile {
  /// Whether it drives eDRX.
  public var hasEDRX: Bool {
    settings.contains { [UInt8]($0.name).equals(StandardSettings.edrx[0].name) }
  }
}
