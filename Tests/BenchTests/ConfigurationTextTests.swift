import Primitives
import Testing

@testable import godwit_bench

@Suite("What the bench reads in a configuration") struct ConfigurationTextTests {
  private static let text = """
    # a desk
    [modem]
    uart = state/modem
    ; uart = elsewhere
    power-key = desk state/pins
    status = gpiochip0 6 active-low
    [server]
    url=coap://collector.desk:5683/r?x=1
    [store]
    path = /var/lib/spool.db
    """

  @Test(
    "finds a value by section and key, however it is spaced",
    arguments: [
      ("modem", "uart", "state/modem"), ("server", "url", "coap://collector.desk:5683/r?x=1"),
      ("server", "uart", nil), ("nowhere", "url", nil),
    ])
  func value(section: String, key: String, expected: String?) {
    #expect(ConfigurationText(Self.text).value(section, key) == expected)
  }

  @Test("only a pin of the desk has a desk's path") func pins() {
    let configuration = ConfigurationText(Self.text)
    #expect(configuration.deskPath("power-key") == "state/pins")
    #expect(configuration.deskPath("status") == nil)
  }

  @Test("a copy for another folder keeps its meaning") func moved() {
    let copy = ConfigurationText(Self.text).moved(seeing: "..")
    #expect(copy.value("modem", "uart") == "../state/modem")
    #expect(copy.value("modem", "power-key") == "desk ../state/pins")
    #expect(copy.value("modem", "status") == "gpiochip0 6 active-low")
    #expect(copy.value("store", "path") == "/var/lib/spool.db")
  }

  @Test(
    "one folder seen from another",
    arguments: [
      ("/a/b/state", "/a/b", ".."), ("/a/b", "/a/b", "."), ("/a/b", "/a/b/c", "c"),
      ("/a/x/y", "/a/b/c", "../../b/c"), ("/a", "/", ".."),
    ])
  func way(folder: String, target: String, expected: String) {
    #expect(Path.way(from: folder, to: target) == expected)
  }

  @Test("a value is replaced where it is, or added to its section") func set() {
    var configuration = ConfigurationText(Self.text)
    configuration.set("modem", "uart", "tty")
    configuration.set("server", "extra", "1")
    configuration.set("report", "interval", "5min")
    #expect(configuration.value("modem", "uart") == "tty")
    #expect(configuration.value("server", "extra") == "1")
    #expect(configuration.value("report", "interval") == "5min")
    #expect(configuration.lines.count == ConfigurationText(Self.text).lines.count + 3)
  }

  @Test(
    "a server's URL names its host",
    arguments: [
      ("coap://collector.desk:5683/r", "collector.desk"), ("coap://192.0.2.7", "192.0.2.7"),
      ("coap://a.example?x", "a.example"), ("collector.desk", nil), ("coap:///r", nil),
    ])
  func host(url: String, expected: String?) {
    #expect(DeskDevice.host(ofURL: url)?.bytes == expected.map { Array($0.utf8) })
  }
}
