import type { Candidate, Testimony, UnitWitness } from "./evidence.ts";
import { note } from "./candidates.ts";

/**
 * Notes where a daemon does not run with what its files say: a drop-in that takes its files away, a line that
 * swallowed the next one, a value that a later file overrides.
 */
export function compareWithProcess(candidates: readonly Candidate[], { units }: Testimony): void {
  for (const witness of units) {
    const { machine, unit, args } = witness;
    if (args === undefined) continue;
    const lost = candidates.filter((candidate) => isLost(candidate, witness));
    if (lost.length === 0) continue;
    const names = lost.map(({ name }) => name).join(", ");
    const cleared = candidates.filter(({ settings }) =>
      settings.some(
        ({ kind, machine: on, path, key }) =>
          on === machine &&
          kind === "unit" &&
          path?.startsWith(`/etc/systemd/system/${unit}.service`) === true &&
          /\] (EnvironmentFile|ExecStart|Environment)\b/.test(key),
      ),
    );
    for (const candidate of cleared)
      note(candidate, "process", true, `${machine} ${unit} runs without ${names}`);
    if (cleared.length > 0) continue;
    for (const candidate of lost)
      note(candidate, "process", false, `${machine} ${unit} does not run with it`);
  }
}

/** A flag that its file sets and that the process was not started with. */
const isLost = ({ settings }: Candidate, { machine, args = [] }: UnitWitness): boolean =>
  settings.some(
    ({ machine: on, flag, value, state }) =>
      on === machine && state === "set" && flag !== undefined && !hasFlag(args, flag, value),
  );

/** Whether arguments have a flag with a value: `--a=b`, `--a b`, or `--a` alone for `true`. */
function hasFlag(args: readonly string[], flag: string, value: string): boolean {
  const name = flag.replace(/^-+/, "").replaceAll("_", "-");
  return args.some((arg, at) => {
    const [said = "", ...rest] = arg.replace(/^-+/, "").split("=");
    if (said.replaceAll("_", "-") !== name) return false;
    const given = rest.length > 0 ? rest.join("=") : (args[at + 1] ?? "");
    return given === value || (rest.length === 0 && value === "true");
  });
}
