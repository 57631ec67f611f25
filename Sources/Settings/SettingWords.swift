/// A value that is one word of a few.
public protocol SettingWord: CaseIterable, Equatable, Sendable where AllCases == [Self] {
  /// How it is written in a configuration.
  var word: StaticString { get }
}

/// The module families that Godwit drives.
public enum ModuleModel: SettingWord {
  case bg95

  public var word: StaticString { "quectel-bg95" }
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

/// A radio access technology.
public enum RadioAccess: SettingWord {
  case lteM, nbIoT, gsm

  public var word: StaticString {
    switch self {
    case .lteM: "lte-m"
    case .nbIoT: "nb-iot"
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
