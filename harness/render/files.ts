import { join, resolve } from "node:path";
import { BadConfiguration } from "../errors.ts";
import type { Lab } from "../lab/lab.ts";
import type { MachineFile } from "../lab/schema.ts";
import { project } from "../paths.ts";
import { readBytes, Unreadable } from "../read.ts";
import { templateData } from "./data.ts";
import { treeUnder } from "./folder.ts";
import { renderTemplate, templateName } from "./template.ts";

/** A file as it will be on a machine. */
export interface RenderedFile {
  /** Its path on the machine. */
  path: string;
  /** What it holds, to be read; where its bytes are no text, only part of it. */
  content: string;
  /** What it holds, byte by byte. */
  bytes: Buffer;
  /** What it was made from: a path in the project. */
  template: string;
}

const suffix = /\.hbs$/;

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

/** What is not rendered may be long; all of it is held in memory, and sent in one piece. */
const mostPlain = 64 * 2 ** 20;

async function plainFile(file: string): Promise<Buffer> {
  return readBytes(file, mostPlain).catch((error: unknown) => {
    if (!(error instanceof Unreadable)) throw error;
    throw new BadConfiguration({
      message: `${templateName(file)}: expected a file for a machine, saw ${error.message}`,
      cause: error,
    });
  });
}

/** The path on the machine of a file under a role's `files/`. */
export function machinePath(file: string): string {
  if (/(^|\/)\.hbs$/.test(file)) {
    throw new BadConfiguration({
      message: `${file}: expected a name before .hbs, saw none`,
      hint: "a template is called as the file it becomes, with .hbs behind it",
    });
  }
  return `/${file.replace(suffix, "")}`;
}

/**
 * A role's files for one machine, in the order of their paths: everything under the role's `files/`, whose tree mirrors
 * the machine's root. What ends in `.hbs` is rendered and loses that suffix; anything else goes as it is, byte by byte.
 * @throws BadConfiguration with template:line:column when a template is wrong, as `renderString` does, and with the path
 *   of what is neither file nor folder
 */
export async function renderFiles(
  lab: Lab,
  machine: MachineFile,
  roleFolder: string,
): Promise<RenderedFile[]> {
  const root = join(resolve(project, roleFolder), "files");
  const data = templateData(lab, machine);
  const { files: names } = await treeUnder(root);
  const files = await Promise.all(
    names.map(async (name): Promise<RenderedFile> => {
      const [file, path] = [join(root, name), machinePath(name)];
      const template = templateName(file);
      if (!suffix.test(name)) {
        const bytes = await plainFile(file);
        return { path, content: bytes.toString("utf8"), bytes, template };
      }
      const content = await renderTemplate(file, data);
      return { path, content, bytes: Buffer.from(content), template };
    }),
  );
  refuseSamePath(files);
  return files;
}
