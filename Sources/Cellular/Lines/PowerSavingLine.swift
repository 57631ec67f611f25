import Primitives

/// `+CPSMS`, `+CEDRXS`, `+CEDRXP`, `+CEDRXRDP`. TS 27.007 §7.38, §7.40, §7.41.
enum PowerSavingLine {
  /// `+CPSMS: <mode>,<RAU>,<READY>,<TAU>,<active time>`: what was asked for, not what was granted.
  static func requested(_ values: ParameterList) -> LineMeaning? {
    guard let mode = values.integer(0) else { return nil }
    var meaning = LineMeaning(
      .psm, form: .readAnswer, fields: [LineField("mode", .number(Int64(mode)))],
      sentence: mode == 1 ? "power saving mode is asked for" : "power saving mode is off")
    if let octet = TimerOctet(bits: values.text(3)) {
      let periodic = PeriodicTAU(octet).duration
      meaning.append(
        "requestedPeriodicTauSeconds",
        periodic.map { .number($0.wholeSeconds) } ?? LineValue.none)
      meaning.say(periodic.map { "periodic update every \($0.text)" })
    }
    if let octet = TimerOctet(bits: values.text(4)) {
      let active = ActiveTime(octet).duration
      meaning.append(
        "requestedActiveTimeSeconds", active.map { .number($0.wholeSeconds) } ?? LineValue.none)
      meaning.say(active.map { "active time \($0.text)" } ?? "no active time")
    }
    return meaning
  }

  /// `<AcT>,"<requested>","<granted>","<paging time window>"`; only the first two where it is read
  /// back what was asked for.
  static func edrx(_ values: ParameterList, _ form: LineForm?) -> LineMeaning? {
    guard let act = values.integer(0) else { return nil }
    let mode = EDRXMode(technology: act)
    var meaning = LineMeaning(
      .edrx, form: form, fields: [LineField("act", .number(Int64(act)))],
      sentence: act == 0 ? "the cell uses no eDRX" : "eDRX for \(technology(act))")
    for (index, words) in zip(1...2, ["requested", "granted"] as [StaticString]) {
      guard let code = EDRXCode(bits: values.text(index)) else { continue }
      meaning.append(words, text: values.text(index))
      guard let cycle = mode?.cycle(code) else { continue }
      meaning.append(index == 1 ? "requestedSeconds" : "grantedSeconds", .decimal(seconds(cycle)))
      let word = index == 1 ? "requested" : "granted"
      meaning.say("\(word) \(seconds(cycle).text) s")
    }
    if let code = EDRXCode(bits: values.text(3)) {
      meaning.append("ptw", text: values.text(3))
      if let mode {
        let window = seconds(mode.pagingWindow(code))
        meaning.append("ptwSeconds", .decimal(window))
        meaning.say("paging window \(window.text) s")
      }
    }
    return meaning
  }

  private static func seconds(_ duration: Duration) -> DecimalNumber {
    let whole = DecimalNumber(duration.wholeSeconds)
    return DecimalNumber(mantissa: duration.wholeMilliseconds, exponent: -3)?.normalized ?? whole
  }

  /// `<AcT-type>`, which is another list than `<AcT>`.
  private static func technology(_ act: Int) -> String {
    switch act {
    case 1: "EC-GSM-IoT"
    case 2: "GSM"
    case 3: "UMTS"
    case 4: "LTE or LTE-M"
    case 5: "NB-IoT"
    default: "access technology \(act)"
    }
  }
}
