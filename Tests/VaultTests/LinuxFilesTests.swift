import Glibc
import Primitives
import Testing

@testable import Vault

@Suite("A vault's files") struct LinuxFilesTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/godwit-vault-XXXXXX".utf8CString)
    #expect(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for suffix in ["1", "2", "new"] { unlink(folder + "/vault." + suffix) }
      rmdir(folder)
    }
    try body(folder)
  }

  private func vault(_ path: String) throws -> Vault<LinuxVaultFiles> {
    try Vault(LinuxVaultFiles(path: Array(path.utf8)))
  }

  @Test("are two copies, their owner's alone, and nothing else stays") func copies() throws {
    try inFolder { folder in
      let path = folder + "/vault"
      var made = try vault(path)
      try made.keep([1, 2, 3], in: 1)
      for suffix in ["1", "2"] {
        var status = stat()
        #expect(stat(path + "." + suffix, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
      }
      #expect(access(path + ".new", F_OK) != 0)
      unlink(path + ".1")
      let again = try vault(path)
      #expect(again.opening == .repaired)
      #expect(again.kept(1) == [1, 2, 3])
      #expect(access(path + ".1", F_OK) == 0)
    }
  }

  @Test("a folder that isn't there is said at the first value") func noFolder() throws {
    try inFolder { folder in
      var made = try vault(folder + "/none/vault")
      #expect(
        throws: VaultError.cannotWrite(path: Array("\(folder)/none/vault".utf8), errno: ENOENT)
      ) {
        try made.keep([1], in: 1)
      }
    }
  }

  @Test("a link in place of what is written isn't followed") func link() throws {
    try inFolder { folder in
      let path = folder + "/vault"
      #expect(symlink("/tmp/godwit-elsewhere", path + ".new") == 0)
      var made = try vault(path)
      #expect(throws: VaultError.self) { try made.keep([1], in: 1) }
      #expect(access("/tmp/godwit-elsewhere", F_OK) != 0)
    }
  }
}
