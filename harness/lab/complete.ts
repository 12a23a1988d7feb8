import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LabNotBuilt } from "../errors.ts";
import { firstAddress } from "./addresses.ts";
import type { Prepared } from "./hooks.ts";
import type { Lab } from "./lab.ts";
import type { LoadedLab } from "./load.ts";
import { defaultPorts } from "./ports.ts";
import type { LabFile, MachineFile } from "./schema.ts";

type Key = LabFile["keys"][number];
type Image = LabFile["images"]["pause"];

const scheme = "prepared:";
const labNotPrepared = (what: string, saw: string): LabNotBuilt =>
  new LabNotBuilt({
    message: `expected the prepare hook to give ${what}, saw ${saw}`,
    hint: "the lab file's `hooks.prepare` names the hook",
  });

/** A `prepared:` value as the host reads it: a file URL; any other as it is. */
function forHost(source: string, prepared: Prepared | undefined): string {
  if (!source.startsWith(scheme)) return source;
  if (prepared === undefined) throw labNotPrepared(source, "no answer from it");
  return pathToFileURL(join(prepared.folder, source.slice(scheme.length))).href;
}

/** A `prepared:` value as machines read it: on the lab's package server; any other as it is. */
const forMachines = (source: string, packageServer: string): string =>
  source.startsWith(scheme) ? `${packageServer}/${encodeURI(source.slice(scheme.length))}` : source;

function fingerprint(key: Key, prepared: Prepared | undefined): string {
  if (key.fingerprint !== "prepared") return key.fingerprint;
  const given = prepared?.fingerprints[key.id];
  if (given !== undefined && /^[0-9A-F]{40}$/.test(given)) return given;
  throw labNotPrepared(`the fingerprint of key ${key.id}: 40 hexadecimal digits`, given ?? "none");
}

function oneMaster(machines: MachineFile[]): MachineFile {
  const master = machines.find((machine) => machine.role === "master");
  if (master === undefined) throw new Error("a loaded lab has a master");
  return master;
}

/** As many frontends as the lab file says, else one for each worker and at least the guide's three. */
const withFrontends = (
  { redisSlaves, frontends }: LabFile["guestbook"],
  workers: number,
): Lab["guestbook"] => ({
  redisSlaves,
  frontends: frontends ?? Math.max(3, workers),
});

type Written = Omit<Lab, "ports" | "guestbook"> & Partial<Pick<Lab, "ports" | "guestbook">>;

/** A lab as a session or a recording holds it: an older one lacks what lab files could not say then. */
export const withDefaults = (lab: Written): Lab => ({
  ...lab,
  ports: lab.ports ?? defaultPorts,
  guestbook: lab.guestbook ?? withFrontends({ redisSlaves: 2 }, lab.workers.length),
});

/**
 * Fills in what the lab file leaves to its prepare hook, for the host as file URLs, for the machines as URLs on the
 * package server, and what follows from the rest: master, workers, the host's address.
 * @param packageServer such as http://10.146.47.1:8180, without a slash at the end
 * @throws LabNotBuilt when the hook did not give what the file leaves to it
 */
export function completeLab(loaded: LoadedLab, prepared: Prepared | undefined, packageServer: string): Lab {
  const host = (source: string): string => forHost(source, prepared);
  const image = (given: Image): Image =>
    "archive" in given ? { ...given, archive: host(given.archive) } : given;
  const { box, keys, repositories, images, machines } = loaded;
  const workers = machines.filter((machine) => machine.role === "worker");
  return {
    ...loaded,
    box: { ...box, url: host(box.url), checksums: host(box.checksums) },
    keys: keys.map((key) => ({ ...key, fingerprint: fingerprint(key, prepared), url: host(key.url) })),
    repositories: repositories.map((repository) => ({
      ...repository,
      baseurl: repository.baseurl.map((url) => forMachines(url, packageServer)),
    })),
    images: {
      pause: image(images.pause),
      redisMaster: image(images.redisMaster),
      redisSlave: image(images.redisSlave),
      frontend: image(images.frontend),
    },
    master: oneMaster(machines),
    workers,
    guestbook: withFrontends(loaded.guestbook, workers.length),
    hostAddress: firstAddress(loaded.network),
  };
}
