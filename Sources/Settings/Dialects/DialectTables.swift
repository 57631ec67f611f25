extension RemoteWords {
  /// How it is written; nil for Godwit's own words.
  var traits: DialectTraits? {
    switch self {
    case .own: nil
    case .teltonika: .teltonika
    case .ruptela: .ruptela
    case .concox: .concox
    case .coban: .coban
    case .meitrack: .meitrack
    case .elinz: .elinz
    case .reachfar: .reachfar
    case .queclink: .queclink
    case .bitrek: .bitrek
    case .rut: .rut
    }
  }

  /// What can be sent in it, the first that fits counting; empty for Godwit's own words.
  public var forms: [DialectForm] { traits?.forms ?? [] }

  /// Whether `APN` and `apn` are the same to it.
  public var ignoresCase: Bool { traits?.ignoresCase ?? false }

  /// The most blanks in front, which stand for an empty login and password.
  public var leadingBlanks: Int { traits?.leadingBlanks ?? 0 }

  /// Whether one message can have several commands, with `;` between.
  public var joinsCommands: Bool { traits?.commandSeparator != nil }

  /// What its lists can name.
  public var parameters: [DialectParameter] { traits?.parameters ?? [] }

  /// The setting that a field of a form, or a parameter, changes; nil for one that changes none.
  public static func setting(ofField name: [UInt8]) -> RemoteSetting? {
    DialectWish.setting(of: name[...])
  }

  /// Whether a text can be of both, so that only its sender tells them apart.
  func canBeTaken(for other: RemoteWords) -> Bool {
    let alike: [[RemoteWords]] = [
      [.concox, .elinz, .reachfar], [.coban, .elinz], [.teltonika, .bitrek],
    ]
    return self != other && alike.contains { $0.contains(self) && $0.contains(other) }
  }
}

extension DialectSettings {
  /// Whether there is a text that both obey, from the same sender.
  func canBeTaken(for other: DialectSettings) -> Bool {
    guard isEnabled, other.isEnabled, words.canBeTaken(for: other.words) else { return false }
    return senders.contains { sender in other.senders.contains { $0.covers(sender.bytes) } }
  }
}

// The facts are those of the makers' SMS command lists: Teltonika's wiki, Ruptela's lists for FM-Eco,
// Concox GT06N and GT02A, Coban GPS301 to GPS403, Meitrack's MT90, Reachfar V52, Queclink GL300,
// Bitrek BI-810 to BI-910, and Teltonika Networks' SMS Utilities. Where none says what a device
// answers, nothing is answered.
extension DialectTraits {
  static let teltonika = DialectTraits(
    forms: [
      DialectForm(
        "[<password> ][<password> ]setparam <list>", .change, "New value {changes}",
        failure: "WARNING: Not supported Param ID or Value detected",
        undone: "Error while configuring parameters"),
      DialectForm(
        "[<password> ][<password> ]getparam <list>", .read, "Param ID:{values}",
        failure: "Invalid parameter id provided"),
      DialectForm(
        "[<password> ][<password> ]getstatus", .status,
        "Data Link: {online} GPRS: {online} OP: {network} Signal: {bars} Roaming: {roams} LAC: {area} Cell ID: {cell}"
      ),
      DialectForm("[<password> ][<password> ]cpureset", .reboot),
    ],
    parameters: [
      DialectParameter("2000", "data"), DialectParameter("2001", "apn"),
      DialectParameter("2002", "user"), DialectParameter("2003", "pass"),
      DialectParameter("2004", "host"), DialectParameter("2005", "port"),
      DialectParameter("2006", "transport"), DialectParameter("2016", "authentication"),
      DialectParameter("5000", "operator"), DialectParameter("5001-5049", "others"),
      DialectParameter("10055", "seconds"),
    ],
    ignoresCase: false, leadingBlanks: 2)

