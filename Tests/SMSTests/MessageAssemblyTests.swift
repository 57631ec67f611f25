import Primitives
import SMS
import Testing

@Suite("The parts of a long message") struct MessageAssemblyTests {
  private let sender = SMSAddress(number: Array("12345".utf8))!
  private let other = SMSAddress(number: Array("54321".utf8))!

  private func part(_ number: UInt8, of count: UInt8, reference: UInt16 = 9) -> MessagePart? {
    MessagePart(reference: reference, isWide: false, count: count, number: number)
  }

  @Test("become whole in every order, with every part twice") func permutations() {
    for order in permutations(of: [1, 2, 3, 4]) {
      var assembly = MessageAssembly()
      var outcomes: [MessageAssembly.Outcome] = []
      for number in order {
        let content = [UInt8(ascii: "a") + UInt8(number)]
        outcomes.append(
          assembly.take(content, part(UInt8(number), of: 4), from: sender, now: .start))
        if outcomes.count < 4 {
          #expect(
            assembly.take([0], part(UInt8(number), of: 4), from: sender, now: .start)
              == .repeated)
        }
      }
      #expect(outcomes == [.missing, .missing, .missing, .whole(Array("bcde".utf8))])
      #expect(assembly.deadline == nil)
    }
  }

  @Test("of two senders, two references and two widths aren't mixed") func apart() {
    var assembly = MessageAssembly()
    let wide = MessagePart(reference: 9, isWide: true, count: 2, number: 2)
    #expect(assembly.take([1], part(1, of: 2), from: sender, now: .start) == .missing)
    #expect(assembly.take([2], part(2, of: 2), from: other, now: .start) == .missing)
    #expect(assembly.take([2], part(2, of: 2, reference: 8), from: sender, now: .start) == .missing)
    #expect(assembly.take([2], wide, from: sender, now: .start) == .missing)
    #expect(assembly.take([3], part(2, of: 2), from: sender, now: .start) == .whole([1, 3]))
  }

  @Test("are given up after six hours, and the oldest when too many wait") func limits() {
    var assembly = MessageAssembly()
    _ = assembly.take([1], part(1, of: 2), from: sender, now: .start)
    #expect(assembly.deadline == .start + .seconds(6 * 3600))
    #expect(assembly.elapse(now: .start + .seconds(6 * 3600 - 1)) == 0)
    #expect(assembly.elapse(now: .start + .seconds(6 * 3600)) == 1)
    for reference in 0..<5 {
      let first = part(1, of: 2, reference: UInt16(reference))
      _ = assembly.take([1], first, from: sender, now: .start)
    }
    let late = part(2, of: 2, reference: 0)
    #expect(assembly.take([2], late, from: sender, now: .start) == .missing)
  }

  @Test("stay in the module until the message is whole, and listed again are known") func places() {
    var assembly = MessageAssembly()
    #expect(assembly.take([1], part(1, of: 3), from: sender, at: 5, now: .start) == .missing)
    #expect(assembly.take([3], part(3, of: 3), from: sender, at: 2, now: .start) == .missing)
    #expect(assembly.take([1], part(1, of: 3), from: sender, at: 5, now: .start) == .known)
    #expect(assembly.take([1], part(1, of: 3), from: sender, at: 6, now: .start) == .repeated)
    #expect(assembly.takeReleased() == [])
    #expect(
      assembly.take([2], part(2, of: 3), from: sender, at: 7, now: .start) == .whole([1, 2, 3]))
    #expect(assembly.takeReleased() == [5, 2])
    #expect(assembly.takeReleased() == [])
  }

  @Test("leave the module when they are given up, and aren't taken anew in the same listing")
  func expired() {
    var assembly = MessageAssembly()
    let later = Instant.start + MessageAssembly.timeout
    _ = assembly.take([1], part(1, of: 2), from: sender, at: 5, now: .start)
    #expect(assembly.take([1], part(1, of: 2), from: sender, at: 5, now: later) == .known)
    #expect(assembly.takeReleased() == [5])
    #expect(assembly.deadline == nil)
  }

  @Test("beyond four, and when it is full, are had outside the module alone") func room() {
    var assembly = MessageAssembly()
    for number in 1...5 as ClosedRange<UInt8> {
      _ = assembly.take([number], part(number, of: 7), from: sender, at: Int(number), now: .start)
    }
    #expect(assembly.takeReleased() == [5])
    assembly.releaseAll()
    #expect(assembly.takeReleased() == [1, 2, 3, 4])
    #expect(assembly.take([6], part(6, of: 7), from: sender, at: 1, now: .start) == .missing)
    #expect(
      assembly.take([7], part(7, of: 7), from: sender, at: 2, now: .start)
        == .whole([1, 2, 3, 4, 5, 6, 7]))
    #expect(assembly.takeReleased() == [1])
  }

  @Test("are refused when there are more than eight, or when the count changes") func refused() {
    var assembly = MessageAssembly()
    #expect(assembly.take([1], part(1, of: 9), from: sender, now: .start) == .refused)
    #expect(assembly.take([1], part(1, of: 2), from: sender, now: .start) == .missing)
    #expect(assembly.take([1], part(2, of: 3), from: sender, now: .start) == .refused)
  }

  @Test("with numbers that make no sense are whole messages") func nonsense() {
    for (count, number) in [(0, 1), (2, 0), (2, 3)] as [(UInt8, UInt8)] {
      #expect(MessagePart(reference: 1, isWide: false, count: count, number: number) == nil)
    }
    var assembly = MessageAssembly()
    #expect(assembly.take([1], nil, from: sender, now: .start) == .whole([1]))
    #expect(assembly.take([1], part(1, of: 1), from: sender, now: .start) == .whole([1]))
  }

  private func permutations(of numbers: [Int]) -> [[Int]] {
    if numbers.count <= 1 { return [numbers] }
    return numbers.flatMap { first in
      permutations(of: numbers.filter { $0 != first }).map { [first] + $0 }
    }
  }
}
