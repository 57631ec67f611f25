import Modems
import Primitives
import Testing

@testable import Link

/// A name that the module can't look up, or not where it should.
@Suite("A name for the owner to look up") struct AddressWantedTests {
  private static let named = LinkTarget(
    host: .name(HostName(Array("collector.example".utf8))!), port: 5683, transport: .udp)
  private static let address = LinkTarget(
    host: .ipv4(IPv4Address(192, 0, 2, 1)), port: 5683, transport: .udp)

  private func link(_ profile: ModuleProfile, servers: [IPv4Address]) -> Link {
    var network = NetworkSettings.forTests
    network.dnsServers = servers
    return Link(LinkSettings(module: profile, network: network, hasStatusLine: false), seed: 1)
  }

  @Test("is one for a datagram that goes to addresses only, or where servers can't be told")
  func wanted() {
    let server = IPv4Address(9, 9, 9, 9)
    let tcp = LinkTarget(host: Self.named.host, port: 5683, transport: .tcp)
    let rows: [(ModuleProfile, [IPv4Address], LinkTarget, Bool)] = [
      (.quectelBG95, [server], Self.named, false), (.quectelBG95, [], Self.named, false),
      (.ubloxSARAR5, [], Self.named, false), (.ubloxSARAR5, [server], Self.named, true),
      (.ubloxSARAR5, [server], Self.address, false), (.sierraHL78, [], Self.named, true),
      (.sierraHL78, [], tcp, false), (.sierraHL78, [server], tcp, true),
      (.sierraHL78, [server], Self.address, false), (.generic, [server], Self.named, false),
    ]
    for (profile, servers, target, isWanted) in rows {
      #expect(
        link(profile, servers: servers).isAddressWanted(target) == isWanted,
        "\(profile.name) \(servers.count) \(target)")
    }
  }

  @Test("is one too where the module refused its servers") func refused() {
    var link = link(.quectelBG95, servers: [IPv4Address(9, 9, 9, 9)])
    #expect(!link.isAddressWanted(Self.named))
    link.modem.areServersRefused = true
    #expect(link.isAddressWanted(Self.named))
    #expect(!link.isAddressWanted(Self.address))
  }
}
