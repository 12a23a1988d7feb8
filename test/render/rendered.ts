import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../../harness/lab/lab.ts";
import type { MachineFile } from "../../harness/lab/schema.ts";
import { project } from "../../harness/paths.ts";
import { templateData } from "../../harness/render/data.ts";
import { renderFiles } from "../../harness/render/files.ts";
import type { RenderedFile } from "../../harness/render/files.ts";
import { renderString } from "../../harness/render/template.ts";

const roles = { master: ["every", "master", "guestbook"], worker: ["every", "worker"] };

/** The folders of a machine's roles; each must be there. */
async function foldersFor(machine: MachineFile): Promise<string[]> {
  const folders = roles[machine.role].map((role) => `provision/${role}`);
  for (const folder of folders) await access(join(project, folder));
  return folders;
}

/** Every file a machine gets, from all its roles. */
export async function filesFor(lab: Lab, machine: MachineFile): Promise<RenderedFile[]> {
  const folders = await foldersFor(machine);
  return (await Promise.all(folders.map((folder) => renderFiles(lab, machine, folder)))).flat();
}

/** Every script that is run on a machine: the text by the path of its template. */
export async function scriptsFor(lab: Lab, machine: MachineFile): Promise<Record<string, string>> {
  const data = templateData(lab, machine);
  const scripts: Record<string, string> = {};
  for (const folder of await foldersFor(machine)) {
    const all = await readdir(join(project, folder), { recursive: true });
    for (const path of all.filter((file) => /\.sh(\.hbs)?$/.test(file)).sort()) {
      const template = join(folder, path);
      const source = await readFile(join(project, template), "utf8");
      scripts[template] = template.endsWith(".hbs") ? renderString(source, template, data) : source;
    }
  }
  return scripts;
}
