import CLinux
import CSQLite
import Primitives
import Telemetry
import Testing

@testable import Spool

@Suite("Spool") struct SpoolTests {
  private func spool(limit: Int64 = 100) throws(SpoolError) -> Spool {
    try Spool.inMemory(limit: limit, device: testDevice, boot: [1], era: 0xABCD_0123)
  }

  @Test("does what the model does, whatever comes", arguments: 1...UInt64(25))
  func model(seed: UInt64) throws {
    var model = SpoolModel(limit: 15, era: 7)
    var workload = SpoolWorkload(seed: seed)
    let disk = TemporaryFile()
    var boot: UInt8 = 1
    var spool = try disk.open(limit: 15, boot: boot, era: 7)
    for number in 0..<120 {
      let step = workload.step(after: model)
      let expected = model.apply(step)
      switch step {
      case .reopen, .restart:
        _ = consume spool
        if case .restart = step { boot += 1 }
        spool = try disk.open(limit: 15, boot: boot, era: 99)
      default:
        let batch = try spool.apply(step)
        #expect(batch == expected, "seed \(seed), step \(number)")
      }
      let counts = spool.counts()
      #expect(counts == model.counts, "seed \(seed), step \(number)")
    }
    let batches = try spool.drain(batchSize: 5)
    #expect(batches == model.drained(batchSize: 5), "seed \(seed)")
  }

  @Test("nothing waits at first, and nothing is sent") func empty() throws {
    var spool = try spool()
    let batch = try spool.nextBatch(limit: BatchLimit(readings: 10, bytes: 1000))
    #expect(batch == nil)
    let counts = spool.counts()
    #expect(counts == StoreCounts())
    #expect(spool.opening == .created)
  }

  @Test("a batch keeps its identity and readings until it is confirmed") func identity() throws {
    var spool = try spool()
    try spool.append((1...5).map { reading($0) })
    let first = try spool.nextBatch(limit: BatchLimit(readings: 3, bytes: generous))
    #expect(first?.identity == BatchIdentity(era: 0xABCD_0123, sequence: 1))
    #expect(first?.readings == (1...3).map { reading($0) })
    try spool.append([reading(6)])
    let again = try spool.nextBatch(limit: BatchLimit(readings: 1, bytes: 1))
    #expect(again == first)
    try spool.confirm(first!.identity)
    let second = try spool.nextBatch(limit: BatchLimit(readings: 3, bytes: generous))
    #expect(second?.identity.sequence == 2)
    #expect(second?.readings == (4...6).map { reading($0) })
    let counts = spool.counts()
    #expect(counts == StoreCounts(waiting: 3, delivered: 3))
  }

