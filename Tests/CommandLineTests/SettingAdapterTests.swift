import Board
import Cellular
import Link
import Modems
import Primitives
import Sensors
import Settings
import Telemetry
import Testing
import Uplink

@testable import godwit

@Suite("Settings for the other rooms") struct SettingAdapterTests {
  /// Every byte alone, first, and inside, and texts around the limits of length.
  private static let texts: [[UInt8]] = {
    var texts: [[UInt8]] = [[], Array("godwit/x"), Array("godwit")]
    for byte in UInt8.min...UInt8.max { texts += [[byte], [byte, 0x61], [0x61, byte, 0x61]] }
    for count in [16, 17, 32, 33, 64, 65] { texts.append([UInt8](repeating: 0x61, count: count)) }
    return texts
  }()

  @Test("a name or unit that Settings takes is taken by Telemetry") func names() {
    var taken = 0
    for text in Self.texts {
      if let label = try? DeviceLabel(text) {
        #expect(DeviceName(label.bytes)?.bytes == text)
        taken += 1
      }
      if let label = try? SensorLabel(text) {
        #expect(ReadingName(label.bytes)?.isReserved == false)
        taken += 1
      }
      if let label = try? UnitLabel(text) {
        #expect(ReadingUnit(label.bytes)?.bytes == text)
        taken += 1
      }
    }
    #expect(taken > 600)
  }

  @Test(
    "a URL that Settings takes means the same to Uplink",
    arguments: [
      "coap://collector.example/r", "coap://10.0.0.1:1234/a/b.c~d", "coap://x", "coap://x/",
      "coap://X.Example.:5683/r",
    ])
  func url(text: String) throws {
    let address = try ServerAddress(Array(text.utf8))
    let url = try ServerURL(address.bytes)
    #expect(url.host == address.host)
    #expect(url.port == address.port)
    #expect(url.path == address.path)
  }

  @Test(
    "what Settings takes makes a plan for the other rooms",
    arguments: [
      "", "apn = \(String(repeating: "a", count: 63)).\(String(repeating: "b", count: 35))",
      "authentication = pap\nuser = u", "authentication = chap\nuser = u\npassword = p",
      "authentication = pap\nuser = \(String(repeating: "u", count: 64))",
      "periodic-tau = 9920h\nactive-time = 186min", "periodic-tau = 4s\nactive-time = 2s",
      "psm = off\nroaming = unchanged\nrats = 2g nb-iot\ndns = 1.1.1.1 9.9.9.9",
    ])
  func plan(network: String) throws {
    let apn = network.hasPrefix("apn") ? "" : "apn = em\n"
    let text = """
      [device]\nname = d\n[modem]\nmodule = quectel-bg95\nuart = u\npower-key = desk p
      [server]\nurl = coap://x/r\n[network]\n\(apn)\(network)
      """
    let configuration = try ConfigurationParser.parse(Array(text.utf8))
    let planned = try #require(DevicePlan(configuration)?.link.network)
    let psm = planned.psm
    #expect(
      psm?.periodicTAU.duration
        == (network.hasPrefix("psm") ? nil : configuration.network.periodicTAU))
    #expect(
      psm?.activeTime.duration
        == (network.hasPrefix("psm") ? nil : configuration.network.activeTime))
    #expect(planned.accessPoint?.apn.bytes == configuration.network.apn.bytes)
  }

  @Test("a credential that Settings takes is taken by Cellular, byte by byte") func credentials() {
    var taken = 0
    for byte in UInt8.min...UInt8.max {
      guard let credential = try? Credential([0x61, byte, 0x61]) else { continue }
      #expect(CredentialText(credential.bytes)?.bytes == credential.bytes)
      taken += 1
    }
    #expect(taken == 91)
  }

  @Test("a sensor keeps all that was set") func sensor() throws {
    let text = """
      [device]\nname = d\n[modem]\nmodule = quectel-bg95\nuart = u
      power-key = gpiochip1 7 active-low\nstatus = desk p\nflow-control = rts-cts
      [network]\napn = em\n[server]\nurl = coap://x\n[report]\ninterval = 10min
      [sensor a]\nfile = f\nfield = 3\nscale = 0.1\noffset = -4\nunit = V\nminimum = 1\nmaximum = 2
      interval = 7s
      [sensor b]\nfile = g
      """
    let configuration = try ConfigurationParser.parse(Array(text.utf8))
    let a = SensorDefinition(configuration.sensors[0], in: configuration)
    #expect(
      a
        == SensorDefinition(
          name: try #require(ReadingName(Array("a"))), file: Array("f"), field: 3,
          scale: try #require(DecimalNumber("0.1".utf8)), offset: DecimalNumber(-4),
          unit: ReadingUnit(Array("V")), interval: .seconds(7), minimum: DecimalNumber(1),
          maximum: DecimalNumber(2)))
    let b = SensorDefinition(configuration.sensors[1], in: configuration)
    #expect(b.interval == .seconds(600) && b.unit == nil && b.minimum == nil)
    #expect(DeviceName(configuration.device.name).bytes == Array("d"))
    #expect(
      PinAddress(configuration.modem.powerKey)
        == .gpio(chip: Array("gpiochip1"), offset: 7, isActiveLow: true))
    #expect(configuration.modem.status.map { PinAddress($0) } == .desk(path: Array("p")))
    #expect(Board.FlowControl(configuration.modem.flowControl) == .rtsCTS)
  }

  @Test(
    "a configuration's folder is the part before its name",
    arguments: [("a.conf", "."), ("/a.conf", "/"), ("b/c/a.conf", "b/c"), ("/b/a.conf", "/b")])
  func folder(file: String, expected: String) {
    #expect(ConfigurationFile.folder(of: Array(file.utf8)) == Array(expected.utf8))
  }
}
