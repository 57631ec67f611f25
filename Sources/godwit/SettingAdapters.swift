import Board
import Primitives
import Sensors
import Settings
import Telemetry

// Settings as the other rooms want them. Settings has checked them by rules that are never laxer,
// which a test shows; so what can't be converted is a mistake of this program.

extension DeviceName {
  init(_ label: DeviceLabel) {
    guard let name = DeviceName(label.bytes) else { preconditionFailure("a checked device name") }
    self = name
  }
}

extension SensorDefinition {
  /// The sensor as `configuration` wants it.
  init(_ sensor: SensorSettings, in configuration: Configuration) {
    guard let name = ReadingName(sensor.name.bytes) else {
      preconditionFailure("a checked sensor name")
    }
    self.init(
      name: name, file: sensor.file.bytes, field: sensor.field, scale: sensor.scale,
      offset: sensor.offset, unit: sensor.unit.flatMap { ReadingUnit($0.bytes) },
      interval: configuration.interval(of: sensor), minimum: sensor.minimum,
      maximum: sensor.maximum)
  }
}

extension PinAddress {
  init(_ pin: PinSource) {
    self =
      switch pin {
      case .line(let chip, let offset, let isActiveLow):
        .gpio(chip: chip.bytes, offset: UInt32(offset), isActiveLow: isActiveLow)
      case .desk(let path): .desk(path: path.bytes)
      }
  }
}

extension Board.FlowControl {
  init(_ setting: Settings.FlowControl) {
    self =
      switch setting {
      case .none: .none
      case .rtsCTS: .rtsCTS
      }
  }
}
