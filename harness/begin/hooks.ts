import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { BadConfiguration, LabNotBuilt, toHardwayError } from "../errors.ts";
import { placeIn } from "../lab/document.ts";
import type { CleanHook, Preparation, Prepared, PrepareHook } from "../lab/hooks.ts";
import type { LoadedLab } from "../lab/load.ts";
import { project } from "../paths.ts";

type Hooks = NonNullable<LoadedLab["hooks"]>;
type Hooked = Pick<LoadedLab, "file" | "hooks">;

/** Loads a lab's prepare hook; none where it has none. @throws BadConfiguration with its line when it is not one */
export const loadPrepare = (lab: Hooked): Promise<PrepareHook | undefined> =>
  load<PrepareHook>(lab, "prepare");

/** Loads a lab's clean hook; none where it has none. @throws BadConfiguration with its line when it is not one */
export const loadClean = (lab: Hooked): Promise<CleanHook | undefined> => load<CleanHook>(lab, "clean");

async function load<Hook>(lab: Hooked, name: "prepare" | "clean"): Promise<Hook | undefined> {
  if (lab.hooks === undefined) return undefined;
  const path = lab.hooks[name];
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(resolve(project, path)).href)) as typeof module;
  } catch (cause) {
    throw await noHook(lab, name, saidBy(cause), cause);
  }
  if (typeof module.default === "function") return module.default as Hook;
  throw await noHook(lab, name, "a module without one");
}

async function noHook(
  { file, hooks }: Hooked,
  name: keyof Hooks,
  saw: string,
  cause?: unknown,
): Promise<BadConfiguration> {
  return new BadConfiguration({
    message: `${await placeIn(file, ["hooks", name])}  hooks.${name}: expected ${hooks?.[name] ?? ""} to be a module whose default export is a hook, saw ${saw}`,
    hint: "testbed/prepare.ts and testbed/clean.ts are working examples",
    cause,
  });
}

/** What was thrown, in its first line. */
function saidBy(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return text.split("\n").find((line) => line.trim() !== "") ?? "an error without a word";
}

/**
 * Does what a hook does.
 * @throws LabNotBuilt in the hook's name where it fails of itself
 */
export async function asHook<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal.throwIfAborted();
    const known = toHardwayError(cause);
    if (known !== undefined) throw known;
    throw new LabNotBuilt({
      message: `the hook ${path} failed: ${saidBy(cause)}`,
      details: firstFrame(cause),
      cause,
    });
  }
}

const answer = z.object({ folder: z.string().min(1), fingerprints: z.record(z.string(), z.string()) });

/**
 * Has the lab's parts prepared.
 * @throws LabNotBuilt in the hook's name where it fails; BadConfiguration with its line where its answer is none
 */
export async function prepared(
  hook: PrepareHook,
  lab: LoadedLab,
  preparation: Omit<Preparation, "lab">,
): Promise<Prepared> {
  const path = lab.hooks?.prepare ?? "";
  const answered: unknown = await asHook(path, preparation.signal, () => hook({ lab, ...preparation }));
  const parsed = answer.safeParse(answered);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const what = issue === undefined || issue.path.length === 0 ? "another" : `no ${issue.path.join(".")}`;
  throw await noHook(lab, "prepare", `one that answers ${what} in the place of { folder, fingerprints }`);
}

/** Where in the hook it went wrong. */
const firstFrame = (thrown: unknown): string[] =>
  (thrown instanceof Error ? (thrown.stack ?? "").split("\n") : [])
    .filter((line) => line.startsWith("    at "))
    .slice(0, 1)
    .map((line) => line.trim());
