import Testing

@testable import godwit_bench

@Suite("Pages that are made from the code") struct PagesTests {
  @Test(
    "stand in the documentation as the bench prints them",
    arguments: [
      ("doctor.md", "doctor", DoctorPage.page),
      ("causes.md", "causes", CausesPage.page),
      ("sleep.md", "sleep", SleepPage.page),
      ("dialects.md", "dialects", DialectPage.page),
      ("life-cycle.md", "life-cycle --text", LifeCycleText.page),
      ("life-cycle.svg", "life-cycle", LifeCycleDrawing.svg),
    ])
  func page(name: String, command: String, text: String) throws {
    let top = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let page = try Path.read("/\(top)/board/\(name)")
    #expect(page == text + "\n", "To mend it: godwit-bench \(command) > board/\(name)")
  }
}
