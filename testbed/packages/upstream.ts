import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { LabNotBuilt } from "../../harness/errors.ts";
import { mkdir, mkdtemp, rename, rm } from "../../harness/files.ts";
import { tool } from "../tool.ts";
import { type Daemons, daemonsIn } from "./daemons.ts";
import { download } from "./download.ts";
import { Pins } from "./pins.ts";

interface Archive {
  project: "kubernetes" | "flannel" | "etcd";
  /** Below the project's download site. */
  path: string;
  /** Its sum as the project published it; undefined where it published none. */
  sum?: string;
  /** The programs wanted, as the archive names them. */
  members: string[];
}

const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
];

const archives: Archive[] = [
  {
    project: "kubernetes",
    path: "v1.5.2/kubernetes-server-linux-amd64.tar.gz",
    // From the project's changelog.
    sum: "8c4be20caa87530fdd17e539abe6f2d3cfccaef9156d262d4d9859ca8b6e3a38",
    members: kubernetesPrograms.map((name) => `kubernetes/server/bin/${name}`),
  },
  { project: "flannel", path: "v0.7.1/flannel-v0.7.1-linux-amd64.tar.gz", members: ["flanneld"] },
  {
    project: "etcd",
    path: "v3.3.11/etcd-v3.3.11-linux-amd64.tar.gz",
    members: ["etcd", "etcdctl"].map((name) => `etcd-v3.3.11-linux-amd64/${name}`),
  },
];

/** Where each project's archives are. */
export type Sites = Record<Archive["project"], string>;

const sites: Sites = {
  kubernetes: "https://dl.k8s.io",
  flannel: "https://github.com/flannel-io/flannel/releases/download",
  etcd: "https://github.com/etcd-io/etcd/releases/download",
};

export interface UpstreamOptions {
  cache: string;
  /** Sums the lab file pins, by project; they go before published and remembered ones. */
  sums: Partial<Record<Archive["project"], string | undefined>>;
  say: (line: string) => void;
  signal: AbortSignal;
  sites?: Sites;
}

/**
 * The real daemons as their projects published them: the own archives of Kubernetes 1.5.2, flannel 0.7.1 and
 * etcd 3.3.11, fetched once into `cache`/upstream. An archive whose published sum is not known here is pinned on first
 * use, with a warning.
 * @throws LabNotBuilt when an archive cannot be fetched or its sum is not the expected one
 */
export async function upstreamDaemons(options: UpstreamOptions): Promise<Daemons> {
  const folder = join(options.cache, "upstream");
  await mkdir(folder, { recursive: true });
  const all: Daemons = new Map();
  for (const archive of archives) {
    const url = urlOf(archive, options.sites);
    const programs = await fetched(archive, url, folder, options);
    const origin = url.replace(/^https?:\/\//, "");
    for (const [name, daemon] of await daemonsIn(programs, options.signal, origin)) all.set(name, daemon);
  }
  return all;
}

/** The URLs of those archives of upstream's daemons that are not in the cache yet. */
export async function missingArchives({
  cache,
  sums,
  sites: from,
}: Pick<UpstreamOptions, "cache" | "sums" | "sites">): Promise<string[]> {
  const folder = join(cache, "upstream");
  const looks = archives.map(async (archive) => {
    const expected = await expectedSum(archive, sums, new Pins(join(folder, "pins.json")));
    const isThere = expected !== undefined && (await exists(join(folder, expected)));
    return isThere ? [] : [urlOf(archive, from)];
  });
  return (await Promise.all(looks)).flat();
}

const urlOf = ({ project, path }: Archive, from = sites): string => `${from[project]}/${path}`;

const expectedSum = async (
  { project, path, sum }: Archive,
  sums: UpstreamOptions["sums"],
  pins: Pins,
): Promise<string | undefined> => sums[project] ?? sum ?? (await pins.get(basename(path)));

/** The folder with an archive's programs, named by the archive's sum: what is there was verified. */
async function fetched(
  archive: Archive,
  url: string,
  folder: string,
  options: UpstreamOptions,
): Promise<string> {
  const { say, signal } = options;
  const name = basename(archive.path);
  const pins = new Pins(join(folder, "pins.json"));
  const expected = await expectedSum(archive, options.sums, pins);
  if (expected !== undefined) {
    const programs = join(folder, expected);
    if (await exists(programs)) return programs;
  }
  say(`fetching ${url}`);
  const landing = await mkdtemp(join(folder, "fetching-"));
  try {
    const file = join(landing, name);
    const sum = await download(url, file, signal);
    if (expected === undefined) {
      await pins.set(name, sum);
      say(`warning: no published sum of ${name} is known here; from now on it must have SHA-256 ${sum}`);
    } else if (sum !== expected) {
      throw wrongSum(archive, url, expected, sum);
    }
    const unpacked = join(landing, "programs");
    await mkdir(unpacked);
    const strip = archive.members[0]?.split("/").length ?? 1;
    const how = ["--no-same-owner", `--strip-components=${strip - 1}`, "--directory", unpacked];
    await tool("tar", ["--extract", "--gzip", "--file", file, ...how, ...archive.members], { signal });
    const programs = join(folder, sum);
    await rm(programs, { recursive: true, force: true });
    await rename(unpacked, programs);
    return programs;
  } finally {
    await rm(landing, { recursive: true, force: true });
  }
}

const wrongSum = ({ project, sum }: Archive, url: string, expected: string, seen: string) =>
  new LabNotBuilt({
    message: `${url}: expected SHA-256 ${expected}, saw ${seen}`,
    details: ["nothing of it was used"],
    hint:
      sum === expected
        ? "the archive is not the published one: look at what sits between this host and the project"
        : `if the new archive is to be trusted, name its sum in the lab file: daemonSums: { ${project}: ${seen} }`,
  });

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
