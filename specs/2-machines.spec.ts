import { expect } from "chai";
import { about, claim, lab, sysctlsOf } from "../harness/judge/index.ts";

/** In seconds: a machine's clock begins at a whole second, and an emulated one takes some to answer. */
const agreed = 10;

describe("machines", () => {
  for (const machine of lab.machines) {
    describe(machine.name, () => {
      it(`has a clock that is within ${agreed} s of the host's`, async () => {
        const ahead = await machine.clockAhead();
        const saw = `${Math.abs(ahead).toFixed(1)} s ${ahead < 0 ? "behind" : "ahead of"} it`;
        claim(Math.abs(ahead) <= agreed, about(machine, "clock"), `the host's time within ${agreed} s`, saw);
      });

      it("finds every machine of the lab by its name, at its lab address", async () => {
        for (const { name, address } of lab.machines) {
          expect(await machine.addressesOf(name), about(machine, "names", name)).to.deep.equal([address]);
        }
      });

      it("has its files as the templates make them, with their modes and owners", async () => {
        const wrong: string[] = [];
        for (const { path, sha256, mode, owner } of lab.files.filter((one) => one.machine === machine.name)) {
          const seen = await machine.file(path);
          if (seen === undefined) wrong.push(`${path}: no such file`);
          else if (seen.sha256 !== sha256) wrong.push(`${path}: other content`);
          else if (seen.mode !== mode || `${seen.owner}:${seen.group}` !== owner)
            wrong.push(`${path}: ${seen.mode} ${seen.owner}:${seen.group}`);
        }
        expect(wrong, about(machine, "files", "unlike the templates'")).to.deep.equal([]);
      });

      for (const [name, value] of Object.entries(sysctlsOf[machine.role])) {
        it(`has ${name} at ${value}`, async () => {
          expect(await machine.sysctl(name), about(machine, "kernel settings", name)).to.equal(value);
        });
      }
    });
  }
});
