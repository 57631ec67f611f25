import Primitives
import Testing

@testable import godwit_bench

@Suite("Asking the device") struct StatusClientTests {
  @Test("one question at a time; the answer is read when it is there") func ask() throws {
    let folder = try Folder()
    let path = folder.path + "/control.sock"
    let client = StatusClient(path: path)
    client.ask()
    #expect(Self.interest(client).isEmpty, "nobody is there to be asked")
    let listener = try UnixListener(path: path)
    client.ask()
    client.ask()
    let caller = listener.accept()
    let device = Descriptor(try #require(caller))
    let nobody = listener.accept()
    #expect(nobody == nil)
    #expect(device.read(limit: 100) == .bytes(Array("status".utf8)))
    _ = device.write(Array(#"{"state":"asleep","nextReportInMilliseconds":7000}"#.utf8))
    var set = Self.interest(client)
    set.wait(until: .milliseconds(1000), now: .start)
    let status = client.read(set)
    #expect(status?.state == "asleep")
    #expect(status?.nextReportInMilliseconds == 7000)
    #expect(status?.readings == nil)
    #expect(Self.interest(client).isEmpty)
  }

  @Test(
    "what is no status is passed over",
    arguments: ["", "[]", "{\"state\":7}", "refused unknown request"])
  func nonsense(text: String) {
    #expect(DeviceStatus(json: Array(text.utf8)) == nil)
  }

  private static func interest(_ client: StatusClient) -> PollSet {
    var set = PollSet()
    client.addInterest(to: &set)
    return set
  }
}
