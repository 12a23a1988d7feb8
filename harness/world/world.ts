import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { LabNotBuilt } from "../errors.ts";
import { makeOurs, writeFile } from "../files.ts";
import { membersOf, markEnvironment } from "./mark.ts";
import { hold, socketsOf, type Rooms } from "./holder.ts";
import { startLibvirtd } from "./libvirtd.ts";
import { removeWorld } from "./remove.ts";

const record = z.strictObject({ label: z.string(), holderPid: z.int(), libvirtUri: z.string() });

/** A network namespace of one run, named by its label, with a libvirtd of its own. */
export interface World extends z.output<typeof record> {
  /** Where it is written down, for `openWorld`. */
  readonly file: string;
  /** The command line that runs a command inside, in the same working folder. */
  enter: (argv: readonly string[]) => [string, ...string[]];
}

/**
 * Makes a run's world.
 * @param home the lab's home: the world lives in worlds/LABEL, what QEMU can do is kept in libvirt-cache
 * @throws LabNotBuilt when a part cannot be had; nothing of it is left then
 */
export async function createWorld(label: string, home: string, signal?: AbortSignal): Promise<World> {
  const file = join(home, "worlds", label, "world.json");
  const run = dirname(file);
  const environment = markEnvironment(label, home);
  await makeOurs(run);
  try {
    const rooms = { run, cache: join(home, "libvirt-cache"), sockets: socketsOf(label) };
    const { holderPid, libvirtUri } = await startNamespace(label, rooms, environment, signal);
    await writeFile(file, JSON.stringify({ label, holderPid, libvirtUri }));
    return await openWorld(file);
  } catch (error) {
    await removeWorld(label, home);
    throw error;
  }
}

/**
 * Makes a network and a mount namespace with a libvirtd of its own in it, whatever it is for.
 * @param name of the network namespace
 * @throws LabNotBuilt when a part cannot be had
 */
export async function startNamespace(
  name: string,
  rooms: Rooms,
  environment: Record<string, string>,
  signal?: AbortSignal,
): Promise<{ holderPid: number; libvirtUri: string; enter: World["enter"] }> {
  const holderPid = await hold(name, rooms, environment);
  const inside: World["enter"] = (argv) => enter(holderPid, argv);
  const places = { etc: join(rooms.run, "etc"), log: join(rooms.run, "log"), sockets: rooms.sockets };
  return { holderPid, libvirtUri: await startLibvirtd(inside, places, environment, signal), enter: inside };
}

/** The world written down in a file. @throws LabNotBuilt when it is gone */
export async function openWorld(file: string): Promise<World> {
  const written = await readFile(file, "utf8").catch(() => undefined);
  const known = written === undefined ? undefined : record.parse(JSON.parse(written));
  if (
    known === undefined ||
    !membersOf(known.label).some(({ pid, mark }) => pid === known.holderPid && mark)
  ) {
    throw new LabNotBuilt({
      message: `the namespace${known === undefined ? "" : ` ${known.label}`} is gone`,
      details: [`expected what ${file} says`],
      hint: "npm run lab -- destroy, then run again",
    });
  }
  return { ...known, file, enter: (argv) => enter(known.holderPid, argv) };
}

const enter = (holder: number, argv: readonly string[]): [string, ...string[]] => [
  "nsenter",
  `--target=${holder}`,
  "--mount",
  "--net",
  `--wdns=${process.cwd()}`,
  "--",
  ...argv,
];
