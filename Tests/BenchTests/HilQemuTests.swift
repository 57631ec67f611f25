import Glibc
import Primitives
import Testing

@testable import godwit_bench

/// QEMU's command line and its failures to start. That it runs is shown by the scenarios alone.
@Suite("A QEMU board") struct HilQemuTests {
  @Test("is started by the image's own script; the guest waits until its pins are watched")
  func arguments() {
    let setup = QemuSetup(folder: "/w", disk: .plain(path: "/w/data.img"), clock: "2080-06-01")
    #expect(
      setup.arguments(starter: "i/run", qtest: 7, control: 9) == [
        "i/run", "--modem", "/w/modem", "--shell", "/w/shell", "--conf", "/w/godwit.conf",
        "--work", "/w", "--rtc", "2080-06-01", "--disk", "/w/data.img", "--", "-S", "-no-reboot",
        "-chardev", "socket,id=qtest,fd=7", "-qtest", "chardev:qtest",
        "-chardev", "socket,id=control,fd=9", "-mon", "chardev=control,mode=control",
      ])
  }

  @Test("whose writes are logged brings its own disk") func logged() {
    let setup = QemuSetup(folder: "/w", disk: .logged(path: "/w/d", log: "/w/l"))
    let words = setup.arguments(starter: "i/run", qtest: 7, control: 9)
    #expect(words.contains("--no-disk") && !words.contains("--disk"))
    #expect(words.contains("driver=blklogwrites,node-name=disk,file=plain,log=log"))
  }

  @Test("that doesn't start says how it ended and what it said last") func start() throws {
    signal(SIGPIPE, SIG_IGN)  // As `Signals` does for the tool.
    let folder = try Folder()
    let board = QemuBoard(name: "broken", imageFolder: folder.path)
    try Path.write("#!/bin/sh\necho machine type does not exist >&2\nexit 1\n", to: board.starter)
    chmod(board.starter, 0o755)
    let setup = QemuSetup(folder: folder.path, disk: .plain(path: "d"))
    let error = #expect(throws: BenchError.self) { try QemuMachine(board, setup) }
    #expect(
      error?.what == "QEMU didn't start: it ended with status 1: machine type does not exist")
  }

  @Test("without an image names the command that builds it") func image() throws {
    let folder = try Folder()
    let board = QemuBoard(name: "qemu-arm64", imageFolder: folder.path)
    let error = #expect(throws: BenchError.self) { try QemuSource(board, folder: folder.path) }
    #expect(error?.what == "\(folder.path)/run isn't there")
    #expect(error?.remedy == "build it: ./cross/image qemu-arm64")
    #expect(error?.status == 2)
  }

  @Test("that isn't there is refused with a list of those that are") func unknown() {
    let error = #expect(throws: BenchError.self) {
      try HilPlace(board: "board/qemu-mips", configuration: nil)
    }
    #expect(error?.description.contains("board/qemu-arm64, board/qemu-armv7") == true)
    #expect(error?.status == 2)
  }
}
