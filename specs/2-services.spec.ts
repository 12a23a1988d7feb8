import { expect } from "chai";
import { about, budget, claim, eventually, lab, unitsOf } from "../harness/judge/index.ts";

describe("services", () => {
  for (const machine of lab.machines) {
    describe(machine.name, () => {
      for (const name of unitsOf[machine.role]) {
        it(`starts ${name} at boot`, async () => {
          const { file } = await machine.unit(name);
          expect(file, about(machine, "boot", `${name} at boot`)).to.equal("enabled");
        });

        it(`starts ${name} by its package's unit, with no drop-ins but the package's and the templates'`, async () => {
          const { fragment = "no unit", dropIns, outdated } = await machine.unitFiles(name);
          const given = lab.files.filter((one) => one.machine === machine.name).map(({ path }) => path);
          const foreign = [fragment, ...dropIns].filter(
            (path) => !/^(\/usr)?\/lib\/systemd\/system\//.test(path) && !given.includes(path),
          );
          expect(foreign, about(machine, "boot", `${name}'s foreign unit files`)).to.deep.equal([]);
          claim(
            !outdated,
            about(machine, "boot", `${name}'s unit files`),
            "to be those that systemd knows",
            "newer ones",
          );
        });

        it(`runs ${name}`, () =>
          eventually(
            async () => {
              const { active, sub, result } = await machine.unit(name);
              expect(`${active} (${sub})`, about(machine, name)).to.equal("active (running)");
              expect(result, about(machine, name, "result")).to.equal("success");
            },
            { within: budget.unit },
          ));
      }

      it("has no firewalld that could bring back its rules", async () => {
        const { load, active } = await machine.unit("firewalld");
        claim(
          ["masked", "not-found"].includes(load) && active === "inactive",
          about(machine, "firewalld"),
          "to be masked or absent, and not running",
          `${load}, ${active}`,
        );
      });
    });
  }
});
