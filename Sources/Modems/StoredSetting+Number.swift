import AT
import Cellular
import Primitives

extension StoredSetting {
  /// A setting that is one number: `AT+NAME?` answers `+NAME: 5`, and `AT+NAME=5` writes it.
  ///
  /// - Parameters:
  ///   - name: of the command, `+` included.
  ///   - wanted: the number that it has to be; nil where it doesn't matter.
  static func number(
    _ name: StaticString, _ wanted: @escaping @Sendable (NetworkSettings) -> Int?
  ) -> StoredSetting {
    StoredSetting(
      name: name, read: Exchange("AT\(name)?", answers: [.named(name)]),
      isWanted: { wanted($0) != nil },
      isRight: { lines, settings in
        lines.first { $0.isNamed(name) }.map { ParameterList($0).integer(0) == wanted(settings) }
      },
      writes: { settings in
        guard let number = wanted(settings) else { return [] }
        return [Exchange("AT\(name)=\(number)", timeout: .seconds(10))]
      })
  }
}
