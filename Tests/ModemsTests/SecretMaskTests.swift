import Modems
import Primitives
import Testing

@Suite("The mask over secrets") struct SecretMaskTests {
  @Test(
    "hides a card's codes and credentials, and nothing else",
    arguments: [
      ("AT+CPIN=\"1234\"\r", "AT+CPIN=***\r"), ("at+cpin=1234", "at+cpin=***"),
      ("AT+CPIN?", "AT+CPIN?"), ("AT+CPIN=?", "AT+CPIN=?"), ("+CPIN: READY", "+CPIN: READY"),
      ("AT+CPIN=1234;+CSQ", "AT+CPIN=***;+CSQ"), ("AT+CSQ;+CPIN=\"1;2\";I", "AT+CSQ;+CPIN=***;I"),
      ("AT+CLCK=\"SC\",1,\"1234\"", "AT+CLCK=***"),
      ("AT+CPWD=\"SC\",\"0000\",\"1\"", "AT+CPWD=***"),
      ("AT+CGAUTH=1,1,\"u\",\"p\"\r", "AT+CGAUTH=***\r"),
      ("+CGAUTH: 1,1,\"u\",\"p\"\r\nOK", "+CGAUTH: ***\r\nOK"),
      ("AT+QICSGP=1,1,\"em\",\"u\",\"p\",1", "AT+QICSGP=1,1,\"em\",***"),
      ("AT+QICSGP=1", "AT+QICSGP=1"), ("+QICSGP: 1,\"em\",\"\",\"\",0", "+QICSGP: 1,\"em\",***"),
      ("AT+QICSGP=1,\"em\",\"u\",\"p\"", "AT+QICSGP=1,\"em\",***"),
      ("AT+UPSD=0,3,\"p\"", "AT+UPSD=***"), ("AT#PDPAUTH=1,2,\"u\",\"p\"", "AT#PDPAUTH=***"),
      ("AT^SGAUTH=1,1,\"p\",\"u\"", "AT^SGAUTH=***"), ("AT+CSQ", "AT+CSQ"), ("", ""),
    ])
  func hides(text: String, shown: String) {
    #expect(masked(text, SecretMask()) == shown)
    // What is hidden stays so, and nothing more goes.
    #expect(masked(shown, SecretMask()) == shown)
  }

  @Test("hides a known secret wherever it stands, a short one only between quotes")
  func known() {
    let mask = SecretMask(known: [Array("correct-horse".utf8), Array("em".utf8), []])
    #expect(masked("AT+NEW=\"em\",correct-horse,1", mask) == "AT+NEW=\"***\",***,1")
    #expect(masked("+CEREG: 1; remember", mask) == "+CEREG: 1; remember")
  }

  @Test("hides the longer of two secrets that begin alike") func longest() {
    let mask = SecretMask(known: [Array("abcd".utf8), Array("abcdef".utf8)])
    #expect(masked("xabcdefx", mask) == "x***x")
  }

  private func masked(_ text: String, _ mask: SecretMask) -> String {
    String(decoding: mask.masked(Array(text.utf8)), as: UTF8.self)
  }
}
