import Settings
import Testing

/// What the vault keeps of settings that were made from afar, as another version may have written it.
@Suite("Settings in the vault") struct HeldSettingsTests {
  private func entry(_ name: String, _ value: String) -> [UInt8] {
    let (name, value) = (Array(name.utf8), Array(value.utf8))
    return [UInt8(name.count)] + name + [UInt8(value.count)] + value
  }

  @Test("one that can't be understood takes none of the others with it") func unreadable() throws {
    let bytes =
      [1] + entry("frobnication", "on") + entry("apn", "right") + entry("interval", "never")
      + entry("roaming", "off")
    let expected = [
      try SettingChange(.apn, Array("right".utf8)), try SettingChange(.roaming, Array("off".utf8)),
    ]
    #expect(HeldSettings.settings(kept: bytes) == expected)
    #expect(HeldSettings.unreadable(kept: bytes) == 2)
  }

  @Test("of a trial all are understood, or none") func trial() throws {
    let trial = Trial(changes: [try SettingChange(.apn, Array("right".utf8))])
    let kept = try #require(trial.kept)
    #expect(Trial(kept: kept) == trial)
    #expect(Trial(kept: kept + entry("frobnication", "on")) == nil)
  }

  @Test("that end in the middle of one, or are of another version, are lost") func broken() {
    #expect(HeldSettings.settings(kept: [1] + entry("apn", "right").dropLast()) == nil)
    #expect(HeldSettings.settings(kept: [2] + entry("apn", "right")) == nil)
  }
}
