import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { project } from "../paths.ts";

/** A SHA-256 over everything that decides what is put onto machines: the Vagrantfile's template and provision/. */
export async function templatesDigest(): Promise<string> {
  const entries = await readdir(join(project, "provision"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of [join(project, "Vagrantfile.hbs"), ...files.sort()]) {
    hash
      .update(`${file.slice(project.length)}\0`)
      .update(await readFile(file))
      .update("\0");
  }
  return hash.digest("hex");
}
