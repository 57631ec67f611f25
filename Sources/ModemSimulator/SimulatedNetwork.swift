import Primitives

/// The radio network, the core network behind it and its name servers.
public struct SimulatedNetwork: Sendable {
  public enum AccessTechnology: Equatable, Sendable { case gsm, umts, lte, lteM, nbIoT }

  public enum Verdict: Equatable, Sendable {
    case accepts
    /// An EMM cause (TS 24.301 §9.9.3.9).
    case rejects(cause: Int)
    case noCoverage
  }

  /// What the network makes of a request for PSM.
  public enum PowerSavingGrant: Equatable, Sendable {
    case asRequested
    /// Timers as 8 bits of text, whatever was asked for.
    case fixed(periodicTAU: [UInt8], activeTime: [UInt8])
    case none
  }

  /// What a name server says.
  public enum NameAnswer: Equatable, Sendable {
    case address([UInt8])
    /// No such name: error 565.
    case failure
    /// No answer at all.
    case silence
  }

  public struct Name: Equatable, Sendable {
    /// Kept in lower case.
    public let name: [UInt8]
    public var answer: NameAnswer
    public init(_ name: [UInt8], _ answer: NameAnswer) {
      self.name = name.lowercased
      self.answer = answer
    }
  }

  /// The certificate that TLS servers show.
  public enum ServerCertificate: Equatable, Sendable {
    /// Signed by each of these, by the names that modules store them under.
    case trusted(by: [[UInt8]])
    case selfSigned
  }

  /// Network time: `utc` is the time at `at`.
  public struct Time: Equatable, Sendable {
    public var utc: UTC
    public var at: Instant
    /// Offset of local time from UTC in quarter hours, -48 to 56.
    public var zoneQuarters: Int
    public init(utc: UTC, at: Instant, zoneQuarters: Int = 0) {
      self.utc = utc
      self.at = at
      self.zoneQuarters = zoneQuarters
    }
  }

  public var timing: NetworkTiming
  public var verdict = Verdict.accepts
  /// The one that a module of several prefers here. A module that can't use it finds its own.
  public var accessTechnology = AccessTechnology.lteM
  /// Whether 2G is on air beside it, for a module that is told to use nothing else.
  public var hasGSM = false
  /// 5 for a roaming SIM, 1 at home (TS 27.007 §10.1.22).
  public var isRoaming = true
  public var operatorName: [UInt8] = Array("Godwit Mobile".utf8)
  public var operatorNumber: [UInt8] = Array("20408".utf8)
  public var trackingArea: UInt16 = 0x2C0A
  public var cell: UInt32 = 0x01A2_D003
  public var band = 20
  public var channel = 6400
  /// Whose networks are in reach beside that.
  public var others: [SimulatedOperator] = []
  /// `<rssi>` of AT+CSQ, and RSRP and RSRQ in dB(m), SINR in 1/5 dB from -20.
  public var rssi = 20
  public var rsrpDBm = -95
  public var rsrqDB = -11
  public var sinr = 150
  public var powerSaving = PowerSavingGrant.asRequested
  public var extendedDRX = ExtendedDRXGrant.asRequested
  public var messageService = MessageService.accepts
  /// nil: every APN.
  public var accessPointNames: [[UInt8]]?
  /// Whether the subscription has an APN of its own for a module that names none.
  public var hasDefaultAccessPoint = true
  public var address: [UInt8] = Array("10.64.12.9".utf8)
  public var dnsServers: [[UInt8]] = [Array("8.8.8.8".utf8), Array("8.8.4.4".utf8)]
  /// The name servers that answer, of those that a host may tell its module; nil: all.
  public var answeringServers: [[UInt8]]?
  /// Dotted addresses need no entry; a name that isn't here doesn't exist.
  public var names: [Name] = []
  public var serverCertificate = ServerCertificate.selfSigned
  /// From when to when the certificate is valid: 2020 to 2049. nil: always.
  public var serverValidity: ClosedRange<UTC>? =
    UTC(
      millisecondsSince1970: 1_577_836_800_000)...UTC(millisecondsSince1970: 2_524_607_999_000)
  /// The host names that it is for; nil: all.
  public var serverNames: [[UInt8]]?
  /// nil: the network tells no time.
  public var time: Time?

  public init(timing: NetworkTiming) { self.timing = timing }

  /// The facts' own times.
  public static let real = SimulatedNetwork(timing: .real)
  /// For the desk: the network's times are shortened, the module's own are not.
  public static let accelerated = SimulatedNetwork(timing: .accelerated)

  public func accepts(apn: [UInt8]) -> Bool {
    guard let accessPointNames else { return true }
    if apn.isEmpty { return hasDefaultAccessPoint }
    return accessPointNames.contains { $0.lowercased == apn.lowercased }
  }

  func resolve(_ host: [UInt8]) -> NameAnswer {
    if IPv4Address(host) != nil { return .address(host) }
    return names.first { $0.name == host.lowercased }?.answer ?? .failure
  }
}

