import Primitives

/// One of QEMU's boards, and where what `cross/image` builds for it lies.
struct QemuBoard: Equatable, Sendable {
  /// The folder under board/.
  let name: String
  /// The folder that holds the image.
  let imageFolder: String

  /// The pins, by the number of the PL061's line. Line 3 is the machine's own power button.
  static let powerKeyLine = 5
  static let statusLine = 6
  static let ringLine = 7

  init(name: String, imageFolder: String) {
    self.name = name
    self.imageFolder = imageFolder
  }

  /// The board whose image lies where `cross/image` puts it, as seen from the repository's root.
  init(name: String) { self.init(name: name, imageFolder: "cross/out/image/\(name)") }

  static let arm64 = QemuBoard(name: "qemu-arm64")
  static let armv7 = QemuBoard(name: "qemu-armv7")
  static let all = [arm64, armv7]

  /// The image's own starter: what a person calls, and what the bench calls.
  var starter: String { "\(imageFolder)/run" }
  var data: String { "\(imageFolder)/data.img" }
  /// The command that builds them.
  var imageCommand: String { "./cross/image \(name)" }
}

/// One start of a QEMU board: what differs from another.
struct QemuSetup: Equatable, Sendable {
  /// How the disk is kept.
  enum Disk: Equatable, Sendable {
    case plain(path: String)
    /// Every write is logged besides, in dm-log-writes' form (QEMU's `blklogwrites`).
    case logged(path: String, log: String)
  }

  /// The scenario's own folder: godwit.conf, the sockets and the ramdisk that holds the former.
  var folder: String
  var disk: Disk
  /// The wall clock at power-on, as `-rtc base=` takes it; nil: the host's.
  var clock: String?
  /// Whether a board that starts itself anew goes on; otherwise that is its end.
  var mayRestart = false

  var configuration: String { Path.join(folder, "godwit.conf") }
  var modemSocket: String { Path.join(folder, "modem") }
  var shellSocket: String { Path.join(folder, "shell") }

  /// The starter's command line. The machine waits for `cont`, so that nothing on the pins is
  /// missed; its console is the starter's standard output, qtest's log its standard error.
  ///
  /// - Parameters:
  ///   - qtest: the descriptor that QEMU inherits for qtest.
  ///   - control: the same for QEMU's machine protocol.
  func arguments(starter: String, qtest: Int32, control: Int32) -> [String] {
    var words = [
      starter, "--modem", modemSocket, "--shell", shellSocket, "--conf", configuration,
      "--work", folder,
    ]
    if let clock { words += ["--rtc", clock] }
    switch disk {
    case .plain(let path): words += ["--disk", path, "--"]
    case .logged(let path, let log):
      words += [
        "--no-disk", "--",
        "-blockdev", "driver=file,node-name=log,filename=\(log)",
        "-blockdev", "driver=raw,node-name=plain,file.driver=file,file.filename=\(path)",
        "-blockdev", "driver=blklogwrites,node-name=disk,file=plain,log=log",
        "-device", "virtio-blk-device,drive=disk",
      ]
    }
    words.append("-S")
    if !mayRestart { words.append("-no-reboot") }
    return words + [
      // The object that -qtest makes looks for a character device of this very name.
      "-chardev", "socket,id=qtest,fd=\(qtest)", "-qtest", "chardev:qtest",
      "-chardev", "socket,id=control,fd=\(control)", "-mon", "chardev=control,mode=control",
    ]
  }
}
