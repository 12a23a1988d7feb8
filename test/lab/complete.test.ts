import { expect } from "chai";
import { LabNotBuilt } from "../../harness/errors.ts";
import { completeLab } from "../../harness/lab/complete.ts";
import type { Prepared } from "../../harness/lab/hooks.ts";
import { loadLab } from "../../harness/lab/load.ts";

const server = "http://10.146.47.1:8180";
const fingerprint = "0123456789ABCDEF0123456789ABCDEF01234567";
const prepared: Prepared = { folder: "/var/cache/of a lab", fingerprints: { testbed: fingerprint } };

describe("completing a lab", () => {
  it("gives the host files and the machines URLs", async () => {
    const lab = completeLab(await loadLab("embedded"), prepared, server);
    expect(lab.box.url).to.equal("file:///var/cache/of%20a%20lab/box/hardway-embedded.box");
    expect(lab.box.checksums).to.equal("file:///var/cache/of%20a%20lab/box/sha256sum.txt.asc");
    expect(lab.keys[0]).to.include({
      fingerprint,
      url: "file:///var/cache/of%20a%20lab/keys/RPM-GPG-KEY-hardway-testbed",
    });
    expect(lab.images.pause).to.have.property(
      "archive",
      "file:///var/cache/of%20a%20lab/images/guestbook.tar.gz",
    );
    expect(lab.repositories[0]?.baseurl).to.deep.equal([`${server}/repository/`]);
    expect(JSON.stringify(lab)).not.to.contain("prepared:");
  });

  it("leaves what has a URL or a fingerprint as it is", async () => {
    const loaded = await loadLab("centos7");
    const lab = completeLab(loaded, prepared, server);
    expect(lab.box).to.deep.equal(loaded.box);
    expect(lab.keys).to.deep.equal(loaded.keys);
    expect(lab.repositories).to.deep.equal(loaded.repositories);
  });

  it("names the master, the workers and the host's address", async () => {
    const lab = completeLab(await loadLab("centos7"), prepared, server);
    expect([lab.master.name, ...lab.workers.map(({ name }) => name)]).to.deep.equal([
      "master",
      "worker1",
      "worker2",
    ]);
    expect(lab.hostAddress).to.equal("10.146.47.1");
  });

  it("says where daemons listen and how many pods there are, where the file leaves it out", async () => {
    const loaded = await loadLab("embedded");
    const { ports, guestbook } = completeLab(loaded, prepared, server);
    expect(ports.apiserver).to.deep.equal({ insecure: 8080, secure: 6443 });
    expect(guestbook).to.deep.equal({ redisSlaves: 2, frontends: 3 });
    const [master, worker] = loaded.machines;
    const machines = [master, ...Array.from({ length: 7 }, () => worker)].flatMap((one) => one ?? []);
    expect(completeLab({ ...loaded, machines }, prepared, server).guestbook.frontends).to.equal(7);
  });

  for (const [what, given, says] of [
    ["no fingerprint", {}, "expected the prepare hook to give the fingerprint of key testbed"],
    ["a short fingerprint", { testbed: "0123ABCD" }, "saw 0123ABCD"],
  ] as const) {
    it(`is not built where the hook gave ${what}`, async () => {
      const loaded = await loadLab("embedded");
      const complete = () => completeLab(loaded, { ...prepared, fingerprints: given }, server);
      expect(complete).to.throw(LabNotBuilt, says);
    });
  }

  it("is not built where no hook was run for what it should give", async () => {
    const loaded = await loadLab("centos7");
    expect(() => completeLab(loaded, undefined, server)).to.throw(
      LabNotBuilt,
      "prepared:images/guestbook.tar.gz",
    );
  });
});
