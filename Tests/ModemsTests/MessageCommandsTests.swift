import AT
import Cellular
import Modems
import Primitives
import Testing

@Suite("SMS commands, TS 27.005") struct MessageCommandsTests {
  private static let pdu =
    "0791947106004034040C919471831778780000620112214300801220D0BC4C8787E5E136480683C574E536"

  private func listing(_ lines: [String]) -> MessageListing {
    MessageListing(lines.map { wire($0) })
  }

  @Test("each message comes with its place, whether it was listed before, and its octets")
  func messages() throws {
    let length = Self.pdu.count / 2 - 8
    let list = listing([
      "+CMGL: 3,0,,\(length)", Self.pdu, "+CMGL: 7,1,\"a,b\",\(length)", Self.pdu.lowercased(),
    ])
    #expect(list.messages.map { $0.index } == [3, 7])
    #expect(list.messages.map { $0.status } == [.unread, .read])
    #expect(list.messages.allSatisfy { $0.pdu.hex == wire(Self.pdu) })
    #expect(list.damaged == 0)
  }

  @Test("a listing that was repeated shows each place once") func repeated() {
    let length = Self.pdu.count / 2 - 8
    let lines = ["+CMGL: 3,0,,\(length)", Self.pdu, "+CMGL: 3,1,,\(length)", Self.pdu]
    #expect(listing(lines).messages.count == 1)
  }

  @Test(
    "what doesn't have the length that was said is damaged, and stays in the module",
    arguments: [
      (["+CMGL: 3,0,,36", "00ABCD"], 1), (["+CMGL: 3,0,,2", "00ABC"], 1), (["+CMGL: 3,0,,2"], 1),
      (["+CMGL: 3,0,,2", "+CMGL: 4,0,,2", "00ABCD"], 1), (["+CMGL: x,0,,2", "00ABCD"], 1),
      (["+CMGL: 3,0,,2", "FFABCD"], 1), (["00ABCD"], 0), ([], 0),
    ])
  func damaged(lines: [String], count: Int) {
    let list = listing(lines)
    #expect(list.damaged == count)
    #expect(list.messages.count == (lines.contains("+CMGL: 4,0,,2") ? 1 : 0))
  }

  @Test("what the device itself has stored isn't a message", arguments: [2, 3])
  func own(state: Int) {
    let list = listing(["+CMGL: 3,\(state),,2", "00ABCD"])
    #expect(list.messages.isEmpty && list.damaged == 0)
    #expect(list.others == [3])
  }

  @Test("the commands are the standard's") func commands() {
    #expect(MessageCommands.prepare.map { shownLine($0) } == ["AT+CMGF=0", "AT+CNMI=2,1"])
    #expect(shownLine(MessageCommands.list) == "AT+CMGL=4")
    #expect(shownLine(MessageCommands.delete(12)) == "AT+CMGD=12")
    let send = MessageCommands.send([0, 0x11, 0xAB], length: 2)
    #expect(shownLine(send) == "AT+CMGS=2")
    #expect(send.payload == wire("0011AB"))
    #expect(send.payloadEnd.map { "\($0)" } == "\u{1A}")
  }

  @Test(
    "messages are listed from the storage that they go to",
    arguments: [
      ("+CPMS: \"ME\",0,255,\"ME\",0,255,\"ME\",0,255", true),
      ("+CPMS: \"SM\",1,10,\"SM\",1,10,\"ME\",0,255", false),
      ("+CPMS: \"SM\",1,10,\"ME\",1,10,\"SM\",0,255", true), ("+CPMS: 0,255,0,255,0,255", nil),
      ("", nil),
    ] as [(String, Bool?)])
  func storage(line: String, isRight: Bool?) {
    var wanted = NetworkSettings(accessPoint: nil)
    #expect(!MessageCommands.storage.isWanted(wanted))
    wanted.takesMessages = true
    #expect(MessageCommands.storage.isWanted(wanted))
    #expect(MessageCommands.storage.isRight(line.isEmpty ? [] : [wire(line)], wanted) == isRight)
    let ways = MessageCommands.storage.writes(wanted).map { shownLine($0) }
    #expect(ways == ["AT+CPMS=\"SM\",\"SM\",\"SM\"", "AT+CPMS=\"ME\",\"ME\",\"ME\""])
  }

  @Test(
    "what the module says about messages by itself",
    arguments: [
      ("+CMTI: \"SM\",3", MessageNotice.arrived), ("+CDSI: \"SM\",3", .arrived),
      ("+CMT: ,24", .arrived), ("+QIND: \"smsfull\",\"ME\"", .storageFull),
      ("+QIND: \"csq\",9,99", nil), ("+CMGL: 1,0,,24", nil), ("00ABCD", nil),
    ] as [(String, MessageNotice?)])
  func notices(line: String, notice: MessageNotice?) {
    #expect(MessageNotice(wire(line)) == notice)
  }
}
