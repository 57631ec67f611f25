import Agent
import Link
import Primitives
import Settings

/// The configuration as it holds: the file's, and on top of it what the vault says.
extension DevicePlan {
  /// - Parameter file: one that a plan can be made of.
  init(_ file: Configuration, over store: inout DeviceStore) {
    var file = file
    if let identity = ((try? store.kept(.identity)) ?? nil).flatMap({ DeviceIdentity(kept: $0) }),
      let name = identity.name
    {
      file.device.name = name
    }
    let holding = HoldingSettings(takingFrom: &store)
    let changed = try? file.changed(by: holding.settings)
    let plans = changed.flatMap { DevicePlan($0) }
    guard var plan = plans ?? DevicePlan(file) else {
      preconditionFailure("the file's plan has been made before")
    }
    plan.link.formerNetwork = holding.former.flatMap { try? file.changed(by: $0) }
      .flatMap { DevicePlan($0)?.link.network }
    plan.agent.isTrial = plans != nil && holding.isTrial
    plan.agent.commands = CommandPlan(file: file, holding: plans == nil ? file : changed ?? file)
    self = plan
  }
}
