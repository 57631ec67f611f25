import Primitives

extension SimulatedModem {
  /// What follows `<stat>` (BG96 AT manual V2.2). The manual's read form of +CEREG has `<rac>`
  /// where its URC has none, so the timers stand one field further in it; half of the firmwares
  /// (by the seed) do as TS 27.007 says instead.
  func quectelRegistrationFields(_ query: RegistrationQuery) -> ATText {
    let (kind, view, report, isRead) = (query.kind, query.view, query.report, query.isRead)
    guard report >= 2 else { return "" }
    let cause = radio.rejectCause.map { ",0,\($0)" as ATText }
    guard view.hasCell else {
      guard kind == .evolved, isRead, view.status == 3, let cause else { return "" }
      let routing: ATText = report == 4 && readsRoutingArea ? "," : ""
      return ",,,\(routing)\(cause)"
    }
    let area: ATText = "\(hex: UInt32(serving.trackingArea), digits: 4)"
    let cell: ATText = "\(hex: serving.cell, digits: 1)"
    var text: ATText = ",\(quoted: area.bytes),\(quoted: cell.bytes),\(access.number)"
    if report == 4, kind == .evolved, let active = view.activeTime, let tau = view.periodicTAU {
      let routing: ATText = isRead && readsRoutingArea ? "," : ""
      text = "\(text)\(routing),,,\(quoted: active),\(quoted: tau)"
    }
    return text
  }

  private var readsRoutingArea: Bool { !radio.mirrorsRegistration }

  /// AT+QCFG roamservice, nwscanmode and iotopmode.
  var mayServeByConfiguration: Bool {
    if network.isRoaming, configurationNumber("roamservice") == 1 { return false }
    let scan = configurationNumber("nwscanmode")
    let internet = configurationNumber("iotopmode")
    switch access.technology {
    case .gsm, .umts: return scan != 3
    case .lteM: return scan != 1 && internet != 1
    case .nbIoT: return scan != 1 && internet != 0
    case .lte: return scan != 1
    }
  }
}

extension SleepTraits {
  /// BG95, BG96, BG77 (PSM application note V1.0).
  static let quectelIoT: SleepTraits = {
    var sleep = SleepTraits()
    sleep.entryText = { _ in "PSM POWER DOWN" }
    sleep.isAllowed = { modem in
      guard let granted = modem.grantedSeconds else { return false }
      return granted.periodic - granted.active >= modem.stored.psmThresholdSeconds
    }
    sleep.skipsActiveTimer = { $0.configurationNumber("psm/enter") == 1 }
    // With psm/enter on as well it may not come out (BG96 AT manual V2.2): one time in two.
    sleep.released = { modem in
      guard let granted = modem.grantedSeconds, modem.mayEnterPSM,
        modem.configurationNumber("psm/urc") == 1
      else { return }
      if modem.configurationNumber("psm/enter") == 1, modem.random.next(below: 2) == 0 { return }
      modem.sendURC("+QPSMTIMER: \(granted.periodic),\(granted.active)")
    }
    return sleep
  }()
}
