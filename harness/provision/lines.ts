import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Lab } from "../lab/lab.ts";
import { project } from "../paths.ts";
import type { SettingLine } from "../render/setting-line.ts";
import { templateName } from "../render/template.ts";
import { planFor } from "./plan.ts";
import { loadRoles, rolesOf } from "./roles.ts";

/** The key of a line of an environment, INI, YAML, sysctl or unit file. */
const nameIn = (text: string): string | undefined =>
  /^\s*(?:- )?"?([A-Za-z_][\w.-]*)"?\s*[=:]/.exec(text)?.[1];

/** The name that a manifest's object is given right under `metadata:`, in a document of its own. */
const objectIn = (text: string, above: string | undefined): string | undefined =>
  above === "metadata:" ? /^\s+name: ([\w.-]+)$/.exec(text)?.[1] : undefined;

const isComment = (text: string): boolean => /^\s*([#;]|$)/.test(text);

/**
 * A rendered line's line in its source: the same one where rendering neither added nor removed lines, else the first
 * with the same key.
 */
function lineIn(source: readonly string[], rendered: readonly string[], at: number): number {
  if (source.length === rendered.length) return at + 1;
  const name = nameIn(rendered[at] ?? "");
  const same = source.findIndex(
    (text) => text === rendered[at] || (name !== undefined && nameIn(text) === name),
  );
  return same < 0 ? 1 : same + 1;
}

function linesOf(
  rendered: string,
  source: string,
  about: Pick<SettingLine, "machine" | "file" | "path" | "restarts">,
): SettingLine[] {
  const [from, to] = [source.split("\n"), rendered.split("\n")];
  let of: string | undefined;
  return to.flatMap((text, at) => {
    if (text === "---") of = undefined;
    of ??= objectIn(text, to[at - 1]);
    if (isComment(text)) return [];
    return [{ ...about, line: lineIn(from, to, at), name: nameIn(text), text: text.trim(), of }];
  });
}

/**
 * Every line that sets something on a lab's machines: of files, of steps, and of the role files' plans.
 * @param templates the folder of the roles
 * @throws BadConfiguration when a role or a template is wrong
 */
export async function settingLines(lab: Lab, templates: string): Promise<SettingLine[]> {
  const roles = await loadRoles(templates);
  const ofMachines = lab.machines.map(async (machine) => {
    const plan = await planFor(lab, machine, roles);
    const files = plan.files.map(async ({ path, content, template, restarts }) =>
      linesOf(content, await sourceOf(template), { machine: machine.name, file: template, path, restarts }),
    );
    const steps = plan.items.map(async (item) => {
      if (item.kind !== "step" && item.kind !== "await") return [];
      const { text, template } = item.script;
      const restarts = item.kind === "step" ? item.restarts : [];
      const source = (await sourceOf(template)).replace(/^#!.*\n/, "");
      const lines = linesOf(text, source, {
        machine: machine.name,
        file: template,
        path: undefined,
        restarts,
      });
      return lines.map((line) => ({ ...line, line: line.line + 1, name: undefined }));
    });
    const plans = rolesOf[machine.role].map(async (role) => {
      const file = join(templates, role, "role.yaml");
      const text = await readFile(file, "utf8");
      const about = { machine: machine.name, file: templateName(file), path: undefined, restarts: [] };
      return linesOf(text, text, about).map((line) => ({
        ...line,
        name: line.text.replace(/^- /, "").replace(/ #.*/, ""),
      }));
    });
    return (await Promise.all([...files, ...steps, ...plans])).flat();
  });
  return (await Promise.all(ofMachines)).flat();
}

const sourceOf = (template: string): Promise<string> => readFile(resolve(project, template), "utf8");
