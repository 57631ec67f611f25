import AT
import Cellular
import Modems
import Primitives
import Testing

@Suite("eDRX as a stored setting, TS 27.007 §7.40") struct EDRXSettingsTests {
  private func wanted(_ wish: EDRXWish?, _ rats: [RAT] = []) -> NetworkSettings {
    NetworkSettings(accessPoint: nil, rats: rats, edrx: wish)
  }

  private func names(_ wanted: NetworkSettings) -> [String] {
    StandardSettings.edrx.filter { $0.isWanted(wanted) }.map { "\($0.name)" }
  }

  @Test("nothing is read where nothing is wanted") func unwanted() {
    #expect(names(wanted(nil)).isEmpty)
    #expect(names(wanted(.off)) == ["edrx", "edrx NB-IoT"])
    #expect(names(wanted(.cycle(.seconds(82)))) == ["edrx", "edrx NB-IoT"])
    #expect(names(wanted(.cycle(.seconds(82)), [.lteM, .gsm])) == ["edrx"])
    #expect(names(wanted(.cycle(.seconds(82)), [.nbIoT])) == ["edrx NB-IoT"])
  }

  @Test(
    "a cycle is compared by what its code means",
    arguments: [
      (0, 82, ["+CEDRXS: 4,\"0101\""], true), (0, 82, ["+CEDRXS: 4,\"0100\""], false),
      (0, 82, ["+CEDRXS: 5,\"0101\""], false), (0, 82, [], false),
      (0, 4000, ["+CEDRXS: 4,\"1111\""], true), (1, 82, ["+CEDRXS: 5,\"0101\""], true),
      (1, 21, ["+CEDRXS: 5,\"0110\""], true), (1, 21, ["+CEDRXS: 5,\"0000\""], false),
      (1, 20, ["+CEDRXS: 5,\"0101\""], nil),
      (1, 82, ["+CEDRXS: 4,\"0000\"", "+CEDRXS: 5,\"0101\""], true),
    ] as [(Int, Int, [String], Bool?)])
  func compared(index: Int, seconds: Int, lines: [String], isRight: Bool?) {
    let wish = wanted(.cycle(.seconds(seconds)))
    #expect(StandardSettings.edrx[index].isRight(lines.map { wire($0) }, wish) == isRight)
  }

  @Test("off is right when nothing is asked for", arguments: [[], ["+CEDRXS:"]] as [[String]])
  func off(lines: [String]) {
    for setting in StandardSettings.edrx {
      #expect(setting.isRight(lines.map { wire($0) }, wanted(.off)) == true)
      #expect(
        setting.isRight([wire("+CEDRXS: 4,\"0101\""), wire("+CEDRXS: 5,\"0101\"")], wanted(.off))
          == false)
    }
  }

  @Test("each kind of cell is asked in a command of its own") func writes() {
    let long = wanted(.cycle(.seconds(6000)))
    let written = StandardSettings.edrx.map { $0.writes(long).map { shownLine($0) } }
    #expect(written == [["AT+CEDRXS=1,4,\"1101\""], ["AT+CEDRXS=1,5,\"1110\""]])
    let off = StandardSettings.edrx.map { $0.writes(wanted(.off)).map { shownLine($0) } }
    #expect(off == [["AT+CEDRXS=0,4", "AT+CEDRXS=0"], ["AT+CEDRXS=0,5", "AT+CEDRXS=0"]])
    #expect(
      ModuleProfile.ubloxSARAR4.written(wanted(.off)).suffix(2) == [
        "AT+CEDRXS=3,4", "AT+CEDRXS=3,5",
      ])
  }
}

@Suite("Release assistance") struct ReleaseAssistanceTests {
  private func last(_ profile: ModuleProfile, _ count: Int) -> String {
    shownLine(profile.socket?.sendLast?([UInt8](repeating: 0xA7, count: count), SocketProgress()))
  }

  @Test("the last datagram goes out with 2, one answer to come") func forms() {
    #expect(last(.quectelBG95, 2) == "AT+QISENDEX=0,\"A7A7\",2")
    #expect(last(.telitME910, 2) == "AT#SSENDEXT=1,2,2")
    #expect(last(.sequansGM02S, 2) == "AT+SQNSSENDEXT=1,2,2")
    #expect(last(.quectelEC25, 2) == "none")
  }

  @Test("what doesn't fit on a line goes out without") func long() {
    #expect(last(.quectelBG95, 240) != "none")
    #expect(last(.quectelBG95, 241) == "none")
  }
}
