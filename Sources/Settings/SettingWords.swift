/// A value that is one word of a few.
public protocol SettingWord: CaseIterable, Equatable, Sendable where AllCases == [Self] {
  /// How it is written in a configuration.
  var word: StaticString { get }
}

/// The module families that Godwit drives, one that knows 3GPP's commands only, and the wish to find
/// the family out. A test compares them with the profiles there are.
public enum ModuleModel: SettingWord {
  case auto
  case bg95, ec25, m95
  case saraR4, saraR5
  case sim7080, sim7000, sim7600, sim800
  case me910, hl78, exs82, l610, gm02s
  case generic

  public var word: StaticString {
    switch self {
    case .auto: "auto"
    case .bg95: "quectel-bg95"
    case .ec25: "quectel-ec25"
    case .m95: "quectel-m95"
    case .saraR4: "ublox-sara-r4"
    case .saraR5: "ublox-sara-r5"
    case .sim7080: "simcom-sim7080"
    case .sim7000: "simcom-sim7000"
    case .sim7600: "simcom-sim7600"
    case .sim800: "simcom-sim800"
    case .me910: "telit-me910"
    case .hl78: "sierra-hl78"
    case .exs82: "cinterion-exs82"
    case .l610: "fibocom-l610"
    case .gm02s: "sequans-gm02s"
    case .generic: "generic"
    }
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
