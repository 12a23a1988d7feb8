import { checkedSettings, warningLines } from "../begin/check.ts";
import type { Course } from "../lifecycle.ts";
import { ownTemplates, typedPath } from "../paths.ts";
import { loadRoles } from "../provision/roles.ts";
import { writeSession } from "../session.ts";

/**
 * From here on, a kept lab is provisioned from these templates; from the project's own where none are named.
 * @throws BadConfiguration when they are not roles, or set what nobody can mean
 */
export async function withTemplates(
  { session, progress }: Pick<Course, "session" | "progress">,
  templates?: string,
): Promise<void> {
  const folder = templates === undefined ? ownTemplates : typedPath(templates);
  await loadRoles(folder);
  session.warnings = await checkedSettings(session.lab, folder);
  for (const line of warningLines(session.warnings)) progress.announce(line);
  session.templates = folder;
  await writeSession(session);
}
