import Primitives

/// Which messages are obeyed: the device's key and name for signed commands. Without a key no message
/// is.
public struct RemoteRules: Sendable {
  /// What the settings of a message must go together with.
  public let configuration: Configuration
  /// Under which commands are signed; nil: not provisioned, and nothing is obeyed.
  public let key: DeviceKey?

  public init(_ configuration: Configuration, key: DeviceKey?) {
    self.configuration = configuration
    self.key = key
  }

  /// - Parameters:
  ///   - text: a whole message, its parts joined, in UTF-8.
  ///   - sender: as the message says, which proves nothing.
  public func judge(text: [UInt8], sender: [UInt8]) -> RemoteVerdict {
    guard let key else { return .ignored }
    let message: SignedMessage
    do throws(SignatureFault) {
      message = try SignedMessage(text, device: configuration.device.name, key: key.bytes)
    } catch {
      return .ignored
    }
    let authority = RemoteAuthority.signed(counter: message.counter)
    do throws(RemoteRefusal) {
      let action = try OwnCommands.parse(message.text)
      if case .set(let changes) = action { _ = try configuration.changed(by: changes) }
      return .request(RemoteRequest(words: .own, actions: [action], authority: authority))
    } catch {
      return .refused(error, words: .own, authority: authority)
    }
  }
}
