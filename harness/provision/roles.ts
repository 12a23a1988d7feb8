import { join } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { placeIn, readYaml } from "../lab/document.ts";
import { nearest } from "../lab/nearest.ts";
import type { Role as MachineRole } from "../lab/schema.ts";
import { machinePath } from "../render/files.ts";
import { entriesOf, treeUnder } from "../render/folder.ts";
import { templateName } from "../render/template.ts";
import { brokenRole } from "./check.ts";
import { roleNames, roleSchema } from "./role.ts";
import type { PlanItem, Role, RoleName, Roles } from "./role.ts";

/** The roles a machine plays, in the order they are applied. */
export const rolesOf: Record<MachineRole, RoleName[]> = {
  master: ["every", "master", "guestbook"],
  worker: ["every", "worker"],
};

const scriptName = (file: string): string => file.replace(/\.sh(\.hbs)?$/, "");

/** The file of each script in a folder, by the script's name. @throws BadConfiguration where two have one name */
function scriptsIn(folder: string, files: string[]): Map<string, string> {
  const scripts = new Map<string, string>();
  for (const file of files) {
    const other = scripts.get(scriptName(file));
    if (other !== undefined) {
      throw new BadConfiguration({
        message: `expected one script of that name, saw two: ${templateName(join(folder, other))} and ${templateName(join(folder, file))}`,
        hint: "remove one of them",
      });
    }
    scripts.set(scriptName(file), file);
  }
  return scripts;
}

/** Refuses what lies in a role's folder and would never be looked at. */
async function refuseOthers(folder: string): Promise<void> {
  const known = ["role.yaml", "files", "steps", "awaits", "undo"];
  for (const { name, isFolder } of await entriesOf(folder)) {
    if (known.includes(name) && isFolder !== (name === "role.yaml")) continue;
    if (!isFolder && /^README/.test(name)) continue;
    const meant = known.includes(name) ? name : nearest(name, known);
    throw new BadConfiguration({
      message: `${templateName(join(folder, name))}: expected role.yaml, files/, steps/, awaits/ or undo/ in a role's folder, saw ${isFolder ? "a folder" : "a file"} of that name`,
      hint: meant === undefined || meant === name ? "remove it" : `did you mean \`${meant}\`?`,
    });
  }
}

async function loadRole(root: string, name: RoleName): Promise<Role> {
  const folder = join(root, name);
  await refuseOthers(folder);
  const [files, steps, awaits, undo] = await Promise.all([
    treeUnder(join(folder, "files")),
    treeUnder(join(folder, "steps")),
    treeUnder(join(folder, "awaits")),
    treeUnder(join(folder, "undo")),
  ]);
  const paths = files.files.map(machinePath);
  const scripts = {
    steps: scriptsIn(join(folder, "steps"), steps.files),
    awaits: scriptsIn(join(folder, "awaits"), awaits.files),
    undo: scriptsIn(join(folder, "undo"), undo.files),
  };
  const file = join(folder, "role.yaml");
  const role = await readYaml(file, templateName(file), {
    noun: "role file",
    schema: roleSchema,
    help: "provision/worker/role.yaml is a working example",
    check: (value) =>
      brokenRole(value, {
        paths,
        steps: [...scripts.steps.keys()],
        awaits: [...scripts.awaits.keys()],
        undo: [...scripts.undo.keys()],
        players: machineRoles.filter((role) => rolesOf[role].includes(name)),
      }),
  });
  const left = Object.entries({ files, steps, awaits, undo }).flatMap(([part, tree]) =>
    tree.left.map((path) => templateName(join(folder, part, path))),
  );
  return { ...role, name, folder, paths, scripts, undo: [...scripts.undo.keys()], left };
}

function refuseSharedPaths(roles: Roles): void {
  for (const names of Object.values(rolesOf)) {
    const placed = names.flatMap((name) => roles[name].paths.map((path) => ({ name, path })));
    for (const { name, path } of placed) {
      const other = placed.find((one) => one.path === path && one.name !== name);
      if (other === undefined) continue;
      throw new BadConfiguration({
        message: `expected ${path} in one role of a machine, saw it in ${name} and ${other.name}`,
        hint: "a machine's roles are applied one after the other: the file would change in every run",
      });
    }
  }
}

