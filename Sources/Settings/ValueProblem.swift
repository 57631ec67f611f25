import Primitives

/// Why the text of a value was refused, with a remedy.
public enum ValueProblem: Error, Equatable, Sendable {
  case empty
  case length(Int, allowed: ClosedRange<Int>)
  /// `position` counts from 1.
  case byte(UInt8, position: Int, allowed: [UInt8])
  case beginning(UInt8)
  case reservedName
  case folder
  case choice(allowed: [[UInt8]], nearest: [UInt8]?)
  case wholeNumber
  case wholeNumberRange(ClosedRange<Int64>)
  case decimal
  case zero
  case duration
  case durationRange(ClosedRange<Duration>)
  /// A 3GPP timer has no code for it; the nearest below and above that have one.
  case uncodable(below: Duration, above: Duration)
  case itemCount(Int, allowed: ClosedRange<Int>)
  case repeated([UInt8])
  case falling([UInt8])
  case address([UInt8])
  case operatorNumber([UInt8])
  case accessPointLabel
  case operatorSuffix
  case pin
  case chip
  case scheme
  case ipv6
  case host
  case port
  case query
  case segment
  case quoted
  case number
  case deviceKey
  case vendorPassword
  case trailingComment

  /// What is wrong, without the value itself.
  public var what: String {
    switch self {
    case .empty: "the value is empty"
    case .length(let count, _): "has \(count) bytes"
    case .byte(let byte, let position, _): "\(byte.spoken) at position \(position) isn't allowed"
    case .beginning(let byte): "begins with \(byte.spoken)"
    case .reservedName: "begins with godwit/, as only the device's own readings do"
    case .folder: "ends in '/', so it names a folder"
    case .choice: "isn't one of the known words"
    case .wholeNumber: "isn't a whole number"
    case .wholeNumberRange: "is out of range"
    case .decimal: "isn't a number"
    case .zero: "is zero, so that every value would come out the same"
    case .duration: "isn't a time"
    case .durationRange: "is out of range"
    case .uncodable: "is a time that the network's timer can't be set to"
    case .itemCount(let count, _): count == 0 ? "lists nothing" : "lists \(count) things"
    case .repeated(let item): "lists '\(item.printable)' twice"
    case .falling(let item): "'\(item.printable)' is shorter than the wait before it"
    case .address(let item): "'\(item.printable)' isn't an IPv4 address"
    case .operatorNumber(let item): "'\(item.printable)' isn't an operator's number"
    case .accessPointLabel: "has a label that is empty, too long or begins or ends with '-'"
    case .operatorSuffix: "is reserved for the operators"
    case .pin: "isn't a pin"
    case .chip: "doesn't name a GPIO chip"
    case .scheme: "doesn't begin with coap://"
    case .ipv6: "has an IPv6 address, which isn't supported"
    case .host: "has neither a host name nor an IPv4 address"
    case .port: "has a port that isn't 1 to 65535"
    case .query: "has a query, a fragment or a user, which have no place here"
    case .segment: "has an empty path segment, or one of dots alone"
    case .number: "is neither a number nor a sender's name"
    case .deviceKey: "isn't a key"
    case .vendorPassword: "is the vendor's own, which everybody knows"
    case .quoted: "stands in quotes, which would become part of the value"
    case .trailingComment: "has a comment behind the value"
    }
  }

  /// What to do about it; begins with a verb.
  public var remedy: String {
    switch self {
    case .empty: "write a value, or put '#' before the line"
    case .length(_, let allowed): "use \(allowed.lowerBound) to \(allowed.upperBound) bytes"
    case .byte(_, _, let allowed): "use \(allowed.printable) only"
    case .beginning: "begin with a letter or a digit"
    case .reservedName: "choose another name"
    case .folder: "name the file inside it"
    case .choice(let allowed, let nearest):
      if let nearest {
        "write \(nearest.printable), if that was meant; it can be \(allowed.alternatives)"
      } else {
        "write \(allowed.alternatives)"
      }
    case .wholeNumber: "write digits only"
    case .wholeNumberRange(let range): "write \(range.lowerBound) to \(range.upperBound)"
    case .decimal: "write a number like -12.5, 0.001 or 1e-3, of at most 18 digits"
    case .zero: "write another number, or leave the line out"
    case .duration: "write a whole number and s, min, h or d, like 15s, 5min, 6h or 2d"
    case .durationRange(let range): "write \(range.spoken)"
    case .uncodable(let below, let above):
      "write \(below.settingText.printable) or \(above.settingText.printable)"
    case .itemCount(_, let allowed):
      "write \(allowed.lowerBound) to \(allowed.upperBound) of them with blanks between"
    case .repeated: "name each once"
    case .falling: "order the waits from short to long"
    case .address: "write four numbers, like 9.9.9.9"
    case .operatorNumber:
      "write its country and network codes, like 26201 (AT+COPS=? lists who is in reach)"
    case .accessPointLabel: "write it as the operator gives it, with 1 to 63 bytes between dots"
    case .operatorSuffix: "leave .gprs, rac, lac, sgsn and rnc to the network"
    case .pin: "write CHIP LINE, CHIP LINE active-low, or desk PATH"
    case .chip: "write its name under /dev, like gpiochip0 (gpiodetect lists them)"
    case .scheme: "write coap://HOST/PATH or coap://HOST:PORT/PATH"
    case .ipv6: "write a host name or an IPv4 address"
    case .host: "write it like coap://collector.example/r"
    case .port: "leave it out for 5683, or write the server's"
    case .query: "end the URL with its path"
    case .segment: "write the path without them"
    case .number:
      "write 1 to 20 digits, with or without '+', or a name of at most 11 letters and digits"
    case .deviceKey: "write 16 to 64 bytes in hexadecimal or base64"
    case .vendorPassword:
      "choose another; texts with the vendor's need accept-unauthenticated = yes"
    case .quoted: "take the quotes away"
    case .trailingComment: "put the comment on a line of its own"
    }
  }
}

extension UInt8 {
  /// The byte as a person can find it: `';'`, or `byte 0x1A` where it can't be shown.
  var spoken: String {
    switch self {
    case 0x20: "a blank"
    case 0x21...0x7E: "'\([self].printable)'"
    default: "byte 0x\(String(decoding: [hexDigits.0, hexDigits.1], as: UTF8.self))"
    }
  }
}
