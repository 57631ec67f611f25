/// Where the values of a registration stand.
///
/// Most stand as TS 27.007 §10.1.22 has them. `+CGREG` has a routing area (`<rac>`) behind the
/// technology (§10.1.20), and so has `+CEREG` of some firmware (version 8.6); SARA-R410M and
/// SARA-R412M have it between area and cell.
struct RegistrationPlaces {
  let area: Int
  let cell: Int
  let technology: Int
  /// Of the cause's type; the cause, the active time and the periodic update stand behind it.
  let cause: Int

  /// - Parameters:
  ///   - start: where the status stands.
  ///   - isPacket: whether the line is `+CGREG`.
  init(_ values: ParameterList, from start: Int, isPacket: Bool) {
    area = start + 1
    let isAreaSplit =
      values.integer(start + 4) != nil && values.text(start + 4).count <= 2
      && values.text(start + 3).count >= 4
    cell = isAreaSplit ? start + 3 : start + 2
    technology = cell + 1
    let behind = values.count - technology - 1
    let isTimerEarly = TimerOctet(bits: values.text(technology + 3)) != nil
    let hasRoutingArea =
      !isAreaSplit && !isTimerEarly && (behind % 2 == 1 || (isPacket && behind == 6))
    cause = technology + (hasRoutingArea ? 2 : 1)
  }
}
