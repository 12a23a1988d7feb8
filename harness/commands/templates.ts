import { resolve } from "node:path";
import type { Course } from "../lifecycle.ts";
import { ownTemplates } from "../paths.ts";
import { loadRoles } from "../provision/roles.ts";
import { writeSession } from "../session.ts";

/**
 * From here on, a kept lab is provisioned from these templates; from the project's own where none are named.
 * @throws BadConfiguration when they are not roles
 */
export async function withTemplates({ session }: Pick<Course, "session">, templates?: string): Promise<void> {
  const folder = resolve(templates ?? ownTemplates);
  await loadRoles(folder);
  session.templates = folder;
  await writeSession(session);
}
