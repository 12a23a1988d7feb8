import { expect } from "chai";
import * as addresses from "../../harness/lab/addresses.ts";

describe("addresses", () => {
  it("knows a network's own, first, last and broadcast address", () => {
    expect(addresses.networkAddress("10.146.47.9/24")).to.equal("10.146.47.0");
    expect(addresses.firstAddress("10.146.47.0/24")).to.equal("10.146.47.1");
    expect(addresses.lastAddress("10.146.47.0/24")).to.equal("10.146.47.254");
    expect(addresses.broadcastAddress("10.146.46.0/23")).to.equal("10.146.47.255");
  });

  it("carries from one octet into the next", () => {
    expect(addresses.addressAfter("10.146.47.250", 10)).to.equal("10.146.48.4");
  });

  it("writes masks, up to the whole and down to one address", () => {
    const lengths = ["0.0.0.0/0", "10.0.0.0/8", "10.146.40.0/21", "10.146.47.128/25", "10.146.47.1/32"];
    const masks = ["0.0.0.0", "255.0.0.0", "255.255.248.0", "255.255.255.128", "255.255.255.255"];
    expect(lengths.map(addresses.netmask)).to.deep.equal(masks);
  });

  it("counts the hosts that fit", () => {
    expect(addresses.hostCount("10.146.47.0/24")).to.equal(254);
    expect(addresses.hostCount("10.146.47.0/30")).to.equal(2);
    expect(addresses.hostCount("10.146.47.0/31")).to.equal(0);
  });

  it("tells what a network holds, above the sign bit of 32 bits too", () => {
    expect(addresses.contains("192.168.147.0/24", "192.168.147.255")).to.equal(true);
    expect(addresses.contains("192.168.147.0/24", "192.168.148.0")).to.equal(false);
    expect(addresses.contains("10.241.0.0/16", "10.241.45.0/24")).to.equal(true);
    expect(addresses.contains("10.241.45.0/24", "10.241.0.0/16")).to.equal(false);
  });

  it("tells when networks overlap, whichever is the wider", () => {
    expect(addresses.overlaps("10.0.0.0/8", "10.146.47.0/24")).to.equal(true);
    expect(addresses.overlaps("10.146.47.0/24", "10.0.0.0/8")).to.equal(true);
    expect(addresses.overlaps("10.146.47.0/25", "10.146.47.128/25")).to.equal(false);
  });
});
