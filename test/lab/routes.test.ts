import { expect } from "chai";
import { BadConfiguration } from "../../harness/errors.ts";
import { loadLab } from "../../harness/lab/load.ts";
import { parseRoutes, refuseRouteClash } from "../../harness/lab/routes.ts";

/** As `ip -4 route show table all` of iproute2 6.1 prints it. */
const quiet = `default via 192.0.2.1 dev eth0 
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.2 
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1 
local 192.0.2.2 dev eth0 table local proto kernel scope host src 192.0.2.2 
broadcast 192.0.2.255 dev eth0 table local proto kernel scope link src 192.0.2.2 
`;
const ownBridge = `10.146.47.0/24 dev hw0a1b2cl proto kernel scope link src 10.146.47.1 linkdown 
local 10.146.47.1 dev hw0a1b2cl table local proto kernel scope host src 10.146.47.1 
broadcast 10.146.47.255 dev hw0a1b2cl table local proto kernel scope link src 10.146.47.1 linkdown 
`;

async function clashes(shown: string, own: string[] = [], name = "centos7"): Promise<string[]> {
  try {
    refuseRouteClash(await loadLab(name), shown, own);
    return [];
  } catch (error) {
    if (error instanceof BadConfiguration) return error.details;
    throw error;
  }
}

describe("the host's routes", () => {
  it("are read with their types, devices and next hops, those to everywhere left out", () => {
    const vpn = "0.0.0.0/1 via 10.8.0.1 dev tun0\n128.0.0.0/1 via 10.8.0.1 dev tun0\n";
    const hops =
      "10.9.0.0/16 proto static metric 20 \n\tnexthop via 192.0.2.7 dev eth0 weight 1 \n\tnexthop via 192.0.2.8 dev eth1 weight 1 \n";
    const rest =
      "blackhole 10.7.0.0/16 \nunreachable default metric 4278198272 \n192.0.2.77 via 192.0.2.1 dev eth0 \n";
    const routes = parseRoutes(quiet + vpn + hops + rest).filter(({ local }) => !local);
    expect(routes.map(({ destination, devices }) => [destination, ...devices])).to.deep.equal([
      ["192.0.2.0/24", "eth0"],
      ["10.9.0.0/16", "eth0", "eth1"],
      ["10.7.0.0/16"],
      ["192.0.2.77/32", "eth0"],
    ]);
  });

  it("let a lab be that shares no network with them", async () => {
    expect(await clashes(quiet)).to.deep.equal([]);
  });

  it("clash with each network of the lab that they reach another way", async () => {
    const wide = "10.0.0.0/8 via 192.0.2.9 dev eth0 \n";
    const one = "192.168.147.20 via 192.0.2.9 dev eth0 \n";
    expect(await clashes(quiet + wide + one)).to.deep.equal([
      "network 10.146.47.0/24 clashes with the host's route: 10.0.0.0/8 via 192.0.2.9 dev eth0",
      "management 192.168.147.0/24 clashes with the host's route: 192.168.147.20 via 192.0.2.9 dev eth0",
      "flannel.network 10.241.0.0/16 clashes with the host's route: 10.0.0.0/8 via 192.0.2.9 dev eth0",
      "services 10.254.0.0/16 clashes with the host's route: 10.0.0.0/8 via 192.0.2.9 dev eth0",
    ]);
  });

  it("clash by another's bridge once, not by each of its addresses too", async () => {
    expect(await clashes(quiet + ownBridge.replaceAll("hw0a1b2cl", "virbr7"))).to.deep.equal([
      "network 10.146.47.0/24 clashes with the host's route: " +
        "10.146.47.0/24 dev virbr7 proto kernel scope link src 10.146.47.1 linkdown",
    ]);
  });

  it("clash by an address of the host's own alone", async () => {
    const alone = "local 10.146.47.7 dev dummy0 table local proto kernel scope host src 10.146.47.7 \n";
    expect(await clashes(quiet + alone)).to.have.length(1);
  });

  it("do not clash through a bridge of our own", async () => {
    expect(await clashes(quiet + ownBridge, ["hw0a1b2cl", "hw0a1b2cm"])).to.deep.equal([]);
  });

  it("do not matter to a lab in a namespace", async () => {
    expect(await clashes(quiet + ownBridge, [], "embedded")).to.deep.equal([]);
  });
});
