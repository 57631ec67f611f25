import Primitives

/// Answers in the words of a dialect, filled in with what the device knows.
struct DialectAnswer {
  let receipt: RemoteReceipt
  let facts: RemoteFacts
  let configuration: Configuration

  /// - Returns: nil where the dialect answers nothing, or where nothing is known of it.
  func text(_ outcome: RemoteOutcome) -> [UInt8]? {
    guard let traits = receipt.words.traits, Int(receipt.form) < traits.forms.count else {
      return nil
    }
    let form = traits.forms[Int(receipt.form)]
    switch outcome {
    case .kept, .begun, .told: return filled(form.answer)
    case .refused(let reason): return filled(form.failure).map { $0 + Array(": ") + reason }
    case .undone(let reason): return filled(form.undone).map { $0 + Array(": ") + reason }
    }
  }

  private func filled(_ template: StaticString) -> [UInt8]? {
    if template.utf8CodeUnitCount == 0 { return nil }
    var text: [UInt8] = []
    var rest = Array(template)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
        text.append(byte)
        continue
      }
      text += value(of: rest[..<end])
      rest = rest[(end + 1)...]
    }
    return text
  }

  /// What stands for a name in a template; empty for what isn't known.
  private func value(of name: ArraySlice<UInt8>) -> [UInt8] {
    if let value = changing(name) ?? known(name) { return value }
    return setting(name)
  }

  /// What the message itself had.
  private func changing(_ name: ArraySlice<UInt8>) -> [UInt8]? {
    if name.equals("changes") {
      return receipt.words == .bitrek ? lines(" New Val: ") : receipt.echo
    }
    if name.equals("values") { return receipt.words == .bitrek ? lines(" Val: ") : values }
    let isEcho = ["serial", "number", "time"].contains { name.equals($0 as StaticString) }
    return isEcho ? receipt.echo : nil
  }

  private func known(_ name: ArraySlice<UInt8>) -> [UInt8]? {
    if name.equals("imei") { return facts.imei }
    if name.equals("version") { return facts.version }
    if name.equals("name") { return configuration.device.name.bytes }
    if name.equals("status") { return RemoteAnswer.status(facts, configuration) }
    if name.equals("address") { return facts.address }
    if name.equals("technology") { return facts.radioAccess }
    if name.equals("online") { return Array(facts.isOnline ? "1" : "0") }
    if name.equals("switch") { return Array(facts.isOnline ? "ON" : "OFF") }
    if name.equals("link") { return Array(facts.isOnline ? "Link Up" : "Link Down") }
    if name.equals("connection") { return Array(facts.isOnline ? "connected" : "disconnected") }
    if name.equals("bars") {
      return number(facts.signalDBm.map { min(max(($0 + 113) / 12, 0), 5) })
    }
    if name.equals("bars32") {
      return number(facts.signalDBm.map { min(max(($0 + 113) / 2, 0), 31) })
    }
    if name.equals("signal") { return number(facts.signalDBm) }
    if name.equals("strength") { return strength }
    if name.equals("area") { return number(facts.area.map { Int($0) }) }
    if name.equals("cell") { return number(facts.cell.map { Int($0) }) }
    if name.equals("roams") { return Array(facts.isRoaming ? "1" : "0") }
    if name.equals("network") { return facts.operatorDigits }
    if name.equals("stamp") { return stamp }
    return nil
  }

  private var strength: [UInt8] {
    guard let signal = facts.signalDBm else { return [] }
    return Array(signal >= -93 ? "Strong" : "Weak")
  }

  private func number(_ number: Int?) -> [UInt8] { number.map { Array("\($0)".utf8) } ?? [] }

  /// Fourteen digits, as in 20261122222847.
  private var stamp: [UInt8] {
    let digits = facts.time.map { Array($0.text.utf8).filter { $0.isASCIIDigit } } ?? []
    return Array(digits.prefix(14))
  }

  /// A setting in the dialect's own way of writing it.
  private func setting(_ name: ArraySlice<UInt8>) -> [UInt8] {
    let server = configuration.server.url
    if name.equals("host") { return server.host.bytes }
    if name.equals("port") { return number(Int(server.port)) }
    if name.equals("transport") || name.equals("data") { return Array("1") }
    if name.equals("roaming") { return Array(configuration.network.roaming == .off ? "0" : "1") }
    if name.equals("authentication") {
      switch configuration.network.authentication {
      case .none: return Array("0")
      case .pap: return Array("1")
      case .chap: return Array("2")
      }
    }
    if name.equals("pass") { return Array(configuration.network.password == nil ? "none" : "***") }
    if name.equals("user") { return configuration.network.user?.bytes ?? Array("none") }
    if name.equals("seconds") { return number(Int(configuration.report.interval.wholeSeconds)) }
    return DialectWish.setting(of: name).flatMap { configuration.value(of: $0) } ?? []
  }

  private var items: [ArraySlice<UInt8>] { receipt.echo.split(separator: UInt8(ascii: ";")) }

  /// `2001 Value:em;2004:collector.example`
  private var values: [UInt8] {
    var text: [UInt8] = []
    for item in items {
      text += text.isEmpty ? item + Array(" Value:") : Array(";") + item + Array(":")
      text += value(ofParameter: Array(item))
    }
    return text
  }

  /// `Param ID 0242 New Val: em; Param ID 0917 New Val: 1`
  private func lines(_ middle: StaticString) -> [UInt8] {
    var text: [UInt8] = []
    for item in items {
      let name = Array(item.prefix { $0 != 0x20 })
      text += Array(text.isEmpty ? "Param ID " : "; Param ID ") + name + Array(middle)
      text +=
        name.count < item.count ? item.dropFirst(name.count + 1) : value(ofParameter: name)[...]
    }
    return text
  }

  private func value(ofParameter name: [UInt8]) -> [UInt8] {
    let field = receipt.words.traits?.parameters.first { $0.covers(name) }?.field
    return field.map { setting(Array($0)[...]) } ?? []
  }
}
