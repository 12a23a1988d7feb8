import { expect } from "chai";
import { dockerOptions, subnetEnv } from "../../harness/facts/flannel.ts";
import { parsed } from "./parsers.ts";

describe("flannel's files", () => {
  it("are read with and without quotes", () => {
    expect(parsed(subnetEnv, "FLANNEL_NETWORK=10.241.0.0/16\nFLANNEL_SUBNET=10.241.15.1/24\n")).to.deep.equal(
      { FLANNEL_NETWORK: "10.241.0.0/16", FLANNEL_SUBNET: "10.241.15.1/24" },
    );
    expect(
      parsed(
        dockerOptions,
        'DOCKER_OPT_BIP="--bip=10.241.15.1/24"\nDOCKER_NETWORK_OPTIONS=" --bip=10.241.15.1/24 --mtu=1450"\n',
      ),
    ).to.deep.equal({
      DOCKER_OPT_BIP: "--bip=10.241.15.1/24",
      DOCKER_NETWORK_OPTIONS: " --bip=10.241.15.1/24 --mtu=1450",
    });
  });

  it("say nothing where they are not there", () => {
    expect(
      parsed(subnetEnv, { code: 1, stderr: "cat: /run/flannel/subnet.env: No such file or directory" }),
    ).to.deep.equal({});
  });
});
