import Primitives
import Telemetry

/// A sensor at work: its definition, what became of its readings, and whether it is well.
public struct Sensor: Sendable {
  public let definition: SensorDefinition
  public private(set) var counters = SensorCounters()
  /// Why the last attempt gave no value; nil when it did, or when there was none.
  public private(set) var failure: SensorError?

  public init(_ definition: SensorDefinition) { self.definition = definition }

  /// Makes a reading of the file's contents.
  ///
  /// - Parameters:
  ///   - contents: nil when the file couldn't be read.
  ///   - time: when it was read.
  public mutating func take(_ contents: [UInt8]?, at time: ReadingTime) -> SensorOutcome {
    do throws(SensorError) {
      guard let contents else { throw .unreadable }
      let value = try definition.value(in: contents)
      let isRecovery = failure != nil
      failure = nil
      counters.taken += 1
      let reading = Reading(
        name: definition.name, value: value, unit: definition.unit, time: time)
      return .reading(reading, isRecovery: isRecovery)
    } catch {
      let isNews = failure.map { !$0.isSameKind(as: error) } ?? true
      failure = error
      counters.refused += 1
      return .refused(error, isNews: isNews)
    }
  }
}

/// What became of one attempt to read a sensor. Only news belongs in a log.
public enum SensorOutcome: Equatable, Sendable {
  /// - Parameter isRecovery: the attempt before this one failed.
  case reading(Reading, isRecovery: Bool)
  /// - Parameter isNews: the attempt before this one didn't fail, or failed in another way.
  case refused(SensorError, isNews: Bool)
}

/// Attempts since the process began.
public struct SensorCounters: Equatable, Sendable {
  public internal(set) var taken: Int64 = 0
  public internal(set) var refused: Int64 = 0
}
