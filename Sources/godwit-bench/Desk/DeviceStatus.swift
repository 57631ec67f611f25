import FoundationEssentials

/// What the device says about itself: the answer to `status` on its control socket. What an older
/// or newer device leaves out is nil.
struct DeviceStatus: Equatable, Sendable, Decodable {
  struct Readings: Equatable, Sendable, Decodable {
    var waiting: Int64?
    var delivered: Int64?
    var setAside: Int64?
    var lost: Int64?
  }

  struct Reports: Equatable, Sendable, Decodable {
    var attempts: Int64?
    var failed: Int64?
  }

  struct Network: Equatable, Sendable, Decodable {
    var apn: String?
  }

  /// Settings that came by SMS.
  struct Trial: Equatable, Sendable, Decodable {
    var settings: String
    var outcome: String
    /// nil where it has ended.
    var endsInMilliseconds: Int64?
  }

  var state: String?
  var cause: String?
  var phase: String?
  var lastFailure: String?
  var nextReportInMilliseconds: Int64?
  var readings: Readings?
  var reports: Reports?
  var network: Network?
  var trial: Trial?

  /// - Returns: nil when the text is no such object.
  init?(json: [UInt8]) {
    guard let status = try? JSONDecoder().decode(Self.self, from: Data(json)) else { return nil }
    self = status
  }

  init() {}
}
