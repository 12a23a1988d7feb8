import { join } from "node:path";
import { BadConfiguration } from "../errors.ts";
import type { Lab } from "../lab/lab.ts";
import type { MachineFile, Role as MachineRole } from "../lab/schema.ts";
import { templateData } from "../render/data.ts";
import { renderFiles } from "../render/files.ts";
import type { RenderedFile } from "../render/files.ts";
import { readTemplate, renderString, templateName } from "../render/template.ts";
import { matches } from "./patterns.ts";
import { defaultSettings } from "./role.ts";
import type { FileSettings, Once, PlanItem, Role, Roles } from "./role.ts";
import { rolesOf } from "./roles.ts";

/** A file as a machine shall have it. */
export type WantedFile = RenderedFile & FileSettings;

/** A script of ours, rendered; `template` is where it comes from. */
export interface Script {
  name: string;
  text: string;
  template: string;
  /** Which role's it is, and its name: the same whatever folder the templates lie in. */
  id: string;
  /** For a step that declares what it does: the script that takes one thing of it back. */
  undo?: string;
}

export type Image = Lab["images"]["pause"];

/** One thing to bring about on a machine, with all it takes. */
export type Item =
  | { kind: "files"; files: WantedFile[] }
  | { kind: "step"; script: Script; restarts: string[]; once?: Once | undefined }
  | { kind: "packages"; names: string[] }
  | { kind: "unit"; name: string }
  | { kind: "await"; script: Script; from: MachineRole }
  | { kind: "images"; images: Image[] };

/** The ordered, idempotent items that turn a booted machine into its role. */
export interface Plan {
  items: Item[];
  /** Every file in it. */
  files: WantedFile[];
}

/** Without its `#!` line: a script is named in messages by its first line, and that one should say what it does. */
const body = (source: string): string => source.replace(/^#!.*\n/, "");

async function script(
  role: Role,
  kind: "steps" | "awaits" | "undo",
  name: string,
  data: object,
): Promise<Script> {
  const id = `${role.name}/${name}`;
  const file = join(role.folder, kind, role.scripts[kind].get(name) ?? `${name}.sh`);
  const source = await readTemplate(file);
  const template = templateName(file);
  const text = body(file.endsWith(".hbs") ? renderString(source, template, data) : source);
  const nul = text.indexOf("\0");
  if (nul < 0) return { id, name, text, template };
  const line = text.slice(0, nul).split("\n").length + (source.startsWith("#!") ? 1 : 0);
  throw new BadConfiguration({
    message: `${template}:${line}  expected a script, saw a NUL, which no shell can read`,
    hint: "remove it",
  });
}

async function item(asked: PlanItem, role: Role, files: WantedFile[], lab: Lab, data: object): Promise<Item> {
  if (asked.files !== undefined) {
    const patterns = asked.files;
    const meant = (path: string): boolean => patterns.some((pattern) => matches(pattern, path));
    return { kind: "files", files: files.filter((file) => meant(file.path)) };
  }
  if (asked.step !== undefined) {
    const step = await script(role, "steps", asked.step, data);
    const undo = role.undo.includes(asked.step)
      ? { undo: (await script(role, "undo", asked.step, data)).text }
      : {};
    return { kind: "step", script: { ...step, ...undo }, restarts: asked.restarts ?? [], once: asked.once };
  }
  if (asked.packages !== undefined) return { kind: "packages", names: asked.packages };
  if (asked.unit !== undefined) return { kind: "unit", name: asked.unit };
  if (asked.await !== undefined && asked.from !== undefined)
    return { kind: "await", script: await script(role, "awaits", asked.await, data), from: asked.from };
  return { kind: "images", images: (asked.images ?? []).map((name) => lab.images[name]) };
}

/**
 * Renders a machine's plan: all of its roles, in their order.
 * @throws BadConfiguration with template:line when a template names what is not in its data
 */
export async function planFor(lab: Lab, machine: MachineFile, roles: Roles): Promise<Plan> {
  const data = templateData(lab, machine);
  const parts = await Promise.all(
    rolesOf[machine.role].map(async (name) => {
      const role = roles[name];
      const files = (await renderFiles(lab, machine, role.folder)).map((file) => ({
        ...file,
        ...(role.files[file.path] ?? defaultSettings),
      }));
      return {
        files,
        items: await Promise.all(role.plan.map((asked) => item(asked, role, files, lab, data))),
      };
    }),
  );
  return { items: parts.flatMap((part) => part.items), files: parts.flatMap((part) => part.files) };
}
