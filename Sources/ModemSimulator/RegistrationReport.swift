import Primitives

/// Which of the three registration commands.
enum RegistrationKind: Int, CaseIterable, Sendable { case circuit, packet, evolved }

/// What a registration command shows.
struct RegistrationView: Equatable, Sendable {
  var status = 0
  var hasCell = false
  var activeTime: [UInt8]?
  var periodicTAU: [UInt8]?
}

extension SimulatedModem {
  func registrationView(_ kind: RegistrationKind) -> RegistrationView {
    let own = ownRegistrationView
    let isGSM = network.accessTechnology == .gsm
    switch kind {
    case .evolved: return isGSM ? RegistrationView() : own
    case .circuit, .packet:
      var view = own
      view.activeTime = nil
      view.periodicTAU = nil
      if isGSM || radio.mirrorsRegistration { return view }
      return RegistrationView(status: kind == .circuit ? 0 : radio.phase == .camped ? 4 : 0)
    }
  }

  /// `<stat>` (TS 27.007 §10.1.22).
  private var ownRegistrationView: RegistrationView {
    switch radio.phase {
    case .off: return RegistrationView()
    case .searching, .attaching, .camping: return RegistrationView(status: 2)
    case .denied: return RegistrationView(status: 3)
    case .camped:
      var view = RegistrationView(status: network.isRoaming ? 5 : 1, hasCell: true)
      view.activeTime = radio.registration?.activeTime
      view.periodicTAU = radio.registration?.periodicTAU
      if stored.powerSaving.isWanted, view.activeTime == nil {
        // Asked for and not granted: "deactivated".
        view.activeTime = Array("11100000".utf8)
        view.periodicTAU = Array("11100000".utf8)
      }
      return view
    }
  }

  func registrationReport(_ kind: RegistrationKind) -> Int {
    switch kind {
    case .circuit: session.profile.creg
    case .packet: session.profile.cgreg
    case .evolved: session.profile.cereg
    }
  }

  /// Sends the URCs of what changed.
  mutating func registrationChanged() {
    for kind in RegistrationKind.allCases {
      let view = registrationView(kind)
      let before = radio.reported[kind] ?? RegistrationView()
      radio.reported[kind] = view
      let report = registrationReport(kind)
      guard report > 0, report == 1 ? view.status != before.status : view != before else {
        continue
      }
      sendURC("\(name(kind)): \(view.status)\(tail(kind, view, report: report, isRead: false))")
    }
  }

  func registrationLine(_ kind: RegistrationKind) -> ATText {
    let view = registrationView(kind)
    let report = registrationReport(kind)
    let tail = tail(kind, view, report: report, isRead: true)
    return "\(name(kind)): \(report),\(view.status)\(tail)"
  }

  private func name(_ kind: RegistrationKind) -> ATText {
    switch kind {
    case .circuit: "+CREG"
    case .packet: "+CGREG"
    case .evolved: "+CEREG"
    }
  }

  /// What follows `<stat>` (BG96 AT manual V2.2). The manual's read form of +CEREG has `<rac>`
  /// where its URC has none, so the timers stand one field further in it; half of the firmwares
  /// (by the seed) do as TS 27.007 says instead.
  private func tail(
    _ kind: RegistrationKind, _ view: RegistrationView, report: Int, isRead: Bool
  ) -> ATText {
    guard report >= 2 else { return "" }
    let cause = radio.rejectCause.map { ",0,\($0)" as ATText }
    guard view.hasCell else {
      guard kind == .evolved, isRead, view.status == 3, let cause else { return "" }
      let routing: ATText = report == 4 && readsRoutingArea ? "," : ""
      return ",,,\(routing)\(cause)"
    }
    let area: ATText = "\(hex: UInt32(network.trackingArea), digits: 4)"
    let cell: ATText = "\(hex: network.cell, digits: 1)"
    var text: ATText = ",\(quoted: area.bytes),\(quoted: cell.bytes),\(network.accessNumber)"
    if report == 4, kind == .evolved, let active = view.activeTime, let tau = view.periodicTAU {
      let routing: ATText = isRead && readsRoutingArea ? "," : ""
      text = "\(text)\(routing),,,\(quoted: active),\(quoted: tau)"
    }
    return text
  }

  private var readsRoutingArea: Bool { !radio.mirrorsRegistration }
}
