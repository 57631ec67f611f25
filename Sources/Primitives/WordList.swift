/// Words that a person may write, told to that person.
extension [[UInt8]] {
  /// The word that was most likely meant by `text`, for a "did you mean".
  ///
  /// - Returns: nil when none is within a third of its own length, or 1 for short words.
  public func nearest(to text: [UInt8]) -> [UInt8]? {
    var best: (word: [UInt8], distance: Int)?
    for word in self {
      let distance = editDistance(text, word)
      if distance <= Swift.max(1, word.count / 3), distance < best?.distance ?? .max {
        best = (word, distance)
      }
    }
    return best?.word
  }

  /// The words as alternatives: `a, b or c`.
  public var alternatives: String { listed(lastSeparator: " or ") }

  /// The words with commas between, and `lastSeparator` before the last one.
  public func listed(lastSeparator: StaticString) -> String {
    var text: [UInt8] = []
    for (index, word) in enumerated() {
      if index > 0 { text += index == count - 1 ? [UInt8](lastSeparator) : [UInt8](", ") }
      text += word
    }
    return text.printable
  }
}

/// How many bytes must be added, taken, replaced or swapped with their neighbour (Damerau and
/// Levenshtein, optimal string alignment). Texts that aren't short cost no time: they are far.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  let longest = 64
  guard a.count <= longest, b.count <= longest else { return .max }
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for row in 0..<a.count {
    var current = [row + 1]
    for column in 0..<b.count {
      let isSame = lowered(a[row]) == lowered(b[column])
      var cost = min(previous[column + 1] + 1, current[column] + 1)
      cost = min(cost, previous[column] + (isSame ? 0 : 1))
      if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
        cost = min(cost, beforePrevious[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[b.count]
}

private func lowered(_ byte: UInt8) -> UInt8 { byte.isASCIILetter ? byte | 0x20 : byte }
