import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// Sequans GM02S and GM01Q (Monarch 2: LTE-M, NB-IoT).
  ///
  /// Sources: the drivers QuickSpot/walter-arduino (GM02SP), Microchip's AVR-IoT Cellular library
  /// (GM02S) and toitware/cellular. The AT manual wasn't read. There is no power key: what is
  /// wired as one is RESETN, and the module starts whenever it is released; from its power-off it
  /// comes back in no other way. UNVERIFIED: how a read of an empty buffer is answered (an error
  /// counts as empty), a local port of 0, `AT+CTZU?`, and what of the radio's state survives deep
  /// sleep (where it isn't registered the radio is turned on). It falls asleep only while RTS is
  /// released, which closing the UART does, and wakes when it is raised, as opening does; only a line can show it. Name
  /// servers of one's own can't be set.
  public static let sequansGM02S = ModuleProfile(
    name: "sequans-gm02s",
    covers: ["GM02S", "GM01Q"],
    dialect: Dialect(
      bareURCs: Dialect.generic.bareURCs, textsWithoutEnd: [], restartTexts: ["+SYSSTART"],
      joinsCommands: false, gap: .milliseconds(20)),
    power: PowerTimings(
      onPulse: .milliseconds(100), offPulse: nil, resetPulse: .milliseconds(100),
      statusLimit: .seconds(5), pollFrom: .seconds(5), pollAfterBoot: .seconds(3),
      bootLimit: .seconds(20), probeTimeout: .milliseconds(500), probes: 5, rest: .seconds(1),
      offLimit: .seconds(10), wakesByUART: true),
    wake: [Exchange("AT+CMEE=1"), Exchange("AT+CEREG=5")],
    settings: [
      radioAccess, StandardSettings.networkTime, StandardSettings.psm, attachContext,
      StandardSettings.authentication,
    ] + StandardSettings.edrx,
    identity: [Exchange("AT+SQNCCID", answers: [.named("+SQNCCID")], timeout: .seconds(5))]
      + Standard.identity,
    context: context,
    socket: GM02S.sockets(1),
    secureSocket: GM02S.secureSocket,
    sleepEvidence: .statusLine,
    startsWithRadioOff: true,
    powerOff: Exchange("AT+SQNSSHDN", timeout: .seconds(10)),
    restart: Exchange("AT^RESET", timeout: .seconds(5)),
    meaning: GM02S.meaning)

  /// 1 LTE-M, 2 NB-IoT, 3 both.
  private static var radioAccess: StoredSetting {
    var setting = StoredSetting.number("+SQNMODEACTIVE") { wanted in
      let (lteM, nbIoT) = (wanted.rats.contains(.lteM), wanted.rats.contains(.nbIoT))
      return lteM && nbIoT ? 3 : lteM ? 1 : nbIoT ? 2 : nil
    }
    (setting.needsRadioOff, setting.needsRestart) = (true, true)
    return setting
  }

  private static var attachContext: StoredSetting {
    var setting = StandardSettings.attachContext
    setting.needsRestart = true
    return setting
  }

  /// The one bearer that there is isn't taken down: that would detach the module.
  private static var context: ContextCommands {
    var context = Standard.context
    context.activate = { _ in [Exchange("AT+CGACT=1,1", timeout: .seconds(60))] }
    context.deactivate = nil
    return context
  }
}

/// The small functions of the GM02S's profile. Its plain socket is number 1.
enum GM02S {
  static func sockets(_ number: Int) -> SocketCommands {
    SocketCommands(
      open: { target, progress in
        switch progress.step {
        // What an earlier host left in the memory may have the data pushed into the URC.
        case 0: return .run(Exchange("AT+SQNSCFGEXT=\(number),1,0,0,0,0"))
        case 1:
          let code = target.transport == .udp ? 1 : 0
          return .run(
            Exchange(
              "AT+SQNSD=\(number),\(code),\(target.port),\"\(target.host)\",0,0,1",
              timeout: .seconds(75), completion: .call))
        default: return .open
        }
      },
      note: { answer, progress in
        if answer.isOK || progress.step == 0 {
          progress.step += 1
          return nil
        }
        // NO CARRIER comes for some seconds after the radio was turned on.
        return answer.outcome == .refused ? .busy : .stale
      },
      sendLimit: 1500,
      send: { payload, _, _ in
        Exchange(
          "AT+SQNSSENDEXT=\(number),\(payload.count)", timeout: .seconds(60), payload: payload,
          promptTimeout: .seconds(10))
      },
      read: { _ in
        Exchange(
          "AT+SQNSRECV=\(number),1500", answers: [.named("+SQNSRECV")], timeout: .seconds(10),
          mayFail: true,
          countedBytes: { line in
            line.isNamed("+SQNSRECV") ? ParameterList(line).integer(1) : nil
          })
      },
      close: { _ in Exchange("AT+SQNSH=\(number)", timeout: .seconds(20)) }
    ).releasing { payload, _ in
      Exchange(
        "AT+SQNSSENDEXT=\(number),\(payload.count),2", timeout: .seconds(60), payload: payload,
        promptTimeout: .seconds(10))
    }
  }

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.equals("+SYSSTART") { return .ready }
    if line.equals("+SQNSSHDN") { return .poweredDown }
    // One of them may stand for several datagrams, so its count is left aside.
    if line.isNamed("+SQNSRING") {
      return isOurs(line) ? .dataWaiting : .other
    }
    if line.isNamed("+SQNSH") { return isOurs(line) ? .socketClosed : .other }
    return Standard.meaning(line)
  }

  /// The link has one of them at a time.
  private static func isOurs(_ line: [UInt8]) -> Bool {
    let number = ParameterList(line, first: 1).integer(0)
    return number == 1 || number == secureNumber
  }
}
