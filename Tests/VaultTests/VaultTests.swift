import Primitives
import Testing

@testable import Vault

// Not covered: a file system that lies about its syncs.
@Suite("Vault") struct VaultTests {
  private func number(_ value: UInt64) -> [UInt8] {
    [1] + (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (7 - $0))) }
  }

  private func kept(_ files: MemoryFiles, _ slot: UInt8 = 4) throws -> [UInt8]? {
    try Vault(files).kept(slot)
  }

  @Test("keeps every slot over a restart, and an empty value is one") func restart() throws {
    let files = MemoryFiles()
    var vault = try Vault(files)
    #expect(vault.opening == .created)
    for slot in UInt8(1)...6 { try vault.keep(number(UInt64(slot)), in: slot) }
    try vault.keep([], in: 3)
    try vault.keep(nil, in: 2)
    let again = try Vault(files)
    #expect(again.opening == .whole)
    #expect(again.kept(1) == number(1))
    #expect(again.kept(2) == nil)
    #expect(again.kept(3) == [])
    #expect(again.kept(6) == number(6))
  }

  @Test("writes nothing for what is kept already, and two files for what isn't") func wear() throws
  {
    let files = MemoryFiles()
    var vault = try Vault(files)
    try vault.keep([1], in: 1)
    #expect(files.writes == [.fresh, .fresh])
    try vault.keep([1], in: 1)
    try vault.keep(nil, in: 2)
    #expect(files.writes.count == 2)
  }

  @Test("takes 1024 bytes and no more") func limit() throws {
    let files = MemoryFiles()
    var vault = try Vault(files)
    for slot in UInt8(0)..<16 { try vault.keep([UInt8](repeating: slot, count: 1024), in: slot) }
    #expect(try kept(files, 15) == [UInt8](repeating: 15, count: 1024))
    #expect(throws: VaultError.tooLong(lengthBytes: 1025)) {
      try vault.keep([UInt8](repeating: 7, count: 1025), in: 1)
    }
    #expect(try kept(files, 1) == [UInt8](repeating: 1, count: 1024))
  }

  @Test(
    "wherever the power is cut, the old value or the new one is there, and the new one once it returned"
  )
  func everyStep() throws {
    var cuts = 0
    for namesStay in [true, false] {
      for prefix in [0, 7, 10_000] {
        var step = 0
        while true {
          let files = MemoryFiles()
          var vault = try Vault(files)
          try vault.keep([9], in: 1)
          try vault.keep(number(41), in: 4)
          files.budget = files.spent + step
          let isDone: Bool
          do {
            try vault.keep(number(42), in: 4)
            isDone = true
          } catch {
            isDone = false
          }
          files.restore(namesStay: namesStay, prefix: prefix)
          let again = try Vault(files)
          let value = again.kept(4)
          #expect(again.kept(1) == [9])
          #expect(value == number(42) || (!isDone && value == number(41)), "step \(step)")
          #expect(again.opening != .lost && again.opening != .created)
          // The other copy was made anew: either alone now says what was found.
          for copy in [VaultFile.first, .second] {
            let bytes = files.bytes(of: copy)
            files.damage(copy, at: 5)
            #expect(try Vault(files).kept(4) == value)
            #expect(files.bytes(of: copy) == bytes)
          }
          cuts += 1
          if isDone { break }
          step += 1
        }
      }
    }
    #expect(cuts > 300)
  }

  @Test("a cut while the damaged copy is made anew takes nothing") func repairCut() throws {
    for copy in [VaultFile.first, .second] {
      for step in 0..<60 {
        let files = MemoryFiles()
        var vault = try Vault(files)
        try vault.keep(number(41), in: 4)
        files.damage(copy, at: 3)
        files.budget = files.spent + step
        #expect(try kept(files) == number(41))
        files.restore(namesStay: step % 2 == 0, prefix: step)
        #expect(try kept(files) == number(41))
      }
    }
  }

  @Test("either copy damaged anywhere, cut short or gone: the other one says the same")
  func oneCopy() throws {
    let files = MemoryFiles()
    var vault = try Vault(files)
    for count in UInt64(1)...5 { try vault.keep(number(count), in: 4) }
    let length = try #require(files.bytes(of: .first)).count
    for copy in [VaultFile.first, .second] {
      for offset in 0..<length {
        files.damage(copy, at: offset)
        let again = try Vault(files)
        #expect(again.opening == .repaired)
        #expect(again.kept(4) == number(5))
        files.cut(copy, to: offset)
        #expect(try kept(files) == number(5))
      }
      files.remove(copy)
      #expect(try Vault(files).opening == .repaired)
    }
    #expect(try Vault(files).opening == .whole)
  }

  @Test("both copies damaged: nothing is kept, it says so, and it can be used again") func both()
    throws
  {
    let files = MemoryFiles()
    var vault = try Vault(files)
    try vault.keep(number(5), in: 4)
    files.damage(.first, at: 20)
    files.cut(.second, to: 3)
    var again = try Vault(files)
    #expect(again.opening == .lost)
    #expect(again.kept(4) == nil)
    try again.keep([1], in: 1)
    #expect(try Vault(files).opening == .whole)
    #expect(try kept(files, 1) == [1])
  }

  @Test("a value that wasn't written isn't said to be kept, and the next attempt is the newer one")
  func failure() throws {
    let files = MemoryFiles()
    var vault = try Vault(files)
    try vault.keep(number(1), in: 4)
    // The first copy is written, the second isn't.
    files.budget = files.spent + 3 + 35
    #expect(throws: MemoryFiles.fault) { try vault.keep(number(2), in: 4) }
    #expect(vault.kept(4) == number(1))
    files.budget = nil
    try vault.keep(number(1), in: 4)
    #expect(try kept(files) == number(1))
    files.damage(.second, at: 12)
    #expect(try kept(files) == number(1))
  }

  @Test("a copy that may not be opened isn't taken for a lost one") func forbidden() throws {
    let files = MemoryFiles()
    var vault = try Vault(files)
    try vault.keep(number(1), in: 4)
    files.forbidden = [.second]
    #expect(throws: VaultError.cannotOpen(path: [], errno: 13)) { _ = try Vault(files) }
  }

  @Test("whatever a copy holds, reading it ends and nothing made up is kept") func hostile() {
    var random = SeededRandom(seed: 6)
    for _ in 0..<20_000 {
      let count = Int(random.next(below: 60))
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(VaultContents(Array("GWV1") + bytes) == nil)
    }
  }
}
