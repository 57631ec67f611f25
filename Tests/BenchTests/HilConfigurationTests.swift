import Primitives
import Testing

@testable import godwit_bench

private let least = "[board]\nreset = true\n[modem]\nadapter = /dev/ttyUSB0\n"

/// A text, what is wrong with it, and what to do about it.
private struct Refusal: Sendable {
  let text: String
  let what: String
  let remedy: String
}

private let refusals = [
  Refusal(
    text: "", what: "[board] reset is missing",
    remedy: "give a command that gives the board its power"),
  Refusal(
    text: "[board]\nreset = x\n", what: "[modem] adapter is missing",
    remedy: "give the serial adapter at the modem's UART"),
  Refusal(
    text: least + "baud = 1200\n", what: "line 5: [modem] baud = 1200",
    remedy: "give one of 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600"),
  Refusal(
    text: least + "bauds = 9600\n", what: "line 5: there is no key bauds in [modem]",
    remedy: "the keys of [modem] are adapter, baud"),
  Refusal(
    text: least + "[pin]\n", what: "line 5: there is no section [pin]",
    remedy: "the sections are [board] [modem] [pins] [guest]"),
  Refusal(
    text: "reset = x\n", what: "line 1 is neither [section] nor key = value",
    remedy: "the sections are [board] [modem] [pins] [guest]"),
  Refusal(
    text: least + "adapter = b\n", what: "line 5: adapter is there twice",
    remedy: "leave one of them out"),
  Refusal(
    text: least + "baud =\n", what: "line 5: baud has no value",
    remedy: "give it one, or leave it out"),
  Refusal(
    text: least + "[pins]\ndrives-status = maybe\n",
    what: "line 6: [pins] drives-status = maybe", remedy: "give yes or no"),
  Refusal(
    text: least + "[board]\nboot-limit = 2h\n", what: "line 6: [board] boot-limit = 2h",
    remedy: "give a duration such as 90s or 3min"),
]

@Suite("hil.conf") struct HilConfigurationTests {
  @Test("with the least that is needed has a modem and nothing else") func smallest() throws {
    let configuration = try HilConfiguration(text: least)
    #expect(configuration.reset == "true")
    #expect(configuration.modem == HilConfiguration.Serial(path: "/dev/ttyUSB0", baud: 115_200))
    #expect(configuration.bootLimit == .seconds(180))
    #expect(configuration.abilities == [.simulatedModem])
  }

  @Test("with everything gives every ability that a real board can have") func everything() throws {
    let configuration = try HilConfiguration(
      text: """
        # A bench with a relay and a logic analyser.
        [board]
        reset = relay on = now
        power-off = relay off
        boot-limit = 2min
        shell = /dev/ttyUSB1
        shell-baud = 921600
        restart = systemctl restart godwit
        [modem]
        adapter = /dev/ttyUSB0
        baud = 9600
        [pins]
        command = ./pins
        drives-status = yes
        [guest]
        uart = /dev/ttymxc1
        power-key = gpiochip3 12 active-low
        status = gpiochip3 13
        """)
    #expect(configuration.reset == "relay on = now")
    #expect(configuration.bootLimit == .seconds(120))
    #expect(configuration.shell == HilConfiguration.Serial(path: "/dev/ttyUSB1", baud: 921_600))
    #expect(configuration.wiring.powerKey == "gpiochip3 12 active-low")
    #expect(configuration.wiring.baud == 9600)
    #expect(
      configuration.abilities == [.simulatedModem, .pinReader, .statusLine, .powerCut, .image])
  }

  @Test(
    "that is wrong is refused with the key and the remedy",
    arguments: refusals)
  private func refused(_ refusal: Refusal) throws {
    let error = #expect(throws: HilConfigurationError.self) {
      try HilConfiguration(text: refusal.text)
    }
    #expect(error?.description == refusal.what)
    #expect(error?.remedy == refusal.remedy)
  }

  @Test("a scenario is skipped by name with the first thing that the board lacks") func skipped()
    throws
  {
    let configuration = try HilConfiguration(text: least)
    func reason(_ label: String) -> String? {
      HilScenarios.all.first { $0.label == label }?
        .reasonToSkip(board: "beaglebone-black", abilities: configuration.abilities)
    }
    #expect(reason("2a") == HilNeed.statusLine.reason)
    #expect(reason("4b") == HilNeed.image.reason)
    #expect(reason("8") == "is for qemu-armv7")
    let qemu = HilScenarios.all.first { $0.label == "8" }
    #expect(qemu?.reasonToSkip(board: "qemu-armv7", abilities: Set(HilNeed.allCases)) == nil)
  }
}
