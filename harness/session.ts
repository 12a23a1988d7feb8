import { join } from "node:path";
import { z } from "zod";
import { LabNotBuilt } from "./errors.ts";
import { rename, writeFile } from "./files.ts";
import { readJson } from "./json-file.ts";
import { withDefaults } from "./lab/complete.ts";
import { keptLabSchema } from "./lab/kept.ts";
import type { Lab } from "./lab/lab.ts";
import { parseLabel } from "./machines/label.ts";
import type { AddedBox } from "./machines/vagrant.ts";
import type { ProvisionFailure } from "./provision/result.ts";
import { Unreadable } from "./read.ts";
import type { Placement } from "./render/placement.ts";
import { stageSchema, type StageResult } from "./report/results/schema.ts";
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

const path = z.string().startsWith("/");

const failure = z.looseObject({
  machine: z.string(),
  message: z.string(),
  details: z.array(z.string()),
  hint: z.string().optional(),
  unit: z.string().optional(),
  step: z.string().optional(),
  awaited: z.looseObject({ name: z.string(), from: z.enum(["master", "worker"]) }).optional(),
  unreached: z.array(z.string()),
});

/** A session as it is written down; what a later version may add is passed on. */
const sessionSchema = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{6}$/),
  chosen: z.string(),
  lab: keptLabSchema,
  placement: z.looseObject({
    label: z.string().refine((label) => parseLabel(label) !== undefined),
    driver: z.enum(["kvm", "qemu"]),
    uri: z.string(),
    network: z.string(),
    managementNetwork: z.string(),
    box: z.looseObject({ name: z.string(), version: z.string() }),
    pool: z.string(),
    consoleFolder: path,
  }),
  box: z.looseObject({ name: z.string(), version: z.string() }),
  driver: z.string(),
  folder: path,
  startedAt: z.iso.datetime(),
  world: path.optional(),
  templates: path,
  warnings: z.array(z.looseObject({ severity: z.string(), message: z.string() })).optional(),
  provisioned: z
    .looseObject({ digest: z.string(), revision: z.int(), failures: z.array(failure) })
    .optional(),
  published: path.optional(),
  stages: z.array(stageSchema),
});

/** Where a session is written down, in its run's folder. */
export const sessionFile = (folder: string): string => join(folder, "session.json");

/**
 * The session in a run's folder.
 * @param hint what to do where it cannot be read
 * @throws LabNotBuilt when it is gone, damaged, somebody else's or of another version
 */
export async function readSession(
  folder: string,
  hint = "npm run lab -- destroy removes the lab all the same",
): Promise<Session> {
  const file = sessionFile(folder);
  try {
    const session = (await readJson(file, sessionSchema)) as unknown as Session;
    return { ...session, lab: withDefaults(session.lab) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new LabNotBuilt({
      message: `expected a run's session in ${file}, saw ${error.message}`,
      details: ["it is damaged, or another version of hardway-e2e wrote it"],
      hint,
      cause: error,
    });
  }
}

/** Writes a session down, whole or not at all. */
export async function writeSession(session: Session): Promise<void> {
  const file = sessionFile(session.folder);
  await writeFile(`${file}.new`, JSON.stringify(session, undefined, 2));
  await rename(`${file}.new`, file);
}
