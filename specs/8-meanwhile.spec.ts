import { expect } from "chai";
import {
  about,
  claim,
  lab,
  offer,
  refusals,
  type ControlKind,
  type ControlOutcome,
  type SpecMachine,
} from "../harness/judge/index.ts";

// While the guestbook's pods come: both take time, and neither has to do with the other.
// One machine: the others have the same yum and the same configuration, as the specs above show, and each offer
// takes an emulated machine seconds.
describe("packages", () => {
  describe("offered", () => {
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
});
