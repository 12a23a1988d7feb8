import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { BadConfiguration } from "../errors.ts";
import { mkdir, rename, rm, writeFile } from "../files.ts";
import { parseLabel } from "./label.ts";
import { readJson } from "../json-file.ts";
import { Unreadable } from "../read.ts";
import { home as harnessHome, labHome } from "../paths.ts";

const path = z.string().startsWith("/");

const record = z.strictObject({
  /** Of a run of ours: what carries it is removed. */
  label: z.string().refine((label) => parseLabel(label) !== undefined),
  /** The libvirt its machines are in. */
  uri: z.string().min(1),
  /** The run's folder. */
  folder: path,
  /** The file `openWorld` reads; none where the lab is on the host. */
  world: path.optional(),
  /** How far it came: up, provisioned, judged. */
  stage: z.enum(["up", "provisioned", "judged"]),
});

/** A lab that was left up on purpose. */
type LabState = z.output<typeof record>;

const stateFile = (home: string): string => join(home, "state.json");

/**
 * What is known of a lab that was left up; undefined where none was.
 * @throws BadConfiguration when the file is not one of ours, another lab's, or not for us to read
 */
export async function readState(lab: string, home = labHome(lab)): Promise<LabState | undefined> {
  const file = stateFile(home);
  try {
    const state = await readJson(file, record);
    if (parseLabel(state.label)?.lab === lab) return state;
    throw new Unreadable(`\`label\`: ${state.label}, which is of another lab`);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (isAbsent(error.cause)) return undefined;
    const denied = isDenied(error.cause);
    throw new BadConfiguration({
      message: `expected the state of lab ${lab} in ${file}, saw ${error.message}`,
      hint: denied
        ? `as the user whose file it is: npm run lab -- destroy --lab ${lab}`
        : "remove the file; the next run removes what it spoke of",
      cause: error,
    });
  }
}

const isDenied = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM");

/** Whether that is why a file cannot be read: it is not there. */
const isAbsent = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

export async function writeState(lab: string, state: LabState): Promise<void> {
  const file = stateFile(labHome(lab));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(state, undefined, 2));
  await rename(`${file}.new`, file);
}

export const removeState = (lab: string): Promise<void> => rm(stateFile(labHome(lab)), { force: true });

/** The labs that were left up, by name. @throws BadConfiguration as `readState` does, for any of them */
export async function labsWithState(): Promise<string[]> {
  const folder = join(harnessHome, "labs");
  const labs = await readdir(folder).catch((): string[] => []);
  const states = await Promise.all(labs.map((lab) => readState(lab)));
  return labs.filter((_, index) => states[index] !== undefined);
}
