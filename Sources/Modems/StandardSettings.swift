import AT
import Cellular
import Primitives

/// Stored settings of TS 27.007 that module families share.
public enum StandardSettings {
  /// Power saving mode, §7.38. Compared by the times that the octets mean: several octets mean the
  /// same time.
  public static let psm = StoredSetting(
    name: "psm", read: Exchange("AT+CPSMS?", answers: [.named("+CPSMS")]),
    isRight: { lines, wanted in
      guard let line = lines.first(where: { $0.isNamed("+CPSMS") }) else { return nil }
      let values = ParameterList(line)
      guard let request = wanted.psm else { return values.integer(0) == 0 }
      guard values.integer(0) == 1, let tau = TimerOctet(bits: values.text(3)),
        let active = TimerOctet(bits: values.text(4))
      else { return false }
      return PeriodicTAU(tau).duration == request.periodicTAU.duration
        && ActiveTime(active).duration == request.activeTime.duration
    },
    writes: { wanted in
      guard let request = wanted.psm else { return [Exchange("AT+CPSMS=0")] }
      let (tau, active) = (request.periodicTAU.octet, request.activeTime.octet)
      return [Exchange("AT+CPSMS=1,,,\"\(tau)\",\"\(active)\"", timeout: .seconds(5))]
    })

  /// The access point of context 1, §10.1.1, which LTE attaches with.
  public static let attachContext = StoredSetting(
    name: "attach APN", read: Exchange("AT+CGDCONT?", answers: [.named("+CGDCONT")]),
    needsRadioOff: true, isWanted: { $0.accessPoint != nil },
    isRight: { lines, wanted in
      for line in lines where line.isNamed("+CGDCONT") {
        let values = ParameterList(line)
        guard values.integer(0) == 1, let apn = wanted.accessPoint?.apn else { continue }
        return values.text(1).equals("IP") && apn.isNamed(by: values.text(2))
      }
      return false
    },
    writes: { wanted in
      guard let apn = wanted.accessPoint?.apn else { return [] }
      return [Exchange("AT+CGDCONT=1,\"IP\",\"\(apn)\"")]
    })

  /// Who comes to the access point of context 1, §10.1.31: `+CGAUTH: 1,<0 none, 1 PAP, 2 CHAP>,
  /// "user","password"`. The password may not be read back; then it is taken for the right one.
  public static let authentication = StoredSetting(
    name: "authentication", read: Exchange("AT+CGAUTH?", answers: [.named("+CGAUTH")]),
    needsRadioOff: true, isShown: false, isWanted: { $0.accessPoint != nil },
    isRight: { lines, wanted in
      guard let wish = wanted.accessPoint else { return nil }
      let (user, password, code) = credentials(wish.authentication)
      for line in lines where line.isNamed("+CGAUTH") {
        let values = ParameterList(line)
        guard values.integer(0) == 1 else { continue }
        if code == 0 { return values.integer(1) == 0 }
        return values.integer(1) == code && values.text(2) == user.bytes
          && (!values.has(3) || values.text(3) == password.bytes)
      }
      return code == 0 ? nil : false
    },
    writes: { wanted in
      guard let wish = wanted.accessPoint else { return [] }
      let (user, password, code) = credentials(wish.authentication)
      return code == 0
        ? [Exchange("AT+CGAUTH=1,0")]
        : [Exchange("AT+CGAUTH=1,\(code),\"\(user)\",\"\(password)\"")]
    })

  /// The module sets its clock by the network's, §8.40.
  public static let networkTime = StoredSetting(
    name: "network time", read: Exchange("AT+CTZU?", answers: [.named("+CTZU")]),
    isRight: { lines, _ in
      lines.first { $0.isNamed("+CTZU") }.map { ParameterList($0).integer(0) != 0 }
    },
    writes: { _ in [Exchange("AT+CTZU=1", timeout: .seconds(10))] })

  /// User, password and the code of TS 27.007: 0 none, 1 PAP, 2 CHAP.
  public static func credentials(
    _ authentication: AccessAuthentication
  ) -> (user: CredentialText, password: CredentialText, code: Int) {
    switch authentication {
    case .none: (.none, .none, 0)
    case .pap(let user, let password): (user, password, 1)
    case .chap(let user, let password): (user, password, 2)
    }
  }
}
