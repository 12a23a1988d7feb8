import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { BadConfiguration } from "../errors.ts";
import type { Requirement } from "../host/requirements.ts";
import type { CleanHook, PrepareHook } from "../lab/hooks.ts";
import { project } from "../paths.ts";

/** Loads a lab's prepare hook and what it needs installed. @throws BadConfiguration when the module is not one */
export async function loadPrepare(path: string): Promise<{ prepare: PrepareHook; needs: Requirement[] }> {
  const module = await load<{ default?: PrepareHook; debianPackages?: Requirement[] }>(path);
  if (typeof module.default !== "function") throw noHook(path);
  return { prepare: module.default, needs: module.debianPackages ?? [] };
}

/** Loads a lab's clean hook. @throws BadConfiguration when the module is not one */
export async function loadClean(path: string): Promise<CleanHook> {
  const module = await load<{ default?: CleanHook }>(path);
  if (typeof module.default !== "function") throw noHook(path);
  return module.default;
}

const load = async <T>(path: string): Promise<T> => {
  try {
    return (await import(pathToFileURL(resolve(project, path)).href)) as T;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND")
      throw noHook(path, cause);
    throw cause;
  }
};

const noHook = (path: string, cause?: unknown): BadConfiguration =>
  new BadConfiguration({
    message: `expected ${path} to be a module whose default export is a hook`,
    hint: "the lab file's `hooks` are paths relative to the project",
    cause,
  });
