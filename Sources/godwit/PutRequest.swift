import Primitives
import Telemetry

/// Readings on their way through the control socket, one line each: `put NAME VALUE [UNIT [TIME]]`.
///
/// UNIT is `-` for none. TIME is `utc:` or `boot:` and milliseconds, since 1970 or on the boot-time
/// clock; left out, it is when the running process gets the line. A packet is taken whole or
/// refused whole.
enum PutRequest {
  /// The longest packet, in bytes: that of the control socket.
  static let packetLimit = 4096

  /// The packets for some readings, in their order, each as full as it gets.
  static func packets(_ readings: [Line]) -> [[UInt8]] {
    var packets: [[UInt8]] = []
    var packet: [UInt8] = []
    for reading in readings {
      let line = reading.bytes
      if packet.count + line.count > packetLimit {
        packets.append(packet)
        packet = []
      }
      packet += line
    }
    return packet.isEmpty ? packets : packets + [packet]
  }

  /// Reads a packet that begins with `put `. It comes from any process of this machine, and is
  /// hostile until read.
  ///
  /// - Parameter now: when it came.
  static func readings(in packet: [UInt8], now: Instant) throws(PutRefusal) -> [Reading] {
    var readings: [Reading] = []
    var lines = packet.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    for (index, line) in lines.enumerated() {
      do throws(PutFault) {
        readings.append(try Line(line).reading(now: now))
      } catch {
        throw PutRefusal(line: index + 1, fault: error)
      }
    }
    return readings
  }

  /// One reading. Without a time it is taken when it arrives.
  struct Line: Equatable {
    var name: ReadingName
    var value: DecimalNumber
    var unit: ReadingUnit?
    var time: ReadingTime?
  }
}

/// Which line of a packet was refused, and why.
struct PutRefusal: Error, Equatable {
  /// From 1.
  let line: Int
  let fault: PutFault

  /// The answer that the control socket gives: `refused LINE REASON`.
  var answer: [UInt8] { Array("refused \(line) \(fault.text)".utf8) }
}

/// Why a line isn't a reading.
enum PutFault: Error, Equatable {
  case notPut, name, reservedName, value, unit, time, tooMuch

  var text: String {
    switch self {
    case .notPut: "the line isn't of the form: put NAME VALUE [UNIT [TIME]]"
    case .name: "the name isn't allowed; use 1 to 64 letters, digits and any of -:./_"
    case .reservedName: "the name is the device's own; don't begin it with godwit/"
    case .value: "the value isn't a number of at most 18 digits"
    case .unit: "the unit isn't 1 to 16 visible bytes without '\"' and '\\'"
    case .time: "the time isn't utc: or boot: and milliseconds"
    case .tooMuch: "there is something behind the time"
    }
  }
}

extension PutRequest.Line {
  init(_ measurement: Measurement) {
    self.init(name: measurement.name, value: measurement.value, unit: measurement.unit, time: nil)
  }

  init(_ reading: Reading) {
    self.init(name: reading.name, value: reading.value, unit: reading.unit, time: reading.time)
  }

  fileprivate init(_ line: ArraySlice<UInt8>) throws(PutFault) {
    let words = line.split(separator: UInt8(ascii: " ")).map { Array($0) }
    guard words.count >= 3, words[0].equals("put") else { throw .notPut }
    guard let name = ReadingName(words[1]) else { throw .name }
    if name.isReserved { throw .reservedName }
    guard let value = DecimalNumber(words[2]) else { throw .value }
    self.init(name: name, value: value, unit: nil, time: nil)
    if words.count > 3, !words[3].equals("-") {
      guard let unit = ReadingUnit(words[3]) else { throw .unit }
      self.unit = unit
    }
    if words.count > 4 { time = try Self.time(words[4]) }
    if words.count > 5 { throw .tooMuch }
  }

  /// The line, with its LF.
  fileprivate var bytes: [UInt8] {
    var text = Array("put ") + name.bytes + Array(" \(value.text)".utf8)
    if unit != nil || time != nil { text += Array(" ") + (unit?.bytes ?? Array("-")) }
    switch time {
    case .utc(let utc)?: text += Array(" utc:\(utc.millisecondsSince1970)".utf8)
    case .sinceBoot(let instant)?: text += Array(" boot:\(instant.milliseconds)".utf8)
    case .unknown?, nil: break
    }
    return text + [UInt8(ascii: "\n")]
  }

  fileprivate func reading(now: Instant) -> Reading {
    Reading(name: name, value: value, unit: unit, time: time ?? .sinceBoot(now))
  }

  private static func time(_ word: [UInt8]) throws(PutFault) -> ReadingTime {
    guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else { throw .time }
    var digits = word[(colon + 1)...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits = digits.dropFirst() }
    guard let count = digits.asciiWholeNumber, count <= longestTime else { throw .time }
    let milliseconds = isNegative ? -count : count
    let kind = word[..<colon]
    if kind.equals("utc") { return .utc(UTC(millisecondsSince1970: milliseconds)) }
    if kind.equals("boot") { return .sinceBoot(.milliseconds(milliseconds)) }
    throw .time
  }

  /// In milliseconds: the year 9999.
  private static let longestTime: Int64 = 253_402_300_799_999
}
