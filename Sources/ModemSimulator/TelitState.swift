import Primitives

/// What a Telit module forgets at every boot, a wake from PSM included.
struct TelitState: OwnState {
  /// AT#SLASTCLOSURE of sockets 1 to 6; index 0 is unused.
  var lastClosures = [Int](repeating: 0, count: TelitState.socketCount + 1)
  /// AT#PSMURC.
  var announcesSleep = false
  /// AT#QSS: 0, 1 or 2.
  var simReport = 0
  /// AT#PSNT: 0 or 1.
  var technologyReport = 0
  /// The line of an AT#SGACT that waits, by its serial.
  var activating: Int?
  /// AT#DNS.
  var servers: [[UInt8]] = []
  /// AT#CACHEDNS.
  var cachesNames = 1

  /// Sockets 1 to 6 (telit/arduino-me310-library).
  static let socketCount = 6
}

/// Why a socket ended (general knowledge; the facts name AT#SLASTCLOSURE and no values).
enum TelitClosure: Int {
  case none, byPeer, reset, idle, networkLost
}

/// AT#SCFG of one socket, kept in the flash, with the library's defaults.
struct TelitSocketSettings: Equatable, Sendable {
  var cid = 1
  var packetSize = 300
  /// Seconds without data in either direction until the socket is closed; 0: never.
  var idleLimitSeconds = 90
  /// In tenths of a second.
  var connectLimit = 600
  var sendDelay = 50

  var values: [Int] { [cid, packetSize, idleLimitSeconds, connectLimit, sendDelay] }
}

/// AT#SCFGEXT of one socket, kept in the flash.
struct TelitSocketModes: Equatable, Sendable {
  /// How SRING looks: 0 the number, 1 the number and the length, 2 with the data, 3 with the peer.
  var ring = 0
  var receivesHex = 0
  var keepAlive = 0
  var autoResponse = 0
  var sendsHex = 0

  var values: [Int] { [ring, receivesHex, keepAlive, autoResponse, sendsHex] }
}

extension SimulatedModem {
  var telit: TelitState {
    get { own[TelitState.self] }
    set { own[TelitState.self] = newValue }
  }

  func telitSettings(_ number: Int) -> TelitSocketSettings {
    let v = stored.numbers(telitKey("#scfg", number), otherwise: TelitSocketSettings().values)
    return TelitSocketSettings(
      cid: v[0], packetSize: v[1], idleLimitSeconds: v[2], connectLimit: v[3], sendDelay: v[4])
  }

  func telitModes(_ number: Int) -> TelitSocketModes {
    let v = stored.numbers(telitKey("#scfgext", number), otherwise: TelitSocketModes().values)
    return TelitSocketModes(
      ring: v[0], receivesHex: v[1], keepAlive: v[2], autoResponse: v[3], sendsHex: v[4])
  }

  func telitKey(_ name: ATText, _ number: Int) -> [UInt8] { ATText("\(name) \(number)").bytes }
}
