import ModemSimulator
import Testing

/// How each family opens a TLS connection that demands a certificate, and uses it. Where a family
/// has two forms of an answer, both are here.
struct TLSFamily: Sendable, CustomTestStringConvertible {
  let personality: ModemPersonality
  var pulse: Int64?
  /// Up to the context, at rest after each.
  var first: [String] = ["ATE0"]
  /// The certificate's name or slot.
  var certificate = "ca.pem"
  /// Security settings, in order; all answered OK.
  let settings: [String]
  let open: String
  let opened: String
  /// Server untrusted; certificate not stored.
  let refused: [String]
  let missing: [String]
  let send: String
  let prompt: String
  var payload = "hi"
  /// Said when data came.
  let news: String
  let read: String
  let data: [String]
  /// A command at the wrong moment or with a wrong value, before anything else, and its answer.
  let misuse: (command: String, answer: String)

  var testDescription: String { String(decoding: personality.name, as: UTF8.self) }

  func bench(
    _ server: SimulatedNetwork.ServerCertificate, isStored: Bool = true, seed: UInt64 = 1
  ) -> Bench {
    var network = SimulatedNetwork.accelerated
    network.serverCertificate = server
    return Bench.other(
      personality, pulse: pulse, first: [], certificates: isStored ? [certificate] : [],
      network: network, seed: seed)
  }

  static let all: [TLSFamily] = [
    bg95, ec25, saraR5, saraR4, sim7080, sim7000, sim7600, telit, sierra, cinterion, sequans,
  ]

  private static func quectel(_ personality: ModemPersonality) -> TLSFamily {
    TLSFamily(
      personality: personality, pulse: 600, first: ["ATE0", "AT+QIACT=1"],
      settings: [
        "AT+QSSLCFG=\"sslversion\",1,4", "AT+QSSLCFG=\"ciphersuite\",1,0XFFFF",
        "AT+QSSLCFG=\"seclevel\",1,1", "AT+QSSLCFG=\"cacert\",1,\"UFS:ca.pem\"",
        "AT+QSSLCFG=\"ignorelocaltime\",1,1", "AT+QSSLCFG=\"sni\",1,1",
      ],
      open: "AT+QSSLOPEN=1,1,0,\"192.0.2.1\",5684,0", opened: "\r\nOK\r\n\r\n+QSSLOPEN: 0,0\r\n",
      refused: ["+QSSLOPEN: 0,566\r\n"], missing: ["+QSSLOPEN: 0,566\r\n"],
      send: "AT+QSSLSEND=0,2", prompt: "\r\n> ", news: "\r\n+QSSLURC: \"recv\",0\r\n",
      read: "AT+QSSLRECV=0,1500", data: ["\r\n+QSSLRECV: 2\r\nyo\r\n\r\nOK\r\n"],
      misuse: ("AT+QSSLCFG=\"ciphersuite\",1,\"0XFFFF\"", "\r\nERROR\r\n"))
  }
  static let bg95 = quectel(.bg95)
  static let ec25 = quectel(.ec25)

  private static func ublox(
    _ personality: ModemPersonality, _ pulse: Int64, _ profile: [String], _ misuse: String
  ) -> TLSFamily {
    TLSFamily(
      personality: personality, pulse: pulse, first: ["ATE0", "AT+CMEE=1"] + profile,
      settings: [
        "AT+USECPRF=1", "AT+USECPRF=1,1,3", "AT+USECPRF=1,3,\"ca.pem\"",
        "AT+USECPRF=1,4,\"collector.example\"", "AT+USECPRF=1,0,2", "AT+USOCR=6",
        "AT+USOSEC=0,1,1",
      ],
      open: "AT+USOCO=0,\"192.0.2.1\",5684", opened: "\r\nOK\r\n",
      refused: ["\r\n+CME ERROR: 3\r\n"], missing: ["\r\n+CME ERROR: 3\r\n"],
      send: "AT+USOWR=0,2", prompt: "\r\n@", news: "\r\n+UUSORD: 0,2\r\n", read: "AT+USORD=0,1024",
      data: ["\r\n+USORD: 0,2,\"yo\"\r\n\r\nOK\r\n"],
      misuse: (misuse, "\r\n+CME ERROR: 3\r\n"))
  }
  static let saraR5 = ublox(
    .saraR5, 1500, ["AT+UPSD=0,0,0", "AT+UPSD=0,100,1", "AT+UPSDA=0,3"], "AT+USECPRF=2,0,2")
  static let saraR4 = ublox(.saraR4, 300, [], "AT+USOSEC=0,1,1")

