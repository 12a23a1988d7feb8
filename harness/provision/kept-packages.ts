import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { budget } from "../budgets.ts";
import { packageFiles } from "../facts/packages.ts";
import { mkdir, rename, rm, writeFile } from "../files.ts";
import type { Lab } from "../lab/lab.ts";
import type { Role } from "../lab/schema.ts";
import type { Machine } from "../machines/machine.ts";
import { sh } from "../render/quote.ts";

/** Where the machines' yum keeps what it downloaded (provision/every/files/etc/yum.conf). */
const yumCache = "/var/cache/yum";

/** A package's path below yum's cache: REPOSITORY/packages/FILE.rpm. */
const pattern = /^[\w.+~^-]+\/packages\/[\w.+~^-]+\.rpm$/;

/** Receives a tar archive, and says of each package in it what `rpm -K` makes of it, by the keys it trusts. */
const receive = `# Receives kept packages, and has rpm judge them.
set -eu
export LC_ALL=C
folder=$(mktemp -d /var/tmp/hardway-kept-XXXXXX)
tar -xf - -C "$folder" --no-same-owner
find "$folder" -type f -name '*.rpm' -print0 | xargs -0 -r rpm -K || true
echo "$folder"`;

/**
 * Packages that machines of a lab have fetched and proved, kept on the host for its next machines: a folder for each
 * role. A kept file is worth nothing by itself: the next machine's rpm proves it by the keys it trusts then, and yum
 * takes it only where its sum is the one in the repository's signed metadata, and checks its signature once more.
 */
export class KeptPackages {
  readonly #folder: string;
  /** What rpm refused of what was kept: fetched and kept anew. */
  readonly #refused = new Set<string>();
  /** Roles of which a machine's packages are being kept: those of another machine are the same. */
  readonly #busy = new Set<Role>();

  /** @param folder of the lab's packages; need not be there */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Gives a machine what its role's machines have fetched before, as far as its rpm proves it.
   * @returns how many packages yum need not fetch, and which were refused: path and rpm's verdict
   */
  async offer(machine: Machine, signal: AbortSignal): Promise<{ taken: number; refused: string[] }> {
    const kept = await this.#kept(machine.role);
    if (kept.length === 0) return { taken: 0, refused: [] };
    const tar = execa("tar", ["-C", this.#roleFolder(machine.role), "-cf", "-", "--", ...kept], {
      buffer: false,
      cancelSignal: signal,
      reject: false,
    });
    const ran = await machine.run(receive, { input: tar.stdout, signal, within: budget.packages });
    await tar;
    const lines = ran.stdout.trimEnd().split("\n");
    const folder = lines.pop() ?? "";
    if (ran.code !== 0 || !folder.startsWith("/var/tmp/hardway-kept-")) return { taken: 0, refused: [] };
    const judged = packageFiles.parse(lines.join("\n"), observed(machine, ran));
    const relative = (path: string) => path.slice(folder.length + 1);
    const good = judged.filter(({ intact, signed }) => intact && signed).map(({ path }) => relative(path));
    const bad = judged.filter(({ path }) => !good.includes(relative(path)));
    for (const { path } of bad) this.#refused.add(join(machine.role, relative(path)));
    await machine.run(moveAll(folder, good), { signal });
    return { taken: good.length, refused: bad.map(({ path, verdict }) => `${relative(path)}: ${verdict}`) };
  }

  /**
   * Keeps what a machine has fetched and its rpm proves, where the host does not have it.
   * @returns how many packages were added
   */
  async keep(machine: Machine, signal: AbortSignal): Promise<number> {
    if (this.#busy.has(machine.role)) return 0;
    this.#busy.add(machine.role);
    try {
      return await this.#keep(machine, signal);
    } finally {
      this.#busy.delete(machine.role);
    }
  }

  async #keep(machine: Machine, signal: AbortSignal): Promise<number> {
    const had = await this.#kept(machine.role);
    const isNew = (path: string) => !had.includes(path) || this.#refused.has(join(machine.role, path));
    const seen = await machine.run(packageFiles.ask().command, { signal, within: budget.packages });
    const proved = packageFiles
      .parse(seen.stdout, observed(machine, seen))
      .filter(({ intact, signed }) => intact && signed)
      .flatMap(({ path }) => (path.startsWith(`${yumCache}/`) ? [path.slice(yumCache.length + 1)] : []))
      .filter((path) => pattern.test(path) && isNew(path));
    for (const path of proved) {
      // One at a time: a package is some megabytes, all are some hundred.
      const { stdout, code } = await machine.run(`base64 ${sh(join(yumCache, path))}`, { signal });
      if (code !== 0) continue;
      await this.#place(join(this.#roleFolder(machine.role), path), Buffer.from(stdout, "base64"));
      this.#refused.delete(join(machine.role, path));
    }
    return proved.length;
  }

  /** Whole or not at all: a run may be killed meanwhile. */
  async #place(file: string, content: Buffer): Promise<void> {
    const part = `${file}.part`;
    await mkdir(dirname(file), { recursive: true });
    try {
      await writeFile(part, content);
      await rename(part, file);
    } finally {
      await rm(part, { force: true });
    }
  }

  async #kept(role: Role): Promise<string[]> {
    const paths = await readdir(this.#roleFolder(role), { recursive: true }).catch(() => []);
    return paths.filter((path) => pattern.test(path)).sort();
  }

  readonly #roleFolder = (role: Role): string => join(this.#folder, role);
}

/** Whether a lab's machines fetch packages from elsewhere than the harness's own package server. */
export const fetchesFromElsewhere = ({ repositories, hostAddress }: Lab): boolean =>
  repositories.some(({ baseurl }) => baseurl.some((url) => new URL(url).hostname !== hostAddress));

const observed = ({ name }: Machine, ran: { stdout: string; stderr: string; code: number; ms: number }) => ({
  machine: name,
  ...packageFiles.ask(),
  at: "",
  ...ran,
});

/** What yum has itself stays; the context of what is moved is that of its new place. */
const moveAll = (folder: string, paths: readonly string[]): string =>
  [
    "# Puts proved packages into yum's cache.",
    ...paths.map((path) => {
      const to = join(yumCache, path);
      return `[ -e ${sh(to)} ] || { mkdir -p ${sh(dirname(to))} && mv ${sh(join(folder, path))} ${sh(to)}; }`;
    }),
    `if command -v restorecon >/dev/null; then restorecon -R ${yumCache}; fi`,
    `rm -rf ${sh(folder)}`,
  ].join("\n");
