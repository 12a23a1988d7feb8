import { expect } from "chai";
import type { Lab } from "../../harness/lab/lab.ts";
import { Key } from "../machines/keys.ts";
import { aLab } from "./labs.ts";
import { LocalMachine } from "./local.ts";
import { changes, step, takeBack } from "./steps.ts";

describe("trust-keys", () => {
  const path = "/etc/pki/rpm-gpg/RPM-GPG-KEY-test";
  let machine: LocalMachine;
  let good: Key;
  let other: Key;
  before(async () => {
    [good, other] = [await Key.make(), await Key.make()];
  });
  after(async () => {
    await good[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });
  beforeEach(async () => (machine = await LocalMachine.start()));
  afterEach(() => machine[Symbol.asyncDispose]());

  const labWith = (fingerprint: string): Promise<Lab> =>
    aLab("embedded", (lab) => {
      lab.keys = [{ id: "testbed", fingerprint, path, url: "file:///nonexistent" }];
    });
  const give = (text: string): Promise<string> => machine.sh(`mkdir -p /etc/pki/rpm-gpg; cat >${path}`, text);
  const imported = async (): Promise<number> =>
    Number(await machine.sh("/usr/bin/rpm -q gpg-pubkey | grep -c ^gpg-pubkey- || true"));

  it("imports a key of the expected fingerprint, once", async () => {
    await give(await good.public);
    const lab = await labWith(good.fingerprint);
    expect(changes(await step(machine, "trust-keys", lab))).to.deep.equal([
      `changed: key testbed (${good.fingerprint}) trusted`,
    ]);
    expect(await imported()).to.equal(1);
    expect(changes(await step(machine, "trust-keys", lab))).to.deep.equal([]);
    expect(await imported()).to.equal(1);
  });

  it("is taken back without the keys that were trusted before", async () => {
    await give(await other.public);
    await step(machine, "trust-keys", await labWith(other.fingerprint));
    const again = await step(machine, "trust-keys", await labWith(other.fingerprint));
    await takeBack(machine, "trust-keys", await labWith(other.fingerprint), again);
    expect(await imported()).to.equal(1);
    await give(await good.public);
    const lab = await labWith(good.fingerprint);
    await takeBack(machine, "trust-keys", lab, await step(machine, "trust-keys", lab));
    expect(await imported()).to.equal(1);
    expect(changes(await step(machine, "trust-keys", lab))).to.have.length(1);
  });

  it("imports a second key beside one that is there", async () => {
    await give(await other.public);
    await step(machine, "trust-keys", await labWith(other.fingerprint));
    await give(await good.public);
    expect(changes(await step(machine, "trust-keys", await labWith(good.fingerprint)))).to.have.length(1);
    expect(await imported()).to.equal(2);
    expect(changes(await step(machine, "trust-keys", await labWith(other.fingerprint)))).to.deep.equal([]);
  });

  const refusals: [string, () => string | Promise<string>, () => string][] = [
    ["a key of another fingerprint", () => other.public, () => other.fingerprint],
    [
      "a second key in the file",
      async () => (await good.public) + (await other.public),
      () => `${good.fingerprint} ${other.fingerprint}`,
    ],
    ["a file that is no key", () => "garbage", () => "no key"],
  ];
  for (const [what, file, seen] of refusals)
    it(`refuses ${what}, and says what it expected and saw`, async () => {
      await give(await file());
      const ran = await step(machine, "trust-keys", await labWith(good.fingerprint));
      expect(ran.code).to.equal(1);
      expect(ran.stderr).to.include(`expected the fingerprint ${good.fingerprint}, saw ${seen()}`);
      expect(await imported()).to.equal(0);
    });

  it("refuses an absent key", async () => {
    const ran = await step(machine, "trust-keys", await labWith(good.fingerprint));
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.include(`expected it at ${path}, saw no such file`);
  });
});
