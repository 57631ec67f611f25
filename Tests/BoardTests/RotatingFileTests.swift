import Board
import Foundation
import Primitives
import Testing

@Suite("A file that rotates") struct RotatingFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "godwit-rotating-\(UUID().uuidString)")

  @Test("keeps one older file and never more than twice its limit") func rotation() throws {
    let path = try make()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = RotatingFile(path: path, limitBytes: 100)
    for number in 0..<40 {
      try file.append(Array("line \(number % 10)\n".utf8), header: Array("# head\n".utf8))
      #expect(try size(path) <= 100)
    }
    let text = try text(path)
    #expect(text.hasPrefix("# head\nline "))
    #expect(text.hasSuffix("line 9\n"))
    let older = try self.text(path + Array(".1".utf8))
    #expect(older.hasPrefix("# head\n") && older.utf8.count <= 100 && older.utf8.count > 93)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.sorted() == ["trace", "trace.1"])
  }

  @Test("is for its owner alone") func mode() throws {
    let path = try make()
    defer { try? FileManager.default.removeItem(at: folder) }
    try RotatingFile(path: path, limitBytes: 100).append([0x61], header: [])
    let mode =
      try FileManager.default.attributesOfItem(
        atPath: String(decoding: path, as: UTF8.self))[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test("says that its folder isn't there") func missing() throws {
    let file = RotatingFile(path: Array("/nonexistent/trace".utf8), limitBytes: 100)
    let error = #expect(throws: BoardError.self) { try file.append([0x61], header: []) }
    #expect(error?.description.contains("there is no such file") == true)
  }

  private func make() throws -> [UInt8] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return Array(folder.appending(path: "trace").path.utf8)
  }

  private func text(_ path: [UInt8]) throws -> String {
    try String(contentsOfFile: String(decoding: path, as: UTF8.self), encoding: .utf8)
  }

  private func size(_ path: [UInt8]) throws -> Int { try text(path).utf8.count }
}
