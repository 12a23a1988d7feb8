import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { BadConfiguration } from "../errors.ts";
import { placeIn } from "../lab/document.ts";
import { daemonsTrouble, isFolder, versionTrouble } from "../lab/daemons.ts";
import type { DaemonsHook } from "../lab/hooks.ts";
import type { LoadedLab } from "../lab/load.ts";
import { home, project, typedPath } from "../paths.ts";
import { asHook } from "./hooks.ts";

/** What a verb's new lab has where neither the command line nor the lab file says which daemons. */
export type DefaultDaemons = "released where they can be had" | "stand-ins";

interface LabWithDaemons {
  lab: LoadedLab;
  /** Which daemons it has and why, where nobody said it. */
  told?: string;
}

/**
 * A lab with the daemons it is to have: those asked for, else its file's, else `standard`.
 * @throws BadConfiguration with the path of a program that is none, or not of these packages' version
 */
export async function withDaemons(
  lab: LoadedLab,
  asked: string | undefined,
  standard: DefaultDaemons,
  signal: AbortSignal,
): Promise<LabWithDaemons> {
  const hasNone = lab.hooks === undefined || lab.isolation === "host";
  if (asked !== undefined && hasNone) {
    throw new BadConfiguration({
      message: `--daemons says what takes the place of stand-ins, and lab ${lab.name} has none`,
      hint: "--daemons goes with --lab embedded",
    });
  }
  if (hasNone) return { lab };
  const wanted = asked ?? lab.daemons;
  if (wanted !== undefined) {
    const trouble =
      (await daemonsTrouble(wanted)) ?? (isFolder(wanted) ? await versionTrouble(wanted) : undefined);
    if (trouble === undefined)
      return { lab: { ...lab, daemons: isFolder(wanted) ? typedPath(wanted) : wanted } };
    const place = asked === undefined ? `${await placeIn(lab.file, ["daemons"])}  daemons` : "--daemons";
    throw new BadConfiguration({
      message: `${place}: expected ${trouble.expected}, saw ${trouble.saw}`,
      hint: trouble.hint,
    });
  }
  if (standard === "stand-ins") return { lab: { ...lab, daemons: standard }, told: `daemons: ${standard}` };
  const hook = await daemonsHook(lab.hooks?.prepare ?? "");
  if (hook === undefined) return { lab };
  const { daemons, why } = await asHook(lab.hooks?.prepare ?? "", signal, () =>
    hook({ lab, cache: join(home, "testbed"), signal }),
  );
  return { lab: { ...lab, daemons }, told: `daemons: ${daemons}, ${why}` };
}

/** A lab's hook that chooses; undefined where it has none. What is wrong with the module is told when it is to prepare. */
async function daemonsHook(prepare: string): Promise<DaemonsHook | undefined> {
  const module = await (
    import(pathToFileURL(resolve(project, prepare)).href) as Promise<{ chooseDaemons?: DaemonsHook }>
  ).catch(() => undefined);
  return typeof module?.chooseDaemons === "function" ? module.chooseDaemons : undefined;
}