  static let ruptela = DialectTraits(
    forms: [
      DialectForm(
        "[<password> ]setconnection <apn>[,<user>[,<pass>[,<transport>[,<host>[,<port>[,<backup>[,<backup>]]]]]]]",
        .change, "set connection data ok", failure: "set connection data incorrect"),
      DialectForm(
        "[<password> ]getapn", .status,
        "APN: {apn} User: {user} PSW: {pass} IP1: {host} Port1: {port} IP2: Port2: TCP/UDP: 1"),
      DialectForm("[<password> ]imei", .status, "IMEI: {imei}"),
      DialectForm("[<password> ]reset", .reboot, "Resetting device"),
    ],
    separators: ",", leadingBlanks: 1)

  static let concox = DialectTraits(
    forms: [
      DialectForm(
        "APN,<password>,<apn>[,<user>,<pass>]#", .change, "OK", failure: "ERROR"),
      DialectForm("APN,<apn>[,<user>,<pass>]#", .change, "OK", failure: "ERROR"),
      DialectForm("APN <apn>#", .change, "OK", failure: "ERROR"),
      DialectForm(
        "SERVER,<password>,<kind>,<host>,<port>,<transport>#", .change, "OK", failure: "ERROR"),
      DialectForm("SERVER,<kind>,<host>,<port>,<transport>#", .change, "OK", failure: "ERROR"),
      DialectForm("SERVER[,<password>]#", .status, "SERVER,1,{host},{port},1"),
      DialectForm(
        "TIMER,<password>,<seconds>[,<seconds>]#", .change, "OK!", failure: "ERROR"),
      DialectForm("TIMER,<seconds>#", .change, "OK!", failure: "ERROR"),
      DialectForm(
        "STATUS[,<password>]#", .status, "GPRS:{link}; GSM Signal Level:{strength}; GPS:OFF"),
      DialectForm("RESET[,<password>]#", .reboot, "RESET OK"),
    ],
    separators: ",#")

  static let coban = DialectTraits(
    forms: [
      DialectForm("apnuser<password> <user>", .change, "apnuser ok"),
      DialectForm("apnpasswd<password> <pass>", .change, "apnpasswd ok"),
      DialectForm("apn<password> <apn>", .change, "APN ok"),
      DialectForm("upload<password> <seconds>", .change, "upload ok"),
      DialectForm("up<password> <user> <pass>", .change, "user, password ok!"),
      DialectForm("adminip<password> <host> <port>", .change, "adminip ok"),
      DialectForm("gprs<password>[,<keep-alive>,<transport>]", .change, "GPRS ok"),
      DialectForm("fix<time>[<time>]***n<password>", .change, "fix {time}***n ok"),
      DialectForm("t<time>***n<password>", .change, "t{time}***n ok"),
      DialectForm(
        "check<password>", .status,
        "GPRS: {switch}\nGPS: NO\nGSM: {bars32}\nAPN: {apn}\nIP: {host} PORT: {port}"),
      DialectForm("imei<password>", .status, "{imei}"),
      DialectForm("reset<password>", .reboot, "reset ok"),
    ],
    separators: ",#")

  static let meitrack = DialectTraits(
    forms: [
      DialectForm("<password>,A81,<apn>,<user>,<pass>", .change, "{imei},A81,OK"),
      DialectForm(
        "<password>,A21,<mode>,<host>,<port>,<apn>,<user>,<pass>", .change, "{imei},A21,OK"),
      DialectForm("<password>,A12,<tens>,<endless>", .change, "{imei},A12,OK"),
      DialectForm("<password>,A10", .status, "{imei},A10,{status}"),
      DialectForm("<password>,F01", .reboot, "{imei},F01,OK"),
    ],
    separators: ",", ignoresCase: false)

  static let elinz = DialectTraits(
    forms: [
      DialectForm("APN,<apn>#", .change),
      DialectForm("apn<password> <apn>", .change),
    ],
    separators: ",#")

