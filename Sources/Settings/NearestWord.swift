import Primitives

/// The word that was most likely meant, for a "did you mean".
///
/// - Returns: nil when none is within a third of its own length, or 1 for short words.
func nearest(to text: [UInt8], among words: [[UInt8]]) -> [UInt8]? {
  var best: (word: [UInt8], distance: Int)?
  for word in words {
    let distance = editDistance(text, word)
    if distance <= max(1, word.count / 3), distance < best?.distance ?? .max {
      best = (word, distance)
    }
  }
  return best?.word
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
