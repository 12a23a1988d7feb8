import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { project } from "../paths.ts";
import { treeUnder } from "../render/folder.ts";

/**
 * A SHA-256 over everything that decides what is put onto machines: the Vagrantfile's template and the roles.
 * @param templates the folder of the roles
 */
export async function templatesDigest(templates: string): Promise<string> {
  const { files } = await treeUnder(templates);
  const hash = createHash("sha256").update(await readFile(join(project, "Vagrantfile.hbs")));
  for (const file of files) {
    hash.update(`\0${file}\0`).update(await readFile(join(templates, file)));
  }
  return hash.digest("hex");
}
