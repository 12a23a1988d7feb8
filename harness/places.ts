import { existsSync, readdirSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BadConfiguration, HostFailed } from "./errors.ts";
import { isOurs, makeOurs } from "./files.ts";
import { homeIsChosen, homeVariable, unusable, wayOut } from "./ground.mjs";
import { home, labHome, reports } from "./paths.ts";

/** Folders of `home` from which whole folders are removed, and what is only ever in one of ours that has no mark yet. */
const rooms = { testbed: join("key", "RPM-GPG-KEY-hardway-testbed"), vagrant: "adding.json" };

type Room = keyof typeof rooms;

/** A folder that cannot be what it must be. */
interface PlaceTrouble {
  /** What it is for: "cache", "reports", "temporary files". */
  what: string;
  why: string;
  mend: string;
  /** Whether the person chose it. */
  chosen: boolean;
}

/** What is wrong with the folders that a run of a lab writes into; nothing is written to find out. */
export function placeTroubles(lab: string): PlaceTrouble[] {
  const another = "HARDWAY_HOME=/another/folder npm run e2e";
  const cache = (folder: string, why: string): PlaceTrouble => ({
    what: "cache",
    why: `${homeVariable}: expected a folder that can be written at ${folder}, saw ${why}`,
    mend: another,
    chosen: homeIsChosen,
  });
  const kept = [
    home,
    ...["boxes", "labs", ...Object.keys(rooms)].map((name) => join(home, name)),
    labHome(lab),
  ];
  const broken = kept
    .map((folder) => [folder, unusable(folder)] as const)
    .find(([, why]) => why !== undefined);
  const foreign = Object.keys(rooms).find((room) => isForeign(room as Room));
  const found: PlaceTrouble[] = [];
  if (broken?.[1] !== undefined) found.push(cache(broken[0], broken[1]));
  else if (foreign !== undefined) {
    found.push({ ...cache(join(home, foreign), "one that hardway-e2e has not made"), chosen: true });
  }
  const why = unusable(reports);
  if (why !== undefined) {
    found.push({
      what: "reports",
      why: `expected a folder that can be written at ${reports}, saw ${why}`,
      mend: "mend it, or clone into another folder",
      chosen: false,
    });
  }
  for (const [what, folder] of [
    ["cache", home],
    ["reports", reports],
    ["temporary files", tmpdir()],
  ] as const) {
    if (found.length > 0 || hasRoom(folder)) continue;
    found.push({
      what,
      why: `no space left on ${folder}`,
      mend: `${wayOut(folder) ?? another}; df -h ${folder} and df -i ${folder} tell why`,
      chosen: false,
    });
  }
  return found;
}

/** @throws BadConfiguration, HostFailed where a run of a lab could not write what it must */
export function refuseBadPlaces(lab: string): void {
  const [first] = placeTroubles(lab);
  if (first === undefined) return;
  const { why: message, mend: hint, chosen } = first;
  throw chosen ? new BadConfiguration({ message, hint }) : new HostFailed({ message, hint });
}

/** A folder of `home` that is ours, made where there is none. @throws BadConfiguration where it is somebody else's */
export async function ownRoom(room: Room): Promise<string> {
  const folder = join(home, room);
  if (isForeign(room)) {
    throw new BadConfiguration({
      message: `expected ${folder} to be a folder that hardway-e2e has made, saw another`,
      hint: "HARDWAY_HOME=/another/folder npm run e2e",
    });
  }
  await makeOurs(folder);
  return folder;
}

/** Whether there is something in a room that somebody else has put there. */
function isForeign(room: Room): boolean {
  const folder = join(home, room);
  return (
    homeIsChosen && namesIn(folder).length > 0 && !isOurs(folder) && !existsSync(join(folder, rooms[room]))
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether anything at all can be written where a folder is, or will be. */
function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    return bavail * bsize >= 2 ** 20 && (files === 0 || ffree > 0);
  } catch {
    return dirname(folder) === folder || hasRoom(dirname(folder));
  }
}
