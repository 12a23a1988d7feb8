import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The project's root folder. */
export const project = resolve(import.meta.dirname, "..");

/** The templates, roles and steps that are judged where no others are named. */
export const ownTemplates = join(project, "provision");

/**
 * Where everything that outlives a run is kept: HARDWAY_HOME, or hardway-e2e in the user's cache folder.
 * `testbed/` what prepare hooks make, `boxes/` verified boxes, `vagrant/` VAGRANT_HOME, `packages/LAB/` packages that
 * machines fetched, `labs/NAME/` a lab's state.
 */
export const home = resolve(
  process.env["HARDWAY_HOME"] ??
    join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "hardway-e2e"),
);

/** The folder a lab keeps its state in between commands. */
export const labHome = (lab: string): string => join(home, "labs", lab);
