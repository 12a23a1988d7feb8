import { note } from "./candidates.ts";
import type { Candidate, Known, Testimony } from "./evidence.ts";

/**
 * What no plan brings: a unit that nothing starts, a package that nothing installs. The role file that should have it
 * is the candidate, at no line.
 */
export function missingInPlan({ units }: Testimony, { settings, daemons }: Known): Candidate[] {
  return units.flatMap(({ machine, unit, state }) => {
    const idle =
      state !== undefined &&
      (state.load !== "loaded" || state.active === "inactive" || state.file === "disabled");
    if (!idle) return [];
    const plan = settings.filter((setting) => setting.machine === machine && setting.kind === "plan");
    const has = (key: string) => plan.some((setting) => setting.key === key);
    const daemon = daemons.find((one) => one.unit === unit);
    const file = plan.find(({ key }) => key === `plan: package ${daemon?.package ?? ""}`) ?? plan.at(-1);
    if (file === undefined) return [];
    const missing = (name: string, text: string): Candidate => {
      const candidate: Candidate = {
        name,
        file: file.source.file,
        line: undefined,
        text,
        settings: [],
        evidence: [],
      };
      note(
        candidate,
        "plan",
        true,
        `${machine} ${unit} is ${state.load === "loaded" ? state.file : state.load}, and no item of the plan brings it`,
      );
      return candidate;
    };
    return [
      ...(daemon !== undefined && !has(`plan: package ${daemon.package}`)
        ? [missing(`packages: ${daemon.package}`, "no item of the plan installs it")]
        : []),
      ...(has(`plan: unit ${unit}`) ? [] : [missing(`unit: ${unit}`, "no item of the plan starts it")]),
    ];
  });
}
