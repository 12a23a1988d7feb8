import type { Lab } from "../lab/lab.ts";
import type { MachineFile } from "../lab/schema.ts";
import type { DataPath } from "./trace.ts";

/** What a value holds at a path; undefined where it holds nothing there. */
const valueAt = (value: unknown, path: DataPath): unknown =>
  path.reduce<unknown>(
    (held, name) =>
      typeof held === "object" && held !== null ? (held as Record<string, unknown>)[name] : undefined,
    value,
  );

/** A template's names for what the lab file has under another one. */
function inLab(path: DataPath, lab: Lab, machine: MachineFile | undefined): DataPath {
  const [first = "", second = "", ...rest] = path;
  const indexOf = (one: MachineFile | undefined): string =>
    String(lab.machines.findIndex(({ name }) => name === one?.name));
  switch (first) {
    case "lab":
      return inLab(path.slice(1), lab, machine);
    case "machine":
      return ["machines", indexOf(machine), ...path.slice(1)];
    case "master":
      return ["machines", indexOf(lab.master), ...path.slice(1)];
    case "workers":
      return second === "" ? ["machines"] : ["machines", indexOf(lab.workers[Number(second)]), ...rest];
    case "repositories":
      if (rest[0] === "keyPath") {
        const key = lab.repositories[Number(second)]?.key;
        return ["keys", String(lab.keys.findIndex(({ id }) => id === key)), "path"];
      }
      return path;
    default:
      return path;
  }
}

/** A path as people write it: `machines[1].address`. */
const written = (path: DataPath): string =>
  path
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");

/**
 * Answers, for a path in a template's data, the lab file's path of the same value; undefined where it is none of the
 * lab's.
 */
export const labPaths =
  (lab: Lab, machine: MachineFile | undefined, data: object) =>
  (path: DataPath): string | undefined => {
    const found = inLab(path, lab, machine);
    const [here, there] = [valueAt(data, path), valueAt(lab, found)];
    const same = there !== undefined && (here === there || typeof here === "object" || found !== path);
    return same ? written(found) : undefined;
  };
