import Primitives

/// The small state that must survive everything, the readings' damage included: values of at most
/// 1 KiB, each kept or replaced as a whole.
///
/// Two copies, a file each. `keep` writes one after the other, whole: under another name, synced, and
/// then renamed over the old one. So at any moment one copy is whole and no older than the last
/// `keep` that returned, and none is touched while the other is being written: the power may be
/// cut at any byte. After each `keep` both copies say the same, so that losing either takes nothing
/// back, a counter least of all. (A copy written in place would save the rename, but then a cut while
/// the other one has rotted unnoticed would take both.)
public struct Vault<Files: VaultFiles & ~Copyable>: ~Copyable {
  /// The most bytes of a value.
  public static var valueLimitBytes: Int { 1024 }

  /// What was found when the vault was opened.
  public let opening: VaultOpening
  private var files: Files
  private var contents: VaultContents
  /// Whether both copies hold `contents`.
  private var isWhole: Bool

  /// Reads both copies and takes the newer good one. The other is made anew at once, where that
  /// can be done; else at the next `keep`.
  ///
  /// - Throws: when a copy is there but can't be opened: it may be the newer one.
  public init(_ files: consuming Files) throws(VaultError) {
    var files = files
    var found: [VaultContents?] = []
    var isAnyThere = false
    for copy in Self.copies {
      let bytes = try files.read(copy, limitBytes: VaultContents.limitBytes)
      if bytes != nil { isAnyThere = true }
      found.append(bytes.flatMap { VaultContents($0) })
    }
    let sequences = found.map { $0?.sequence }
    let newest = (sequences[1] ?? 0) > (sequences[0] ?? 0) ? found[1] : found[0] ?? found[1]
    contents = newest ?? VaultContents()
    var stale: [VaultFile] = []
    for (copy, sequence) in zip(Self.copies, sequences) where sequence != contents.sequence {
      stale.append(copy)
    }
    isWhole = newest != nil && stale.isEmpty
    if newest == nil {
      opening = isAnyThere ? .lost : .created
    } else {
      opening = stale.isEmpty ? .whole : .repaired
      let bytes = contents.bytes
      do throws(VaultError) {
        for copy in stale { try Self.replace(copy, with: bytes, &files) }
        isWhole = true
      } catch {}
    }
    self.files = files
  }

  /// - Returns: nil when nothing is kept there, or both copies were lost.
  public func kept(_ slot: UInt8) -> [UInt8]? { contents.values[slot] }

  /// Keeps a value in place of the one before; nil: none any more. Durable in both copies when it
  /// returns; what is kept already costs no write.
  ///
  /// - Throws: when either copy couldn't be written. The value before stands then, but after a
  ///   restart the new one may be found.
  public mutating func keep(_ value: [UInt8]?, in slot: UInt8) throws(VaultError) {
    if let value, value.count > Self.valueLimitBytes { throw .tooLong(lengthBytes: value.count) }
    if isWhole, contents.values[slot] == value { return }
    var next = contents
    next.values[slot] = value
    next.sequence += 1
    // Whatever comes of this attempt, the next one must be newer.
    contents.sequence = next.sequence
    isWhole = false
    let bytes = next.bytes
    for copy in Self.copies { try Self.replace(copy, with: bytes, &files) }
    contents = next
    isWhole = true
  }

  private static var copies: [VaultFile] { [.first, .second] }

  /// Until it returns the copy is what it was or `bytes`, whenever the power is cut.
  private static func replace(
    _ copy: VaultFile, with bytes: [UInt8], _ files: inout Files
  ) throws(VaultError) {
    try files.write(bytes, to: .fresh)
    try files.sync(.fresh)
    try files.rename(.fresh, to: copy)
    try files.syncNames()
  }
}

/// What was found when the vault was opened.
public enum VaultOpening: Equatable, Sendable {
  /// Both copies, alike.
  case whole
  /// There was none.
  case created
  /// One copy was damaged, missing or older; it was made anew from the other.
  case repaired
  /// There was a vault, and no copy of it is good: nothing is kept any more.
  case lost
}
