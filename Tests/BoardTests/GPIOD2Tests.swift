import CGPIOD2
import CLinux
import Testing

// Against a stand-in for the library. Not covered: libgpiod 2 itself, and with it whether the
// stand-in is like it.
@Suite("libgpiod 2.x", .serialized) struct GPIOD2Tests {
  private let chip = Array("gpiochip0".utf8) + [0]

  @Test("an output starts at its level, is set, and leaves nothing behind") func output() {
    #expect(gpiod_2_open_output(chip, 5, 1, 1) == 0)
    let opened = gpiod_2_log()
    #expect(opened.direction == 0x6F && opened.offset == 5 && opened.level == 1)
    #expect(opened.is_active_low == 1 && opened.is_consumer_godwit == 1)
    #expect(gpiod_2_set(0) == 0)
    #expect(gpiod_2_log().level == 0)
    #expect(gpiod_2_get() == 0)
    gpiod_2_close()
    #expect(gpiod_2_log().direction == 0 && gpiod_2_log().objects == 0)
  }

  @Test("an input reports both edges in order and never waits for one") func input() {
    #expect(gpiod_2_open_input(Array("/dev/gpiochip0".utf8) + [0], 6, 0) == 0)
    #expect(gpiod_2_log().direction == 0x69 && gpiod_2_log().reports_both_edges == 1)
    #expect(gpiod_2_log().is_active_low == 0)
    #expect(gpiod_2_read_edge() == -linux_EAGAIN)
    gpiod_2_drive(1)
    #expect(gpiod_2_get() == 1)
    gpiod_2_drive(0)
    #expect(gpiod_2_read_edge() == 1)
    #expect(gpiod_2_read_edge() == 0)
    #expect(gpiod_2_read_edge() == -linux_EAGAIN)
    gpiod_2_close()
    #expect(gpiod_2_log().objects == 0)
  }

  @Test("what can't be had is an error number, and leaves nothing behind") func refused() {
    #expect(gpiod_2_open_output(Array("gpiochip7".utf8) + [0], 0, 0, 0) == -linux_ENOENT)
    #expect(gpiod_2_open_input(Array("gpiochip7".utf8) + [0], 0, 0) == -linux_ENOENT)
    #expect(gpiod_2_open_output(chip, 8, 0, 0) == -linux_EINVAL)
    #expect(gpiod_2_open_input(chip, 8, 0) == -linux_EINVAL)
    let long = [UInt8](repeating: 0x61, count: 300) + [0]
    #expect(gpiod_2_open_output(long, 0, 0, 0) == -linux_ENAMETOOLONG)
    #expect(gpiod_2_log().objects == 0)
  }
}