const machineRoles = Object.keys(rolesOf) as MachineRole[];

/** The first item of a role's plan for which that holds, as `file:line:column`. */
async function placeOf(role: Role, holds: (item: PlanItem) => boolean): Promise<string> {
  const index = role.plan.findIndex(holds);
  const file = join(role.folder, "role.yaml");
  return placeIn(templateName(file), ["plan", index], file);
}

/** Refuses a unit that two roles of a machine start: which settings it gets would follow from their order. */
async function refuseSharedUnits(roles: Roles): Promise<void> {
  for (const names of Object.values(rolesOf)) {
    const started = names.flatMap((name) =>
      roles[name].plan.flatMap(({ unit }) => unit ?? []).map((unit) => ({ name, unit })),
    );
    for (const { name, unit } of started) {
      const other = started.find((one) => one.unit === unit && one.name !== name);
      if (other === undefined) continue;
      const starts = (item: PlanItem) => item.unit === unit;
      throw new BadConfiguration({
        message: `${await placeOf(roles[other.name], starts)}  expected ${unit} in one role of a machine, saw it at ${await placeOf(roles[name], starts)}, too`,
        hint: "start it in the role whose files it reads",
      });
    }
  }
}

/** Refuses roles that wait for each other: whoever comes first, waits until budget.peer is used up. */
async function refuseCircle(roles: Roles): Promise<void> {
  const waits = (on: MachineRole, from: MachineRole) => ({
    role: rolesOf[on].map((name) => roles[name]).find(({ plan }) => plan.some((item) => item.from === from)),
    for: (item: PlanItem) => item.from === from,
  });
  const [one, other] = [waits("worker", "master"), waits("master", "worker")];
  if (one.role === undefined || other.role === undefined) return;
  throw new BadConfiguration({
    message: `${await placeOf(other.role, other.for)}  expected machines that wait in one direction only, saw the master wait for the workers and, at ${await placeOf(one.role, one.for)}, the workers for the master`,
    hint: "remove one of the two",
  });
}

/** Refuses a folder that holds no roles, and one in it that looks like a role and is none. */
async function refuseOtherRoles(root: string): Promise<void> {
  const known: readonly string[] = roleNames;
  const entries = await entriesOf(root);
  const missing = roleNames.filter((name) => !entries.some((entry) => entry.name === name && entry.isFolder));
  const foreign = entries.filter(({ name, isFolder }) => isFolder && !known.includes(name));
  const [absent] = missing;
  if (absent !== undefined) {
    const meant = nearest(
      absent,
      foreign.map(({ name }) => name),
    );
    throw new BadConfiguration({
      message: `${templateName(root)}: expected the folders ${roleNames.join(", ")} of a set of templates, saw no ${missing.join(", ")}`,
      hint:
        meant === undefined
          ? "provision/ is a working example"
          : `is \`${meant}\` meant to be \`${absent}\`?`,
    });
  }
  for (const { name } of foreign) {
    if (!(await entriesOf(join(root, name))).some((entry) => entry.name === "role.yaml")) continue;
    throw new BadConfiguration({
      message: `${templateName(join(root, name))}: expected a role that a machine plays, saw another`,
      hint: `the roles are ${roleNames.join(", ")}`,
    });
  }
}

/**
 * Reads every role from its folder.
 * @param root the folder that holds them
 * @throws BadConfiguration with all that is wrong with a role file, each with its line and a hint
 */
export async function loadRoles(root: string): Promise<Roles> {
  await refuseOtherRoles(root);
  const loaded = await Promise.all(
    roleNames.map(async (name) => [name, await loadRole(root, name)] as const),
  );
  const roles = Object.fromEntries(loaded) as Roles;
  refuseSharedPaths(roles);
  await refuseSharedUnits(roles);
  await refuseCircle(roles);
  return roles;
}
