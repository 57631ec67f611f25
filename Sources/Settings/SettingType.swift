import Cellular
import Primitives

/// How one kind of value is written: what may stand there, reading it and writing it.
struct SettingType<Value: Sendable>: Sendable {
  /// What may be written, for a person: `5s to 31d`.
  let shape: String
  let parse: @Sendable ([UInt8]) throws(ValueProblem) -> Value
  let text: @Sendable (Value) -> [UInt8]
}

extension SettingType where Value: SettingWord {
  /// One word of those that `Value` has.
  static var word: SettingType {
    SettingType(
      shape: words.alternatives,
      parse: { (text) throws(ValueProblem) in
        for value in Value.allCases where text.equals(value.word) { return value }
        throw .choice(allowed: words, nearest: words.nearest(to: text))
      },
      text: { Array($0.word) })
  }

  /// All words of `Value`.
  static var words: [[UInt8]] { Value.allCases.map { Array($0.word) } }
}

extension SettingType where Value == Int {
  /// A whole number.
  static func count(_ range: ClosedRange<Int64>) -> SettingType {
    SettingType(
      shape: "\(range.lowerBound) to \(range.upperBound)",
      parse: { (text) throws(ValueProblem) in
        guard let number = text.asciiWholeNumber else { throw .wholeNumber }
        guard range.contains(number) else { throw .wholeNumberRange(range) }
        return Int(number)
      },
      text: { Array("\($0)".utf8) })
  }

  /// One whole number of a few.
  static func oneOf(_ numbers: [Int]) -> SettingType {
    let words = numbers.map { Array("\($0)".utf8) }
    return SettingType(
      shape: words.alternatives,
      parse: { (text) throws(ValueProblem) in
        if let number = text.asciiWholeNumber {
          for choice in numbers where Int64(choice) == number { return choice }
        }
        throw .choice(allowed: words, nearest: words.nearest(to: text))
      },
      text: { Array("\($0)".utf8) })
  }
}

extension SettingType where Value == Bool {
  /// `on` or `off`.
  static var onOff: SettingType {
    let type = SettingType<Switch>.word
    return SettingType(
      shape: type.shape,
      parse: { (text) throws(ValueProblem) in try type.parse(text) == .on },
      text: { type.text($0 ? .on : .off) })
  }
}

extension SettingType where Value == Bool {
  /// `yes` or `no`.
  static var yesNo: SettingType {
    SettingType(
      shape: "yes or no",
      parse: { (text) throws(ValueProblem) in
        if text.equals("yes") { return true }
        if text.equals("no") { return false }
        let words: [[UInt8]] = [Array("yes"), Array("no")]
        throw .choice(allowed: words, nearest: words.nearest(to: text))
      },
      text: { Array($0 ? "yes" : "no") })
  }
}

extension SettingType where Value == [SenderNumber] {
  /// Senders with blanks between.
  static var senders: SettingType {
    let limit = 1...8
    return SettingType(
      shape: "1 to 8 numbers, or names of at most 11 letters and digits",
      parse: { (text) throws(ValueProblem) in
        var list: [SenderNumber] = []
        let words = text.words
        guard limit.contains(words.count) else { throw .itemCount(words.count, allowed: limit) }
        for word in words {
          let next = try SenderNumber(word)
          if list.contains(where: { $0.covers(word) }) { throw .repeated(word) }
          list.append(next)
        }
        return list
      },
      text: { list in joined(list.map { $0.bytes }) })
  }
}

extension SettingType where Value == AnswerTarget {
  /// `sender`, `nobody` or a number.
  static var answerTarget: SettingType {
    SettingType(
      shape: "sender, nobody, or a number of up to 20 digits",
      parse: { (text) throws(ValueProblem) in
        if text.equals("sender") { return .sender }
        if text.equals("nobody") { return .nobody }
        guard text.allSatisfy({ $0.isASCIIDigit || $0 == UInt8(ascii: "+") }) else {
          throw .number
        }
        return .number(try SenderNumber(text))
      },
      text: { target in
        switch target {
        case .sender: Array("sender")
        case .nobody: Array("nobody")
        case .number(let number): number.bytes
        }
      })
  }
}

