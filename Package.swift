// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "godwit",
  targets: [
    .target(name: "Primitives", swiftSettings: board),
    .testTarget(name: "PrimitivesTests", dependencies: ["Primitives"]),
  ],
  swiftLanguageModes: [.v6]
)

/// For every room that goes on a board: what Embedded Swift refuses is refused on the host too.
var board: [SwiftSetting] {
  [
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatWarning("EmbeddedRestrictions", as: .error),
  ]
}
