import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { BadConfiguration } from "../errors.ts";
import { mkdir, rename, rm, writeFile } from "../files.ts";
import { home as harnessHome, labHome } from "../paths.ts";
import { parseLabel } from "./label.ts";

const record = z.strictObject({
  label: z.string().refine((text) => parseLabel(text) !== undefined, "expected a label of ours"),
  /** The libvirt its machines are in. */
  uri: z.string(),
  /** The run's folder. */
  folder: z.string(),
  /** The file `openWorld` reads; none where the lab is on the host. */
  world: z.string().optional(),
  /** How far it came: up, provisioned, judged. */
  stage: z.enum(["up", "provisioned", "judged"]),
});

/** A lab that was left up on purpose. */
type LabState = z.output<typeof record>;

const stateFile = (home: string): string => join(home, "state.json");

/**
 * What is known of a lab that was left up; undefined where none was.
 * @throws BadConfiguration when the file is not one of ours, or not for us to read
 */
export async function readState(lab: string, home = labHome(lab)): Promise<LabState | undefined> {
  const text = await readFile(stateFile(home), "utf8").catch((cause: unknown) => {
    if (isAbsent(cause)) return undefined;
    throw new BadConfiguration({
      message: `expected the state of lab ${lab} in ${stateFile(home)}, but it is not for us to read`,
      hint: `as the user whose file it is: npm run lab -- destroy --lab ${lab}`,
      cause,
    });
  });
  if (text === undefined) return undefined;
  try {
    const state = record.parse(JSON.parse(text));
    if (parseLabel(state.label)?.lab === lab) return state;
    throw new TypeError(`expected a label of lab ${lab}, saw ${state.label}`);
  } catch (cause) {
    throw new BadConfiguration({
      message: `expected the state of lab ${lab} in ${stateFile(home)}, saw something else`,
      details: [reasonOf(cause)],
      hint: `remove the file; the next run removes what it spoke of`,
      cause,
    });
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof z.ZodError
    ? error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")
    : String(error instanceof Error ? error.message : error);

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

/** The labs that were left up, by name, as far as a file says so; whether it is one of ours, `readState` tells. */
export async function labsWithState(): Promise<string[]> {
  const labs = await readdir(join(harnessHome, "labs")).catch(() => []);
  return labs.filter((lab) => existsSync(stateFile(labHome(lab))));
}
