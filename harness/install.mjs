// @ts-check
// Sees that the npm packages are there: plain JavaScript, nothing imported but Node's own modules, since it runs
// before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { damagedPackages } from "./faults.mjs";
import { project } from "./ground.mjs";

const modules = join(project, "node_modules");
const stamp = join(modules, ".installed-from");

/**
 * The packages of a lock file, by their paths; undefined where it is none.
 * @param {string} file
 * @returns {[string, { version?: string, optional?: boolean, link?: boolean }][] | undefined}
 */
function packagesOf(file) {
  try {
    const { packages } = JSON.parse(readFileSync(file, "utf8"));
    const entries = Object.entries(packages).filter(([path]) => path !== "");
    return entries.every(([, known]) => typeof known === "object" && known !== null) ? entries : undefined;
  } catch {
    return undefined;
  }
}

const isThere = (/** @type {string} */ path) => existsSync(join(project, path, "package.json"));

/**
 * Installs what package-lock.json lists unless it is there.
 * @returns {import("./ground.mjs").Trouble | undefined} what is wrong, where it is not there afterwards
 */
export function installPackages() {
  const lock = join(project, "package-lock.json");
  const wanted = packagesOf(lock);
  if (wanted === undefined) {
    const hint = "git checkout package-lock.json";
    return { exitCode: 3, message: `expected the list of npm packages in ${lock}, saw none`, hint };
  }
  const demanded = wanted.filter(([, { optional }]) => optional !== true);
  const text = readFileSync(lock);
  const sum = createHash("sha256").update(text).digest("hex");
  // npm keeps a list of its own of what it installed, without the project itself and without optional packages of
  // other platforms. Where it is damaged, whatever was installed may be, too.
  const own = join(modules, ".package-lock.json");
  const listed = existsSync(own) ? packagesOf(own) : [];
  if (listed === undefined) return { exitCode: 3, ...fault(`${own} is no list of packages`) };
  if (isStamped(sum)) return damage(demanded);
  if (existsSync(own)) {
    // Somebody has run `npm ci` by hand.
    const versions = new Map(listed.map(([path, { version }]) => [path, version]));
    if (demanded.every(([path, { version }]) => versions.get(path) === version)) return damage(demanded);
  }
  console.error("npm packages: installing what package-lock.json lists into node_modules (npm ci)");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: project,
    stdio: ["ignore", 2, 2],
  });
  if (npm.status !== 0) {
    const why = npm.error === undefined ? "" : `: ${npm.error.message}`;
    return {
      exitCode: 3,
      message: `npm packages could not be installed${why}`,
      hint: `cd ${project} && npm ci`,
    };
  }
  mark(sum);
  return undefined;
}

/** Whether these packages were installed by us, by the lock file's sum. */
function isStamped(/** @type {string} */ sum) {
  try {
    return readFileSync(stamp, "utf8") === sum;
  } catch {
    return false;
  }
}

function mark(/** @type {string} */ sum) {
  try {
    writeFileSync(stamp, sum);
  } catch {
    // The next start looks at npm's own list, which takes longer.
  }
}

/** What has gone since it was installed. */
function damage(/** @type {[string, unknown][]} */ demanded) {
  const gone = demanded.map(([path]) => path).filter((path) => !isThere(path));
  return gone.length === 0
    ? undefined
    : { exitCode: /** @type {const} */ (3), ...fault(`${gone.join(", ")} not there`) };
}

function fault(/** @type {string} */ why) {
  const { message, hint = "" } = damagedPackages(why);
  return { message, hint };
}
