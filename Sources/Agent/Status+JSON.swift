import Cellular
import Link
import Modems
import Primitives
import Settings
import Telemetry

extension Status {
  /// One JSON object.
  public var json: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("device", text: device.bytes)
    json.member("utc", utc?.text)
    json.member("platform", text: Array(platform.text))
    json.member("state", linkState.text)
    json.member("cause", record.linkCause.text)
    json.member("stateForMilliseconds", (now - record.linkSince).wholeMilliseconds)
    json.member("waitsFor", text: Array(waitsFor))
    json.member("waitsAtMostMilliseconds", until(waitsUntil))
    json.member("phase", text: Array(phase))
    json.member("lastFailure", record.failure?.text)
    json.member("failuresInRow", Int64(failuresInRow))
    json.member("nextReportInMilliseconds", until(nextReport))
    json.member("nextWakeInMilliseconds", until(nextWake))
    json.member("diagnosis", text: Array(diagnosis.code))
    json.member("reports", writeReports)
    if let store {
      json.member("readings") { writeReadings(store, &$0) }
    } else {
      json.key("readings")
      json.null()
    }
    json.member("modem", writeModem)
    json.member("network", writeNetwork)
    json.member("rest", writeRest)
    json.member("limits", writeLimits)
    json.member("messages") {
      $0.member("received", record.messagesReceived)
      $0.member("refused", record.messagesRefused)
      $0.member("commandsObeyed", record.commandsObeyed)
      $0.member("commandsRefused", record.commandsRefused)
      $0.member("commandsIgnored", record.commandsIgnored)
      $0.member("nextWindowInMilliseconds", until(nextWindow))
    }
    if let commands { write(commands, &json) }
    writeTrial(&json)
    json.endObject()
    return json.bytes
  }

  private func write(_ commands: CommandState, _ json: inout JSONWriter) {
    json.member("commands") {
      $0.member("answersLeft", Int64(commands.answersLeft))
      $0.member("trialsLeft", Int64(commands.trialsLeft))
      $0.member("awakeSecondsLeft", Int64(commands.awakeSecondsLeft))
    }
  }

  private func until(_ moment: Instant?) -> Int64? {
    moment.map { max(0, ($0 - now).wholeMilliseconds) }
  }

  private func writeReports(_ json: inout JSONWriter) {
    json.member("attempts", record.attempts)
    json.member("confirmed", record.confirmed)
    json.member("failed", record.failed)
    json.member("refused", record.refused)
    if let last = record.lastConfirmed {
      json.member("lastConfirmed") {
        $0.member("identity", text: last.batch.bytes)
        $0.member("millisecondsAgo", (now - last.at).wholeMilliseconds)
      }
    } else {
      json.key("lastConfirmed")
      json.null()
    }
    json.member("storeFailures", record.storeFailures)
  }

  private func writeReadings(_ store: StoreCounts, _ json: inout JSONWriter) {
    json.member("waiting", store.waiting)
    json.member("delivered", store.delivered)
    json.member("setAside", store.setAside)
    json.member("lost", store.lost)
  }

  private func writeModem(_ json: inout JSONWriter) {
    let identity = record.identity
    json.member("maker", text: identity?.maker)
    json.member("model", text: identity?.model)
    json.member("firmware", text: identity?.firmware)
    json.member("imei", text: identity?.imei?.digits)
    json.member("iccid", text: identity?.iccid?.digits)
    json.member("imsi", text: identity?.imsi?.digits)
    json.member("profile", text: Array(profile))
    json.member("advisedModule", text: record.otherModule?.advised)
    json.member("exchanges", link.exchanges)
    json.member("bytesSent", link.bytesSent)
    json.member("bytesReceived", link.bytesReceived)
    json.member("coldStarts", link.coldStarts)
    json.member("warmWakes", link.warmWakes)
    json.member("reboots", link.reboots)
    json.member("powerKeyPulses", link.powerKeyPulses)
    json.member("ignoredPulses", link.ignoredPulses)
    json.member("powerCycles", link.powerCycles)
    json.member("powerOffs", link.powerOffs)
    json.member("sleeps", link.sleeps)
    json.member("missedSleeps", link.missedSleeps)
    json.member("ownWakes", link.ownWakes)
    json.member("connections", link.connections)
    json.member("lostConnections", link.lostConnections)
    json.member("failures", link.failures)
    json.member("settingWrites", link.settingWrites)
    json.member("refusedWrites", link.refusedWrites)
  }

  private func writeTrial(_ json: inout JSONWriter) {
    json.key("trial")
    guard let trial else { return json.null() }
    json.beginObject()
    json.member("settings", text: Array(trial.shown.prefix(200)))
    json.member("outcome", text: Array(trial.text))
    json.member("endsInMilliseconds", until(trialEnds))
    json.endObject()
  }

  private func writeNetwork(_ json: inout JSONWriter) {
    let registration = record.registration
    json.member("apn", text: accessPoint)
    json.member("registration", registration?.status.text)
    json.member("technology", registration?.technology?.text)
    json.member("operator", text: record.plmn?.digits)
    json.member("band", record.band.map { Int64($0) })
    json.member("triesInstead", record.accessTry)
    json.member("rejectCause", registration?.rejectCause.map { Int64($0.code) })
    json.member("activeTimeSeconds", registration?.activeTime?.duration?.wholeSeconds)
    json.member("periodicTauSeconds", registration?.periodicTAU?.duration?.wholeSeconds)
    json.member(
      "edrxRequestedCycleMilliseconds", record.edrx?.requestedCycle?.wholeMilliseconds)
    json.member("edrxCycleMilliseconds", record.edrx?.cycle?.wholeMilliseconds)
    json.member("edrxPagingWindowMilliseconds", record.edrx?.pagingWindow?.wholeMilliseconds)
  }

  private func writeRest(_ json: inout JSONWriter) {
    json.member("kind", text: record.rest.map { Array($0.rest.text) })
    json.key("candidates")
    json.beginArray()
    for candidate in record.rest?.candidates ?? [] {
      json.beginObject()
      json.member("kind", text: Array(candidate.rest.text))
      json.member("microcoulombsPerDay", candidate.microcoulombsPerDay)
      json.member("obstacle", text: candidate.obstacle.map { Array($0.text) })
      json.endObject()
    }
    json.endArray()
  }

  private func writeLimits(_ json: inout JSONWriter) {
    json.key("areObeyed")
    json.value(limits.areObeyed)
    json.member("accessesLeft", Int64(limits.accessesLeft))
    json.member("resetsLeft", Int64(limits.resetsLeft))
    json.member("powerCyclesLeft", Int64(limits.powerCyclesLeft))
    json.member("searchLeftSeconds", limits.searchLeft.wholeSeconds)
    json.member("rung", limits.rung?.text)
    json.member("heldBackMilliseconds", until(limits.blockedUntil))
    json.member("reason", limits.reason?.text)
  }
}
