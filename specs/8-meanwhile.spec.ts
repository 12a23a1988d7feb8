import { expect } from "chai";
import {
  about,
  claim,
  lab,
  offer,
  packagesOf,
  refusals,
  type ControlKind,
  type ControlOutcome,
  type SpecMachine,
} from "../harness/judge/index.ts";

/** What was asked for, and the dependencies it brought: packages that came by the same rpm transactions. */
async function brought(machine: SpecMachine) {
  const installed = await machine.packages();
  const asked = installed.filter(({ name }) => packagesOf[machine.role].includes(name));
  return installed.filter(({ transaction }) => asked.some((one) => one.transaction === transaction));
}

// While the guestbook's pods come: offering packages and proving signatures take an emulated machine long, too.
describe("packages", () => {
  describe("offered", () => {
    // One machine: the others have the same yum and the same configuration, and each offer takes an emulated machine
    // seconds.
    const machines = lab.workers.slice(0, 1);
    const outcomes = new Map<string, ControlOutcome[]>();

    before("offer packages that must be refused", async () => {
      await Promise.all(
        machines.map(async (machine) => {
          outcomes.set(machine.name, await offer(machine));
        }),
      );
    });

    function outcome(machine: SpecMachine, kind: ControlKind): ControlOutcome {
      const found = outcomes.get(machine.name)?.find((one) => one.kind === kind);
      claim(
        found !== undefined,
        about(machine, "controls"),
        `to be offered a package that is ${kind}`,
        "no such offer",
      );
      return found;
    }

    for (const machine of machines) {
      it(`a genuine package, ${machine.name} finds nothing wrong with it`, () => {
        const { code, output } = outcome(machine, "genuine");
        claim(code === 0, about(machine, "controls"), `${lab.control.package} to be accepted`, output);
      });

      for (const [kind, reason] of Object.entries(refusals)) {
        const label = () => about(machine, "controls", kind);

        it(`a package that is ${kind}, ${machine.name} refuses it as ${reason}`, () => {
          const { reason: seen, output } = outcome(machine, kind as ControlKind);
          claim(
            seen === reason,
            label(),
            `to be refused as ${reason}`,
            seen === undefined ? "no refusal" : `${seen}: ${output}`,
          );
        });

        it(`a package that is ${kind}, ${machine.name} installs nothing and trusts no new key`, () => {
          const { installed, imported, package: name } = outcome(machine, kind as ControlKind);
          expect([...(installed ? [name] : []), ...imported], label()).to.deep.equal([]);
        });
      }
    }
  });

  describe("as files", () => {
    for (const machine of lab.machines) {
      it(`${machine.name} kept one for every package it was asked for, and for each dependency`, async () => {
        const kept = new Set((await machine.packageFiles()).map(({ full }) => full));
        const missing = (await brought(machine)).filter(({ full }) => !kept.has(full));
        expect(
          missing.map(({ full }) => full),
          about(machine, "kept packages", "without their file"),
        ).to.deep.equal([]);
      });

      it(`${machine.name} proves their signatures again`, async () => {
        const wanted = new Set((await brought(machine)).map(({ full }) => full));
        const files = (await machine.packageFiles()).filter(({ full }) => wanted.has(full));
        claim(files.length > 0, about(machine, "kept packages"), "files to prove", "none");
        const unproved = files.filter(({ intact, signed }) => !intact || !signed);
        expect(
          unproved.map(({ path, verdict }) => `${path}: ${verdict}`),
          about(machine, "kept packages", "unproved"),
        ).to.deep.equal([]);
      });
    }
  });
});
