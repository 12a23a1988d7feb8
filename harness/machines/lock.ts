import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { LabNotBuilt } from "../errors.ts";
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
export type Holder = z.output<typeof record>;

const lockFile = (home: string): string => join(home, "lock.json");

/**
 * Takes a lab for a run; the lock ends with the process, however it ends.
 * @throws LabNotBuilt naming the holder when another run has the lab
 */
export async function lockLab(lab: string, label: string): Promise<AsyncDisposable> {
  const taken = await take(lockFile(labHome(lab)), label);
  if ("release" in taken) return { [Symbol.asyncDispose]: taken.release };
  throw new LabNotBuilt({
    message: `lab ${lab} is held by pid ${taken.pid} (${taken.command}) since ${clock(taken.startedAt)}`,
    hint: "wait for it to end, or end it; two runs of one lab at once are not possible",
  });
}

/** The living process that holds the lab with this home; undefined where there is none. */
export async function labHolder(home: string): Promise<Holder | undefined> {
  const holder = parse(await text(lockFile(home)));
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

/** The file appears whole under its name or not at all, so that nobody reads half of it or takes it twice. */
async function take(file: string, label: string): Promise<Holder | { release: () => Promise<void> }> {
  const own = JSON.stringify(ourselves(label));
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, own);
  try {
    for (;;) {
      if (await linked(draft, file)) return { release: () => release(file, own) };
      const found = await text(file);
      if (found === undefined) continue;
      const holder = parse(found);
      if (holder !== undefined && isAlive(holder)) return holder;
      await setAside(file, found);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes a lock whose holder is dead; what another process has put there meanwhile is put back. */
async function setAside(file: string, dead: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(file, aside);
  } catch {
    return; // another process was faster
  }
  if ((await text(aside)) !== dead) await linked(aside, file);
  await rm(aside, { force: true });
}

async function release(file: string, own: string): Promise<void> {
  if ((await text(file)) === own) await rm(file, { force: true });
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
  const command = script === undefined ? process.argv.slice(1).join(" ") : `npm run ${script}`;
  const { pid, start } = processId(process.pid) ?? { pid: process.pid, start: "" };
  return { pid, start, label, startedAt: new Date().toISOString(), command };
}

function parse(content: string | undefined): Holder | undefined {
  try {
    return record.parse(JSON.parse(content ?? ""));
  } catch {
    return undefined; // no lock of ours, so nobody's
  }
}

const text = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(() => undefined);

/** The time of day, with the day where that is not today. */
function clock(iso: string): string {
  const then = new Date(iso);
  const time = then.toTimeString().slice(0, 8);
  return then.toDateString() === new Date().toDateString() ? time : `${then.toDateString()} ${time}`;
}
