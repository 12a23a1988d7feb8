// Sees that the npm packages are there: plain JavaScript, nothing imported but Node's own modules, since it runs
// before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const project = resolve(import.meta.dirname, "..");
const stamp = join(project, "node_modules", ".installed-from");

/**
 * Whether somebody has run `npm ci` by hand: npm keeps what it installed in a lock file of its own, without the
 * project itself and without optional packages of other platforms.
 */
function isInstalled() {
  const own = join(project, "node_modules", ".package-lock.json");
  if (!existsSync(own)) return false;
  const { packages: there } = JSON.parse(readFileSync(own, "utf8"));
  const { packages: wanted } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional === true || there[path]?.version === version,
  );
}

/** Installs what package-lock.json lists unless it is installed; ends the process with 3 where that fails. */
export function installPackages() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`hardway-e2e needs Node 20.19 or later, this is ${process.versions.node}`);
    process.exit(3);
  }
  const lock = createHash("sha256")
    .update(readFileSync(join(project, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  if (isInstalled()) return;
  console.error("npm packages: installing what package-lock.json lists into node_modules (npm ci)");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: project,
    stdio: ["ignore", 2, 2],
  });
  if (npm.status !== 0) {
    console.error("npm packages could not be installed; `npm ci` shows why");
    process.exit(3);
  }
  writeFileSync(stamp, lock);
}
