import { ClusterBroken, type Trouble } from "../errors.ts";
import { tail } from "../machines/command.ts";
import { asRoot } from "../machines/hint.ts";
import { sh } from "../render/quote.ts";
import type { Work } from "./work.ts";

/** A line of the long list of flags that a daemon prints when it does not know one: they are indented. */
const usage = /\]: \s/;

/** A unit that does not come up. */
export class UnitBroken extends ClusterBroken {
  readonly unit: string;

  constructor(unit: string, trouble: Trouble) {
    super(trouble);
    this.unit = unit;
  }
}

/** A unit's failure as an answer: what was seen, and its last words. */
export async function unitBroken(work: Work, unit: string, saw: string): Promise<UnitBroken> {
  const { machine, signal } = work;
  const ran = await machine.run(`journalctl -u ${sh(unit)} -n 1000 -q --no-pager 2>/dev/null`, { signal });
  const lines = ran.stdout.split("\n").filter((line) => !usage.test(line));
  const journal = tail(lines.join("\n"), 20);
  return new UnitBroken(unit, {
    message: `${machine.name} ${unit}: expected the unit to be active, saw ${saw}`,
    details: journal,
    hint: asRoot(machine.name, `journalctl -u ${unit} -n 50`),
  });
}
