import { completeLab } from "../../harness/lab/complete.ts";
import type { Lab } from "../../harness/lab/lab.ts";
import { loadLab } from "../../harness/lab/load.ts";

const prepared = { folder: "/nonexistent/published", fingerprints: { testbed: "A".repeat(40) } };

/** A lab of the project as the harness has it after its prepare hook; `change` makes it another one. */
export async function aLab(name = "embedded", change: (lab: Lab) => void = () => undefined): Promise<Lab> {
  const lab = structuredClone(completeLab(await loadLab(name), prepared, "http://10.146.47.1:8180"));
  change(lab);
  return lab;
}
