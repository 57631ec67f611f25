import Primitives

@testable import Telemetry

/// 2026-11-22T22:28:47Z.
let evening = UTC(millisecondsSince1970: 1_795_386_527_000)

let meadow = DeviceName(Array("meadow-7".utf8))!

func number(_ text: String) -> DecimalNumber { DecimalNumber(Array(text.utf8))! }

func reading(
  _ name: String, _ value: String, _ unit: String? = nil, _ time: ReadingTime = .utc(evening)
) -> Reading {
  Reading(
    name: ReadingName(Array(name.utf8))!, value: number(value),
    unit: unit.map { ReadingUnit(Array($0.utf8))! }, time: time)
}

/// A reading `seconds` after `evening`.
func reading(_ name: String, _ value: String, _ unit: String? = nil, after seconds: Double)
  -> Reading
{
  let time = evening + .milliseconds(Int64((seconds * 1000).rounded()))
  return reading(name, value, unit, .utc(time))
}

func batch(_ readings: [Reading], lost: Int64 = 0) -> Batch {
  Batch(
    identity: BatchIdentity(era: 0x0123_ABCD, sequence: 17), readings: readings, lostReadings: lost)
}

func hex(_ bytes: [UInt8]) -> String { String(decoding: bytes.hex, as: UTF8.self) }
