import AT
import Cellular
import Modems
import Primitives
import Testing

/// The lines of each family's TLS sockets. What a module makes of them is the simulator's to say.
@Suite("TLS sockets") struct SecureSocketTests {
  private static let certificate = CertificateName(wire("ca.pem"))!

  /// Everything that goes out for one connection: the security profile, the opening as far as it
  /// goes with these answers, a send of five bytes, a read and the close.
  private func dialogue(
    _ profile: ModuleProfile, _ trust: TLSTrust, host: String = "collector.example",
    isClockSet: Bool = true, _ answers: [Answer], number: Int? = nil
  ) -> [String] {
    var plain = profile
    plain.socket = profile.secureSocket
    let target = socketTarget(host, .tls(trust))
    var (lines, progress) = plain.opening(target, answers)
    let security = profile.secureSocket!.security!
    progress.number = progress.number ?? number
    let setUp = security.setUp(
      SecureTarget(
        host: target.host, trust: trust, isClockSet: isClockSet,
        accessPoint: AccessPoint(apn: APN(wire("em"))!)))
    let socket = profile.secureSocket!
    lines += [
      shownLine(socket.send(wire("hello"), target, progress)), shownLine(socket.read(progress)),
      shownLine(socket.close(progress)),
    ]
    return setUp.map { shownLine($0) + ($0.mayFail ? " ?" : "") } + lines
  }

  private func slot(_ text: String) -> TLSTrust { .certificate(CertificateName(wire(text))!) }

  // MARK: - Trust

  @Test(
    "a certificate's name can't end a quoted string",
    arguments: [
      ("ca.pem", true), ("A_1-b.2", true), ("0", true), ("", false), ("a b", false),
      ("a\"", false), ("a\\b", false), ("é", false), ("a\r", false),
      ("12345678901234567890123456789012", true), ("123456789012345678901234567890123", false),
    ])
  func names(text: String, isName: Bool) {
    #expect((CertificateName(wire(text)) != nil) == isName)
  }

  @Test(
    "which certificates a family can check a server against",
    arguments: [
      ("quectel-bg95", "ca.pem", true), ("quectel-ec25", "ca.pem", true),
      ("ublox-sara-r4", "ca.pem", true), ("ublox-sara-r5", "7", true),
      ("simcom-sim7080", "ca.pem", true), ("simcom-sim7000", "ca.pem", true),
      ("simcom-sim7600", "ca.pem", true), ("simcom-sim800", "ca.pem", false),
      ("simcom-sim800", "1", false), ("telit-me910", "1", true), ("telit-me910", "2", false),
      ("telit-me910", "ca.pem", false), ("sierra-hl78", "0", true), ("sierra-hl78", "3", true),
      ("sierra-hl78", "4", false), ("sierra-hl78", "ca", false), ("cinterion-exs82", "1", false),
      ("fibocom-l610", "1", false), ("sequans-gm02s", "19", true), ("sequans-gm02s", "20", false),
      ("sequans-gm02s", "99999999999999999999", false), ("sequans-gm02s", "1.", false),
    ])
  func trust(family: String, name: String, isAllowed: Bool) throws {
    let security = try #require(ModuleProfile.named(wire(family))?.secureSocket?.security)
    #expect(security.allows(slot(name)) == isAllowed)
    #expect(security.allows(.nobody))
  }