extension SettingType where Value == DecimalNumber {
  /// A decimal number.
  static var decimal: SettingType {
    SettingType(
      shape: "a number",
      parse: { (text) throws(ValueProblem) in
        guard let number = DecimalNumber(text) else { throw .decimal }
        return number.normalized
      },
      text: { Array($0.text.utf8) })
  }

  /// A decimal number other than 0.
  static var factor: SettingType {
    SettingType(
      shape: "a number other than 0",
      parse: { (text) throws(ValueProblem) in
        guard let number = DecimalNumber(text) else { throw .decimal }
        if number.mantissa == 0 { throw .zero }
        return number.normalized
      },
      text: { Array($0.text.utf8) })
  }
}

extension SettingType where Value == Duration {
  /// A time.
  static func duration(_ range: ClosedRange<Duration>) -> SettingType {
    SettingType(
      shape: range.spoken,
      parse: { (text) throws(ValueProblem) in
        let duration = try Duration(setting: text)
        guard range.contains(duration) else { throw .durationRange(range) }
        return duration
      },
      text: { $0.settingText })
  }

  /// A time that a 3GPP timer can be set to exactly: 0 to 31 of one of its `units`, in seconds.
  static func timer(_ range: ClosedRange<Duration>, units: [Int64]) -> SettingType {
    let plain = SettingType.duration(range)
    return SettingType(
      shape: plain.shape,
      parse: { (text) throws(ValueProblem) in
        let duration = try plain.parse(text)
        var below = range.lowerBound.wholeSeconds
        var above = range.upperBound.wholeSeconds
        for unit in units {
          let steps = min(duration.wholeSeconds / unit, 31)
          below = max(below, steps * unit)
          if steps * unit == duration.wholeSeconds { return duration }
          if steps < 31 { above = min(above, (steps + 1) * unit) }
        }
        throw .uncodable(below: .seconds(below), above: .seconds(above))
      },
      text: plain.text)
  }
}

extension SettingType where Value == EDRXSetting {
  /// `unchanged`, `off`, or a time that some cycle isn't longer than.
  static var edrx: SettingType {
    // LTE-M's shortest cycle is 5.12 s, NB-IoT's longest 10485.76 s.
    let time = SettingType<Duration>.duration(.seconds(6) ... .seconds(10_486))
    return SettingType(
      shape: "unchanged, off, or \(time.shape)",
      parse: { (text) throws(ValueProblem) in
        if text.equals("unchanged") { return .unchanged }
        return text.equals("off") ? .off : .cycle(try time.parse(text))
      },
      text: { setting in
        switch setting {
        case .unchanged: Array("unchanged")
        case .off: Array("off")
        case .cycle(let wish): time.text(wish)
        }
      })
  }
}

extension SettingType where Value == [Duration] {
  /// Times with blanks between, none shorter than the one before.
  static func waits(_ range: ClosedRange<Duration>, count: ClosedRange<Int>) -> SettingType {
    let plain = SettingType<Duration>.duration(range)
    return SettingType(
      shape: "\(count.lowerBound) to \(count.upperBound) times of \(plain.shape)",
      parse: { (text) throws(ValueProblem) in
        var waits: [Duration] = []
        let words = text.words
        guard count.contains(words.count) else { throw .itemCount(words.count, allowed: count) }
        for word in words {
          let wait = try plain.parse(word)
          if let last = waits.last, wait < last { throw .falling(word) }
          waits.append(wait)
        }
        return waits
      },
      text: { waits in joined(waits.map { $0.settingText }) })
  }
}

extension SettingType where Value == [RadioAccess] {
  /// Radio access technologies with blanks between, each once.
  static var radioAccess: SettingType {
    let one = SettingType<RadioAccess>.word
    return SettingType(
      shape: "one or more of \(SettingType<RadioAccess>.words.alternatives)",
      parse: { (text) throws(ValueProblem) in
        var list: [RadioAccess] = []
        for word in text.words {
          let next = try one.parse(word)
          if list.contains(next) { throw .repeated(word) }
          list.append(next)
        }
        if list.isEmpty { throw .itemCount(0, allowed: 1...3) }
        return list
      },
      text: { list in joined(list.map { Array($0.word) }) })
  }
}

