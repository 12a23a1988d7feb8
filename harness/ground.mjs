// @ts-check
// What the harness stands on: where the checkout is, where its folders are, and what is wrong with them. Plain
// JavaScript, nothing imported but Node's own modules: it is looked at before anything is installed or loaded.
import { accessSync, constants, lstatSync, realpathSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Something wrong with a folder, as a HardwayError says it.
 * @typedef {{ exitCode: 2 | 3, message: string, hint: string }} Trouble
 */

/** The project's root folder. */
export const project = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Where runs are reported. */
export const reports = join(project, "reports");

/** The user's own folder; none where the system knows none. */
function userHome() {
  try {
    return homedir();
  } catch {
    return "";
  }
}

/** Whether the user chose where the harness keeps things: an empty variable is as none. */
export const homeIsChosen = Boolean(process.env["HARDWAY_HOME"]);

const askedHome =
  process.env["HARDWAY_HOME"] ||
  join(process.env["XDG_CACHE_HOME"] || join(userHome(), ".cache"), "hardway-e2e");

/**
 * Where everything that outlives a run is kept: HARDWAY_HOME, or hardway-e2e in the user's cache folder.
 * `testbed/` what prepare hooks make, `boxes/` verified boxes, `vagrant/` VAGRANT_HOME, `packages/LAB/` packages that
 * machines fetched, `labs/NAME/` a lab's state.
 */
export const home = resolve(project, askedHome);

/** What sets `home`, for messages. */
export const homeVariable = homeIsChosen
  ? "HARDWAY_HOME"
  : process.env["XDG_CACHE_HOME"]
    ? "XDG_CACHE_HOME"
    : "HOME";

/**
 * Where the person stands: npm runs scripts in the project's root and tells in INIT_CWD where it was called.
 * Paths that somebody typed are taken from here.
 */
export function standing() {
  const asked = process.env["INIT_CWD"] ?? "";
  const present = process.cwd();
  return isAbsolute(asked) && real(present) === real(project) ? asked : present;
}

/** A path as somebody typed it, absolute. */
export const typedPath = (/** @type {string} */ path) => resolve(standing(), path);

// Paths get into spec files and shells that rpmbuild runs, RPM's macros, URLs, XML, patterns, and lists with colons:
// what one of these reads as its own is refused, so that none of them runs what a path says.
const plain = /^[\p{L}\p{M}\p{N}/._+@=~,# -]*$/u;

/** @returns {string[]} the characters of a path that cannot be in one, each once */
export const unfit = (/** @type {string} */ path) =>
  [...new Set(path)]
    .filter((character) => !plain.test(character))
    .map((character) => JSON.stringify(character));

const kernel = ["/proc", "/sys", "/dev"];

/** Whether a path is a folder, or in it. */
export const isIn = (/** @type {string} */ path, /** @type {string} */ folder) =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** A path with its symlinks followed, as far as it is there. @returns {string} */
export function real(/** @type {string} */ path) {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(real(above), path.slice(above.length));
  }
}

/** Whether a path is in one of the kernel's own file systems, where nothing can be kept. */
export const isKernels = (/** @type {string} */ path) => kernel.some((folder) => isIn(real(path), folder));

/** What is wrong with the checkout's place, the present folder or TMPDIR. @returns {Trouble | undefined} */
export function groundTrouble() {
  const odd = unfit(project);
  if (odd.length > 0) {
    return {
      exitCode: 2,
      message: `expected a checkout whose path has no ${odd.join(" ")}, saw ${project}`,
      hint: "clone into another folder: programs of the lab would read these as their own",
    };
  }
  try {
    process.cwd();
  } catch {
    return { exitCode: 3, message: "the present folder is gone", hint: `cd ${project}` };
  }
  return temporaryTrouble();
}

/** @returns {Trouble | undefined} */
function temporaryTrouble() {
  const folder = tmpdir();
  const hint = "TMPDIR=/another/folder npm run e2e";
  const odd = unfit(folder);
  if (!isAbsolute(folder) || odd.length > 0) {
    const wanted = isAbsolute(folder) ? `a path without ${odd.join(" ")}` : "an absolute path";
    return { exitCode: 2, message: `TMPDIR: expected ${wanted}, saw ${folder}`, hint };
  }
  const why = isKernels(folder) ? "a folder of the kernel's" : unusable(folder, true);
  return why === undefined
    ? undefined
    : {
        exitCode: 3,
        message: `TMPDIR: expected a folder that can be written, saw ${why} at ${folder}`,
        hint,
      };
}

/**
 * What is wrong with the place of `home` as such, whatever is there.
 * @returns {Trouble | undefined}
 */
export function homeTrouble() {
  const hint = "HARDWAY_HOME=/some/folder/of/its/own, outside of the checkout";
  const trouble = (/** @type {string} */ wanted) => ({
    exitCode: /** @type {const} */ (2),
    message: `${homeVariable}: expected ${wanted}, saw ${askedHome}`,
    hint,
  });
  if (!isAbsolute(askedHome)) return trouble("an absolute path");
  const odd = unfit(home);
  if (odd.length > 0) return trouble(`a path without ${odd.join(" ")}`);
  if (isKernels(home)) return trouble("a folder that is not the kernel's");
  const [place, checkout] = [real(home), real(project)];
  if (isIn(place, checkout)) return trouble(`a folder outside of the checkout ${project}`);
  if (isIn(checkout, place)) return trouble(`a folder that does not have the checkout ${project} in it`);
  return undefined;
}

/**
 * Why a folder cannot be used; undefined where it can, or can be made.
 * @param {string} folder
 * @param {boolean} demanded whether it must be there already
 * @returns {string | undefined}
 */
export function unusable(folder, demanded = false) {
  try {
    if (!statSync(folder).isDirectory()) return "something else than a folder";
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
    if (code !== "ENOENT") return reasons[code] === undefined ? code : `${reasons[code]} (${code})`;
    if (isLink(folder)) return "a symlink that leads nowhere";
    const above = dirname(folder);
    return demanded || above === folder ? "nothing" : unusable(above);
  }
}

function isLink(/** @type {string} */ path) {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/**
 * What the system means by its errors' codes.
 * @type {Record<string, string>}
 */
export const reasons = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "a read-only file system",
  ENOSPC: "no space left",
  EDQUOT: "no space left in the quota",
  EIO: "an input/output error",
  ENOENT: "nothing there",
  ENOTDIR: "a file where a folder is wanted",
  EISDIR: "a folder where a file is wanted",
  EEXIST: "something else there",
  ENOTEMPTY: "a folder that is not empty",
  ELOOP: "symlinks that lead in a circle",
  ENAMETOOLONG: "a name that is too long",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
  ENOMEM: "no memory left",
  EAGAIN: "no process left",
  EADDRINUSE: "an address that is in use",
  EADDRNOTAVAIL: "an address that this host does not have",
};

/** How to have a folder elsewhere, or how to make room where it is. */
export function wayOut(/** @type {string} */ path) {
  if (isIn(path, home)) return "HARDWAY_HOME=/another/folder npm run e2e";
  if (isIn(path, project))
    return `clone into another folder, or make room for ${isIn(path, reports) ? reports : project}`;
  if (isIn(path, tmpdir())) return "TMPDIR=/another/folder npm run e2e";
  return undefined;
}
