import Primitives
import Testing

@testable import godwit_bench

private let real =
  "[board]\nreset = true\n[modem]\nreal = quectel-bg95\n[server]\nport = 5683\n"
  + "url = coap://bench.example/r\n[network]\napn = em\n"
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
    remedy: "give the serial adapter at the modem's UART, or real = quectel-bg95 instead"),
  Refusal(
    text: least + "real = quectel-bg95\n",
    what: "line 4: [modem] adapter doesn't go with [modem] real", remedy: "leave one of them out"),
  Refusal(
    text: least + "[server]\nport = 5683\n",
    what: "line 6: [server] port doesn't go with [modem] adapter",
    remedy: "leave one of them out"),
  Refusal(
    text: least + "[network]\napn = em\n",
    what: "line 6: [network] apn doesn't go with [modem] adapter",
    remedy: "leave one of them out"),
  Refusal(
    text: real + "[pins]\ndrives-status = yes\n",
    what: "line 11: [pins] drives-status doesn't go with [modem] real",
    remedy: "leave one of them out"),
  Refusal(
    text: "[board]\nreset = x\n[modem]\nreal = nokia-3310\n",
    what: "line 4: [modem] real = nokia-3310", remedy: "give quectel-bg95"),
  Refusal(
    text: "[board]\nreset = x\n[modem]\nreal = quectel-bg95\n", what: "[server] port is missing",
    remedy: "give a UDP port, 1 to 65535"),
  Refusal(
    text: "[board]\nreset = x\n[modem]\nreal = quectel-bg95\n[server]\nport = 5683\n",
    what: "[server] url is missing",
    remedy: "give what leads there from the network, as in godwit.conf: coap://HOST:PORT/PATH"),
  Refusal(
    text: "[board]\nreset = x\n[modem]\nreal = quectel-bg95\n[server]\nport = 0\n",
    what: "line 6: [server] port = 0", remedy: "give a UDP port, 1 to 65535"),
  Refusal(
    text: real + "[server]\naddress = localhost\n", what: "line 11: [server] address = localhost",
    remedy: "give an IPv4 address of this machine"),
  Refusal(
    text: least + "baud = 1200\n", what: "line 5: [modem] baud = 1200",
    remedy: "give one of 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600"),
  Refusal(
    text: least + "bauds = 9600\n", what: "line 5: there is no key bauds in [modem]",
    remedy: "the keys of [modem] are adapter, real, baud"),
  Refusal(
    text: least + "[pin]\n", what: "line 5: there is no section [pin]",
    remedy: "the sections are [board] [modem] [pins] [server] [guest] [network]"),
  Refusal(
    text: "reset = x\n", what: "line 1 is neither [section] nor key = value",
    remedy: "the sections are [board] [modem] [pins] [server] [guest] [network]"),
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
    #expect(
      configuration.modem
        == .adapter(HilConfiguration.Serial(path: "/dev/ttyUSB0", baud: 115_200)))
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

  @Test("with a real modem is the server, and has what needs no simulated one") func realModem()
    throws
  {
    let configuration = try HilConfiguration(
      text: real + """
        user = sensor
        [board]
        power-off = relay off
        shell = /dev/ttyUSB1
        clock = date -u -s
        [pins]
        command = ./pins
        [guest]
        configuration = /data/godwit.conf
        store = /data/spool.db
        control = /run/control.sock
        """)
    #expect(
      configuration.modem
        == .real(HilConfiguration.Server(address: IPv4Address(0, 0, 0, 0), port: 5683)))
    #expect(configuration.path == "/data/godwit.conf")
    let guest = GuestPlan().configuration(configuration.wiring)
    for line in [
      "module = quectel-bg95", "apn = em\nuser = sensor\npsm = on", "path = /data/spool.db",
      "url = coap://bench.example/r", "socket = /run/control.sock",
    ] {
      #expect(guest.contains(line + "\n"), "\(guest)")
    }
    var runs: [String] = []
    for scenario in HilScenarios.all {
      let reason = scenario.reasonToSkip(
        board: "beaglebone-black", abilities: configuration.abilities)
      if reason == nil { runs.append(scenario.label) }
      if "235".contains(scenario.label.prefix(1)), scenario.label != "2e" {
        #expect(reason == HilNeed.simulatedModem.reason)
      }
    }
    #expect(runs == ["1", "2e", "4a", "7a", "7b"])
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
