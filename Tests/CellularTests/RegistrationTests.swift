import Cellular
import Primitives
import Testing

@Suite("Registration, TS 27.007 §10.1.22") struct RegistrationTests {
  private func urc(_ text: String) -> Registration? { Registration(unsolicited: Array(text.utf8)) }
  private func read(_ text: String) -> Registration? { Registration(readAnswer: Array(text.utf8)) }

  @Test(
    "a read answer is told from a URC of the same name",
    arguments: [
      ("+CEREG: 2", false), ("+CEREG: 4,2", true), ("+CEREG: 0,2", true),
      ("+CEREG: 2,,,,,,,,", false), ("+CEREG: 5,\"0A1B\",\"01234567\",7", false),
      ("+CEREG: 4,5,\"0A1B\",\"01234567\",7", true), ("+CEREG:4, 5", true), ("+CEREG: ", false),
      ("+CEREG: 4,\"2\"", false), ("+CEREG: 5,1234,01234567,7", false),
    ])
  func told(text: String, isRead: Bool) {
    #expect(Registration.isReadAnswer(Array(text.utf8)) == isRead)
    #expect((read(text) != nil) == isRead)
  }

  @Test(
    "mode 4 with the grant, as a URC and as an answer, with a routing area and without",
    arguments: [
      "5,\"0A1B\",\"01234567\",9,,,\"00000101\",\"01001110\"",
      "5,\"0A1B\",\"01234567\",9,\"01\",,,\"00000101\",\"01001110\"",
      "5, 0A1B, 1234567, 9, , , 00000101, 01001110",
    ])
  func granted(tail: String) {
    for form in [urc("+CEREG: " + tail), tail.contains("\"") ? read("+CEREG: 4," + tail) : nil] {
      guard let registration = form else { continue }
      #expect(registration.status == .roaming)
      #expect(registration.trackingArea == 0x0A1B)
      #expect(registration.cell == 0x0123_4567)
      #expect(registration.technology == .nbIoT)
      #expect(registration.activeTime?.duration == .seconds(10))
      #expect(registration.periodicTAU?.duration == .seconds(504_000))
      #expect(registration.grantsPSM)
    }
    #expect(urc("+CEREG: " + tail) != nil)
  }

  @Test("a routing area between area and cell, as SARA-R410M and SARA-R412M have it")
  func routingAreaInFront() {
    let tail = "5,\"6F42\",\"00\",\"3C6D32C\",7,,,\"00001000\",\"00101100\""
    for registration in [urc("+CEREG: " + tail), read("+CEREG: 4," + tail)] {
      #expect(registration?.status == .roaming)
      #expect(registration?.trackingArea == 0x6F42)
      #expect(registration?.cell == 0x3C6D32C)
      #expect(registration?.technology == .lte)
      #expect(registration?.activeTime?.duration == .seconds(16))
      #expect(registration?.periodicTAU?.duration == .seconds(12 * 3600))
    }
    let empty = read("+CEREG: 4,5,,,,,,,\"00000000\",\"01100000\"")  // LARA-R6
    #expect(empty?.status == .roaming)
    #expect(empty?.trackingArea == nil)
    #expect(urc("+CGREG: 5,\"6F42\",\"3C6D32C\",0,\"01\"")?.cell == 0x3C6D32C)
  }

  @Test("Sequans' 80 is a network that is lost for the moment") func lost() {
    #expect(urc("+CEREG: 80")?.status == .unknown)
    #expect(read("+CEREG: 5,80")?.status == .unknown)
  }

  @Test("a cell whose digits look like a timer is none") func cellLikeTimer() {
    let registration = urc("+CEREG: 5,\"0A1B\",\"00110101\",7")
    #expect(registration?.grantsPSM == false)
    #expect(registration?.cell == 0x0011_0101)
  }

  @Test(
    "no active time, or a deactivated one, grants nothing",
    arguments: [
      "5,\"0A1B\",\"01234567\",7,,,,\"00100110\"",
      "5,\"0A1B\",\"01234567\",7,,,\"11100000\",\"00100110\"", "5", "5,\"0A1B\",\"01234567\",7",
    ])
  func notGranted(tail: String) { #expect(urc("+CEREG: " + tail)?.grantsPSM == false) }

  @Test("a standard cause is taken, a maker's own is not") func causes() {
    let denied = urc("+CEREG: 3,\"0A1B\",\"01234567\",7,0,11,,")
    #expect(denied?.rejectCause == RejectCause(code: 11))
    #expect(denied?.rejectCause?.consequence == .placeRefused)
    #expect(urc("+CEREG: 3,\"0A1B\",\"01234567\",7,1,11,,")?.rejectCause == nil)
  }

  @Test(
    "unknown places and nonsense are no trap",
    arguments: ["", "+CEREG: ", "+CEREG: 99", "+CEREG: x", "+CEREG: -1,2", "+CEREG: 999999999999"])
  func nonsense(text: String) { #expect(urc(text) == nil) }

  @Test("which states carry data") func data() {
    let allowed = (0...12).filter { RegistrationStatus(code: $0)?.allowsData == true }
    #expect(allowed == [1, 5, 9, 10, 12])
    #expect(RegistrationStatus(code: 13) == nil)
  }

  @Test("random lines never trap", arguments: 1...10) func fuzz(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let bytes = Array("+CEREG: 0145,\"AF,;\r".utf8)
    for _ in 0..<5000 {
      let count = Int(random.next(below: 40))
      let line = (0..<count).map { _ in bytes[Int(random.next(below: UInt64(bytes.count)))] }
      let whole = Array("+CEREG: ".utf8) + line
      if let registration = Registration(readAnswer: whole) {
        #expect(Registration.isReadAnswer(whole), "seed \(seed)")
        #expect(registration.status.text.isEmpty == false)
      }
      _ = Registration(unsolicited: whole)
      _ = NetworkClock.utc(whole)
    }
  }
}
