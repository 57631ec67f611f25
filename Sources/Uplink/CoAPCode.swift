/// What a message asks or answers: a class of 3 bits and a detail of 5 (RFC 7252 §3, §12.1).
public struct CoAPCode: Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// - Parameters:
  ///   - kind: the class, 0 to 7.
  ///   - detail: 0 to 31.
  public init(_ kind: UInt8, _ detail: UInt8) {
    precondition(kind <= 7 && detail <= 31)
    rawValue = kind << 5 | detail
  }

  public static let empty = CoAPCode(0, 0)
  public static let post = CoAPCode(0, 2)
  public static let created = CoAPCode(2, 1)
  public static let changed = CoAPCode(2, 4)
  /// A part of a block-wise transfer was taken, not the whole (RFC 7959 §2.9.1).
  public static let `continue` = CoAPCode(2, 31)
  public static let badRequest = CoAPCode(4, 0)
  /// RFC 7959 §2.9.2: the server lacks a part; another attempt may do.
  public static let requestEntityIncomplete = CoAPCode(4, 8)
  /// RFC 8516 §3.
  public static let tooManyRequests = CoAPCode(4, 29)
  public static let serviceUnavailable = CoAPCode(5, 3)

  public var kind: UInt8 { rawValue >> 5 }
  public var detail: UInt8 { rawValue & 31 }

  public var isRequest: Bool { kind == 0 && detail != 0 }
  public var isResponse: Bool { kind == 2 || kind == 4 || kind == 5 }
  /// Neither Empty nor a request nor a response (§3: all other classes are reserved).
  public var isReserved: Bool { kind != 0 && !isResponse }

  /// Whether the same request would be refused again: every 4.xx but 4.08 and 4.29.
  public var isPermanent: Bool {
    kind == 4 && self != .requestEntityIncomplete && self != .tooManyRequests
  }

  /// `2.04`.
  public var text: String { "\(kind).\(detail < 10 ? "0" : "")\(detail)" }
}
