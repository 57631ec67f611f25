import Primitives

/// Something about a family that its profile doesn't show.
public struct AbilityNote: Sendable {
  public let feature: ModuleFeature
  /// nil: as the profile shows it, with this to be added.
  public let ability: Ability?
  /// One sentence, without its full stop.
  public let text: StaticString

  init(_ feature: ModuleFeature, _ ability: Ability? = nil, _ text: StaticString) {
    self.feature = feature
    self.ability = ability
    self.text = text
  }
}

extension ModuleProfile {
  /// What is to be said beyond the profile, from the sources that the profile names.
  public var notes: [AbilityNote] {
    Self.abilityNotes.first { [UInt8]($0.family).equals(name) }?.notes ?? []
  }

  private static let abilityNotes: [(family: StaticString, notes: [AbilityNote])] = [
    (
      "quectel-bg95",
      [AbilityNote(.rai, nil, "AT+QISENDEX, for reports of at most 240 bytes")]
    ),
    (
      "quectel-ec25",
      [
        AbilityNote(.ratChoice, .unverified, "the values of nwscanmode are the BG96's"),
        AbilityNote(.roaming, .unverified, "roamservice is in the BG96's manual only"),
        AbilityNote(
          .tls, nil, "older firmware doesn't compare the server's name with its certificate's"),
        AbilityNote(.clock, .unverified, "AT+QLTS is in the BG96's manual only"),
      ]
    ),
    (
      "quectel-m95",
      [
        AbilityNote(.tls, .unverified, "the manual that has it wasn't read"),
        AbilityNote(.clock, .unverified, "that +CCLK is local time with AT+CTZU=3"),
      ]
    ),
    (
      "ublox-sara-r4",
      [
        AbilityNote(.roaming, .unverified, "what AT+UDCONF=20 does isn't known"),
        AbilityNote(.psmEntry, nil, "not while the SIM's PIN is on; the log says so"),
        AbilityNote(.rai, .unverified, "nothing was found about it"),
      ]
    ),
    (
      "ublox-sara-r5",
      [
        AbilityNote(.roaming, .unverified, "what AT+UDCONF=20 does isn't known"),
        AbilityNote(.rai, .unverified, "nothing was found about it"),
      ]
    ),
    (
      "simcom-sim7080",
      [
        AbilityNote(.tls, nil, "the server's name isn't compared with its certificate's"),
        AbilityNote(.psmEntry, nil, "not while the SIM's PIN is on; the log says so"),
        AbilityNote(.rai, .unverified, "the unit of the time that AT+CRAI takes"),
      ]
    ),
    (
      "simcom-sim7000",
      [
        AbilityNote(.tls, .unverified, "that AT+CNACT, which it needs, comes up beside AT+CIICR"),
        AbilityNote(.psmEntry, nil, "not while the SIM's PIN is on; the log says so"),
        AbilityNote(.rai, .unverified, "the form of AT+CRAI"),
      ]
    ),
    (
      "simcom-sim7600",
      [
        AbilityNote(.powerKey, .unverified, "the pulses are those of boards in the field"),
        AbilityNote(.ratChoice, nil, "UMTS alone, AT+CNMP=14, is unverified"),
        AbilityNote(.tls, .unverified, "the values of authmode, which has the server checked"),
        AbilityNote(.psm, .unverified, "most builds have none"),
        AbilityNote(.psmEntry, .unverified, "most builds have none"),
        AbilityNote(.edrx, .unverified, "nothing was found about it"),
      ]
    ),
    (
      "simcom-sim800",
      [AbilityNote(.tls, nil, "without a check of the server: a certificate is refused")]
    ),
    (
      "telit-me910",
      [
        AbilityNote(.ratChoice, .unverified, "the numbers of AT#WS46 beyond 0, LTE-M alone"),
        AbilityNote(.tls, .unverified, "SSLSRING, and the versions behind AT#SSLSECCFG2"),
        AbilityNote(.psm, .unverified, "AT+CEREG=4, which shows what was granted"),
        AbilityNote(.psmEntry, .unverified, "without a known grant it is turned off instead"),
        AbilityNote(.rai, .unverified, "that 2 is the value of AT#SSENDEXT for one answer"),
      ]
    ),
    (
      "sierra-hl78",
      [
        AbilityNote(.dnsLookUp, nil, "AT+KUDPSND takes an address: Godwit looks it up at `dns`"),
        AbilityNote(.tls, .unverified, "which value of AT+KSSLCRYPTO has the server checked"),
        AbilityNote(.sms, nil, "over LTE it depends on the network's SGs or IMS"),
        AbilityNote(.rai, .unverified, "nothing was found about it"),
      ]
    ),
    (
      "cinterion-exs82",
      [
        AbilityNote(.ratChoice, nil, "LTE-M with GSM or NB-IoT in AT^SXRAT is inferred"),
        AbilityNote(.tls, .unverified, "its certificates aren't known: any name is refused"),
        AbilityNote(.psm, .unverified, "AT+CEREG=4, and the value that allows SUSPEND"),
        AbilityNote(.psmEntry, .unverified, "that suspendReady is its last word"),
        AbilityNote(.rai, .unverified, "nothing was found about it"),
      ]
    ),
    (
      "fibocom-l610",
      [
        AbilityNote(.ratChoice, .unverified, "the form in which +GTRAT is read back"),
        AbilityNote(.dnsServers, .unverified, "as UDP"),
        AbilityNote(.dnsLookUp, .unverified, "as UDP"),
        AbilityNote(.udp, .unverified, "that an OK ends AT+MIPSEND and AT+MIPREAD"),
        AbilityNote(.tcp, .unverified, "as UDP"),
        AbilityNote(
          .tls, .unverified, "as UDP; it forgets certificates with its power: any is refused"),
        AbilityNote(.sms, .unverified, "no source has it for the L610"),
        AbilityNote(.clock, .unverified, "AT+CCLK? and AT+CTZU"),
      ]
    ),
    (
      "sequans-gm02s",
      [
        AbilityNote(.powerKey, .no, "it starts with its supply; what is wired is RESETN"),
        AbilityNote(
          .psmEntry, .unverified, "it sleeps only while RTS is released, which no test shows"),
        AbilityNote(.tls, nil, "a certificate's dates are always checked: its clock must be set"),
        AbilityNote(.edrx, .unverified, "AT+CEDRXS; what runs in the field is AT+SQNEDRX"),
      ]
    ),
    (
      "generic",
      [
        AbilityNote(.powerKey, .unverified, "1 s suits most keys"),
        AbilityNote(.identify, nil, "but for the ICCID: the standard has no command for it"),
        AbilityNote(.softOff, .no, "the standard has none: AT+CFUN=0 leaves it on"),
        AbilityNote(.psmEntry, .no, "a connection that can't be made ends in AT+CFUN=0 instead"),
        AbilityNote(.sms, nil, "they come when it registers, which is seldom with `psm = on`"),
        AbilityNote(.udp, .no, "the standard has no sockets: connecting ends there and says so"),
      ]
    ),
  ]
}