  @Test("no family's profile trusts a certificate by commands that may all fail")
  func mandatory() throws {
    for profile in ModuleProfile.all {
      guard let security = profile.secureSocket?.security else { continue }
      for name in ["ca.pem", "1"] where security.allows(slot(name)) {
        for isClockSet in [false, true] {
          for host in ["collector.example", "192.0.2.7"] {
            let steps = security.setUp(
              SecureTarget(
                host: NetworkHost(wire(host))!, trust: slot(name), isClockSet: isClockSet))
            #expect(
              steps.contains { !$0.mayFail && shownLine($0) != shownLine(steps[0]) },
              "\(profile.name)")
          }
        }
      }
    }
  }

  @Test("the table says yes only where a secure socket is known")
  func abilities() {
    let yes = ModuleProfile.all.filter { $0.ability(of: .tls) == .yes }.map { "\($0.name)" }
    #expect(
      yes == [
        "quectel-bg95", "quectel-ec25", "ublox-sara-r4", "ublox-sara-r5", "simcom-sim7080",
        "simcom-sim800", "sequans-gm02s",
      ])
    for profile in ModuleProfile.all where profile.secureSocket == nil {
      #expect(profile.ability(of: .tls) != .yes)
    }
    #expect(ModuleProfile.generic.ability(of: .tls) == .no)
  }

  // MARK: - Quectel

  @Test("Quectel checks the server's certificate, name and dates") func quectel() {
    let expected = [
      "AT+QSSLCFG=\"sslversion\",1,3", "AT+QSSLCFG=\"ciphersuite\",1,0XFFFF",
      "AT+QSSLCFG=\"seclevel\",1,1", "AT+QSSLCFG=\"cacert\",1,\"ca.pem\"",
      "AT+QSSLCFG=\"ignorelocaltime\",1,0", "AT+QSSLCFG=\"checkhost\",1,1 ?",
      "AT+QSSLCFG=\"sni\",1,1 ?", "AT+QSSLCFG=\"negotiatetime\",1,60 ?",
      "AT+QSSLOPEN=1,1,0,\"collector.example\",5683,0", "wait 210 s", "open",
      "AT+QSSLSEND=0,5", "AT+QSSLRECV=0,1500", "AT+QSSLCLOSE=0",
    ]
    for profile in [ModuleProfile.quectelBG95, .quectelEC25] {
      #expect(dialogue(profile, .certificate(Self.certificate), [.ok]) == expected)
    }
  }

  @Test("an address has no name, and dates aren't checked by a clock that isn't set")
  func quectelAddress() {
    let lines = dialogue(
      .quectelBG95, .certificate(Self.certificate), host: "192.0.2.7", isClockSet: false, [.ok])
    #expect(
      Array(lines[2...6]) == [
        "AT+QSSLCFG=\"seclevel\",1,1", "AT+QSSLCFG=\"cacert\",1,\"ca.pem\"",
        "AT+QSSLCFG=\"ignorelocaltime\",1,1", "AT+QSSLCFG=\"checkhost\",1,0 ?",
        "AT+QSSLCFG=\"sni\",1,0 ?",
      ])
    #expect(
      dialogue(.quectelBG95, .nobody, [.ok])[2...3] == [
        "AT+QSSLCFG=\"seclevel\",1,0", "AT+QSSLCFG=\"sni\",1,1 ?",
      ])
  }

  @Test("Quectel's data follows a line of its own; an empty buffer is 0 or a bare OK")
  func quectelData() throws {
    let profile = ModuleProfile.quectelBG95
    let read = try #require(profile.secureSocket).read(SocketProgress())
    let full = try #require(profile.run(read, "\r\n+QSSLRECV: 4\r\nOK\r\n\r\n\r\nOK\r\n"))
    #expect(full.answer.data == wire("OK\r\n"))
    #expect(profile.run(read, "\r\n+QSSLRECV: 0\r\n\r\nOK\r\n")?.answer.data == [])
    #expect(profile.run(read, "\r\nOK\r\n")?.answer.isOK == true)
    #expect(profile.meaning(wire("+QSSLOPEN: 0,566")) == .socketOpened(error: 566))
    #expect(profile.meaning(wire("+QSSLOPEN: 1,0")) == .other)
    #expect(profile.meaning(wire("+QSSLURC: \"recv\",0")) == .dataWaiting)
    #expect(profile.meaning(wire("+QSSLURC: \"closed\",0")) == .socketClosed)
    #expect(ModuleProfile.quectelEC25.meaning(wire("+QSSLOPEN: 0,0")) == .socketOpened(error: 0))
  }

  // MARK: - u-blox

  @Test("a SARA-R4's socket is attached to its profile, and after a pause connected")
  func sara() {
    #expect(
      dialogue(.ubloxSARAR4, .certificate(Self.certificate), [.ok("+USOCR: 2"), .ok, .ok]) == [
        "AT+USECPRF=0", "AT+USECPRF=0,1,3", "AT+USECPRF=0,3,\"ca.pem\"",
        "AT+USECPRF=0,4,\"collector.example\"", "AT+USECPRF=0,0,3",
        "AT+USECPRF=0,10,\"collector.example\" ?",
        "AT+USOCR=6", "AT+USOSEC=2,1,0", "pause 250 ms",
        "AT+USOCO=2,\"collector.example\",5683,1", "wait 130 s", "open",
        "AT+USOWR=2,5", "AT+USORD=2,1024", "AT+USOCL=2",
      ])
    #expect(
      dialogue(
        .ubloxSARAR5, .certificate(Self.certificate), isClockSet: false,
        [.ok("+USOCR: 0"), .ok, .ok])[4...] == [
          "AT+USECPRF=0,0,2", "AT+USECPRF=0,10,\"collector.example\" ?",
          "AT+USOCR=6", "AT+USOSEC=0,1,0", "pause 250 ms",
          "AT+USOCO=0,\"collector.example\",5683", "open",
          "AT+USOWR=0,5", "AT+USORD=0,1024", "AT+USOCL=0",
        ])
  }

  @Test("a SARA that knows no connection behind the OK makes the one that waits") func saraWaits() {
    let lines = dialogue(
      .ubloxSARAR4, .nobody, host: "192.0.2.7", [.ok("+USOCR: 0"), .ok, .error, .ok])
    #expect(
      lines[..<9] == [
        "AT+USECPRF=0", "AT+USECPRF=0,1,3", "AT+USECPRF=0,0,0",
        "AT+USOCR=6", "AT+USOSEC=0,1,0", "pause 250 ms", "AT+USOCO=0,\"192.0.2.7\",5683,1",
        "AT+USOCO=0,\"192.0.2.7\",5683", "open",
      ])
    let address = dialogue(
      .ubloxSARAR4, .certificate(Self.certificate), host: "192.0.2.7", [.ok("+USOCR: 0")])
    #expect(address[2...3] == ["AT+USECPRF=0,3,\"ca.pem\"", "AT+USECPRF=0,0,1"])
  }

  // MARK: - SIMCom

  @Test("a SIM7080's connection is bound to an SSL context, and unbound as it is closed")
  func sim7080() {
    #expect(
      dialogue(
        .simcomSIM7080, .certificate(Self.certificate), isClockSet: false, [.ok("+CAOPEN: 0,0")])
        == [
          "AT+CSSLCFG=\"sslversion\",0,3", "AT+CSSLCFG=\"ignorertctime\",0,1 ?",
          "AT+CSSLCFG=\"sni\",0,\"collector.example\" ?", "AT+CASSLCFG=0,\"SSL\",1",
          "AT+CASSLCFG=0,\"CRINDEX\",0", "AT+CASSLCFG=0,\"CACERT\",\"ca.pem\"",
          "AT+CAOPEN=0,0,\"TCP\",\"collector.example\",5683", "open",
          "AT+CASEND=0,5", "AT+CARECV=0,1459", "AT+CACLOSE=0;+CASSLCFG=0,\"SSL\",0",
        ])
    #expect(
      dialogue(.simcomSIM7080, .nobody, host: "192.0.2.7", [.ok("+CAOPEN: 0,24")])[..<6] == [
        "AT+CSSLCFG=\"sslversion\",0,3", "AT+CASSLCFG=0,\"SSL\",1", "AT+CASSLCFG=0,\"CRINDEX\",0",
        "AT+CASSLCFG=0,\"CACERT\",\"\" ?", "AT+CAOPEN=0,0,\"TCP\",\"192.0.2.7\",5683",
        "untrusted",
      ])
    // The plain connection's lines are as they were.
    let (lines, _) = ModuleProfile.simcomSIM7080.opening(
      socketTarget("192.0.2.7", .tcp), [.ok, .ok])
    #expect(lines == ["AT+CAOPEN=0,0,\"TCP\",\"192.0.2.7\",5683", "wait 80 s", "open"])
  }

  @Test("a SIM7000 brings up the bearer of its secure sockets first") func sim7000() {
    let lines = dialogue(.simcomSIM7000, .certificate(Self.certificate), [.ok("+CAOPEN: 0,0")])
    #expect(lines[..<3] == ["AT+CNACT=1,\"em\" ?", "AT+CACID=0", "AT+CSSLCFG=\"sslversion\",0,3"])
    #expect(lines.contains("AT+CAOPEN=0,\"collector.example\",5683"))
    let socket = ModuleProfile.simcomSIM7000.secureSocket
    #expect(socket?.failure(21) == .busy)
    #expect(socket?.failure(25) == .untrusted)
    let meaning = ModuleProfile.simcomSIM7000.meaning
    #expect(meaning(wire("+CADATAIND: 0")) == .dataWaiting)
    #expect(meaning(wire("+CASTATE: 0,0")) == .socketClosed)
    #expect(meaning(wire("0, CONNECT OK")) == .socketOpened(error: 0))
  }

  @Test("a SIM7600's secure session has commands of its own") func sim7600() throws {
    let profile = ModuleProfile.simcomSIM7600
    #expect(
      dialogue(profile, .certificate(Self.certificate), [.ok]) == [
        "AT+CSSLCFG=\"sslversion\",0,3", "AT+CSSLCFG=\"authmode\",0,1",
        "AT+CSSLCFG=\"cacert\",0,\"ca.pem\"", "AT+CSSLCFG=\"ignorelocaltime\",0,0 ?",
        "AT+CSSLCFG=\"enableSNI\",0,1 ?", "AT+CCHSET=1,1 ?", "AT+CCHSTART ?", "AT+CCHSSLCFG=0,0",
        "AT+CCHOPEN=0,\"collector.example\",5683,2", "wait 120 s", "open",
        "AT+CCHSEND=0,5", "AT+CCHRECV=0,1460", "AT+CCHCLOSE=0",
      ])
    let read = try #require(profile.secureSocket).read(SocketProgress())
    for said in [
      "\r\n+CCHRECV: DATA,0,4\r\nOK\r\n\r\n+CCHRECV: 0,0\r\n\r\nOK\r\n",
      "\r\nOK\r\n\r\n+CCHRECV: DATA,0,4\r\nOK\r\n\r\n+CCHRECV: 0,0\r\n",
    ] {
      #expect(profile.run(read, said)?.answer.data == wire("OK\r\n"))
    }
    #expect(profile.run(read, "\r\n+CCHRECV: 0,0\r\n")?.answer.data == [])
    #expect(profile.meaning(wire("+CCHEVENT: 0,RECV EVENT")) == .dataWaiting)
    #expect(profile.meaning(wire("+CCH_PEER_CLOSED: 0")) == .socketClosed)
    #expect(profile.meaning(wire("+CCHOPEN: 0,4")) == .socketOpened(error: 4))
    #expect(profile.meaning(wire("+CCHSEND: 0,0")) == .other)
    #expect(profile.meaning(wire("+CCHSEND: 0,9")) == .socketClosed)
  }

  @Test("a SIM800 turns TLS on, and that is all") func sim800() {
    #expect(
      dialogue(.simcomSIM800, .nobody, [.ok]) == [
        "AT+CIPSSL=1", "AT+CIPSTART=0,\"TCP\",\"collector.example\",5683", "wait 80 s", "open",
        "AT+CIPSEND=0,5", "AT+CIPRXGET=2,0,1460", "AT+CIPCLOSE=0",
      ])
  }

  // MARK: - Others

  @Test("Telit has one secure socket, with the certificate that is stored for it") func telit() {
    let profile = ModuleProfile.telitME910
    #expect(
      dialogue(profile, slot("1"), [.ok]) == [
        "AT#SSLEN=1,1 ?", "AT#SSLCFG=1,1,0,0,100,50,1,0,0,0", "AT#SSLSECCFG=1,0,1",
        "AT#SSLSECCFG2=1,4,1,0,1", "AT#SSLD=1,5683,\"collector.example\",0,1,100", "open",
        "AT#SSLSENDEXT=1,5", "AT#SSLRECV=1,1000,1", "AT#SSLH=1,0",
      ])
    #expect(
      dialogue(profile, .nobody, host: "192.0.2.7", [.refused])[1...5] == [
        "AT#SSLCFG=1,1,0,0,100,50,1,0,1,0", "AT#SSLSECCFG=1,0,0", "AT#SSLSECCFG2=1,4,0,0,0",
        "AT#SSLD=1,5683,\"192.0.2.7\",0,1,100", "remote",
      ])
    let read = profile.secureSocket!.read(SocketProgress())
    #expect(
      profile.run(read, "\r\n#SSLRECV: 4\r\nOK\r\n\r\n\r\nOK\r\n")?.answer.data == wire("OK\r\n"))
    #expect(profile.meaning(wire("SSLSRING: 1,12")) == .dataAvailable(12))
    #expect(profile.meaning(wire("SSLSRING: 1")) == .dataWaiting)
    #expect(profile.meaning(wire("DISCONNECTED")) == .socketClosed)
  }

  @Test("a Sierra session of mode 3 takes the security profile") func sierra() {
    #expect(
      dialogue(.sierraHL78, slot("2"), [.ok("+KTCPCFG: 4"), .ok]) == [
        "AT+KSSLCFG=0,3 ?", "AT+KSSLCRYPTO=0,8,1,8192,4,4,3,2",
        "AT+KTCPCFG=1,3,\"collector.example\",5683,,,,0,0,0", "AT+KTCPCNX=4", "wait 120 s", "open",
        "AT+KTCPSND=4,5", "AT+KTCPRCV=4,1500", "AT+KTCPCLOSE=4,1;+KTCPDEL=4",
      ])
    #expect(
      dialogue(.sierraHL78, .nobody, [.error])[1] == "AT+KSSLCRYPTO=0,8,1,8192,4,4,0,0")
    #expect(ModuleProfile.sierraHL78.secureSocket?.failure(15) == .untrusted)
  }

  @Test("a Cinterion service is described as a secure one") func cinterion() {
    let description = """
      AT^SISS=0,"srvType","Socket";^SISS=0,"conId","1";^SISS=0,"secopt","0";\
      ^SISS=0,"address","socktcps://collector.example:5683"
      """
    #expect(
      dialogue(.cinterionEXS82, .nobody, [.ok, .ok]) == [
        description, "AT^SISO=0", "wait 30 s", "open",
        "AT^SISW=0,5", "AT^SISR=0,1460", "AT^SISC=0",
      ])
    #expect(
      dialogue(.cinterionEXS82, .nobody, [.error, .ok, .ok, .ok, .ok])[..<5] == [
        description, "AT^SISS=0,\"srvType\",\"Socket\"", "AT^SISS=0,\"conId\",\"1\"",
        "AT^SISS=0,\"address\",\"socktcps://collector.example:5683\"", "AT^SISO=0",
      ])
  }

  @Test("a Fibocom socket of type 2 is secure") func fibocom() {
    #expect(
      dialogue(.fibocomL610, .nobody, [.ok]) == [
        "AT+GTSSLVER=4", "AT+GTSSLMODE=0", "AT+MIPOPEN=1,,\"collector.example\",5683,2",
        "wait 45 s", "open", "AT+MIPSEND=1,5", "AT+MIPREAD=1,1500", "AT+MIPCLOSE=1",
      ])
  }

  @Test("Sequans's secure socket isn't its plain one") func sequans() {
    let profile = ModuleProfile.sequansGM02S
    #expect(
      dialogue(profile, slot("12"), [.ok, .ok]) == [
        "AT+SQNSPCFG=1,2,\"\",5,12,,,\"\",\"\",0,1,0", "AT+SQNSSCFG=2,1,1",
        "AT+SQNSCFGEXT=2,1,0,0,0,0", "AT+SQNSD=2,0,5683,\"collector.example\",0,0,1", "open",
        "AT+SQNSSENDEXT=2,5", "AT+SQNSRECV=2,1500", "AT+SQNSH=2",
      ])
    #expect(
      dialogue(profile, slot("12"), host: "192.0.2.7", [.ok, .ok])[0]
        == "AT+SQNSPCFG=1,2,\"\",1,12,,,\"\",\"\",0,1,0")
    #expect(
      dialogue(profile, .nobody, [.ok, .ok])[0] == "AT+SQNSPCFG=1,2,\"\",0,,,,\"\",\"\",0,1,0")
    #expect(profile.meaning(wire("+SQNSRING: 2,5")) == .dataWaiting)
    #expect(profile.meaning(wire("+SQNSH: 2")) == .socketClosed)
    #expect(profile.meaning(wire("+SQNSH: 3")) == .other)
  }
}
