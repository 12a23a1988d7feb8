import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { BadConfiguration } from "../errors.ts";
import type { Lab } from "../lab/lab.ts";
import type { MachineFile } from "../lab/schema.ts";
import { project } from "../paths.ts";
import { templateData } from "./data.ts";
import { renderString, templateName } from "./template.ts";

/** A file as it will be on a machine. */
export interface RenderedFile {
  /** Its path on the machine. */
  path: string;
  content: string;
  /** What it was made from: a path in the project. */
  template: string;
}

const suffix = /\.hbs$/;

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function refuseSamePath(files: RenderedFile[]): void {
  for (const [index, { path, template }] of files.entries()) {
    const other = files.slice(0, index).find((file) => file.path === path);
    if (other === undefined) continue;
    throw new BadConfiguration({
      message: `expected one source for ${path}, saw two: ${other.template} and ${template}`,
      hint: "remove one of them",
    });
  }
}

/**
 * A role's files for one machine, in the order of their paths: everything under the role's `files/`, whose tree mirrors
 * the machine's root. What ends in `.hbs` is rendered and loses that suffix; anything else goes as it is.
 * @throws BadConfiguration with template:line when a template names what is not in its data
 */
export async function renderFiles(
  lab: Lab,
  machine: MachineFile,
  roleFolder: string,
): Promise<RenderedFile[]> {
  const root = join(resolve(project, roleFolder), "files");
  const data = templateData(lab, machine);
  const files = await Promise.all(
    (await filesUnder(root)).map(async (file): Promise<RenderedFile> => {
      const [source, template] = [await readFile(file, "utf8"), templateName(file)];
      return {
        path: `/${relative(root, file).replace(suffix, "")}`,
        content: suffix.test(file) ? renderString(source, template, data) : source,
        template,
      };
    }),
  );
  refuseSamePath(files);
  return files;
}
