import ModemSimulator
import Primitives

/// A message as the platform's API shows it.
struct CentreMessage: Equatable, Sendable {
  /// The platform's states; it numbers BUFFERED 3 and DELIVERED 4, the other numbers are the desk's.
  enum Status: Int, Sendable {
    /// Taken, and not yet tried.
    case pending = 1
    /// The network has it and can page the module.
    case inProgress = 2
    /// The network has it until the module can be reached.
    case buffered = 3
    case delivered = 4
    case failed = 5
    case expired = 6
    case cancelled = 7

    var text: String {
      switch self {
      case .pending: "DELIVERY ATTEMPT PENDING"
      case .inProgress: "IN PROGRESS"
      case .buffered: "BUFFERED"
      case .delivered: "DELIVERED"
      case .failed: "FAILED"
      case .expired: "EXPIRED"
      case .cancelled: "CANCELED"
      }
    }

    /// Nothing more happens to it.
    var isFinal: Bool {
      switch self {
      case .pending, .inProgress, .buffered: false
      case .delivered, .failed, .expired, .cancelled: true
      }
    }
  }

  let id: Int64
  /// From the device, instead of to it.
  var isFromDevice = false
  /// Who sent it, as the other side sees it.
  var sender: String
  /// For one from the device: the number that it was sent to.
  var recipient = ""
  var text: String
  var coding: UInt8
  var protocolIdentifier: UInt8 = 0
  /// The user data's header in hexadecimal.
  var header = ""
  var status: Status
  var submitted: UTC
  var expires: UTC?
  var finished: UTC?
  /// Of one to the device: what isn't with the module yet.
  var parts: [[UInt8]] = []
  let partCount: Int
}

/// The device as the platform knows it.
struct CentreEndpoint: Equatable, Sendable {
  var id: Int64 = 1
  var name: String
  /// Of the simulated card.
  var iccid = String(decoding: SimulatedSIM().iccid, as: UTF8.self)
  var imsi = String(decoding: SimulatedSIM().imsi, as: UTF8.self)
  /// Invented: the card has no number.
  var msisdn = "883130000000017"
}

extension CentreMessage {
  /// As `GET /api/v1/endpoint/{id}/sms/{sms_id}` gives it. A platform that is built on emnify's
  /// shows the same fields (1NCE, Management API, "Query MT-SMS").
  func write(to json: inout JSONWriter, of endpoint: CentreEndpoint) {
    json.beginObject()
    json.member("id", id)
    json.member("submit_date", submitted.platformText)
    json.member("delivery_date", status == .delivered ? finished?.platformText : nil)
    json.member("expiry_date", expires?.platformText)
    json.member("final_date", finished?.platformText)
    json.member("retry_date", nil as String?)
    json.member("last_delivery_attempt", status == .delivered ? finished?.platformText : nil)
    json.member("retry_count", "0")
    json.member("gsm_map_error", nil as String?)
    json.member("dcs", Int64(coding))
    json.member("pid", Int64(protocolIdentifier))
    json.member("source_address", sender)
    if isFromDevice { json.member("dest_address", recipient) }
    json.member("endpoint") { $0.write(endpoint) }
    json.member("sim_id", "1")
    json.member("iccid", endpoint.iccid)
    json.member("msisdn", endpoint.msisdn)
    json.member("imsi", endpoint.imsi)
    json.member("udh", header)
    json.member("payload", text)
    json.member("status") { $0.describe(status.rawValue, status.text) }
    json.member("sms_type") { $0.describe(isFromDevice ? 2 : 1, isFromDevice ? "MO" : "MT") }
    json.member("source_address_type") { json in
      if isFromDevice || sender.hasPrefix("+") {
        json.describe(145, "International")
      } else if sender.utf8.allSatisfy({ $0.isASCIIDigit }) {
        json.describe(161, "National")
      } else {
        json.describe(208, "Alphanumeric")
      }
    }
    json.endObject()
  }

  /// What the webhook hears of a message that is through: the platform's delivery receipt, which it
  /// sends as a PATCH (docs.emnify.com, "SMS callbacks").
  func receipt(of endpoint: CentreEndpoint) -> WebhookCall {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", id)
    json.member("submit_date", submitted.platformText)
    json.member("final_date", finished?.platformText)
    json.member("organisation") { $0.writeOrganisation() }
    json.member("endpoint") { $0.write(endpoint) }
    json.member("status") { $0.describe(status.rawValue, status.text) }
    json.endObject()
    return WebhookCall(method: "PATCH", body: json.bytes)
  }

  /// What the webhook hears of a message from the device: a POST (cdn.emnify.net, "Receive MO SMS").
  func arrival(of endpoint: CentreEndpoint) -> WebhookCall {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", id)
    json.member("endpoint") { $0.write(endpoint) }
    json.member("organisation") { $0.writeOrganisation() }
    json.member("source_address", sender)
    json.member("dest_address", recipient)
    json.member("payload", text)
    json.member("udh", header)
    json.member("dcs", Int64(coding))
    json.member("pid", Int64(protocolIdentifier))
    json.member("submit_date", submitted.platformText)
    json.endObject()
    return WebhookCall(method: "POST", body: json.bytes)
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ endpoint: CentreEndpoint) {
    member("id", endpoint.id)
    member("name", endpoint.name)
  }

  fileprivate mutating func writeOrganisation() {
    member("id", 1)
    member("name", "desk")
  }

  fileprivate mutating func describe(_ id: Int, _ description: String) {
    member("id", Int64(id))
    member("description", description)
  }
}

extension UTC {
  /// `2021-12-01T07:43:34.000+0000`, as the platform writes dates.
  var platformText: String {
    let part = millisecondsSince1970 % 1000
    let digits = String("\(1000 + (part < 0 ? part + 1000 : part))".dropFirst())
    return "\(text.dropLast()).\(digits)+0000"
  }

  /// Reads that form, and the same with `Z` or without the milliseconds.
  init?(platformText text: String) {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? { bytes[range].asciiWholeNumber.map { Int($0) } }
    guard (20...29).contains(bytes.count), bytes[4] == UInt8(ascii: "-"),
      bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      let utc = UTC(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { $0.isASCIIDigit }
      guard digits.count == 3 else { return nil }
      rest = rest.dropFirst(4)
    }
    guard rest.equals("Z") || rest.equals("+0000") || rest.equals("+00:00") else { return nil }
    self = utc
  }
}
