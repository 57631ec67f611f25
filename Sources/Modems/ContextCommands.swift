import AT
import Cellular
import Primitives

/// The data session.
public struct ContextCommands: Sendable {
  public var query: Exchange
  /// Whether the answering lines show the context as active.
  public var isActive: @Sendable ([[UInt8]]) -> Bool
  /// In order; each must end in OK, unless it may fail.
  public var activate: @Sendable (NetworkSettings) -> [Exchange]
  /// From the last OK to `.contextActivated`; nil where that OK says that it is active.
  public var activationLimit: Duration?
  /// nil where it can't be taken down by itself.
  public var deactivate: Exchange?
  /// Sets the servers that names are looked up at; nil when the list is empty, or for a module
  /// that takes the network's only.
  public var setServers: @Sendable ([IPv4Address]) -> Exchange?

  public init(
    query: Exchange, isActive: @escaping @Sendable ([[UInt8]]) -> Bool,
    activate: @escaping @Sendable (NetworkSettings) -> [Exchange],
    activationLimit: Duration? = nil, deactivate: Exchange?,
    setServers: @escaping @Sendable ([IPv4Address]) -> Exchange? = { _ in nil }
  ) {
    self.query = query
    self.isActive = isActive
    self.activate = activate
    self.activationLimit = activationLimit
    self.deactivate = deactivate
    self.setServers = setServers
  }
}
