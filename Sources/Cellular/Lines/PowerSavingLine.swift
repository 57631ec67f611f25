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
    var meaning = LineMeaning(
      .edrx, form: form, fields: [LineField("act", .number(Int64(act)))],
      sentence: act == 0 ? "the cell uses no eDRX" : "eDRX for \(technology(act))")
    let isNarrow = act == 5
    for (index, words) in zip(1...2, ["requested", "granted"] as [StaticString]) {
      guard let code = Self.code(values.text(index)) else { continue }
      meaning.append(words, text: values.text(index))
      guard let cycle = EDRXCycle.centiseconds(code, isNarrowband: isNarrow), act == 4 || act == 5
      else { continue }
      meaning.append(index == 1 ? "requestedSeconds" : "grantedSeconds", .decimal(seconds(cycle)))
      let word = index == 1 ? "requested" : "granted"
      meaning.say("\(word) \(seconds(cycle).text) s")
    }
    if let code = Self.code(values.text(3)) {
      meaning.append("ptw", text: values.text(3))
      if act == 4 || act == 5 {
        let window = seconds((code + 1) * (isNarrow ? 256 : 128))
        meaning.append("ptwSeconds", .decimal(window))
        meaning.say("paging window \(window.text) s")
      }
    }
    return meaning
  }

  /// Four 0 and 1.
  private static func code(_ text: [UInt8]) -> Int? {
    guard text.count == 4 else { return nil }
    var code = 0
    for digit in text {
      guard digit == UInt8(ascii: "0") || digit == UInt8(ascii: "1") else { return nil }
      code = code << 1 | Int(digit - UInt8(ascii: "0"))
    }
    return code
  }

  private static func seconds(_ centiseconds: Int) -> DecimalNumber {
    let whole = DecimalNumber(Int64(centiseconds / 100))
    return DecimalNumber(mantissa: Int64(centiseconds), exponent: -2)?.normalized ?? whole
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

/// The length of an eDRX cycle, TS 24.008 §10.5.5.32.
public enum EDRXCycle {
  /// - Parameters:
  ///   - code: 0 to 15.
  ///   - isNarrowband: NB-S1 (NB-IoT); else WB-S1 (LTE, LTE-M). Codes that a mode doesn't have are
  ///     read as another one's.
  /// - Returns: hundredths of a second; nil where the mode takes the value for absent.
  public static func centiseconds(_ code: Int, isNarrowband: Bool) -> Int? {
    guard wide.indices.contains(code) else { return nil }
    return isNarrowband ? narrow[code] : wide[code]
  }

  private static let wide = [
    512, 1024, 2048, 4096, 6144, 8192, 10_240, 12_288, 14_336, 16_384, 32_768, 65_536, 131_072,
    262_144, 262_144, 262_144,
  ]
  private static let narrow: [Int?] = [
    nil, nil, 2048, 4096, 2048, 8192, 2048, 2048, 2048, 16_384, 32_768, 65_536, 131_072, 262_144,
    524_288, 1_048_576,
  ]
}
