import Primitives

/// A few small values that outlive the process, each under its name.
extension Spool {
  /// Longer values are cut to this many bytes.
  public static let memoryLimit = 256

  /// Keeps a value in place of the one before; nil: none any more. Durable on return.
  public mutating func remember(_ value: [UInt8]?, as key: StaticString) throws(SpoolError) {
    let database = database
    try commit { () throws(SpoolError) in try database.remember(value, as: Array(key)) }
  }

  /// The value that was kept last under that name; nil when there is none.
  public func recall(_ key: StaticString) throws(SpoolError) -> [UInt8]? {
    try database.recall(Array(key))
  }
}

extension Database {
  func remember(_ value: [UInt8]?, as key: [UInt8]) throws(SpoolError) {
    guard let value else {
      let row = try statement(.deleteMemory)
      row.bindText(1, key)
      return try row.finish()
    }
    let row = try statement(.setMemory)
    row.bindText(1, key)
    row.bindBlob(2, Array(value.prefix(Spool.memoryLimit)))
    try row.finish()
  }

  func recall(_ key: [UInt8]) throws(SpoolError) -> [UInt8]? {
    let row = try statement(.readMemory)
    defer { row.reset() }
    row.bindText(1, key)
    return try row.step() ? row.bytes(0) : nil
  }
}
