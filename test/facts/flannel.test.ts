import { expect } from "chai";
import { dockerOptions, subnetEnv } from "../../harness/facts/flannel.ts";
import { parsed } from "./parsers.ts";

describe("flannel's files", () => {
  it("are read with and without quotes", () => {
    const text = "FLANNEL_NETWORK=10.241.0.0/16\nFLANNEL_SUBNET=10.241.15.1/24\nFLANNEL_IPMASQ=false\n";
    expect(parsed(subnetEnv, text)).to.deep.equal({
      network: "10.241.0.0/16",
      subnet: "10.241.15.1/24",
      mtu: undefined,
      ipMasq: "false",
    });
    expect(
      parsed(
        dockerOptions,
        'DOCKER_OPT_BIP="--bip=10.241.15.1/24"\nDOCKER_NETWORK_OPTIONS=" --bip=10.241.15.1/24 --mtu=1450"\n',
      ),
    ).to.equal(" --bip=10.241.15.1/24 --mtu=1450");
  });

  it("say nothing where they are not there", () => {
    const missing = { code: 1, stderr: "cat: /run/flannel/docker: No such file or directory" };
    expect(parsed(dockerOptions, missing)).to.equal(undefined);
    expect(Object.values(parsed(subnetEnv, missing))).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
