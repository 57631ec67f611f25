import AT
import Cellular
import Primitives

/// What the BG95 keeps in its memory and the link depends on. BG96 AT manual V2.2, PSM note V1.0,
/// TCP/IP note V1.1.
enum BG95Settings {
  static let all: [StoredSetting] =
    [
      urcPort, psmURC, roaming, scanSequence, scanMode, iotMode, StandardSettings.psm,
      StandardSettings.attachContext, context,
    ] + StandardSettings.edrx

  /// URCs go to the USB port by default: on a board with a UART only, they never arrive.
  static let urcPort = StoredSetting(
    name: "urcport", read: Exchange("AT+QURCCFG=\"urcport\"", answers: [.named("+QURCCFG")]),
    isRight: { lines, _ in
      guard let line = lines.first(where: { $0.isNamed("+QURCCFG") }) else { return nil }
      let port = ParameterList(line).text(1)
      return port.equals("uart1") || port.equals("all")  // The latter on EC2x and EG9x.
    },
    writes: { _ in [Exchange("AT+QURCCFG=\"urcport\",\"uart1\"")] })

  private static let psmURC = StoredSetting(
    name: "psm/urc", read: configuration("AT+QCFG=\"psm/urc\""), isWanted: { $0.psm != nil },
    isRight: { lines, _ in value(of: "psm/urc", lines).map { $0 == 1 } },
    writes: { _ in [Exchange("AT+QCFG=\"psm/urc\",1")] })

  /// 1 off, 2 on, 255 automatic. The second number makes it count at once; some firmware has only
  /// the form without it.
  static let roaming = StoredSetting(
    name: "roamservice", read: configuration("AT+QCFG=\"roamservice\""),
    isWanted: { $0.isRoamingAllowed != nil },
    isRight: { lines, wanted in value(of: "roamservice", lines).map { $0 == roamingCode(wanted) } },
    writes: { wanted in
      let code = roamingCode(wanted)
      return [
        Exchange("AT+QCFG=\"roamservice\",\(code),1"), Exchange("AT+QCFG=\"roamservice\",\(code)"),
      ]
    })

  private static func roamingCode(_ wanted: NetworkSettings) -> Int {
    wanted.isRoamingAllowed == true ? 2 : 1
  }

  /// Pairs of digits in the order of the search: 01 GSM, 02 LTE-M, 03 NB-IoT. Read back, the
  /// leading zero may be gone, so the number is compared.
  private static let scanSequence = StoredSetting(
    name: "nwscanseq", read: configuration("AT+QCFG=\"nwscanseq\""),
    isWanted: { sequence($0) != 0 },
    isRight: { lines, wanted in value(of: "nwscanseq", lines).map { $0 == sequence(wanted) } },
    writes: { wanted in
      let number = sequence(wanted)
      return [Exchange("AT+QCFG=\"nwscanseq\",0\(number),1")]
    })

  private static func sequence(_ wanted: NetworkSettings) -> Int {
    var number = 0
    for rat in wanted.rats.prefix(3) {
      guard let code = scanCode(rat) else { continue }
      number = number * 100 + code
    }
    return number
  }

  private static func scanCode(_ rat: RAT) -> Int? {
    switch rat {
    case .gsm: 1
    case .lteM: 2
    case .nbIoT: 3
    case .umts, .lte: nil  // The module has neither.
    }
  }

  /// 0 automatic, 1 GSM only, 3 LTE only.
  private static let scanMode = StoredSetting(
    name: "nwscanmode", read: configuration("AT+QCFG=\"nwscanmode\""),
    isWanted: { sequence($0) != 0 },
    isRight: { lines, wanted in value(of: "nwscanmode", lines).map { $0 == mode(wanted) } },
    writes: { wanted in [Exchange("AT+QCFG=\"nwscanmode\",\(mode(wanted)),1")] })

  private static func mode(_ wanted: NetworkSettings) -> Int {
    let hasGSM = wanted.rats.contains(.gsm)
    let hasLTE = wanted.rats.contains(.lteM) || wanted.rats.contains(.nbIoT)
    return hasGSM && hasLTE ? 0 : hasGSM ? 1 : 3
  }

  /// 0 LTE-M, 1 NB-IoT, 2 both.
  private static let iotMode = StoredSetting(
    name: "iotopmode", read: configuration("AT+QCFG=\"iotopmode\""),
    isWanted: { $0.rats.contains(.lteM) || $0.rats.contains(.nbIoT) },
    isRight: { lines, wanted in value(of: "iotopmode", lines).map { $0 == iotCode(wanted) } },
    writes: { wanted in [Exchange("AT+QCFG=\"iotopmode\",\(iotCode(wanted)),1")] })

  private static func iotCode(_ wanted: NetworkSettings) -> Int {
    guard wanted.rats.contains(.nbIoT) else { return 0 }
    return wanted.rats.contains(.lteM) ? 2 : 1
  }

  /// The context as the sockets use it. `+QICSGP: <type>,"apn","user","password",<auth>`.
  static let context = StoredSetting(
    name: "APN", read: Exchange("AT+QICSGP=1", answers: [.named("+QICSGP")]), needsRadioOff: true,
    isWanted: { $0.accessPoint != nil },
    isRight: { lines, wanted in
      guard let line = lines.first(where: { $0.isNamed("+QICSGP") }), let wish = wanted.accessPoint
      else { return nil }
      let values = ParameterList(line)
      let (user, password, code) = StandardSettings.credentials(wish.authentication)
      return values.integer(0) == 1 && wish.apn.isNamed(by: values.text(1))
        && values.text(2) == user.bytes && values.text(3) == password.bytes
        && values.integer(4) == code
    },
    writes: { wanted in
      guard let wish = wanted.accessPoint else { return [] }
      let (user, password, code) = StandardSettings.credentials(wish.authentication)
      return [Exchange("AT+QICSGP=1,1,\"\(wish.apn)\",\"\(user)\",\"\(password)\",\(code)")]
    })

  static func configuration(_ line: CommandLine) -> Exchange {
    Exchange(line, answers: [.named("+QCFG")])
  }

  /// The number of `+QCFG: "<key>",<number>`; nil when no line is about it.
  static func value(of key: StaticString, _ lines: [[UInt8]]) -> Int? {
    for line in lines where line.isNamed("+QCFG") {
      let values = ParameterList(line)
      if values.text(0).equals(key) { return values.integer(1) }
    }
    return nil
  }
}
