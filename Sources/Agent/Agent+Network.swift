import Cellular
import Link
import Modems
import Primitives

/// Operators, bands and access points that have worked with this SIM.
extension Agent where S: ~Copyable {
  /// A change of the band alone is written so seldom: a device between two cells would wear the flash.
  static var bandInterval: Duration { .seconds(86_400) }

  mutating func recallNetwork(now: Instant) {
    let bytes: [UInt8]?
    do {
      bytes = try store.kept(.network)
    } catch {
      record.storeFailures += 1
      return log("store", "what was learnt of the network can't be read", now)
    }
    guard let bytes else { return }
    guard let known = LearntNetwork(bytes) else {
      return log("store", "what was learnt of the network can't be understood: it is lost", now)
    }
    (learnt, storedNetwork) = (known, known)
    link.prefer(known.plmn)
    rota.recall(learntAccessPoint, standsIn: known.configured == rota.configured?.apn)
    guard let plmn = known.plmn else { return }
    let band = known.band.map { ", band \($0)" } ?? ""
    log("modem", "remembered: operator \(plmn.digits.printable)\(band)", now)
  }

  private var learntAccessPoint: AccessPoint? {
    guard let apn = learnt.apn else { return nil }
    return AccessPoint(
      apn: apn,
      authentication: learnt.hasCredentials ? rota.configured?.authentication ?? .none : .none)
  }

  /// A card or an IMSI that isn't the one of what was learnt: that is dropped.
  mutating func cardRead(_ identity: ModuleIdentity, now: Instant) {
    // A number that can't be read just now says nothing.
    func isOther<Number: Equatable>(_ read: Number?, _ known: Number?) -> Bool {
      read.map { number in known.map { $0 != number } ?? false } ?? false
    }
    let isAnother =
      isOther(identity.iccid, learnt.iccid) || isOther(identity.imsi, learnt.imsi)
    if isAnother { learnt = LearntNetwork() }
    learnt.iccid = identity.iccid ?? learnt.iccid
    learnt.imsi = identity.imsi ?? learnt.imsi
    guard isAnother else { return }
    link.prefer(nil)
    rota.recall(nil, standsIn: false)
    log("modem", "another SIM or IMSI: what was learnt of networks is dropped", now)
  }

  mutating func registered(with plmn: PLMN, now: Instant) {
    record.plmn = plmn
    record.band = nil
    log("modem", "operator \(plmn.digits.printable)", now)
  }

  /// A report was confirmed: who and what made it possible is remembered. An open socket alone would
  /// prove nothing: many an access point lets a device in that leads nowhere.
  mutating func networkWorked(now: Instant) {
    let current = link.network.accessPoint
    let isLimited = link.network.rats != link.settings.network.rats
    if current != rota.configured || isLimited, record.accessTry != nil {
      log("modem", "connected through \(rota.text)", now)
    }
    rota.worked(through: isLimited ? nil : current, now: now)
    record.accessTry = nil
    if let current, !isLimited {
      learnt.apn = current.apn
      learnt.hasCredentials = current.authentication != .none
      learnt.configured = rota.configured?.apn
    }
    if let plmn = record.plmn {
      learnt.plmn = plmn
      learnt.band = record.band
      link.prefer(plmn)
    }
    keepNetwork(now: now)
  }

  private mutating func keepNetwork(now: Instant) {
    guard learnt != storedNetwork else { return }
    var withoutBand = learnt
    withoutBand.band = storedNetwork?.band
    if withoutBand == storedNetwork, let bandKeptAt, now < bandKeptAt + Self.bandInterval { return }
    do {
      try store.keep(learnt.bytes, in: .network)
      storedNetwork = learnt
      bandKeptAt = now
    } catch {
      record.storeFailures += 1
      log("store", "what was learnt of the network can't be kept", now)
    }
  }

  /// An attempt has failed.
  mutating func accessFailed(_ failure: ReportFailure, now: Instant) {
    // Another card may have turned the rota back meanwhile.
    guard link.network.accessPoint == rota.current,
      rota.failed(AccessRota.Evidence(failure), hasGSM: link.module.choosesGSM, now: now)
    else { return }
    record.accessTry = rota.isElsewhere ? rota.text : nil
    log("modem", "the next attempt goes through \(rota.text)", now)
  }

  mutating func pinRead(_ isOn: Bool, now: Instant) {
    record.isPINOn = isOn
    if isOn {
      log(
        "modem",
        "the SIM's PIN is on: with it this module doesn't sleep in PSM; take it off the SIM", now)
    }
  }
}