  static let sim7080 = TLSFamily(
    personality: .sim7080, pulse: 1100,
    first: ["AT", "ATE0", "AT+CNCFG=0,1,\"em\"", "AT+CNACT=0,1"],
    settings: [
      "AT+CSSLCFG=\"sslversion\",0,3", "AT+CSSLCFG=\"ignorertctime\",0,1",
      "AT+CSSLCFG=\"convert\",2,\"ca.pem\"", "AT+CSSLCFG=\"sni\",0,\"collector.example\"",
      "AT+CASSLCFG=0,\"SSL\",1", "AT+CASSLCFG=0,\"CRINDEX\",0",
      "AT+CASSLCFG=0,\"CACERT\",\"ca.pem\"",
    ],
    open: "AT+CAOPEN=0,0,\"TCP\",\"192.0.2.1\",5684", opened: "+CAOPEN: 0,0\r\n",
    refused: ["+CAOPEN: 0,25\r\n"], missing: ["+CAOPEN: 0,24\r\n"], send: "AT+CASEND=0,2",
    prompt: "\r\n>", news: "\r\n+CADATAIND: 0\r\n", read: "AT+CARECV=0,100",
    data: ["\r\n+CARECV: 2,yo\r\n\r\nOK\r\n"],
    misuse: ("AT+CSSLCFG=\"SSLVERSION\",0,3", "\r\nERROR\r\n"))
  static let sim7000 = TLSFamily(
    personality: .sim7000, pulse: 1100, first: ["AT", "ATE0", "AT+CNACT=1,\"em\""],
    settings: [
      "AT+CSSLCFG=\"sslversion\",0,3", "AT+CSSLCFG=\"ignorertctime\",0,1", "AT+CACID=1",
      "AT+CASSLCFG=1,SSL,1", "AT+CASSLCFG=1,\"CRINDEX\",0", "AT+CASSLCFG=1,\"CACERT\",\"ca.pem\"",
    ],
    open: "AT+CAOPEN=1,\"192.0.2.1\",5684", opened: "+CAOPEN: 1,0\r\n",
    refused: ["+CAOPEN: 1,25\r\n"], missing: ["+CAOPEN: 1,24\r\n"], send: "AT+CASEND=1,2",
    prompt: "\r\n>", news: "\r\n+CADATAIND: 1\r\n", read: "AT+CARECV=1,100",
    data: ["\r\n+CARECV: 2,yo\r\n\r\nOK\r\n"],
    misuse: ("AT+CASSLCFG=0,\"SSL\",1", "\r\nERROR\r\n"))

  static let sim7600 = TLSFamily(
    personality: .sim7600, pulse: 500,
    settings: [
      "AT+CSSLCFG=\"sslversion\",0,3", "AT+CSSLCFG=\"cacert\",0,\"ca.pem\"",
      "AT+CSSLCFG=\"enableSNI\",0,1", "AT+CCHSET=1,1", "AT+CCHSTART", "AT+CCHSSLCFG=0,0",
    ],
    open: "AT+CCHOPEN=0,\"192.0.2.1\",5684,2", opened: "\r\n+CCHOPEN: 0,0\r\n",
    refused: ["\r\n+CCHOPEN: 0,4\r\n"], missing: ["\r\n+CCHOPEN: 0,4\r\n"], send: "AT+CCHSEND=0,2",
    prompt: "\r\n>", news: "\r\n+CCHEVENT: 0,RECV EVENT\r\n", read: "AT+CCHRECV=0,100",
    data: [
      "\r\nOK\r\n\r\n+CCHRECV: DATA,0,2\r\nyo\r\n+CCHRECV: 0,0\r\n",
      "\r\n+CCHRECV: DATA,0,2\r\nyo\r\n+CCHRECV: 0,0\r\n\r\nOK\r\n",
    ],
    misuse: ("AT+CCHOPEN=0,\"192.0.2.1\",5684,2", "\r\nERROR\r\n"))

