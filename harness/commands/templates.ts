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
 * Refuses templates that a kept lab cannot be provisioned from, before anything is touched.
 * @throws BadConfiguration with template:line:column
 */
export const refuseBadTemplates =
  (typed: Arguments): Before =>
  async (lab) => {
    const folder = folderOf(text(typed, "templates"));
    await rehearse(lab, await loadRoles(folder));
    await checkedSettings(lab, folder);
  };

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
