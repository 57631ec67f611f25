import Glibc

/// A serial adapter of the bench, raw: eight data bits, no parity, one stop bit, no flow control.
enum SerialPort {
  /// The speeds that a board's modem UART may have.
  static let speeds: [(baud: Int, code: speed_t)] = [
    (9600, speed_t(B9600)), (19_200, speed_t(B19200)), (38_400, speed_t(B38400)),
    (57_600, speed_t(B57600)), (115_200, speed_t(B115200)), (230_400, speed_t(B230400)),
    (460_800, speed_t(B460800)), (921_600, speed_t(B921600)),
  ]

  /// Opens the port; the caller owns the number.
  static func open(_ port: HilConfiguration.Serial) throws(BenchError) -> Int32 {
    let number = Glibc.open(port.path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    let remedy = "plug the adapter in, or name another in hil.conf"
    guard number >= 0 else { throw .system("opening \(port.path)", remedy: remedy) }
    var settings = termios()
    guard tcgetattr(number, &settings) == 0,
      let speed = speeds.first(where: { $0.baud == port.baud })
    else {
      close(number)
      throw .system("\(port.path) as a serial port", remedy: remedy)
    }
    cfmakeraw(&settings)
    settings.c_cflag |= tcflag_t(CLOCAL) | tcflag_t(CREAD)
    cfsetspeed(&settings, speed.code)
    guard tcsetattr(number, TCSANOW, &settings) == 0 else {
      close(number)
      throw .system("setting up \(port.path)", remedy: remedy)
    }
    tcflush(number, TCIOFLUSH)
    return number
  }
}
