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
    let isOld = access.technology == .gsm || access.technology == .umts
    switch kind {
    case .evolved: return isOld ? RegistrationView() : own
    case .circuit, .packet:
      var view = own
      view.activeTime = nil
      view.periodicTAU = nil
      if isOld || radio.mirrorsRegistration { return view }
      return RegistrationView(status: kind == .circuit ? 0 : radio.phase == .camped ? 4 : 0)
    }
  }

  /// `<stat>` (TS 27.007 §10.1.22).
  private var ownRegistrationView: RegistrationView {
    switch radio.phase {
    case .off: return RegistrationView()
    case .searching, .attaching, .camping:
      return RegistrationView(status: radio.isLost ? personality.radio.statusWhenLost : 2)
    case .denied: return RegistrationView(status: 3)
    case .camped:
      var view = RegistrationView(status: network.isRoaming ? 5 : 1, hasCell: true)
      view.activeTime = radio.registration?.activeTime
      view.periodicTAU = radio.registration?.periodicTAU
      if personality.sleep.request(self).isWanted, view.activeTime == nil {
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
      let query = RegistrationQuery(kind: kind, view: view, report: report, isRead: false)
      sendURC("\(name(kind)): \(view.status)\(personality.radio.fields(self, query))")
    }
  }

  func registrationLine(_ kind: RegistrationKind) -> ATText {
    let view = registrationView(kind)
    let report = registrationReport(kind)
    let query = RegistrationQuery(kind: kind, view: view, report: report, isRead: true)
    return "\(name(kind)): \(report),\(view.status)\(personality.radio.fields(self, query))"
  }

  private func name(_ kind: RegistrationKind) -> ATText {
    switch kind {
    case .circuit: "+CREG"
    case .packet: "+CGREG"
    case .evolved: "+CEREG"
    }
  }

  /// What follows `<stat>` (TS 27.007 §10.1.20, §10.1.22): the cell from mode 2 on, the cause of a
  /// refusal in modes 3 and 5, the timers of PSM in modes 4 and 5.
  func standardRegistrationFields(_ query: RegistrationQuery, cellDigits: Int = 8) -> ATText {
    guard query.report >= 2 else { return "" }
    var fields: [ATText] = ["", "", "", "", "", "", ""]
    if query.view.hasCell {
      fields[0] = "\"\(hex: UInt32(serving.trackingArea), digits: 4)\""
      fields[1] = "\"\(hex: serving.cell, digits: cellDigits)\""
      fields[2] = "\(access.number)"
    }
    if query.report == 3 || query.report == 5, query.view.status == 3, let radio = radio.rejectCause
    {
      fields[3] = "0"
      fields[4] = "\(radio)"
    }
    if query.report >= 4, let active = query.view.activeTime, let tau = query.view.periodicTAU {
      fields[5] = "\(quoted: active)"
      fields[6] = "\(quoted: tau)"
    }
    while let last = fields.last, last.bytes.isEmpty { fields.removeLast() }
    return ATText(bytes: fields.flatMap { [UInt8(ascii: ",")] + $0.bytes })
  }
}
