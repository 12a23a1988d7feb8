import { expect } from "chai";
import { about, budget, claim, eventually, lab, startedAgain, unitsOf } from "../harness/judge/index.ts";

/** In seconds: a daemon that cannot work gives up sooner, the slowest known one after 9 (facts/kubernetes-1.5.2.md §e.14). */
const steady = 10;

// The last look is compared with the first: what restarts comes up again and again, and any one look may find it up.
describe("services, after all that,", () => {
  // What cannot be asked shows where a spec asks for it.
  before("look at all machines at once", () =>
    Promise.allSettled(lab.machines.map((machine) => machine.units())),
  );

  for (const machine of lab.machines) {
    for (const name of unitsOf[machine.role]) {
      it(`${machine.name} still runs the ${name} it ran at first`, () =>
        eventually(
          async () => {
            const first = await machine.unitFoundAtFirst(name);
            const now = await machine.unit(name);
            const label = about(machine, name);
            if (now.started !== first.started) throw startedAgain(label);
            expect(now.active, label).to.equal("active");
            claim(now.age >= steady, label, `to have run for ${steady} s`, `${now.age.toFixed(1)} s`);
          },
          { within: budget.unit },
        ));
    }
  }
});