  static let reachfar = DialectTraits(
    forms: [
      DialectForm(
        "<password>,sos1[,<number>]#", .change,
        "{number} has been set for master number successfully."),
      DialectForm("surl,<host>,port,<port>#", .change, "surl:{host};port:{port}.;OK!"),
      DialectForm("apn,<apn>,plmn,<operator>#", .change),
      DialectForm("pw,<password>,center,<number>#", .change),
      DialectForm("pw,<password>,apn,<apn>,<user>,<pass>,<operator>#", .change),
      DialectForm("apn,<apn>#[ // <comment>]", .change),
      DialectForm("[pw,<password>,]ip,<host>,<port>#", .change),
      DialectForm("sos1,<number>#", .change, "sos1 ok"),
      DialectForm("pw,<password>,upload,<unclear>#", .change),
      DialectForm(
        "[pw,<password>,]ts#", .status, "{version} {imei} {host}:{port} {status}"),
      DialectForm("[pw,<password>,]reset#", .reboot),
      DialectForm("[pw,<password>,]restart#", .reboot),
    ],
    separators: ",#")

  static let queclink = DialectTraits(
    forms: [
      DialectForm(
        "AT+GTBSI=<password>,<apn>,<user>,<pass>,,,,,<serial>$", .change,
        "+ACK:GTBSI,1A0102,{imei},{name},{serial},{stamp},0001$"),
      DialectForm(
        "AT+GTSRI=<password>,<report>,,<buffer>,<host>,<port>,<backup>,<backup>,<gateway>,<heartbeat>,<sack>,<sms-ack>,<quick>,,,<serial>$",
        .change, "+ACK:GTSRI,1A0102,{imei},{name},{serial},{stamp},0001$"),
      DialectForm(
        "AT+GTFRI=<password>,1,<->,<->,<->,<begin>,<end>,<seconds>,<seconds>,<seconds>,<seconds>,<->,<->,<->,<->,<->,<serial>$",
        .change, "+ACK:GTFRI,1A0102,{imei},{name},{serial},{stamp},0001$"),
      DialectForm(
        "AT+GTRTO=<password>,1,,,,,,<serial>$", .report,
        "+ACK:GTRTO,1A0102,{imei},{name},RTL,{serial},{stamp},0001$"),
      DialectForm(
        "AT+GTRTO=<password>,3,,,,,,<serial>$", .reboot,
        "+ACK:GTRTO,1A0102,{imei},{name},REBOOT,{serial},{stamp},0001$"),
      DialectForm(
        "AT+GTRTO=<password>,B,,,,,,<serial>$", .status,
        "+RESP:GTINF,1A0102,{imei},{name},{status},{stamp},0001$"),
    ],
    separators: ",$", ignoresCase: false)

  static let bitrek = DialectTraits(
    forms: [
      DialectForm("[<password> ][<password> ]setparam <list>", .change, "{changes}"),
      DialectForm("[<password> ][<password> ]getparam <list>", .read, "{values}"),
      DialectForm(
        "[<password> ][<password> ]getstatus", .status,
        "GPRS: {online} OP: {network} Signal: {bars} Roaming: {roams}"),
      DialectForm(
        "[<password> ][<password> ]flush", .status,
        "{imei}, {apn}, {user}, {pass}, {host}, {port}, 1"),
      DialectForm("[<password> ][<password> ]cpureset", .reboot),
    ],
    parameters: [
      DialectParameter("0242", "apn"), DialectParameter("0243", "user"),
      DialectParameter("0244", "pass"), DialectParameter("0245", "host"),
      DialectParameter("0246", "port"), DialectParameter("0917", "roaming"),
      DialectParameter("0020", "operator"), DialectParameter("0021-0099", "others"),
    ],
    separators: ";", commandSeparator: UInt8(ascii: ";"),
    listSeparators: (item: UInt8(ascii: ";"), value: 0x20))

  static let rut = DialectTraits(
    forms: [
      DialectForm("[<password> ]cellular <list>", .change),
      DialectForm(
        "[<password> ]status", .status,
        "Router name - {name}; WAN IP - {address}; Data Connection state - {connection}; Connection type - {technology}; Signal strength - {signal}; New FW available - N/A;"
      ),
      DialectForm("[<password> ]reboot", .reboot),
    ],
    parameters: [
      DialectParameter("apn", "apn"), DialectParameter("username", "user"),
      DialectParameter("password", "pass"), DialectParameter("auth_mode", "authentication"),
      DialectParameter("dialnumber", "-"),
    ],
    listSeparators: (item: 0x20, value: UInt8(ascii: "=")))
}
