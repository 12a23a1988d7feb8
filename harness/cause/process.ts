import type { Daemon } from "../settings/setting.ts";
import { note } from "./candidates.ts";
import type { Candidate, Testimony, UnitWitness } from "./evidence.ts";

/**
 * Notes where a daemon does not run with what its files say: a drop-in takes its files away, or a line of one never
 * arrived.
 */
export function compareWithProcess(
  candidates: readonly Candidate[],
  { units }: Testimony,
  daemons: readonly Daemon[],
): void {
  for (const witness of units) {
    const { machine, unit } = witness;
    const overriding = candidates.filter((candidate) => overrides(candidate, witness));
    const unread = filesNotRead(witness, daemons);
    for (const candidate of unread.length > 0 ? overriding : []) {
      note(
        candidate,
        "process",
        true,
        `${machine} ${unit} does not read ${unread.join(", ")}, as its package has it`,
      );
    }
    const lost = candidates.filter((candidate) => isLost(candidate, witness));
    if (lost.length === 0) continue;
    const names = lost.map(({ name }) => name).join(", ");
    for (const candidate of overriding)
      note(candidate, "process", true, `${machine} ${unit} runs without ${names}`);
    if (overriding.length > 0) continue;
    for (const candidate of lost)
      note(candidate, "process", false, `${machine} ${unit} does not run with it`);
  }
}

/** The files that a unit's package has it read, and that systemd does not. */
function filesNotRead({ unit, environmentFiles }: UnitWitness, daemons: readonly Daemon[]): string[] {
  if (environmentFiles === undefined) return [];
  const daemon = daemons.find((one) => one.unit === unit);
  return (daemon?.environmentFiles ?? []).filter((path) => !environmentFiles.includes(path));
}

/** A line of a drop-in that changes what the unit is started with. */
const overrides = ({ settings }: Candidate, { machine, unit }: UnitWitness): boolean =>
  settings.some(
    ({ kind, machine: on, path, key }) =>
      on === machine &&
      kind === "unit" &&
      path?.startsWith(`/etc/systemd/system/${unit}.service`) === true &&
      /\] (EnvironmentFile|ExecStart|Environment)( \d+)?$/.test(key),
  );

/** A flag that its file sets and that the process was not started with. */
const isLost = ({ settings }: Candidate, { machine, args }: UnitWitness): boolean =>
  args !== undefined &&
  settings.some(
    ({ machine: on, kind, flag, value, state }) =>
      on === machine &&
      kind === "environment" &&
      state === "set" &&
      flag !== undefined &&
      !hasFlag(args, flag, value),
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
