import { nearest } from "../lab/nearest.ts";
import { quotedName } from "../lab/problem.ts";
import type { Problem } from "../lab/problem.ts";
import type { Role as MachineRole } from "../lab/schema.ts";
import { matches } from "./patterns.ts";
import { roleSchema } from "./role.ts";
import type { RoleFile } from "./role.ts";

/** What a role's folder holds beside its role.yaml. */
interface Holdings {
  /** The paths on the machine of the files under files/. */
  paths: string[];
  /** The names of the scripts in steps/ and awaits/. */
  steps: string[];
  awaits: string[];
  /** The machines that play the role. */
  players: MachineRole[];
  /** The names of the scripts in undo/, each a step's. */
  undo: string[];
}

const listed = (names: string[]): string => names.join(", ") || "none";

function unknownName(path: PropertyKey[], expected: string, saw: string, known: string[]): Problem {
  const meant = nearest(saw, known);
  const hint = meant === undefined ? `there are: ${listed(known)}` : `did you mean \`${meant}\`?`;
  return { path, expected, saw: `\`${quotedName(saw)}\``, hint };
}

function scripts(role: RoleFile, kind: "step" | "await", known: string[]): Problem[] {
  const named = role.plan.map((item) => item[kind]);
  const unknown = named.flatMap((name, index) =>
    name === undefined || known.includes(name)
      ? []
      : [unknownName(["plan", index, kind], `a script of that name in ${kind}s/`, name, known)],
  );
  const unused = known
    .filter((name) => !named.includes(name))
    .map((name) => ({
      path: ["plan"],
      at: "key" as const,
      expected: `every script in ${kind}s/ in the plan`,
      saw: `none that runs \`${name}\``,
      hint: `add \`${kind}: ${name}\` or remove the script`,
    }));
  return [...unknown, ...unused];
}

function undoing(role: RoleFile, undo: string[]): Problem[] {
  const steps = role.plan.flatMap((item) => item.step ?? []);
  return undo
    .filter((name) => !steps.includes(name))
    .map((name) => ({
      ...unknownName(["plan"], "every script in undo/ to be named as a step of the plan", name, steps),
      at: "key" as const,
    }));
}

function placing(role: RoleFile, paths: string[]): Problem[] {
  const patterns = role.plan.flatMap((item, index) =>
    (item.files ?? []).map((pattern, at) => ({ pattern, path: ["plan", index, "files", at] })),
  );
  const empty = patterns
    .filter(({ pattern }) => !paths.some((path) => matches(pattern, path)))
    .map(({ pattern, path }) => unknownName(path, "a file under files/", pattern, paths));
  const wrong = paths.flatMap((path): Problem[] => {
    const by = patterns.filter(({ pattern }) => matches(pattern, path));
    const [, second] = by;
    if (by.length === 0) {
      const saw = `none that places files${path}`;
      const hint = `add ${path} to a plan item's files, or remove the file`;
      return [{ path: ["plan"], at: "key", expected: "every file under files/ in the plan", saw, hint }];
    }
    if (second === undefined) return [];
    const saw = `${path} again, which \`${by[0]?.pattern ?? ""}\` places`;
    return [
      { path: second.path, expected: "each file once", saw, hint: "place it where it is needed first" },
    ];
  });
  return [...empty, ...wrong];
}

function restarts(role: RoleFile): Problem[] {
  const started = role.plan.flatMap((item) => item.unit ?? []);
  const wishes = [
    ...Object.entries(role.files).map(([file, settings]) => ({
      path: ["files", file, "restarts"],
      units: settings.restarts,
    })),
    ...role.plan.map((item, index) => ({ path: ["plan", index, "restarts"], units: item.restarts ?? [] })),
  ];
  return wishes.flatMap(({ path, units }) =>
    units.flatMap((unit, index) =>
      started.includes(unit)
        ? []
        : [unknownName([...path, index], "a unit that the role's plan starts", unit, started)],
    ),
  );
}

/** Units that come twice, and conditions that a machine would have to make true for itself. */
function order(role: RoleFile, players: MachineRole[]): Problem[] {
  const units = role.plan.map(({ unit }) => unit);
  const twice = units.flatMap((unit, index): Problem[] => {
    const first = units.indexOf(unit);
    if (unit === undefined || first === index) return [];
    const hint = `plan[${first}] starts it already; what changes later restarts it by \`restarts\``;
    return [{ path: ["plan", index, "unit"], expected: "each unit once", saw: `\`${unit}\` again`, hint }];
  });
  const own = role.plan.flatMap(({ from }, index): Problem[] =>
    from === undefined || !players.includes(from)
      ? []
      : [
          {
            path: ["plan", index, "from"],
            expected: "a machine of another role",
            saw: `\`${from}\`, which plays this role itself`,
            hint: "a machine that waits for itself waits in vain; what comes before in its plan is there",
          },
        ],
  );
  return [...twice, ...own];
}

/**
 * What is wrong with a role beyond the shape of its file: names without a script, scripts and files without a plan
 * item, settings of files that are not there, restarts of units that the role does not start.
 */
export function brokenRole(value: unknown, { paths, steps, awaits, undo, players }: Holdings): Problem[] {
  const parsed = roleSchema.safeParse(value);
  if (!parsed.success) return [];
  const role = parsed.data;
  const settings = Object.keys(role.files)
    .filter((path) => !paths.includes(path))
    .map((path) => ({
      ...unknownName(["files", path], "the path of a file under files/", path, paths),
      at: "key" as const,
    }));
  return [
    ...scripts(role, "step", steps),
    ...scripts(role, "await", awaits),
    ...undoing(role, undo),
    ...placing(role, paths),
    ...settings,
    ...restarts(role),
    ...order(role, players),
  ];
}