  @Test("only the batch under way can be confirmed or set aside, and only once") func wrongBatch()
    throws
  {
    var spool = try spool()
    try spool.append([reading(1), reading(2)])
    let batch = try spool.nextBatch(limit: BatchLimit(readings: 1, bytes: generous))!
    var otherEra = batch.identity
    otherEra.era += 1
    var otherSequence = batch.identity
    otherSequence.sequence += 1
    for identity in [otherEra, otherSequence] {
      #expect(throws: SpoolError.unknownBatch(identity)) { try spool.confirm(identity) }
      #expect(throws: SpoolError.unknownBatch(identity)) {
        try spool.setAside(identity, reason: [])
      }
    }
    try spool.confirm(batch.identity)
    #expect(throws: SpoolError.unknownBatch(batch.identity)) { try spool.confirm(batch.identity) }
    let counts = spool.counts()
    #expect(counts == StoreCounts(waiting: 1, delivered: 1))
  }

  @Test("a batch is cut to the bytes its encoding may have, at one reading at least")
  func bytes() throws {
    let now = UTC(millisecondsSince1970: 1_800_000_000_000)
    let readings = (1...40).map { reading($0, .utc(now + .seconds($0))) }
    for limit in [1, 60, 100, 101, 102, 103, 104, 105, 200, 500] {
      var spool = try spool()
      try spool.append(readings)
      var sent: [Reading] = []
      while let batch = try spool.nextBatch(limit: BatchLimit(readings: 100, bytes: limit)) {
        let length = SenMLCBOR.encode(batch, device: testDevice, now: .start).count
        #expect(length <= limit || batch.readings.count == 1)
        if sent.count + batch.readings.count < readings.count {
          var longer = batch
          longer.readings.append(readings[sent.count + batch.readings.count])
          #expect(SenMLCBOR.size(longer, device: testDevice) > limit, "could hold one more")
        }
        sent += batch.readings
        try spool.confirm(batch.identity)
      }
      #expect(sent == readings)
    }
  }

  @Test(
    "over the limit the oldest go, but none of the batch under way; the next confirmed one tells")
  func overLimit() throws {
    var spool = try spool(limit: 5)
    try spool.append((1...5).map { reading($0) })
    let first = try spool.nextBatch(limit: BatchLimit(readings: 2, bytes: generous))!
    try spool.append((6...9).map { reading($0) })
    let counts = spool.counts()
    #expect(counts == StoreCounts(waiting: 7, lost: 2))
    let again = try spool.nextBatch(limit: BatchLimit(readings: 2, bytes: generous))
    #expect(again == first && first.lostReadings == 0)
    try spool.confirm(first.identity)
    let second = try spool.nextBatch(limit: BatchLimit(readings: 2, bytes: generous))!
    #expect(second.readings == [reading(5), reading(6)] && second.lostReadings == 2)
    // Lost while the second is under way: for the third to tell.
    try spool.append((10...14).map { reading($0) })
    let still = try spool.nextBatch(limit: BatchLimit(readings: 2, bytes: generous))
    #expect(still == second)
    try spool.confirm(second.identity)
    let third = try spool.nextBatch(limit: BatchLimit(readings: 5, bytes: generous))!
    #expect(third.lostReadings == 3 && third.readings == (10...14).map { reading($0) })
    try spool.confirm(third.identity)
    let all = spool.counts()
    #expect(all == StoreCounts(delivered: 9, lost: 5))
  }

  @Test("what a batch that was refused told of lost readings, the next one tells again")
  func refusedLost() throws {
    var spool = try spool(limit: 2)
    try spool.append((1...3).map { reading($0) })
    let first = try spool.nextBatch(limit: BatchLimit(readings: 1, bytes: generous))!
    #expect(first.lostReadings == 1)
    try spool.setAside(first.identity, reason: Array("4.13 Request Entity Too Large".utf8))
    let second = try spool.nextBatch(limit: BatchLimit(readings: 1, bytes: generous))!
    #expect(second.lostReadings == 1 && second.identity.sequence == 2)
    #expect(second.readings == [reading(3)])
    let counts = spool.counts()
    #expect(counts == StoreCounts(waiting: 1, setAside: 1, lost: 1))
  }

  @Test("readings set aside are kept with the reason, within their limits") func aside() throws {
    let disk = TemporaryFile()
    do {
      var spool = try disk.open()
      for number in 1...(Spool.refusalLimit + 5) {
        try spool.append([reading(number)])
        let batch = try spool.nextBatch(limit: BatchLimit(readings: 1, bytes: generous))!
        try spool.setAside(batch.identity, reason: Array("4.00".utf8))
      }
    }
    #expect(disk.number("SELECT count(*) FROM aside") == Spool.refusalLimit + 5)
    #expect(disk.number("SELECT count(*) FROM refusal") == Spool.refusalLimit)
    #expect(disk.number("SELECT min(sequence) FROM refusal WHERE reason = '4.00'") == 6)
    #expect(disk.number("SELECT count(*) FROM reading") == 0)
  }

  @Test("times since boot become UTC when the clock is set, unknown in another boot")
  func times() throws {
    let disk = TemporaryFile()
    let utc = UTC(millisecondsSince1970: 1_800_000_000_000)
    do {
      var spool = try disk.open(boot: 1)
      try spool.append([reading(1, .sinceBoot(.milliseconds(5000)))])
    }
    do {
      var spool = try disk.open(boot: 2)
      try spool.append([
        reading(2, .sinceBoot(.milliseconds(7000))), reading(3, .utc(utc)), reading(4, .unknown),
      ])
    }
    var spool = try disk.open(boot: 2)
    let before = try spool.nextBatch(limit: BatchLimit(readings: 9, bytes: generous))!
    #expect(
      before.readings.map(\.time) == [
        .unknown, .sinceBoot(.milliseconds(7000)), .utc(utc), .unknown,
      ])
    try spool.clockWasSet(utc, at: .milliseconds(10_000))
    let after = try spool.nextBatch(limit: BatchLimit(readings: 9, bytes: generous))!
    #expect(after.identity == before.identity)
    #expect(
      after.readings.map(\.time) == [.unknown, .utc(utc + .seconds(-3)), .utc(utc), .unknown])
  }

  @Test("rows that flash has spoilt are lost and counted, and don't stop the rest") func spoilt()
    throws
  {
    let disk = TemporaryFile()
    do {
      var spool = try disk.open()
      try spool.append((1...6).map { reading($0) })
    }
    disk.run("UPDATE reading SET name = '' WHERE id = 1")
    disk.run("UPDATE reading SET exponent = 99 WHERE id = 3")
    disk.run("UPDATE reading SET unit = 'a b' WHERE id = 6")
    var spool = try disk.open()
    let batch = try spool.nextBatch(limit: BatchLimit(readings: 9, bytes: generous))!
    #expect(batch.readings == [reading(2), reading(4), reading(5)])
    #expect(batch.lostReadings == 3)
    try spool.confirm(batch.identity)
    let counts = spool.counts()
    #expect(counts == StoreCounts(delivered: 3, lost: 3))
  }
}

