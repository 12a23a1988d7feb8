import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LabNotBuilt } from "./errors.ts";
import { withDefaults } from "./lab/complete.ts";
import { rename, writeFile } from "./files.ts";
import type { Lab } from "./lab/lab.ts";
import type { AddedBox } from "./machines/vagrant.ts";
import type { Placement } from "./render/placement.ts";
import type { ProvisionFailure } from "./provision/result.ts";
import type { StageResult } from "./report/results/schema.ts";
import type { SettingProblem } from "./settings/setting.ts";

/** One run of a lab: what its later commands, and the part of it inside the namespace, must know. */
export interface Session {
  /** Six hexadecimal digits. */
  id: string;
  /** Why this lab was taken, as printed first. */
  chosen: string;
  lab: Lab;
  placement: Placement;
  box: AddedBox;
  /** Why the machines are run by KVM or emulated. */
  driver: string;
  /** reports/RUN, absolute. */
  folder: string;
  /** ISO 8601. */
  startedAt: string;
  /** The world's file, where the lab has a namespace of its own. */
  world?: string;
  /** The folder of the roles, templates and steps that are judged, absolute. */
  templates: string;
  /** What looked as if it were not meant, when its settings were checked last. */
  warnings?: SettingProblem[];
  /** What provisioning last did to the machines; none before it has. */
  provisioned?: {
    /** Of the templates they were provisioned with. */
    digest: string;
    /** How often something was changed on them. */
    revision: number;
    failures: ProvisionFailure[];
  };
  /** What the package server publishes, where the hook prepared something. */
  published?: string;
  /** What was done before the present process, so that a report has all of it. */
  stages: StageResult[];
}

/** Where a session is written down, in its run's folder. */
const sessionFile = (folder: string): string => join(folder, "session.json");

/** The session in a run's folder. @throws LabNotBuilt when it is gone */
export async function readSession(folder: string): Promise<Session> {
  const text = await readFile(sessionFile(folder), "utf8").catch((cause: unknown) => {
    throw new LabNotBuilt({
      message: `expected ${sessionFile(folder)} to tell of the lab that is up, but it cannot be read`,
      hint: "npm run lab -- destroy removes the lab all the same",
      cause,
    });
  });
  const session = JSON.parse(text) as Session;
  return { ...session, lab: withDefaults(session.lab) };
}

/** Writes a session down, whole or not at all. */
export async function writeSession(session: Session): Promise<void> {
  const file = sessionFile(session.folder);
  await writeFile(`${file}.new`, JSON.stringify(session, undefined, 2));
  await rename(`${file}.new`, file);
}
