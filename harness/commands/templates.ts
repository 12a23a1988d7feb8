import { checkedSettings, warningLines } from "../begin/check.ts";
import { rehearse } from "../begin/rehearse.ts";
import type { Course } from "../lifecycle.ts";
import { ownTemplates, typedPath } from "../paths.ts";
import { loadRoles } from "../provision/roles.ts";
import { writeSession } from "../session.ts";
import { text, type Arguments } from "./command.ts";
import type { Before } from "./lab-command.ts";

const folderOf = (typed: string | undefined): string =>
  typed === undefined ? ownTemplates : typedPath(typed);

/**
 * Refuses templates that a kept lab cannot be provisioned from, before anything is touched; what no lab could be,
 * before it is looked for one.
 * @throws BadConfiguration with template:line:column
 */
export async function refuseBadTemplates(typed: Arguments): Promise<Before> {
  const folder = folderOf(text(typed, "templates"));
  const roles = await loadRoles(folder);
  return async (lab) => {
    await rehearse(lab, roles);
    await checkedSettings(lab, folder);
  };
}

/**
 * From here on, a kept lab is provisioned from these templates; from the project's own where none are named.
 * @throws BadConfiguration when they are not roles, or set what nobody can mean
 */
export async function withTemplates(
  { session, progress }: Pick<Course, "session" | "progress">,
  templates?: string,
): Promise<void> {
  const folder = folderOf(templates);
  await loadRoles(folder);
  session.warnings = await checkedSettings(session.lab, folder);
  for (const line of warningLines(session.warnings)) progress.announce(line);
  session.templates = folder;
  await writeSession(session);
}
