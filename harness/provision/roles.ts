import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { BadConfiguration } from "../errors.ts";
import { readYaml } from "../lab/document.ts";
import type { Role as MachineRole } from "../lab/schema.ts";
import { templateName } from "../render/template.ts";
import { brokenRole } from "./check.ts";
import { roleNames, roleSchema } from "./role.ts";
import type { Role, RoleName, Roles } from "./role.ts";

/** The roles a machine plays, in the order they are applied. */
export const rolesOf: Record<MachineRole, RoleName[]> = {
  master: ["every", "master", "guestbook"],
  worker: ["every", "worker"],
};

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

const scriptNames = async (folder: string): Promise<string[]> =>
  (await filesUnder(folder)).map((file) => file.replace(/\.sh(\.hbs)?$/, ""));

async function loadRole(root: string, name: RoleName): Promise<Role> {
  const folder = join(root, name);
  const paths = (await filesUnder(join(folder, "files"))).map((file) => `/${file.replace(/\.hbs$/, "")}`);
  const holdings = {
    paths,
    steps: await scriptNames(join(folder, "steps")),
    awaits: await scriptNames(join(folder, "awaits")),
    undo: await scriptNames(join(folder, "undo")),
  };
  const file = join(folder, "role.yaml");
  const role = await readYaml(file, templateName(file), {
    noun: "role file",
    schema: roleSchema,
    help: "provision/worker/role.yaml is a working example",
    check: (value) => brokenRole(value, holdings),
  });
  return { ...role, name, folder, paths, undo: holdings.undo };
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

/**
 * Reads every role from its folder.
 * @param root the folder that holds them
 * @throws BadConfiguration with all that is wrong with a role file, each with its line and a hint
 */
export async function loadRoles(root: string): Promise<Roles> {
  const loaded = await Promise.all(
    roleNames.map(async (name) => [name, await loadRole(root, name)] as const),
  );
  const roles = Object.fromEntries(loaded) as Roles;
  refuseSharedPaths(roles);
  return roles;
}