  static let telit = TLSFamily(
    personality: .telitME910, pulse: 5050, first: ["ATE0", "AT+CMEE=1", "AT#SGACT=1,1"],
    settings: [
      "AT#SSLEN=1,1", "AT#SSLSECCFG=1,0,1", "AT#SSLSECCFG2=1,4,1,0,1",
      "AT#SSLCFG=1,1,0,90,100,50,1,0,1,0",
    ],
    open: "AT#SSLD=1,5684,\"192.0.2.1\",0,1,100", opened: "\r\nOK\r\n",
    refused: ["\r\nNO CARRIER\r\n", "\r\n+CME ERROR: 562\r\n"],
    missing: ["\r\nNO CARRIER\r\n", "\r\n+CME ERROR: 562\r\n"], send: "AT#SSLSENDEXT=1,2",
    prompt: "\r\n> ", news: "\r\nSSLSRING: 1", read: "AT#SSLRECV=1,100",
    data: ["\r\n#SSLRECV: 2\r\nyo\r\n\r\nOK\r\n"],
    misuse: ("AT#SSLSECCFG=1,0,1", "\r\n+CME ERROR: 4\r\n"))
  static let sierra = TLSFamily(
    personality: .sierraHL78, pulse: 1500,
    first: ["ATE0", "AT+CMEE=1", "AT+KCNXCFG=1,\"GPRS\",\"em\",\"\",\"\",\"IPV4\""],
    settings: ["AT+KSSLCFG=0,0", "AT+KSSLCRYPTO=0,8,1,8192,4,4,3,0"],
    open: "AT+KTCPCFG=1,3,\"192.0.2.1\",5684,,,,0,\"0\",0;+KTCPCNX=1",
    opened: "\r\n+KTCP_IND: 1,1\r\n", refused: ["\r\n+KTCP_NOTIF: 1,13\r\n"],
    missing: ["\r\n+KTCP_NOTIF: 1,15\r\n"], send: "AT+KTCPSND=1,2", prompt: "\r\nCONNECT\r\n",
    payload: "hi--EOF--Pattern--", news: "\r\n+KTCP_DATA: 1,2\r\n", read: "AT+KTCPRCV=1,2",
    data: ["\r\nCONNECT\r\nyo--EOF--Pattern--\r\nOK\r\n"],
    misuse: ("AT+KSSLCRYPTO=0,8,1", "\r\n+CME ERROR: 50\r\n"))
  static let cinterion = TLSFamily(
    personality: .cinterionEXS82, pulse: 150,
    first: ["ATE0", "AT+CMEE=1", "AT^SCFG=\"Tcp/WithURCs\",\"on\"", "AT^SICA=1,1"],
    settings: [
      "AT^SISS=0,\"srvType\",\"Socket\"", "AT^SISS=0,\"conId\",\"1\"",
      "AT^SISS=0,\"address\",\"socktcps://192.0.2.1:5684\"", "AT^SISS=0,\"secopt\",\"1\"",
    ],
    open: "AT^SISO=0", opened: "\r\n^SISW: 0,1\r\n",
    refused: ["\r\n^SIS: 0,0,26,\"TLS handshake failed\"\r\n"],
    missing: ["\r\n^SIS: 0,0,77,\"The certificate does not exist\"\r\n"], send: "AT^SISW=0,2",
    prompt: "\r\n^SISW: 0,2,0\r\n", news: "\r\n^SISR: 0,1\r\n", read: "AT^SISR=0,100",
    data: ["yo\r\n\r\nOK\r\n"], misuse: ("AT^SISS=0,\"secopt\",\"1\"", "\r\n+CME ERROR: 21\r\n"))
  static let sequans = TLSFamily(
    personality: .gm02s, first: ["ATE0", "AT+CFUN=1"], certificate: "5",
    settings: ["AT+SQNSPCFG=1,2,\"\",5,5,,,\"\",\"\",0,1,0", "AT+SQNSSCFG=1,1,1"],
    open: "AT+SQNSD=1,0,5684,\"192.0.2.1\",0,0,1", opened: "\r\nOK\r\n",
    refused: ["\r\nNO CARRIER\r\n"], missing: ["\r\nNO CARRIER\r\n"], send: "AT+SQNSSENDEXT=1,2",
    prompt: "\r\n> ", news: "\r\n+SQNSRING: 1\r\n", read: "AT+SQNSRECV=1,100",
    data: ["\r\n+SQNSRECV: 1,2\r\nyo\r\n\r\nOK\r\n"],
    misuse: ("AT+SQNSPCFG=7,2,\"\",5,5,,,\"\",\"\",0,1,0", "\r\nERROR\r\n"))
}
