import Agent
import ModemSimulator
import Primitives
import Settings
import Testing
import Uplink
import World

/// A world whose device obeys commands by SMS, and what is sent to it.
enum CommandBench {
  static let key = DeviceKey(bytes: [UInt8](repeating: 7, count: 32))!
  static let otherKey = DeviceKey(bytes: [UInt8](repeating: 8, count: 32))!
  static let device = try! DeviceLabel(Array("world-1".utf8))

  /// - Parameter sms: further lines of `[sms]`, and what comes behind it.
  static func file(sms: String = "", server: String = "collector.desk") -> Configuration {
    let text = """
      [device]
      name = world-1
      [modem]
      module = quectel-bg95
      uart = modem
      power-key = desk pins
      status = desk pins
      [network]
      apn = em
      [server]
      url = coap://\(server)/r
      [sms]
      listen = on
      window = 0s
      commands = on
      \(sms)
      """
    return try! ConfigurationParser.parse(Array(text.utf8))
  }

  static func plan(
    seed: UInt64 = 6, sms: String = "", server: String = "collector.desk"
  ) -> WorldPlan {
    var plan = WorldPlan(seed: seed)
    let file = file(sms: sms, server: server)
    plan.agent.server = try! ServerURL(Array("coap://\(server)/r".utf8))
    plan.agent.listensToMessages = true
    plan.agent.messageWindow = .seconds(10)
    plan.agent.messageWindowInterval = .seconds(60)
    plan.link.network.takesMessages = true
    plan.agent.commands = CommandPlan(file: file, holding: file)
    plan.network.accessPointNames = [Array("em".utf8), Array("right".utf8)]
    return plan
  }

  /// - Parameters:
  ///   - settings: what the vault has changed already.
  ///   - counters: what it has of counters.
  static func world(
    _ plan: WorldPlan, isProvisioned: Bool = true, settings: [SettingChange] = [],
    counters: [UInt8]? = nil
  ) throws -> World {
    let world = try World(plan)
    if isProvisioned { world.keep(DeviceIdentity(key: key, name: nil).kept, in: .identity) }
    if !settings.isEmpty { world.keep(HeldSettings.kept(settings), in: .settings) }
    if let counters { world.keep(counters, in: .counters) }
    world.start()
    // A world's first agent is made over an empty vault.
    if !settings.isEmpty { world.restartProcess() }
    return world
  }

  /// SMS-DELIVER in UCS-2 or, where it is long, in the GSM alphabet, of which the text may have what
  /// ASCII has at the same places (TS 23.040 §9.2.2.1).
  ///
  /// - Parameters:
  ///   - sender: digits, in an even number.
  ///   - part: reference, count and number of a part of a long message.
  static func tpdu(
    _ text: [UInt8], from sender: String = "1234", part: (UInt8, UInt8, UInt8)? = nil
  ) -> [UInt8] {
    let digits = Array(sender.utf8).map { $0 - 48 }
    let number = stride(from: 0, to: digits.count, by: 2).map { digits[$0 + 1] << 4 | digits[$0] }
    let header: [UInt8] = part.map { [5, 0, 3, $0.0, $0.1, $0.2] } ?? []
    let stamp: [UInt8] = [0x62, 0x01, 0x12, 0x21, 0x43, 0x00, 0x80]
    let head = [part == nil ? 0x04 : 0x44, UInt8(digits.count), 0x81] + number
    if text.count > 66 { return head + [0, 0] + stamp + packed(text, header) }
    return head + [0, 8] + stamp + [UInt8(2 * text.count + header.count)] + header
      + text.flatMap { [0, $0] }
  }

  private static func packed(_ text: [UInt8], _ header: [UInt8]) -> [UInt8] {
    let fill = (header.count * 8 + 6) / 7 * 7 - header.count * 8
    var octets: [UInt8] = []
    var (bits, held) = (UInt32(0), UInt32(fill))
    for septet in text {
      bits |= UInt32(septet & 0x7F) << held
      held += 7
      while held >= 8 {
        octets.append(UInt8(bits & 0xFF))
        (bits, held) = (bits >> 8, held - 8)
      }
    }
    if held > 0 { octets.append(UInt8(bits & 0xFF)) }
    return [UInt8((header.count * 8 + 6) / 7 + text.count)] + header + octets
  }

  static func tpdu(_ text: String, from sender: String = "1234") -> [UInt8] {
    tpdu(Array(text.utf8), from: sender)
  }

  static func text(_ command: String, counter: UInt64, key: DeviceKey = key) -> [UInt8] {
    SignedMessage.sign(Array(command.utf8), device: device, counter: counter, key: key.bytes)!
  }

  static func signed(_ command: String, counter: UInt64, key: DeviceKey = key) -> [UInt8] {
    tpdu(text(command, counter: counter, key: key))
  }

  static func hours(_ count: Double) -> Instant { .start + .seconds(Int64(count * 3600)) }

  static func storedAPN(_ world: World) -> String {
    String(decoding: world.modem.stored.contexts[0].apn, as: UTF8.self)
  }

  static func heldSettings(_ world: World) -> [SettingChange]? {
    world.kept(.settings).flatMap { HeldSettings.settings(kept: $0) }
  }

  /// The texts that were sent, as far as they are in the GSM alphabet's ASCII part: unpacked. Of long
  /// ones each part.
  static func answers(_ world: World) -> [String] {
    world.submittedMessages.map { tpdu in
      let digits = (Int(tpdu[2]) + 1) / 2
      let body = tpdu[(4 + digits + 3)...]
      let header = tpdu[0] & 0x40 == 0 ? 0 : 7
      var (bits, held): (UInt32, UInt32) = (0, 0)
      var text: [UInt8] = []
      for octet in body.dropFirst() {
        bits |= UInt32(octet) << held
        held += 8
        while held >= 7, text.count < Int(body.first!) {
          text.append(UInt8(bits & 0x7F))
          (bits, held) = (bits >> 7, held - 7)
        }
      }
      return String(decoding: text.dropFirst(header), as: UTF8.self)
    }
  }

  /// The numbers that answers went to.
  static func recipients(_ world: World) -> [String] {
    world.submittedMessages.map { tpdu in
      let digits = tpdu[4..<4 + (Int(tpdu[2]) + 1) / 2].flatMap { [$0 & 0xF, $0 >> 4] }
      return digits.prefix(Int(tpdu[2])).map { "\($0)" }.joined()
    }
  }
}
