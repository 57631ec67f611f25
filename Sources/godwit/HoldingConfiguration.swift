import Agent
import Link
import Primitives
import Settings

/// The configuration as it holds: the file's, and on top of it what the vault says.
extension DevicePlan {
  /// - Parameter file: one that a plan can be made of.
  static func holding(_ file: Configuration, over store: inout DeviceStore) -> DevicePlan {
    var file = file
    if let identity = ((try? store.kept(.identity)) ?? nil).flatMap({ DeviceIdentity(kept: $0) }),
      let name = identity.name
    {
      file.device.name = name
    }
    let holding = HoldingSettings(takingFrom: &store)
    let changed = (try? file.changed(by: holding.settings)).flatMap {
      DevicePlan($0) == nil ? nil : $0
    }
    guard var plan = DevicePlan(changed ?? file) else {
      preconditionFailure("the file's plan has been made before")
    }
    plan.link.formerNetwork = holding.former.flatMap { try? file.changed(by: $0) }
      .flatMap { DevicePlan($0)?.link.network }
    plan.agent.isTrial = changed != nil && holding.isTrial
    plan.agent.commands = CommandPlan(file: file, holding: changed ?? file)
    return plan
  }
}
