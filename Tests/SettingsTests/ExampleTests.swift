import Foundation
import Primitives
import Settings
import Testing

/// The configurations that are part of the repository.
@Suite("Configuration files of the repository") struct ExampleTests {
  @Test("the annotated example is what the table makes") func example() throws {
    let file = try String(decoding: read("board/godwit.conf.example"), as: UTF8.self)
    // Mend with: godwit help configuration > board/godwit.conf.example
    #expect(file == String(decoding: SettingTable.example, as: UTF8.self))
  }

  @Test("the annotated example is a configuration, and its comments tell the presets")
  func exampleParses() throws {
    let read = try ConfigurationParser.parse(SettingTable.example)
    #expect(read.device.name.bytes == Array("meadow-7"))
    #expect(read.network.user == nil)
    #expect(read.report.interval == .seconds(900))
    #expect(read.sensors.map { $0.name.bytes } == [Array("load")])
  }

  @Test("with every '#' taken away it sets every setting, with a value that is taken")
  func exampleInFull() throws {
    var keys: [String] = []
    var text = ""
    for line in String(decoding: SettingTable.example, as: UTF8.self).split(separator: "\n") {
      let isSetting = line.hasPrefix("#") && !line.hasPrefix("# ")
      let bare = isSetting ? line.dropFirst() : line
      text += bare + "\n"
      if !bare.hasPrefix("#"), let equals = bare.firstRange(of: " = ") {
        keys.append(String(bare[..<equals.lowerBound]))
      }
    }
    #expect(keys == SettingTable.all.map { "\($0.key)" })
    let read = try ConfigurationParser.parse(Array(text.utf8))
    #expect(read.network.password?.bytes == Array("correct-horse"))
    #expect(read.modem.status != nil)
    #expect(read.sensors[0].maximum == DecimalNumber(85))
  }

  @Test("every line of the example fits a terminal, but for settings") func width() {
    for line in SettingTable.example.split(separator: UInt8(ascii: "\n"))
    where line.starts(with: Array("# ")) {
      #expect(line.count <= 80, "\(String(decoding: line, as: UTF8.self))")
    }
  }

  @Test("the desk's configuration is one") func desk() throws {
    let read = try ConfigurationParser.parse(read("board/desk/godwit.conf"))
    #expect(read.device.name.bytes == Array("desk"))
    #expect(read.modem.uart.bytes == Array("state/modem"))
    #expect(read.modem.powerKey == read.modem.status)
    #expect(read.server.url.host == .name(HostName(Array("collector.desk"))!))
    #expect(read.report.interval == .seconds(15))
    #expect(read.report.retryAfter == [.seconds(5), .seconds(10), .seconds(30)])
    #expect(read.network.periodicTAU == .seconds(3600))
    let names = read.sensors.map { String(decoding: $0.name.bytes, as: UTF8.self) }
    #expect(names == ["load", "uptime", "temperature"])
  }

  private func read(_ path: String) throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return Array(try Data(contentsOf: root.appending(path: path)))
  }
}
