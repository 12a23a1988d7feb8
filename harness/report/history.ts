import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { mkdir, rename, rm, writeFile } from "../files.ts";
import { labHome } from "../paths.ts";
import type { Results } from "./results/schema.ts";

/** How many runs are kept for each lab. */
const most = 50;

const record = z.object({
  /** The run's id. */
  id: z.string(),
  /** When it started, ISO 8601. */
  at: z.string(),
  verdict: z.string(),
  /** The templates' digest. */
  templates: z.string(),
  /** What ran the machines. */
  driver: z.string(),
  /** The stand-ins' names; none where no machine was observed. */
  standIns: z.array(z.string()).optional(),
  /** How many specs were judged, each round counted. */
  judged: z.number(),
  /** Milliseconds of each stage that was completed. */
  stages: z.record(z.string(), z.number()),
  /** Milliseconds that what was waited for took: worker1/node. */
  convergence: z.record(z.string(), z.number()),
});

/** What a run took, as far as later runs are compared with it. */
export type PastRun = z.output<typeof record>;

/** Where a lab's runs are written down. */
export const historyFile = (lab: string, home = labHome(lab)): string => join(home, "history.jsonl");

/** What is kept of a run. */
export function runOf(results: Results): PastRun {
  const { run, verdict, templates, lab, stages, specs, rounds, machines } = results;
  const parts = machines.flatMap((machine) => machine.parts);
  const names = parts.filter(({ kind }) => kind === "stand-in").map(({ name }) => name);
  const observed = machines.some(({ system }) => system !== undefined);
  return {
    id: run.id,
    at: run.startedAt,
    verdict,
    templates: templates.digest,
    driver: lab.driver,
    ...(observed ? { standIns: [...new Set(names)].sort() } : {}),
    judged: specs.length * rounds,
    stages: Object.fromEntries(
      stages.filter(({ status }) => status === "done").map(({ name, ms }) => [name, ms]),
    ),
    convergence: Object.fromEntries(convergences(results)),
  };
}

/**
 * How long what was waited for took to come true, by what it is about: the longest of its passed specs, since the
 * first one waits and the next find it done.
 */
function convergences({ specs }: Pick<Results, "specs">): Map<string, number> {
  const longest = new Map<string, number>();
  for (const { status, link, title, waits } of specs) {
    if (status !== "passed" || waits.length === 0) continue;
    const what = link ?? title.join(" › ");
    const ms = waits.reduce((sum, { elapsed }) => sum + elapsed, 0);
    longest.set(what, Math.max(longest.get(what) ?? 0, ms));
  }
  return longest;
}

/** A lab's runs, the oldest first; lines that are none of ours are passed over, none where there is no file. */
export async function readHistory(file: string): Promise<PastRun[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    try {
      return [record.parse(JSON.parse(line))];
    } catch {
      return []; // empty, cut off, or of another version
    }
  });
}

/**
 * Writes a run down among its lab's, the last 50 of which are kept; the file is replaced as a whole. To be called of
 * runs that made their lab anew, and not of replays: only those take what a run takes.
 */
export async function remember(file: string, run: PastRun): Promise<void> {
  const others = (await readHistory(file)).filter(({ id }) => id !== run.id);
  const lines = [...others, run].slice(-most).map((kept) => `${JSON.stringify(kept)}\n`);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(draft, lines.join(""));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