@Suite("Spool's event log") struct SpoolEventTests {
  private func event(_ number: Int, _ time: ReadingTime = .unknown) -> Event {
    Event(time: time, subject: Array("test".utf8), text: Array("event \(number)".utf8))
  }

  @Test("events wait for the next transaction, at most so many, and survive with it")
  func riding() throws {
    let disk = TemporaryFile()
    do {
      var spool = try disk.open()
      for number in 1..<Spool.pendingEventLimit { try spool.record(event(number)) }
      #expect(spool.pendingEvents.count == Spool.pendingEventLimit - 1)
      try spool.record(event(Spool.pendingEventLimit))
      #expect(spool.pendingEvents.isEmpty)
      try spool.record(event(65))
      try spool.append([reading(1)])
      #expect(spool.pendingEvents.isEmpty)
      try spool.record(event(66))
    }
    var spool = try disk.open()
    let kept = try spool.events(last: 100)
    #expect(kept == (1...65).map { event($0) })
    try spool.record(event(67))
    let newest = try spool.events(last: 2)
    #expect(newest == [event(65), event(67)])
    try spool.flushEvents()
    let same = try spool.events(last: 2)
    #expect(same == newest)
  }

  @Test("the log keeps the newest, and cuts long texts") func ring() throws {
    var spool = try Spool.inMemory(limit: 10, device: testDevice, boot: [1], era: 1)
    let last = Int(Spool.eventLimit) + 500
    for number in 1...last { try spool.record(event(number)) }
    let long = [UInt8](repeating: 0x61, count: Spool.eventTextLimit + 1)
    try spool.record(Event(time: .unknown, subject: Array("long".utf8), text: long))
    try spool.flushEvents()
    let events = try spool.events(last: 10_000)
    #expect(events.count == Int(Spool.eventLimit))
    #expect(events.first == event(last - Int(Spool.eventLimit) + 2))
    #expect(events.last?.text.count == Spool.eventTextLimit)
  }

  @Test("events get their UTC as readings do, written or not") func times() throws {
    var spool = try Spool.inMemory(limit: 10, device: testDevice, boot: [1], era: 1)
    try spool.record(event(1, .sinceBoot(.milliseconds(1000))))
    try spool.flushEvents()
    try spool.record(event(2, .sinceBoot(.milliseconds(2000))))
    try spool.clockWasSet(UTC(millisecondsSince1970: 1_800_000_000_000), at: .milliseconds(3000))
    let events = try spool.events(last: 2)
    #expect(
      events.map(\.time) == [
        .utc(UTC(millisecondsSince1970: 1_799_999_998_000)),
        .utc(UTC(millisecondsSince1970: 1_799_999_999_000)),
      ])
  }
}
