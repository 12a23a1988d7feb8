import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { project } from "../paths.ts";

/**
 * A SHA-256 over everything that decides what is put onto machines: the Vagrantfile's template and the roles.
 * @param templates the folder of the roles
 */
export async function templatesDigest(templates: string): Promise<string> {
  const entries = await readdir(templates, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256").update(await readFile(join(project, "Vagrantfile.hbs")));
  for (const file of files.sort()) {
    hash.update(`\0${relative(templates, file)}\0`).update(await readFile(file));
  }
  return hash.digest("hex");
}
