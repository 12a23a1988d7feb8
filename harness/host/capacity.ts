import { readFile, statfs } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { dirname } from "node:path";
import type { LoadedLab } from "../lab/load.ts";
import { home, reports } from "../paths.ts";
import { placeTroubles } from "../places.ts";
import { no, unproved, yes, type Finding } from "./finding.ts";
import { poolFolder } from "./pool.ts";

const MiB = 2 ** 20;

/** What a lab leaves on disk, in MiB (facts/vagrant-libvirt.md §2, §5; facts/centos7.md). */
const room = {
  /** The box as fetched and as unpacked, packages, images. */
  cache: 3000,
  /** A machine's own volume: what it writes over the box's image. */
  machine: 1000,
};

/** The Node that runs this; the way in has refused one that is too old. */
export const node = (): Promise<Finding> =>
  Promise.resolve(yes("node", `${process.versions.node}, 20.19 or later is needed`));

export async function memory({ machines, name }: LoadedLab): Promise<Finding> {
  const text = await readFile("/proc/meminfo", "utf8");
  const available = Math.floor(Number(/^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024);
  const wanted = machines.reduce((sum, machine) => sum + machine.memory, 0);
  const why = `${available} MiB available, the machines may take ${wanted}`;
  if (available > wanted) return yes("memory", why);
  return no(
    "memory",
    why,
    `end what takes it (ps aux --sort=-rss | head), or lower \`memory\` of lab ${name}`,
  );
}

export function cores({ machines }: LoadedLab): Promise<Finding> {
  const count = availableParallelism();
  const why = `${count} for ${machines.length} machines`;
  return Promise.resolve(count > 1 ? yes("cores", why) : unproved("cores", `${why}: waits may be too short`));
}

/** Room for what is kept between runs, and for the machines' volumes; together where these are on one file system. */
export async function disks({ machines, isolation }: LoadedLab): Promise<Finding[]> {
  const volumes = machines.length * room.machine;
  if (isolation === "namespace") return [await disk("disk, cache", home, room.cache + volumes, moved)];
  const folder = await poolFolder();
  return Promise.all([
    disk("disk, cache", home, room.cache, moved),
    disk("disk, pool", folder, room.cache + volumes, `du -sh ${folder}/* shows what takes it`),
  ]);
}

const moved = "HARDWAY_HOME=/some/larger/place npm run e2e, or: npm run lab -- destroy";

async function disk(what: string, folder: string, wanted: number, mend: string): Promise<Finding> {
  const { bavail, bsize } = await nearest(folder);
  const free = Math.floor((bavail * bsize) / MiB);
  const why = `${free} MiB free for ${folder}, ${wanted} may be needed`;
  return free > wanted ? yes(what, why) : no(what, why, mend);
}

/** The file system a folder will be on that need not be there yet. */
async function nearest(folder: string): Promise<{ bavail: number; bsize: number }> {
  const found = await statfs(folder).catch(() => undefined);
  return found ?? nearest(dirname(folder));
}

/** Whether what a run keeps, reports and writes for a moment has a place that can be written. */
export function places({ name }: LoadedLab): Promise<Finding[]> {
  const troubles = placeTroubles(name);
  if (troubles.length === 0)
    return Promise.resolve([yes("places", `${home}, ${reports} and ${tmpdir()} can be written`)]);
  return Promise.resolve(troubles.map(({ what, why, mend }) => no(what, why, mend)));
}
