import Primitives

/// PDP contexts. TS 27.007 §10.1.1, §10.1.10, §10.1.14, §10.1.19, §10.1.23.
enum ContextLine {
  /// `+CGDCONT: <cid>,<type>,<apn>,<address>,…`
  static func definition(_ values: ParameterList) -> LineMeaning? {
    guard let cid = values.integer(0) else { return nil }
    var meaning = LineMeaning(.context, sentence: "context \(cid)")
    meaning.append("cid", cid)
    meaning.append("type", text: values.text(1))
    meaning.fields.append(LineField("apn", .text(values.text(2))))
    meaning.append("address", text: values.text(3))
    if values.has(1) { meaning.say(values.text(1).printable) }
    meaning.say(values.has(2) ? "APN \(values.text(2).printable)" : "the network's own APN")
    if isAddress(values.text(3)) { meaning.say("address \(values.text(3).printable)") }
    return meaning
  }

  /// `+CGPADDR: <cid>,<address>,<second address>`, quoted or not; without any when not active.
  static func address(_ values: ParameterList) -> LineMeaning? {
    guard let cid = values.integer(0) else { return nil }
    var meaning = LineMeaning(.context, sentence: "context \(cid)")
    meaning.append("cid", cid)
    meaning.append("address", text: values.text(1))
    meaning.append("secondAddress", text: values.text(2))
    meaning.say(
      isAddress(values.text(1)) ? "address \(values.text(1).printable)" : "no address: not active")
    if isAddress(values.text(2)) { meaning.say("and \(values.text(2).printable)") }
    return meaning
  }

  /// `+CGACT: <cid>,<state>`
  static func activation(_ values: ParameterList) -> LineMeaning? {
    guard let cid = values.integer(0), let state = values.integer(1) else { return nil }
    return LineMeaning(
      .context,
      fields: [LineField("cid", .number(Int64(cid))), LineField("isActive", .flag(state == 1))],
      sentence: "context \(cid) is \(state == 1 ? "active" : "not active")")
  }

  /// `+CGCONTRDP: <cid>,<bearer>,<apn>,<address and mask>,<gateway>,<DNS>,<DNS>,…`. Firmware from
  /// before release 9 has address and mask apart, which the number of dots shows.
  static func dynamic(_ values: ParameterList) -> LineMeaning? {
    guard let cid = values.integer(0) else { return nil }
    var meaning = LineMeaning(.dynamicContext, sentence: "context \(cid)")
    meaning.append("cid", cid)
    meaning.append("apn", text: values.text(2))
    if values.has(2) { meaning.say("APN \(values.text(2).printable)") }
    let (address, mask, isApart) = addressAndMask(values)
    meaning.append("address", text: address)
    meaning.append("mask", text: mask)
    if !address.isEmpty { meaning.say("address \(address.printable)") }
    let gateway = isApart ? 5 : 4
    meaning.append("gateway", text: values.text(gateway))
    if values.has(gateway) { meaning.say("gateway \(values.text(gateway).printable)") }
    let servers = [values.text(gateway + 1), values.text(gateway + 2)].filter { !$0.isEmpty }
    meaning.append("dns", .texts(servers))
    meaning.say(
      servers.isEmpty ? "no name server" : "name servers \(servers.listed(lastSeparator: " and "))")
    return meaning
  }

  /// `+CGEV: …`, what happened to the attachment or a context.
  static func event(_ text: [UInt8]) -> LineMeaning? {
    if text.hasPrefix("NW DETACH") || text.hasPrefix("ME DETACH") {
      return LineMeaning(
        .attach, form: .urc, fields: [LineField("isAttached", .flag(false))],
        sentence: text.hasPrefix("NW") ? "the network has detached us" : "the modem has detached")
    }
    var meaning = LineMeaning(
      .context, form: .urc, fields: [LineField("event", .text(text))],
      sentence: "packet event: \(text.printable)")
    let isUp = contains(text, "PDN ACT ")
    let isDown = contains(text, "PDN DEACT ")
    if isUp || isDown, let cid = lastWord(text, behind: isUp ? "ACT " : "DEACT ") {
      meaning.append("cid", Int(cid))
      meaning.append("isActive", .flag(isUp))
      meaning.sentence = "context \(cid) is \(isUp ? "active" : "gone")"
    }
    return meaning
  }

  private static func addressAndMask(
    _ values: ParameterList
  ) -> (address: [UInt8], mask: [UInt8], isApart: Bool) {
    let dot = UInt8(ascii: ".")
    let parts = values.text(3).split(separator: dot, omittingEmptySubsequences: false)
    let half = parts.count / 2
    if parts.count == 8 || parts.count == 32 {
      return (joined(parts[..<half]), joined(parts[half...]), false)
    }
    let isMask = values.text(4).hasPrefix("255.")
    return (values.text(3), isMask ? values.text(4) : [], isMask)
  }

  private static func joined(_ parts: ArraySlice<ArraySlice<UInt8>>) -> [UInt8] {
    Array(parts.joined(separator: [UInt8(ascii: ".")]))
  }

  /// Whether it is more than a place holder.
  private static func isAddress(_ text: [UInt8]) -> Bool {
    text.contains { $0 != UInt8(ascii: "0") && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ":") }
  }

  private static func contains(_ text: [UInt8], _ words: StaticString) -> Bool {
    text.indices.contains { text[$0...].hasPrefix(words) }
  }

  /// The number right behind `words`.
  private static func lastWord(_ text: [UInt8], behind words: StaticString) -> Int64? {
    guard let start = text.indices.first(where: { text[$0...].hasPrefix(words) }) else {
      return nil
    }
    return text[(start + words.utf8CodeUnitCount)...].drop { $0 == UInt8(ascii: " ") }
      .prefix { $0.isASCIIDigit }.prefix(3).asciiWholeNumber
  }
}
