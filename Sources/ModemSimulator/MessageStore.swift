import Primitives

/// A short message in one of the module's memories.
public struct StoredMessage: Equatable, Sendable {
  /// `<stat>` of AT+CMGL in PDU mode (TS 27.005 §3.1).
  public enum Status: Int, Sendable { case unread, read, unsent, sent }

  /// `SM` or `ME`.
  public let memory: [UInt8]
  public let index: Int
  public var status: Status
  /// TPDU without the service centre's address (TS 23.040 §9.2.2).
  public let tpdu: [UInt8]

  public init(memory: [UInt8], index: Int, status: Status, tpdu: [UInt8]) {
    self.memory = memory
    self.index = index
    self.status = status
    self.tpdu = tpdu
  }
}

extension SimulatedModem {
  /// The memory that AT+CPMS named as number `use`: 0 to read and delete, 1 to write, 2 to receive.
  func memory(_ use: Int) -> MessageMemory {
    let memories = personality.messages.memories
    return memories.first { $0.isCalled(session.smsStorages[use]) } ?? memories[0]
  }

  func capacity(_ memory: MessageMemory) -> Int { stored.messageCapacity ?? memory.capacity }

  /// What lies in `memory`, by index.
  func messages(in memory: MessageMemory) -> [StoredMessage] {
    stored.messages.filter { $0.memory.equals(memory.name) }.sorted { $0.index < $1.index }
  }

  /// Puts a message that was received into the memory for those.
  ///
  /// - Returns: its index; nil when there is no room.
  mutating func store(_ tpdu: [UInt8]) -> Int? {
    let memory = memory(2)
    let taken = Set(messages(in: memory).map(\.index))
    let places = memory.first..<memory.first + capacity(memory)
    guard let index = places.first(where: { !taken.contains($0) }) else { return nil }
    counters.flashWrites += 1
    stored.messages.append(
      StoredMessage(memory: Array(memory.name), index: index, status: .unread, tpdu: tpdu))
    return index
  }

  mutating func markRead(_ message: StoredMessage) {
    guard message.status == .unread,
      let place = stored.messages.firstIndex(of: message)
    else { return }
    counters.flashWrites += 1
    stored.messages[place].status = .read
  }

  /// `<used>,<total>` of AT+CPMS.
  func fill(_ use: Int) -> ATText {
    let memory = memory(use)
    return "\(messages(in: memory).count),\(capacity(memory))"
  }

  /// The service centre's address as it stands before a TPDU (TS 24.011 §8.2.5.2).
  var serviceCentre: [UInt8] {
    let isInternational = stored.smsCentre.first == UInt8(ascii: "+")
    let digits = stored.smsCentre.filter { $0.isASCIIDigit }
    if digits.isEmpty { return [0] }
    let octets = semiOctets(digits)
    return [UInt8(octets.count + 1), isInternational ? 0x91 : 0x81] + octets
  }

  /// The PDU as the host sees it: service centre and TPDU in hexadecimal.
  func hexadecimal(_ tpdu: [UInt8]) -> [UInt8] { (serviceCentre + tpdu).hex }
}

/// Digits two in an octet, the first one low, F where none is left (TS 23.040 §9.1.2.3).
func semiOctets(_ digits: [UInt8]) -> [UInt8] {
  stride(from: 0, to: digits.count, by: 2).map { index in
    let high = index + 1 < digits.count ? digits[index + 1] & 0x0F : 0x0F
    return high << 4 | digits[index] & 0x0F
  }
}