extension SettingType where Value == PLMN? {
  /// An operator's number, or `auto`.
  static var operatorChoice: SettingType {
    SettingType(
      shape: "auto, or 5 or 6 digits",
      parse: { (text) throws(ValueProblem) in
        if text.equals("auto") { return nil }
        guard let plmn = PLMN(text) else { throw .operatorNumber(text) }
        return plmn
      },
      text: { $0?.digits ?? Array("auto") })
  }
}

extension SettingType where Value == [PLMN] {
  /// Operators' numbers with blanks between, each once.
  static var operators: SettingType {
    let limit = 16
    return SettingType(
      shape: "1 to \(limit) numbers of 5 or 6 digits",
      parse: { (text) throws(ValueProblem) in
        var list: [PLMN] = []
        let words = text.words
        guard (1...limit).contains(words.count) else {
          throw .itemCount(words.count, allowed: 1...limit)
        }
        for word in words {
          guard let plmn = PLMN(word) else { throw .operatorNumber(word) }
          if list.contains(plmn) { throw .repeated(word) }
          list.append(plmn)
        }
        return list
      },
      text: { list in joined(list.map { $0.digits }) })
  }
}

extension SettingType where Value == IPv4Address {
  static var address: SettingType {
    SettingType(
      shape: "an IPv4 address",
      parse: { (text) throws(ValueProblem) in
        guard let address = IPv4Address(text) else { throw .address(text) }
        return address
      },
      text: { $0.bytes })
  }
}

extension SettingType where Value == [IPv4Address] {
  /// One or two addresses with blanks between.
  static var nameServers: SettingType {
    SettingType(
      shape: "one or two IPv4 addresses",
      parse: { (text) throws(ValueProblem) in
        var list: [IPv4Address] = []
        let words = text.words
        guard (1...2).contains(words.count) else { throw .itemCount(words.count, allowed: 1...2) }
        for word in words {
          guard let address = IPv4Address(word) else { throw .address(word) }
          if list.contains(address) { throw .repeated(word) }
          list.append(address)
        }
        return list
      },
      text: { list in joined(list.map { $0.bytes }) })
  }
}

extension SettingType where Value == PinSource {
  /// A pin.
  static var pin: SettingType {
    SettingType(
      shape: "CHIP LINE, CHIP LINE active-low, or desk PATH",
      parse: { (text) throws(ValueProblem) in try PinSource(text) },
      text: { $0.bytes })
  }
}

extension SettingType where Value == PinSource? {
  /// A pin, or `none`.
  static var optionalPin: SettingType {
    let pin = SettingType<PinSource>.pin
    return SettingType(
      shape: "none, \(pin.shape)",
      parse: { (text) throws(ValueProblem) in text.equals("none") ? nil : try pin.parse(text) },
      text: { $0.map(pin.text) ?? Array("none") })
  }

  /// A line of a GPIO chip, or `none`.
  static var optionalLine: SettingType {
    SettingType(
      shape: "none, CHIP LINE, or CHIP LINE active-low",
      parse: { (text) throws(ValueProblem) in
        if text.equals("none") { return nil }
        let pin = try PinSource(text)
        guard case .line = pin else { throw .pin }
        return pin
      },
      text: { $0.map { $0.bytes } ?? Array("none") })
  }
}

extension SettingType {
  /// Text that `rule` describes and `make` checks.
  static func checked(
    _ shape: String, _ make: @escaping @Sendable ([UInt8]) throws(ValueProblem) -> Value,
    _ text: @escaping @Sendable (Value) -> [UInt8]
  ) -> SettingType {
    SettingType(shape: shape, parse: make, text: text)
  }
}

extension ClosedRange<Duration> {
  /// `1s to 31d`.
  var spoken: String {
    "\(lowerBound.settingText.printable) to \(upperBound.settingText.printable)"
  }
}

/// The words with single blanks between.
private func joined(_ words: [[UInt8]]) -> [UInt8] { Array(words.joined(separator: [0x20])) }

extension [UInt8] {
  /// The parts between blanks.
  var words: [[UInt8]] { split { $0 == 0x20 || $0 == 0x09 }.map { Array($0) } }
}
