import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { BadConfiguration } from "../errors.ts";
import { unfit, wayOut } from "../ground.mjs";
import { demand } from "../machines/command.ts";

/** A key that signs packages: where its private half is, and which key there it is. */
export interface RpmKey {
  gnupgHome: string;
  fingerprint: string;
}

// Packages built from the same inputs are the same: their times are that of CentOS's own 1.5.2 build.
const builtAt = "1499095891";
const within = budget.package;

/** Macros as options; RPM expands nothing in their values. */
const define = (macros: Record<string, string>): string[] =>
  Object.entries(macros).flatMap(([name, value]) => ["--define", `${name} ${value.replaceAll("%", "%%")}`]);

/**
 * RPM expands the folder it builds in more than once, and puts it into shell scripts between double quotes: a path that
 * says something to either would be run (RPM 4.18, macros.in, %___build_pre).
 */
function refuseOdd(folder: string): void {
  const odd = unfit(folder);
  if (odd.length === 0) return;
  throw new BadConfiguration({
    message: `expected a folder for rpmbuild whose path has no ${odd.join(" ")}, saw ${folder}`,
    hint: wayOut(folder) ?? "use another folder",
  });
}

/**
 * Builds a spec file's binary packages in `folder`, an empty one of the caller's. `macros` is a file of macros,
 * `defines` are single ones, `env` is what its scripts see. Answers the packages' paths, sorted.
 * @throws LabNotBuilt with rpmbuild's last words
 */
export async function buildRpms(
  spec: string,
  options: {
    folder: string;
    macros?: string;
    defines?: Record<string, string>;
    env?: Record<string, string>;
    signal: AbortSignal;
  },
): Promise<string[]> {
  const { folder, macros, defines = {}, signal } = options;
  refuseOdd(folder);
  const packages = join(folder, "packages");
  const load = macros === undefined ? [] : ["--load", macros];
  const definitions = define({
    _topdir: folder,
    _rpmdir: packages,
    _dbpath: join(folder, "db"),
    _build_name_fmt: "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm",
    ...defines,
  });
  // HOME: a person's own ~/.rpmmacros has no say in what is built here.
  const env = { ...options.env, HOME: folder, SOURCE_DATE_EPOCH: builtAt };
  await demand(["rpmbuild", "-bb", "--quiet", "--nodeps", ...load, ...definitions, spec], {
    within,
    signal,
    env,
  });
  return (await readdir(packages)).sort().map((file) => join(packages, file));
}

/**
 * Signs packages where they are.
 * @throws LabNotBuilt when gpg or rpmsign fails
 */
export async function signRpms(files: string[], key: RpmKey, signal: AbortSignal) {
  const definitions = define({
    __gpg: "/usr/bin/gpg",
    _gpg_name: key.fingerprint,
    _gpg_path: key.gnupgHome,
    _gpg_sign_cmd_extra_args: "--batch --pinentry-mode loopback --digest-algo SHA256",
  });
  const env = { HOME: key.gnupgHome, GNUPGHOME: key.gnupgHome };
  await demand(["rpmsign", ...definitions, "--addsign", ...files], { within, signal, env });
}

/**
 * Makes a folder of packages a repository that both yum 3 and dnf 4 read: repodata with SHA-256 sums, compressed
 * with gzip; with a key also repodata/repomd.xml.asc, for repo_gpgcheck=1.
 * @throws LabNotBuilt when createrepo_c or gpg fails
 */
export async function makeRepository(folder: string, signal: AbortSignal, key?: RpmKey) {
  const sums = ["--checksum", "sha256", "--general-compress-type", "gz", "--no-database"];
  await demand(["createrepo_c", "--quiet", ...sums, folder], { within, signal });
  if (key === undefined) return;
  const sign = ["--batch", "--yes", "--local-user", key.fingerprint, "--digest-algo", "SHA256"];
  const metadata = join(folder, "repodata", "repomd.xml");
  await demand(["gpg", "--homedir", key.gnupgHome, ...sign, "--armor", "--detach-sign", metadata], {
    within,
    signal,
  });
}
