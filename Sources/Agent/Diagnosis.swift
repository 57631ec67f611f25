/// What keeps the device from sending, or from sending as it should: the end of the developer hub's
/// troubleshooting chapter, from the device's side. Each has one sentence and one remedy, in
/// `DiagnosisTable`.
public enum Diagnosis: UInt8, CaseIterable, Sendable {
  // Nothing is wrong.
  case well, underWay, nothingToSend

  // The command found no running process to ask.
  case configurationMissing, configurationWrong, notRunning, notPermitted, notAnswering

  // The device itself.
  case storeFailed, uartFailed, pinsFailed, sensorsSilent

  // The module.
  case noModule, keyIgnored, modemDeaf, modemReboots, moduleWithoutSockets

  // The card.
  case simMissing, simLocked

  // The network.
  case noCoverage, oneRadioTypeOnly, roamingOff, smsOnly, simRefused, deviceRefused, roamingRefused
  case operatorRefused, operatorBlocked, congestion, registrationRefused, registrationLost,
    connectLate

  // The data session.
  case apnRefused, credentialsRefused, dataNotAllowed, sessionLost

  // The server's name.
  case nameUnknown, nameServersSilent, nameServersMissing, addressForbidden

  // The server.
  case serverUnreachable, serverSilent, notTheServer, serverPath, serverForbids, serverRefuses
  case serverBusy, secureUnsupported, secureRefused

  // The device's own restraint.
  case heldBack, intervalTooShort

  // Reports go through, and all the same something is to be done.
  case moduleIsAnother, apnStandsIn, settingRefused, clockUnknown, sleepNotGranted, pinIsOn,
    sleepLate

  /// Whether a person has nothing to do.
  public var isWell: Bool { rawValue <= Diagnosis.nothingToSend.rawValue }

  /// One word for programs, which stays the same from version to version.
  public var code: StaticString { DiagnosisTable.rows[Int(rawValue)].code }
  public var sentence: StaticString { DiagnosisTable.rows[Int(rawValue)].sentence }
  /// What to do about it.
  public var remedy: StaticString { DiagnosisTable.rows[Int(rawValue)].remedy }
}
