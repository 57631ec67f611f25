import Testing

@testable import godwit_bench

@Suite("The networks' values") struct NetworkTableTests {
  @Test("the desk's page shows the accelerated network's values as they are") func page() throws {
    let top = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let page = try Path.read("/\(top)/board/desk/README.md")
    #expect(page.contains(NetworkCommand.table.joined(separator: "\n")))
  }
}
