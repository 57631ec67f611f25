// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "godwit",
  targets: [
    // The ground floor.
    room("Primitives", []),

    // Pure rooms: inputs and the time go in, effects come out.
    room("AT", ["Primitives"]),
    room("Cellular", ["Primitives"]),
    room("Telemetry", ["Primitives"]),
    room("Crypto", []),
    room("SMS", ["Primitives"]),
    room("DNS", ["Primitives"]),
    room("Modems", ["AT", "Cellular", "Primitives"]),
    room("Settings", ["Cellular", "Crypto", "Primitives"]),
    room("Sensors", ["Telemetry", "Primitives"]),
    room("Uplink", ["Telemetry", "Primitives"]),
    room("Link", ["Modems", "Cellular", "AT", "Primitives"]),
    room(
      "Agent",
      [
        "Link", "Modems", "Cellular", "SMS", "Uplink", "DNS", "Sensors", "Settings", "Telemetry",
        "Primitives",
      ]),

    // The edges.
    .target(name: "CLinux"),
    .target(name: "CGPIOD", linkerSettings: [.linkedLibrary("gpiod")]),
    .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3"), .linkedLibrary("m")]),
    room("Board", ["CLinux", "CGPIOD", "Primitives"]),
    room("Vault", ["CLinux", "Primitives"]),
    room("Spool", ["CSQLite", "CLinux", "Telemetry", "Primitives"]),
    .executableTarget(name: "godwit", dependencies: device(), swiftSettings: board()),

    // The host's own.
    .target(name: "ModemSimulator", dependencies: ["Primitives"]),
    .target(name: "World", dependencies: device() + ["ModemSimulator"]),
    .executableTarget(
      name: "godwit-bench",
      dependencies: [
        "World", "ModemSimulator", "Spool", "Telemetry", "Uplink", "Settings", "SMS", "DNS",
        "Modems",
        "Cellular", "AT", "CSplitter", "Primitives",
      ]),
    .target(name: "CSplitter"),

    tests("Primitives"),
    tests("AT"),
    tests("Cellular"),
    tests("Modems", ["AT", "Cellular"]),
    tests("Link", ["Modems", "Cellular", "AT"]),
    tests("Telemetry"),
    .testTarget(name: "CryptoTests", dependencies: ["Crypto"]),
    tests("SMS"),
    tests("DNS"),
    tests("Settings", ["Cellular"]),
    tests("Sensors", ["Telemetry"]),
    tests("Uplink", ["Telemetry"]),
    tests("Agent", ["Settings", "Link", "Modems", "Cellular", "Uplink", "Sensors", "Telemetry"]),
    .target(name: "CGPIOD2", path: "Tests/CGPIOD2"),
    tests("Board", ["CLinux", "CGPIOD2"]),
    .target(name: "CPowerCut", dependencies: ["CSQLite"], path: "Tests/CPowerCut"),
    tests("Spool", ["CPowerCut", "CSQLite", "CLinux", "Telemetry"]),
    tests("Vault"),
    tests("ModemSimulator"),
    .testTarget(name: "CommandLineTests", dependencies: ["godwit"] + device()),
    .testTarget(name: "WorldTests", dependencies: ["World", "ModemSimulator"] + device()),
    .testTarget(
      name: "BenchTests", dependencies: ["godwit-bench", "ModemSimulator", "Primitives"]),
    .testTarget(name: "TidyTests"),
  ],
  swiftLanguageModes: [.v6]
)

/// For every room that goes on a board: what Embedded Swift refuses is refused on the host too.
func board() -> [SwiftSetting] {
  [
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatWarning("EmbeddedRestrictions", as: .error),
  ]
}

/// What the process is made of.
func device() -> [Target.Dependency] {
  [
    "Agent", "Link", "Modems", "Cellular", "Uplink", "DNS", "SMS", "Sensors", "Settings",
    "Telemetry", "Board", "Spool", "Vault", "Primitives",
  ]
}

func room(_ name: String, _ below: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: below, swiftSettings: board())
}

func tests(_ room: String, _ others: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: room + "Tests",
    dependencies: [.target(name: room)] + others + (room == "Primitives" ? [] : ["Primitives"]))
}
