import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { quotedName } from "../lab/problem.ts";
import { kindOf, sawInstead } from "../read.ts";
import { templateName } from "./template.ts";

/** What a folder of templates, steps or awaits holds. */
export interface Tree {
  /** Its plain files, relative to it, in order. */
  files: string[];
  /** What an editor has put there for itself, relative to it, and is taken for not there. */
  left: string[];
}

/** What vim, emacs and others lay beside a file that is open: swap files, backups, locks, and vim's trial file. */
const editors = /^(\..*\.sw[a-p]|.*~|#.*#|\.#.*|4913)$/;

/** What one folder holds: its names, each with whether it is a folder. */
async function namesIn(folder: string, absent: "is empty" | "is wrong"): Promise<[string, boolean][]> {
  let names: string[];
  try {
    // As bytes: a name that is no UTF-8 cannot be found again by its text.
    names = (await readdir(folder, { encoding: "buffer" })).map((bytes) => nameOf(bytes, folder)).sort();
  } catch (error) {
    if (error instanceof BadConfiguration) throw error;
    if (absent === "is empty" && (error as NodeJS.ErrnoException).code === "ENOENT") return [];
    const code = (error as NodeJS.ErrnoException).code;
    throw new BadConfiguration({
      message: `${templateName(folder)}: expected a folder, saw ${code === "ENOTDIR" ? "a file" : sawInstead(error)}`,
      cause: error,
    });
  }
  return Promise.all(
    names.map(async (name): Promise<[string, boolean]> => {
      const path = join(folder, name);
      const seen = await lstat(path).catch(() => undefined);
      if (seen === undefined || seen.isFile()) return [name, false]; // what is gone by now is told by who reads it
      if (seen.isDirectory()) return [name, true];
      if (editors.test(name)) return [name, false]; // emacs' locks are links to nowhere
      throw new BadConfiguration({
        message: `${templateName(path)}: expected a file or folder, saw ${kindOf(seen) ?? "something else"}`,
        hint: seen.isSymbolicLink()
          ? "put a copy of what it leads to in its place: a machine gets files, and a digest must know them"
          : "a machine gets plain files only: remove it",
      });
    }),
  );
}

function nameOf(bytes: Buffer, folder: string): string {
  const name = bytes.toString("utf8");
  if (Buffer.from(name).equals(bytes) && !/\p{Cc}/u.test(name)) return name;
  throw new BadConfiguration({
    message: `${templateName(folder)}: expected names in UTF-8 without control characters, saw ${quotedName(name)}`,
    hint: "rename it",
  });
}

/** The entries of a folder itself, what editors have left apart. @throws BadConfiguration where it is no folder */
export const entriesOf = async (folder: string): Promise<{ name: string; isFolder: boolean }[]> =>
  (await namesIn(folder, "is wrong"))
    .filter(([name]) => !editors.test(name))
    .map(([name, isFolder]) => ({ name, isFolder }));

/**
 * Every plain file under a folder; one that is not there is empty.
 * @throws BadConfiguration with the path of what is neither file nor folder, or cannot be read
 */
export async function treeUnder(root: string): Promise<Tree> {
  const tree: Tree = { files: [], left: [] };
  const walk = async (folder: string): Promise<void> => {
    for (const [name, isFolder] of await namesIn(
      join(root, folder),
      folder === "" ? "is empty" : "is wrong",
    )) {
      const path = join(folder, name);
      if (editors.test(name)) tree.left.push(path);
      else if (isFolder) await walk(path);
      else tree.files.push(path);
    }
  };
  await walk("");
  return { files: tree.files.sort(), left: tree.left };
}