/// How long the network takes. Every range is drawn from evenly, by the seed.
public struct NetworkTiming: Sendable {
  /// A search that begins with the cell last used.
  public var knownSearch: ClosedRange<Duration>
  /// A search of all bands.
  public var fullSearch: ClosedRange<Duration>
  /// Pause between searches that found nothing.
  public var searchPause: Duration
  /// Attach: authentication, security, location, the default bearer.
  public var attach: ClosedRange<Duration>
  /// Finding the cell again after PSM.
  public var camp: ClosedRange<Duration>
  /// From idle to RRC connected: paging occasion or random access, RRC set-up, security.
  public var access: ClosedRange<Duration>
  /// Tracking area update, once connected.
  public var trackingAreaUpdate: ClosedRange<Duration>
  /// Another PDN connection, or the end of one.
  public var contextChange: ClosedRange<Duration>
  /// One datagram up, connected: grant, transmission, core network.
  public var uplink: ClosedRange<Duration>
  /// One datagram down, connected.
  public var downlink: ClosedRange<Duration>
  /// From the network's page to the module's answer, when it listens.
  public var paging: ClosedRange<Duration>
  public var nameLookUp: ClosedRange<Duration>
  /// Logging out at power-off.
  public var detach: ClosedRange<Duration>
  /// The base station releases the RRC connection so long after the last activity.
  public var inactivityTail: Duration
  /// The same after a release assistance indication (NB-IoT only).
  public var assistedTail: Duration
  /// T3412 where no extended timer was granted (TS 24.008 §10.5.7.3: 54 min by default).
  public var periodicUpdate: Duration
  /// T3411: pause after an attach that was refused, five times (TS 24.301 §10.2).
  public var attachRetry: Duration
  /// T3402: pause after those (TS 24.301 §10.2).
  public var attachPause: Duration
  public var operatorScan: ClosedRange<Duration>
  /// A short message over a connection that is there, with its acknowledgement (assumed).
  public var message: ClosedRange<Duration> = .milliseconds(400) ... .milliseconds(1500)

  /// LTE-M in fair coverage. Sources: BG95 Network Searching Scheme V2.0 (known cell: seconds; all
  /// bands: tens of seconds; out of service: 30 s); boaks (LTE-M request and answer from PSM 2.4 s
  /// to 2.9 s, RRC inactivity 10 s); TS 24.301 (T3411, T3402); TS 24.008 (T3412). What those don't
  /// give (access, air, look-up) is chosen so that their totals come out.
  public static let real = NetworkTiming(
    knownSearch: .milliseconds(1500) ... .milliseconds(4000),
    fullSearch: .seconds(12) ... .seconds(40), searchPause: .seconds(30),
    attach: .milliseconds(1500) ... .milliseconds(4000),
    camp: .milliseconds(300) ... .milliseconds(900),
    access: .milliseconds(200) ... .milliseconds(700),
    trackingAreaUpdate: .milliseconds(300) ... .milliseconds(900),
    contextChange: .milliseconds(300) ... .milliseconds(1200),
    uplink: .milliseconds(60) ... .milliseconds(160),
    downlink: .milliseconds(40) ... .milliseconds(120),
    paging: .milliseconds(100) ... .milliseconds(1280),
    nameLookUp: .milliseconds(150) ... .milliseconds(500),
    detach: .milliseconds(800) ... .milliseconds(2500), inactivityTail: .seconds(10),
    assistedTail: .milliseconds(200), periodicUpdate: .seconds(54 * 60),
    attachRetry: .seconds(10), attachPause: .seconds(720),
    operatorScan: .seconds(20) ... .seconds(120))

  /// The middle of every range: what measurements are compared in.
  public var typical: NetworkTiming {
    func middle(_ range: ClosedRange<Duration>) -> ClosedRange<Duration> {
      let value = (range.lowerBound + range.upperBound) / 2
      return value...value
    }
    var typical = self
    typical.knownSearch = middle(knownSearch)
    typical.fullSearch = middle(fullSearch)
    typical.attach = middle(attach)
    typical.camp = middle(camp)
    typical.access = middle(access)
    typical.trackingAreaUpdate = middle(trackingAreaUpdate)
    typical.contextChange = middle(contextChange)
    typical.uplink = middle(uplink)
    typical.downlink = middle(downlink)
    typical.paging = middle(paging)
    typical.nameLookUp = middle(nameLookUp)
    typical.detach = middle(detach)
    typical.operatorScan = middle(operatorScan)
    typical.message = middle(message)
    return typical
  }

  /// Everything that the network does, shortened so that a report and the sleep after it fit into
  /// 15 s. Not a network that exists.
  public static let accelerated = NetworkTiming(
    knownSearch: .milliseconds(200) ... .milliseconds(500),
    fullSearch: .milliseconds(400) ... .milliseconds(1000), searchPause: .seconds(3),
    attach: .milliseconds(300) ... .milliseconds(700),
    camp: .milliseconds(100) ... .milliseconds(300),
    access: .milliseconds(80) ... .milliseconds(200),
    trackingAreaUpdate: .milliseconds(100) ... .milliseconds(300),
    contextChange: .milliseconds(100) ... .milliseconds(300),
    uplink: .milliseconds(40) ... .milliseconds(100),
    downlink: .milliseconds(30) ... .milliseconds(80),
    paging: .milliseconds(50) ... .milliseconds(200),
    nameLookUp: .milliseconds(50) ... .milliseconds(150),
    detach: .milliseconds(200) ... .milliseconds(500), inactivityTail: .seconds(1),
    assistedTail: .milliseconds(100), periodicUpdate: .seconds(54 * 60),
    attachRetry: .seconds(2), attachPause: .seconds(15),
    operatorScan: .seconds(3) ... .seconds(6))
}

extension [UInt8] {
  /// ASCII capitals made small; other bytes as they are.
  var lowercased: [UInt8] {
    map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
  var uppercased: [UInt8] {
    map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 & 0xDF : $0 }
  }
}
