import { LabNotBuilt } from "../errors.ts";
import type { Machine } from "../machines/machine.ts";
import { sh } from "../render/quote.ts";
import { appliedFile } from "./applied.ts";
import { parseUnits, showUnits } from "./unit-state.ts";
import type { UnitState } from "./unit-state.ts";

/** What to look at on a machine before something is done to it. */
export interface Question {
  files?: string[];
  packages?: string[];
  units?: string[];
  /** Whether to read what the machine keeps of earlier provisionings. */
  applied?: boolean;
}

export interface FileState {
  sha256: string;
  /** Four octal digits. */
  mode: string;
  /** user:group */
  owner: string;
}

export interface Answer {
  /** By path; a path without a regular file is not in it. */
  files: Map<string, FileState>;
  packages: Set<string>;
  /** By name without .service. */
  units: Map<string, UnitState>;
  /** What the machine keeps of earlier provisionings; empty where that is nothing, or was not asked for. */
  applied: string;
}

const mark = "=== hardway ===";

const words = (texts: string[]): string => texts.map(sh).join(" ");

/** Both answer for the files they find and complain of the rest; `stat` ends each answer with a NUL. */
const askFiles = (paths: string[]): string =>
  `set -- ${words(paths)}\nstat --printf '%a %U:%G %F\\n%n\\0' -- "$@"\nprintf '\\n${mark}\\n'\nsha256sum -- "$@"`;

const command = ({ files = [], packages = [], units = [], applied = false }: Question): string =>
  [
    "# Looks at files, packages and units.",
    "export LC_ALL=C",
    "exec 2>/dev/null",
    files.length === 0 ? `echo '${mark}'` : askFiles(files),
    `echo '${mark}'`,
    packages.length === 0 ? "" : `rpm -q --qf '%{NAME}\\n' ${words(packages)}`,
    `echo '${mark}'`,
    units.length === 0 ? "" : showUnits(units),
    `echo '${mark}'`,
    applied ? `cat ${appliedFile}` : "",
    "true",
  ].join("\n");

/** sha256sum puts a backslash before a line in whose name it had to write a backslash or line break as \\ or \n. */
function parseSums(text: string): Map<string, string> {
  const lines = [...text.matchAll(/^(\\?)([0-9a-f]{64}) [ *](.*)$/gm)];
  return new Map(
    lines.map(([, escaped, sum = "", name = ""]) => [
      escaped === "" ? name : name.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char)),
      sum,
    ]),
  );
}

function parseFiles(stats: string, sums: string): Map<string, FileState> {
  const sha256 = parseSums(sums);
  const found = stats.split("\0").flatMap((entry): [string, FileState][] => {
    const [, mode, owner, path] = /^(\d+) (\S+) regular(?: empty)? file\n([^]*)$/.exec(entry) ?? [];
    const sum = path === undefined ? undefined : sha256.get(path);
    if (mode === undefined || owner === undefined || path === undefined || sum === undefined) return [];
    return [[path, { sha256: sum, mode: mode.padStart(4, "0"), owner }]];
  });
  return new Map(found);
}

/**
 * Asks a machine for the state of files, packages and units in one round trip.
 * @throws LabNotBuilt when the machine's answer is not whole
 */
export async function ask(machine: Machine, question: Question, signal: AbortSignal): Promise<Answer> {
  const ran = await machine.run(command(question), { signal });
  const [stats, sums, packages, units, applied, ...more] = ran.stdout.split(`${mark}\n`);
  if (
    stats === undefined ||
    sums === undefined ||
    packages === undefined ||
    units === undefined ||
    applied === undefined ||
    more.length > 0
  )
    throw new LabNotBuilt({
      message: `${machine.name}: expected the state of files, packages and units, saw half an answer`,
      details: ran.stdout.split("\n").slice(-5),
    });
  const asked = new Set(question.packages);
  return {
    files: parseFiles(stats, sums),
    packages: new Set(packages.split("\n").filter((name) => asked.has(name))),
    units: parseUnits(units),
    applied,
  };
}
