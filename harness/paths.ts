import { join } from "node:path";
import { BadConfiguration } from "./errors.ts";
import { home, homeTrouble, project } from "./ground.mjs";

export { home, project, reports, standing, typedPath } from "./ground.mjs";

/** The templates, roles and steps that are judged where no others are named. */
export const ownTemplates = join(project, "provision");

/** The folder a lab keeps its state in between commands. */
export const labHome = (lab: string): string => join(home, "labs", lab);

/** @throws BadConfiguration where HARDWAY_HOME names a place that must not be written to, whatever is there */
export function refuseBadHome(): void {
  const trouble = homeTrouble();
  if (trouble !== undefined) throw new BadConfiguration(trouble);
}
