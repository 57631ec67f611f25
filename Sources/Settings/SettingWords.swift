import Primitives

/// A value that is one word of a few.
public protocol SettingWord: CaseIterable, Equatable, Sendable where AllCases == [Self] {
  /// How it is written in a configuration.
  var word: StaticString { get }
}

/// The module families that Godwit drives, one that knows 3GPP's commands only, and the wish to find
/// the family out. A test compares them with the profiles there are.
public struct ModuleModel: SettingWord {
  public let word: StaticString

  public static let auto = ModuleModel(word: "auto")
  public static let allCases: [ModuleModel] =
    [auto] + names.map { ModuleModel(word: $0) } + [ModuleModel(word: "generic")]

  private static let names: [StaticString] = [
    "quectel-bg95", "quectel-ec25", "quectel-m95", "ublox-sara-r4", "ublox-sara-r5",
    "simcom-sim7080", "simcom-sim7000", "simcom-sim7600", "simcom-sim800", "telit-me910",
    "sierra-hl78", "cinterion-exs82", "fibocom-l610", "sequans-gm02s",
  ]

  public static func == (a: ModuleModel, b: ModuleModel) -> Bool {
    Array(a.word) == Array(b.word)
  }
}

/// How the board sleeps while nothing is due.
public enum SuspendDepth: SettingWord {
  case none, freeze, memory

  public var word: StaticString {
    switch self {
    case .none: "none"
    case .freeze: "freeze"
    case .memory: "mem"
    }
  }
}

/// The UART's hardware flow control.
public enum FlowControl: SettingWord {
  case none, rtsCTS

  public var word: StaticString {
    switch self {
    case .none: "none"
    case .rtsCTS: "rts-cts"
    }
  }
}

/// How the access point authenticates the device (RFC 1334).
public enum Authentication: SettingWord {
  case none, pap, chap

  public var word: StaticString {
    switch self {
    case .none: "none"
    case .pap: "pap"
    case .chap: "chap"
    }
  }
}

/// Whether the module may use networks other than its home network.
public enum Roaming: SettingWord {
  case on, off
  /// What the module has stored stays.
  case unchanged

  public var word: StaticString {
    switch self {
    case .on: "on"
    case .off: "off"
    case .unchanged: "unchanged"
    }
  }
}

/// How the modem rests between two reports.
public enum ModemRest: SettingWord {
  case auto, psm, edrx, radioOff, powerOff

  public var word: StaticString {
    switch self {
    case .auto: "auto"
    case .psm: "psm"
    case .edrx: "edrx"
    case .radioOff: "radio-off"
    case .powerOff: "power-off"
    }
  }
}

/// A radio access technology.
public enum RadioAccess: SettingWord {
  case lteM, nbIoT, lte, umts, gsm

  public var word: StaticString {
    switch self {
    case .lteM: "lte-m"
    case .nbIoT: "nb-iot"
    case .lte: "lte"
    case .umts: "3g"
    case .gsm: "2g"
    }
  }
}

/// The least important entries that the log keeps.
public enum LogLevel: SettingWord {
  case info, debug

  public var word: StaticString {
    switch self {
    case .info: "info"
    case .debug: "debug"
    }
  }
}

/// `on` or `off`.
enum Switch: SettingWord {
  case on, off

  var word: StaticString { self == .on ? "on" : "off" }
}
