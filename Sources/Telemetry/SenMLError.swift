/// Why a SenML pack was refused. Nothing of it is taken then.
public enum SenMLError: Error, Equatable, Sendable, CustomStringConvertible {
  case tooLarge(bytes: Int)
  case badJSON(offset: Int)
  case tooDeep(offset: Int)
  case notAPack
  case emptyPack
  case tooManyRecords
  /// `record` counts from 1.
  case badRecord(record: Int, SenMLFault)

  public var description: String {
    switch self {
    case .tooLarge(let bytes):
      "the pack has \(bytes) bytes; send at most \(SenMLJSON.sizeLimit) at once"
    case .badJSON(let offset): "the text is not JSON at byte \(offset)"
    case .tooDeep(let offset):
      "the JSON at byte \(offset) is nested deeper than \(SenMLJSON.depthLimit) levels"
    case .notAPack: "the JSON is not a SenML pack; send an array of records: [{…},…]"
    case .emptyPack: "the pack has no record"
    case .tooManyRecords:
      "the pack has more than \(SenMLJSON.recordLimit) records; send it in parts"
    case .badRecord(let record, let fault): "record \(record): \(fault)"
    }
  }
}

/// What is wrong with one record.
public enum SenMLFault: Error, Equatable, Sendable, CustomStringConvertible {
  case notAnObject
  case repeatedLabel
  case tooManyLabels
  case mandatoryLabel
  case wrongType(SenMLField)
  case badNumber(SenMLField)
  case badVersion
  case badName
  case reservedName
  case badUnit
  case noValue
  case notANumber(SenMLField)
  case sum
  case valueOutOfRange
  case timeOutOfRange

  public var description: String {
    switch self {
    case .notAnObject: "is not an object"
    case .repeatedLabel: "has a label twice"
    case .tooManyLabels: "has more than \(SenMLJSON.memberLimit) labels"
    case .mandatoryLabel:
      "has a label that ends in '_', which must be understood and isn't (RFC 8428 §4.4)"
    case .wrongType(let field): "'\(field)' has a value of the wrong type"
    case .badNumber(let field):
      "'\(field)' can't be kept exactly; use at most 18 digits and exponents of -18 to 18"
    case .badVersion: "'bver' must be a whole number up to \(SenMLJSON.version)"
    case .badName:
      "base name and name must give 1 to 64 letters, digits and '-:./_', a letter or digit first"
    case .reservedName: "names that begin with 'godwit/' are the device's own"
    case .badUnit: "the unit must be 1 to 16 visible ASCII characters without '\"' and '\\'"
    case .noValue: "has no value; give it a number as 'v'"
    case .notANumber(let field): "'\(field)' is no number; only numbers ('v') are stored"
    case .sum: "sums ('s', 'bs') are not stored; send values only"
    case .valueOutOfRange: "base value and value give a number that can't be kept exactly"
    case .timeOutOfRange: "base time and time give no time up to the year 9999"
    }
  }
}

/// The fields of a record that the decoder knows, by their JSON labels (RFC 8428 table 1).
public enum SenMLField: Equatable, Sendable, CaseIterable, CustomStringConvertible {
  case baseName, baseTime, baseUnit, baseValue, baseSum, baseVersion
  case name, unit, value, stringValue, boolValue, dataValue, sum, time

  public var label: StaticString {
    switch self {
    case .baseName: "bn"
    case .baseTime: "bt"
    case .baseUnit: "bu"
    case .baseValue: "bv"
    case .baseSum: "bs"
    case .baseVersion: "bver"
    case .name: "n"
    case .unit: "u"
    case .value: "v"
    case .stringValue: "vs"
    case .boolValue: "vb"
    case .dataValue: "vd"
    case .sum: "s"
    case .time: "t"
    }
  }

  public var description: String { "\(label)" }
}
