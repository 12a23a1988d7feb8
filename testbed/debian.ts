import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { LabNotBuilt } from "../harness/errors.ts";
import { mkdir, mkdtemp, rename, rm, writeFile } from "../harness/files.ts";
import { tool } from "./tool.ts";

const mirror = process.env["HARDWAY_DEBIAN_MIRROR"] ?? "http://deb.debian.org";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Debian 12's signed archive as sources.list lines: release, updates and security; HARDWAY_DEBIAN_MIRROR moves them. */
export const sources = [
  ["debian", "bookworm"],
  ["debian", "bookworm-updates"],
  ["debian-security", "bookworm-security"],
]
  .map(([archive, suite]) => `deb [arch=amd64 signed-by=${keyring}] ${mirror}/${archive} ${suite} main\n`)
  .join("");

/**
 * The host's apt, looking only at Debian 12: the host's own release, sources and installed packages do not matter,
 * its apt configuration (a proxy, say) does.
 */
async function apt(program: string, args: string[], cache: string, signal: AbortSignal, cwd = cache) {
  const state = join(cache, "apt");
  await mkdir(join(state, "lists", "partial"), { recursive: true });
  await mkdir(join(state, "cache", "archives", "partial"), { recursive: true });
  await writeFile(join(state, "sources.list"), sources);
  await writeFile(join(state, "status"), "", { flag: "a" });
  const options = {
    "Dir::Etc::SourceList": join(state, "sources.list"),
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::Etc::Preferences": "/dev/null",
    "Dir::Etc::PreferencesParts": "/dev/null",
    "Dir::State": state,
    "Dir::State::Lists": join(state, "lists"),
    "Dir::State::Status": join(state, "status"),
    "Dir::Cache": join(state, "cache"),
    "APT::Architecture": "amd64",
    "APT::Sandbox::User": "root",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return tool(program, [...flags, ...args], { cwd, signal });
}

const updated = new Set<string>();

/** Fetches the archive's signed lists, once in this process. */
async function update(cache: string, signal: AbortSignal) {
  if (updated.has(cache)) return;
  await apt("apt-get", ["update", "--quiet", "--error-on=any"], cache, signal);
  updated.add(cache);
}

/**
 * Debian 12's packages as files, downloaded into `cache`/debs once and verified against the archive's signed lists.
 * Answers one path for each name, in the same order; a package in the cache is not looked up again.
 * @throws LabNotBuilt when the archive cannot be reached or does not have a package
 */
export async function debs(names: string[], cache: string, signal: AbortSignal): Promise<string[]> {
  const folder = join(cache, "debs");
  await mkdir(folder, { recursive: true });
  const missing = await absent(names, folder);
  if (missing.length > 0) {
    await update(cache, signal);
    const landing = await mkdtemp(join(cache, "debs-"));
    try {
      await apt("apt-get", ["download", "--quiet", ...missing], cache, signal, landing);
      for (const file of await readdir(landing)) await rename(join(landing, file), join(folder, file));
    } finally {
      await rm(landing, { recursive: true, force: true });
    }
  }
  const files = await readdir(folder);
  return names.map((name) => {
    const file = files.find((candidate) => candidate.startsWith(`${name}_`));
    if (file === undefined)
      throw new LabNotBuilt(`expected the archive to send package ${name}, saw nothing`);
    return join(folder, file);
  });
}

async function absent(names: string[], folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return names.filter((name) => !files.some((file) => file.startsWith(`${name}_`)));
}

/** The package a metapackage such as linux-image-cloud-amd64 stands for: the first one it depends on. */
export async function pointedAt(metapackage: string, cache: string, signal: AbortSignal): Promise<string> {
  await update(cache, signal);
  const listing = await apt("apt-cache", ["depends", metapackage], cache, signal);
  const name = /^\s*Depends: ([^<\s]\S*)$/m.exec(listing)?.[1];
  if (name === undefined) throw new LabNotBuilt(`expected ${metapackage} to depend on a package, saw none`);
  return name;
}

/** The host's own ways to the network, for an apt that does not read the host's configuration. */
export async function hostAptOptions(signal: AbortSignal): Promise<string[]> {
  const dump = await tool("apt-config", ["dump"], { signal });
  return dump
    .split("\n")
    .filter((line) => /^Acquire::(https?::|Retries|Check-Valid-Until|Check-Date)\S* ".+";$/.test(line))
    .map((line) => line.slice(0, -1));
}
