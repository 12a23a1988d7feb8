import { access, constants, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { project } from "../paths.ts";
import { kindOf, sawInstead } from "../read.ts";
import { daemonsTrouble } from "./daemons.ts";
import { quotedName } from "./problem.ts";
import type { Problem } from "./problem.ts";
import type { LabInput } from "./schema.ts";

/** A look at what a value of a lab file names on this host; a value that is malformed is not looked at. */
interface Look {
  path: PropertyKey[];
  value: unknown;
  look: (value: string) => Promise<Pick<Problem, "expected" | "saw" | "hint"> | undefined>;
}

/** Why a path is no readable file; undefined where it is one. */
async function noFile(path: string): Promise<string | undefined> {
  try {
    const kind = kindOf(await stat(path));
    if (kind === undefined) await access(path, constants.R_OK);
    return kind;
  } catch (error) {
    return sawInstead(error);
  }
}

async function fileUrl(url: string) {
  if (!url.startsWith("file:")) return undefined;
  const why = await noFile(fileURLToPath(url));
  if (why === undefined) return undefined;
  return {
    expected: "a file on this host",
    saw: `${url}, ${why}`,
    hint: "give the path of a file that is there",
  };
}

/**
 * A lab file is data: what it has run must be the project's own, wherever its links lead.
 * @param endings how the file may be called
 */
const ownFile =
  (what: string, endings: RegExp) =>
  async (path: string): Promise<Pick<Problem, "expected" | "saw" | "hint"> | undefined> => {
    const expected = `${what} in the project's own folder`;
    const hint = "a path relative to the project, such as testbed/prepare.ts";
    const file = await realpath(resolve(project, path)).catch((error: unknown) => sawInstead(error));
    if (!isAbsolute(file)) return { expected, saw: `${quotedName(path)}, ${file}`, hint };
    const inside = relative(await realpath(project), file);
    const isOwn =
      !inside.startsWith("..") && !isAbsolute(inside) && !/^(node_modules|reports|\.git)\//.test(inside);
    if (!isOwn) return { expected, saw: `${quotedName(path)}, which is not of the project`, hint };
    const why = (await noFile(file)) ?? (endings.test(file) ? undefined : "a file of another kind");
    return why === undefined ? undefined : { expected, saw: `${quotedName(path)}, ${why}`, hint };
  };

const module = ownFile("a module", /\.(ts|mts|js|mjs)$/);

/** Looks at everything of this host that a lab file names. */
export async function missingOnHost(lab: LabInput, malformed: PropertyKey[][]): Promise<Problem[]> {
  if (malformed.some((path) => path.length === 0)) return [];
  const { box, keys, images, hooks, daemons } = lab as Partial<LabInput>;
  const looks: Look[] = [
    { path: ["box", "url"], value: box?.url, look: fileUrl },
    { path: ["box", "checksums"], value: box?.checksums, look: fileUrl },
    ...entries(keys).map(([index, key]) => ({
      path: ["keys", index, "url"],
      value: (key as { url?: unknown } | null)?.url,
      look: fileUrl,
    })),
    ...Object.entries(images ?? {}).map(([name, image]) => ({
      path: ["images", name, "archive"],
      value: (image as { archive?: unknown } | null)?.archive,
      look: fileUrl,
    })),
    { path: ["daemons"], value: daemons, look: daemonsTrouble },
    { path: ["hooks", "prepare"], value: hooks?.prepare, look: module },
    { path: ["hooks", "clean"], value: hooks?.clean, look: module },
    { path: ["hooks", "packages"], value: hooks?.packages, look: ownFile("a list of packages", /\.ya?ml$/) },
  ];
  const found = await Promise.all(
    looks
      .filter(({ path }) => !malformed.some((bad) => bad.every((part, at) => part === path[at])))
      .map(async ({ path, value, look }): Promise<Problem[]> => {
        const trouble = typeof value === "string" ? await look(value) : undefined;
        return trouble === undefined ? [] : [{ path, ...trouble }];
      }),
  );
  return found.flat();
}

const entries = <T>(list: T[] | undefined): [number, T][] => (Array.isArray(list) ? [...list.entries()] : []);
