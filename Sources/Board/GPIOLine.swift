import CGPIOD
import CLinux

/// One line of a GPIO chip through libgpiod, held under the name `godwit`.
public struct GPIOLine: ~Copyable {
  private let pin: gpio_pin
  private let address: PinAddress

  /// Takes a line as an output. `address` is a GPIO chip's.
  init(output address: PinAddress, isAsserted: Bool) throws(BoardError) {
    guard case .gpio(let chip, let offset, let isActiveLow) = address else {
      preconditionFailure("a desk's pin is no GPIO line")
    }
    var pin = gpio_pin()
    let result = gpio_open_output(&pin, chip + [0], offset, isActiveLow, isAsserted ? 1 : 0)
    if result < 0 { throw .pin(.cannotOpen(errno: -result), address) }
    self.pin = pin
    self.address = address
  }

  /// Takes a line as an input of which both edges are reported. `address` is a GPIO chip's.
  init(input address: PinAddress) throws(BoardError) {
    guard case .gpio(let chip, let offset, let isActiveLow) = address else {
      preconditionFailure("a desk's pin is no GPIO line")
    }
    var pin = gpio_pin()
    let result = gpio_open_input(&pin, chip + [0], offset, isActiveLow)
    if result < 0 { throw .pin(.cannotOpen(errno: -result), address) }
    self.pin = pin
    self.address = address
  }

  deinit {
    var pin = pin
    gpio_close(&pin)
  }

  var descriptor: Int32 {
    var pin = pin
    return gpio_descriptor(&pin)
  }

  func set(asserted: Bool) throws(BoardError) {
    var pin = pin
    let result = gpio_set(&pin, asserted ? 1 : 0)
    if result < 0 { throw .pin(.cannotSet(errno: -result), address) }
  }

  func isAsserted() throws(BoardError) -> Bool {
    var pin = pin
    let level = gpio_get(&pin)
    if level < 0 { throw .pin(.cannotRead(errno: -level), address) }
    return level == 1
  }

  func nextChange() throws(BoardError) -> Bool? {
    var pin = pin
    let level = gpio_read_edge(&pin)
    if level == -linux_EAGAIN { return nil }
    if level < 0 { throw .pin(.cannotRead(errno: -level), address) }
    return level == 1
  }
}
