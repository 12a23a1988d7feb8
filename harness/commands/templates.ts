import type { Course } from "../lifecycle.ts";
import { ownTemplates, typedPath } from "../paths.ts";
import { loadRoles } from "../provision/roles.ts";
import { writeSession } from "../session.ts";

/**
 * From here on, a kept lab is provisioned from these templates; from the project's own where none are named.
 * @throws BadConfiguration when they are not roles
 */
export async function withTemplates({ session }: Pick<Course, "session">, templates?: string): Promise<void> {
  const folder = templates === undefined ? ownTemplates : typedPath(templates);
  await loadRoles(folder);
  session.templates = folder;
  await writeSession(session);
}
