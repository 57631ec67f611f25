import Primitives

/// All that a vault keeps, and its form in a copy: `GWV1`, the sequence number (64 bits, big-endian),
/// for each value its slot (8 bits), its length (16 bits) and its bytes, and at the end the CRC-32
/// of all that comes before (32 bits).
struct VaultContents: Equatable {
  /// Grows with every write; of two good copies the one with the greater is the newer.
  var sequence: UInt64 = 0
  /// Slots that this version of the program doesn't know are kept too.
  var values = VaultValues()

  /// More slots than any version has.
  static let slotLimit = 16
  /// No copy is longer.
  static let limitBytes = 4 + 8 + slotLimit * (3 + 1024) + 4
  private static let mark: StaticString = "GWV1"

  init() {}

  /// Reads a copy; nil for one that isn't whole.
  init?(_ copy: [UInt8]) {
    guard copy.count >= 16, copy.prefix(4).elementsEqual(Array(Self.mark)) else { return nil }
    let body = Array(copy.dropLast(4))
    var check = CRC32()
    check.update(body)
    guard Self.number(copy[body.count...]) == UInt64(check.value) else { return nil }
    sequence = Self.number(body[4..<12])
    var rest = body[12...]
    while !rest.isEmpty {
      guard rest.count >= 3, values.count < Self.slotLimit else { return nil }
      let slot = rest.removeFirst()
      let length = Int(Self.number(rest.prefix(2)))
      rest = rest.dropFirst(2)
      guard length <= rest.count, values[slot] == nil else { return nil }
      values[slot] = Array(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
  }

  var bytes: [UInt8] {
    var bytes = Array(Self.mark) + Self.digits(sequence, count: 8)
    for (slot, value) in values.pairs {
      bytes += [slot] + Self.digits(UInt64(value.count), count: 2) + value
    }
    var check = CRC32()
    check.update(bytes)
    return bytes + Self.digits(UInt64(check.value), count: 4)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func digits(_ number: UInt64, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - 1 - $0))) }
  }
}

/// Values by their slot, in the slots' order.
struct VaultValues: Equatable {
  private(set) var pairs: [(slot: UInt8, value: [UInt8])] = []

  var count: Int { pairs.count }

  subscript(slot: UInt8) -> [UInt8]? {
    get { pairs.first { $0.slot == slot }?.value }
    set {
      pairs.removeAll { $0.slot == slot }
      guard let newValue else { return }
      let place = pairs.firstIndex { $0.slot > slot } ?? pairs.count
      pairs.insert((slot, newValue), at: place)
    }
  }

  static func == (a: VaultValues, b: VaultValues) -> Bool {
    a.pairs.elementsEqual(b.pairs) { $0.slot == $1.slot && $0.value == $1.value }
  }
}
