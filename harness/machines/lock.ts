import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { LabNotBuilt } from "../errors.ts";
import { link, mkdir, rename, rm, writeFile } from "../files.ts";
import { labHome } from "../paths.ts";
import { poll } from "./poll.ts";
import { isAlive, processId } from "./process.ts";

const record = z.object({
  pid: z.int(),
  start: z.string(),
  label: z.string(),
  startedAt: z.string(),
  command: z.string(),
});

/** Who holds a lock: a process, for a run. */
type Holder = z.output<typeof record>;

const lockFile = (home: string): string => join(home, "lock");

/**
 * Takes a lab for a run; the lock ends with the process, however it ends.
 * @throws LabNotBuilt naming the holder when another run has the lab
 */
export async function lockLab(lab: string, label: string, home = labHome(lab)): Promise<AsyncDisposable> {
  const taken = await take(lockFile(home), label);
  if ("release" in taken) return { [Symbol.asyncDispose]: taken.release };
  throw new LabNotBuilt({
    message: `lab ${lab} is held by pid ${taken.pid} (${taken.command}) since ${clock(taken.startedAt)}`,
    hint: "wait for it to end, or end it; two runs of one lab at once are not possible",
  });
}

/** The living process that holds the lab with this home; undefined where there is none. */
export async function labHolder(home: string): Promise<Holder | undefined> {
  const file = lockFile(home);
  const holder = parse(await text(numbered(file, await newest(file))));
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/** Does something while holding a lock file; waits for another process that holds it. @throws LabNotBuilt when it takes too long */
export async function whileLocked<T>(
  file: string,
  { within, signal }: { within: number; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  let holder: Holder | undefined;
  const taken = await poll(
    async () => {
      const answer = await take(file, "");
      if ("release" in answer) return answer;
      holder = answer;
      return undefined;
    },
    { within, every: 500, signal },
  );
  if (taken === undefined) {
    throw new LabNotBuilt(
      `${file} is held by pid ${holder?.pid ?? "?"} (${holder?.command ?? "?"}) for too long`,
    );
  }
  try {
    return await work();
  } finally {
    await taken.release();
  }
}

interface Taken {
  release: () => Promise<void>;
}

/**
 * A lock is a row of numbered files, of which the highest counts: whoever makes the next one, which only one can,
 * has the lock, if the one before was given up or its holder is dead. So a dead holder's file is never removed by
 * two who both take it for the newest. The last one stays, given up.
 */
async function take(file: string, label: string): Promise<Holder | Taken> {
  await mkdir(dirname(file), { recursive: true });
  const draft = await write(file, JSON.stringify(ourselves(label)));
  try {
    for (;;) {
      const last = await newest(file);
      const holder = parse(await text(numbered(file, last)));
      if (holder !== undefined && isAlive(holder)) return holder;
      const own = numbered(file, last + 1);
      if (!(await linked(draft, own))) continue;
      if ((await newest(file)) !== last + 1) {
        await rm(own); // made anew what had come and gone while we looked
        continue;
      }
      await removeUpTo(file, last);
      return { release: async () => rename(await write(file, "{}"), own) };
    }
  } finally {
    await rm(draft, { force: true });
  }
}

const numbered = (file: string, number: number): string => `${file}.${number}`;

async function numbers(file: string): Promise<number[]> {
  const names = await readdir(dirname(file)).catch(() => []);
  const start = `${basename(file)}.`;
  return names
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)));
}

const newest = async (file: string): Promise<number> => Math.max(0, ...(await numbers(file)));

async function removeUpTo(file: string, number: number): Promise<void> {
  for (const old of await numbers(file)) if (old <= number) await rm(numbered(file, old), { force: true });
}

/** Writes a text beside the lock, so that it can be put in its place whole. */
async function write(file: string, content: string): Promise<string> {
  const draft = `${file}.draft-${randomBytes(6).toString("hex")}`;
  await writeFile(draft, content);
  return draft;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function ourselves(label: string): Holder {
  const script = process.env["npm_lifecycle_event"];
  const command = script === undefined ? process.argv.join(" ") : `npm run ${script}`;
  const { pid, start } = processId(process.pid) ?? { pid: process.pid, start: "" };
  return { pid, start, label, startedAt: new Date().toISOString(), command };
}

function parse(content: string | undefined): Holder | undefined {
  try {
    return record.parse(JSON.parse(content ?? ""));
  } catch {
    return undefined; // given up, or no lock of ours
  }
}

const text = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(() => undefined);

/** The time of day, with the day where that is not today. */
function clock(iso: string): string {
  const then = new Date(iso);
  const time = then.toTimeString().slice(0, 8);
  return then.toDateString() === new Date().toDateString() ? time : `${then.toDateString()} ${time}`;
}
