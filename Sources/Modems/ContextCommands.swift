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
  /// The long way, taken once the other was refused; nil where there is only one.
  public var activateAtLength: (@Sendable (NetworkSettings) -> [Exchange])?
  /// From the last OK to `.contextActivated`; nil where that OK says that it is active.
  public var activationLimit: Duration?
  /// nil where it can't be taken down by itself.
  public var deactivate: Exchange?
  /// Sets the servers that names are looked up at, and reads them back where the module can; nil when
  /// the list is empty, or for a module that takes the network's only.
  public var setServers: @Sendable ([IPv4Address]) -> Exchange?

  public init(
    query: Exchange, isActive: @escaping @Sendable ([[UInt8]]) -> Bool,
    activate: @escaping @Sendable (NetworkSettings) -> [Exchange],
    activateAtLength: (@Sendable (NetworkSettings) -> [Exchange])? = nil,
    activationLimit: Duration? = nil, deactivate: Exchange?,
    setServers: @escaping @Sendable ([IPv4Address]) -> Exchange? = { _ in nil }
  ) {
    self.query = query
    self.isActive = isActive
    self.activate = activate
    self.activateAtLength = activateAtLength
    self.activationLimit = activationLimit
    self.deactivate = deactivate
    self.setServers = setServers
  }
}

extension ContextCommands {
  /// Whether a module that was told to look names up at `servers` does. One that reads nothing back is
  /// believed.
  public static func keeps(_ servers: [IPv4Address], _ lines: [[UInt8]]) -> Bool {
    var read: [IPv4Address] = []
    for line in lines {
      let words = line.split { !$0.isASCIIDigit && $0 != UInt8(ascii: ".") }
      for word in words {
        if let address = IPv4Address(Array(word)) { read.append(address) }
      }
    }
    return read.isEmpty || servers.allSatisfy { read.contains($0) }
  }

  /// Lines of a family that gives each server one of its own: `PrimaryDns:9.9.9.9`.
  static let serverLines: [AnswerPattern] = [.named("PrimaryDns"), .named("SecondaryDns")]
}
