import Agent
import Primitives
import Settings

/// The configuration as it holds: the file's, and on top of it what the vault says.
extension DevicePlan {
  /// - Parameter file: one that a plan can be made of.
  init(_ file: Configuration, over store: inout DeviceStore) {
    var holding = file
    if let identity = ((try? store.kept(.identity)) ?? nil).flatMap({ DeviceIdentity(kept: $0) }) {
      if let name = identity.name { holding.device.name = name }
    }
    guard let plan = DevicePlan(holding) ?? DevicePlan(file) else {
      preconditionFailure("the file's plan has been made before")
    }
    self = plan
  }
}
