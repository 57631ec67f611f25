import Primitives

extension SettingTable {
  static let dialect: [Setting] = [
    Setting(
      .dialect, "enabled", .yesNo, .preset("no"),
      get: { $0.dialect.isEnabled }, set: { $0.dialect.isEnabled = $1 },
      "Whether this maker's commands are obeyed. Only with listen = on in [sms]."),
    Setting(
      .dialect, "senders", .senders,
      .optional(example: "12345678", otherwise: "nobody"),
      get: { $0.dialect.senders.isEmpty ? nil : $0.dialect.senders },
      set: { $0.dialect.senders = $1 },
      "From whom its texts are taken; needed where it is enabled."),
    Setting(
      .dialect, "password",
      .checked(DialectPassword.rule.shape, DialectPassword.init) { $0.bytes },
      .optional(example: "74213 correct-horse", otherwise: "no text proves anything"),
      isSecret: true,
      get: { $0.dialect.password }, set: { $0.dialect.password = $1 },
      "The password that a text must carry where its dialect has a place for one: the login, a blank and the password where the dialect has both. Not the vendor's own. It is never shown or logged. After 5 texts a day with a wrong one, of all dialects together, texts with a password are passed over until the next day."
    ),
    Setting(
      .dialect, "accept-unauthenticated", .yesNo, .preset("no"),
      get: { $0.dialect.acceptsUnauthenticated }, set: { $0.dialect.acceptsUnauthenticated = $1 },
      "Whether texts without a password, or with the vendor's, may begin a trial of another APN, of roaming and of the operator, 3 a day, and nothing else. Only the outcome is answered. Whoever knows a sender's number can then do so."
    ),
  ]
}
