import Agent
import Board
import Primitives
import Settings
import Vault

/// What `godwit provision` is asked to do.
struct ProvisionRequest: Equatable {
  /// nil: a new key is made.
  let keyFile: [UInt8]?
  /// nil: the configuration's name holds.
  let name: DeviceLabel?
  let counter: UInt64
  let isAgain: Bool
  let isJSON: Bool
  let address: ControlAddress

  init(_ split: SplitWords) throws(ArgumentError) {
    try split.takesNoWords()
    keyFile = split.value(of: .key)
    isAgain = split.has(.again)
    isJSON = split.has(.json)
    address = try split.address()
    counter = try split.counter() ?? 0
    name = try split.deviceName()
  }
}

/// `godwit provision`: gives the device its key and name. The running process does it, since the vault
/// is its own; where none runs it is done here.
enum ProvisionCommand {
  /// Of a key that is made here: as many as the hash gives (RFC 2104 §3).
  private static let keyLength = 32

  static func run(_ request: ProvisionRequest) -> ExitStatus {
    var configuration: Configuration?
    if case .configuration(let file) = request.address {
      // The key's file is named from the present folder, not from the configuration's.
      guard let key = key(of: request) else { return .failed }
      configuration = ConfigurationFile.open(file)
      guard configuration != nil else { return .usage }
      return provision(key, request, configuration)
    }
    guard let key = key(of: request) else { return .failed }
    return provision(key, request, nil)
  }

  private static func provision(
    _ key: DeviceKey, _ request: ProvisionRequest, _ configuration: Configuration?
  ) -> ExitStatus {
    let identity = DeviceIdentity(key: key, name: request.name)
    let provisioning = Provisioning(
      identity: identity, counter: request.counter, isAgain: request.isAgain)
    let path: [UInt8]
    switch request.address {
    case .socket(let named): path = named
    case .configuration: path = configuration?.control.socket.bytes ?? []
    }
    let packet: [UInt8]
    do throws(BoardError) {
      let client = try ControlClient(path: path, timeout: ClientCommands.patience)
      try client.send(ProvisionPacket.packet(provisioning))
      guard let answer = try client.receive(within: ClientCommands.patience) else {
        complain("godwit provision: the running process has closed the connection; see its log")
        return .unreachable
      }
      packet = answer
    } catch {
      // One that doesn't answer may still write the vault.
      guard let configuration, case .control(let fault, _) = error,
        fault.isNobodyListening
      else {
        complain("godwit provision: \(error.description)")
        return .unreachable
      }
      return write(provisioning, configuration, isJSON: request.isJSON)
    }
    if packet.hasPrefix("provisioned ") {
      return show(Array(packet.dropFirst(12)), key, isJSON: request.isJSON)
    }
    if case .refused(_, let reason) = ControlAnswer(packet) {
      complain("godwit provision: \(reason.printable)")
    } else {
      complain("godwit provision: the running process said: \(packet.printable)")
    }
    return .failed
  }

  private static func key(of request: ProvisionRequest) -> DeviceKey? {
    do throws(BoardError) {
      guard let file = request.keyFile else {
        return DeviceKey(bytes: try CurrentProcess.randomBytes(keyLength))
      }
      let text = try BoundedFile.readPrivate(file, limitBytes: DeviceKey.textLimit)
      do throws(DeviceKeyFault) {
        return try DeviceKey(text)
      } catch {
        complain("godwit provision: file \(file.printable) \(error.text)")
      }
    } catch {
      complain("godwit provision: \(error.description)")
    }
    return nil
  }

  /// No process runs: the vault's files are written here.
  private static func write(
    _ provisioning: Provisioning, _ configuration: Configuration, isJSON: Bool
  ) -> ExitStatus {
    do throws(VaultError) {
      var vault = try Vault(LinuxVaultFiles(path: configuration.vaultPath))
      let values = provisioning.values(
        over: vault.kept(VaultSlot.identity.rawValue), vault.kept(VaultSlot.counters.rawValue))
      guard let values else {
        complain("godwit provision: \(ProvisioningRefusal.isAlready.text)")
        return .failed
      }
      try vault.keep(values.identity, in: VaultSlot.identity.rawValue)
      try vault.keep(values.counters, in: VaultSlot.counters.rawValue)
    } catch {
      complain("godwit provision: \(error.description)")
      return .failed
    }
    let name = provisioning.identity.name ?? configuration.device.name
    return show(name.bytes, provisioning.identity.key, isJSON: isJSON)
  }

  /// What the operator's side needs, once.
  private static func show(_ name: [UInt8], _ key: DeviceKey, isJSON: Bool) -> ExitStatus {
    complain(
      "godwit provision: this is the only time that the key is shown; keep it in a file that nobody "
        + "else may read, for godwit sms sign --key FILE --device \(name.printable)")
    let text = key.bytes.hex
    if isJSON {
      var json = JSONWriter()
      json.beginObject()
      json.member("device", text: name)
      json.member("key", text: text)
      json.endObject()
      return output(json.bytes + Array("\n"))
    }
    return output(Array("device ") + name + Array("\nkey    ") + text + Array("\n"))
  }
}

/// The request over the control socket: `provision NAME KEY COUNTER`, and `again` behind it where an
/// identity that is there gives way. NAME is - where the configuration's holds.
enum ProvisionPacket {
  static func packet(_ provisioning: Provisioning) -> [UInt8] {
    let name = provisioning.identity.name?.bytes ?? Array("-")
    return Array("provision ") + name + Array(" ") + provisioning.identity.key.bytes.hex
      + Array(" \(provisioning.counter)".utf8) + (provisioning.isAgain ? Array(" again") : [])
  }

  /// Reads a packet; nil for one that isn't such a request. Nothing of it may be shown.
  static func provisioning(in packet: [UInt8]) -> Provisioning? {
    let words = packet.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
      Array($0)
    }
    let isAgain = words.count == 5 && words[4].equals("again")
    guard words.count == 4 || isAgain, words[0].equals("provision"),
      SignedMessage.counterDigits.contains(words[3].count), let counter = words[3].asciiWholeNumber
    else { return nil }
    guard let key = try? DeviceKey(words[2]) else { return nil }
    var name: DeviceLabel?
    if !words[1].equals("-") {
      guard let label = try? DeviceLabel(words[1]) else { return nil }
      name = label
    }
    return Provisioning(
      identity: DeviceIdentity(key: key, name: name), counter: UInt64(counter), isAgain: isAgain)
  }
}
