// @ts-check
// What becomes of an error: a sentence and an exit code. Plain JavaScript, nothing imported but Node's own modules: it
// also answers for what fails before anything is installed or loaded.
import { closeSync } from "node:fs";
import { project, reasons, wayOut } from "./ground.mjs";

/** @typedef {{ message: string, details: string[], hint?: string }} Fault */

/** Codes that tell of a mistake in a call, not of the host. */
const mistakes = new Set(["EINVAL", "EBADF", "EFAULT"]);

/**
 * Whether an error is the system's answer to a call: what is wrong is on this host, not in this program.
 * @param {unknown} error
 * @returns {error is NodeJS.ErrnoException & { code: string, syscall: string, dest?: string }}
 */
function isSystems(error) {
  const { code, syscall } = /** @type {Partial<NodeJS.ErrnoException>} */ (error ?? {});
  return (
    typeof code === "string" && typeof syscall === "string" && /^E[A-Z\d]+$/.test(code) && !mistakes.has(code)
  );
}

/**
 * What an error says of this host: a full disk, a folder that cannot be written, a program that is not there, npm
 * packages that are not whole; undefined where it says nothing of it.
 * @param {unknown} error
 * @returns {Fault | undefined}
 */
export function hostFault(error) {
  for (const one of causes(error)) {
    const fault = isSystems(one) ? systemFault(one) : packageFault(one);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** @returns {unknown[]} an error and what caused it */
function causes(/** @type {unknown} */ error, /** @type {number} */ most = 8) {
  if (!(error instanceof Error) || most === 0) return [];
  const inner = error instanceof AggregateError ? /** @type {unknown[]} */ (error.errors) : [];
  return [error, ...[error.cause, ...inner].flatMap((cause) => causes(cause, most - 1))];
}

/**
 * @param {NodeJS.ErrnoException & { code: string, syscall: string, dest?: string }} error
 * @returns {Fault}
 */
function systemFault({ code, syscall, path, dest, message }) {
  const program = /^spawn (.+)$/.exec(syscall)?.[1];
  if (program !== undefined) {
    return {
      message: `expected to start ${program}, saw ${code === "ENOENT" ? "no such program" : (reasons[code] ?? code)} (${code})`,
      details: [],
      hint: "npm run lab -- doctor",
    };
  }
  const place = dest ?? path;
  const saw = reasons[code] ?? message;
  const said = `${code}, ${syscall}`;
  if (place === undefined)
    return { message: `expected this host to do its part, saw ${saw} (${said})`, details: [] };
  const hint = wayOut(place);
  return {
    message:
      code === "ENOSPC" ? `${saw} on ${place} (${said})` : `expected to use ${place}, saw ${saw} (${said})`,
    details: [],
    ...(hint === undefined ? {} : { hint }),
  };
}

/**
 * Packages that are missing or damaged, wherever that shows.
 * @param {unknown} error
 * @returns {Fault | undefined}
 */
function packageFault(error) {
  const { code, message, stack = "" } = /** @type {NodeJS.ErrnoException} */ (error);
  const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  if (missing && !/Cannot find package|Cannot find module '[^./]|node_modules/.test(message))
    return undefined;
  // A file that is cut off or unreadable is named where its text is shown, above the first frame.
  const damaged =
    stack.split("\n    at ")[0]?.includes("/node_modules/") === true ||
    /^ERR_(INVALID_PACKAGE|PACKAGE_)/.test(code ?? "");
  return missing || damaged ? damagedPackages(message) : undefined;
}

/** @returns {Fault} */
export const damagedPackages = (/** @type {string} */ why) => ({
  message: `node_modules is damaged: ${why.split("\n")[0] ?? ""}`,
  details: [],
  hint: `rm -r ${project}/node_modules, then again: what is missing is installed`,
});

/** @returns {string} a fault as it is printed */
const shown = (/** @type {Fault} */ { message, details, hint }) =>
  [message, ...details, ...(hint === undefined ? [] : [`hint  ${hint}`])].join("\n  ");

/**
 * Tells a person what stopped the program.
 * @param {unknown} error
 * @param {"loading"} [phase] while it was loaded, what fails in node_modules is that folder's fault
 * @returns {0 | 1 | 2 | 3 | 4} the exit code
 */
export function tell(error, phase) {
  const { explain, exitCode } = /** @type {{ explain?: unknown, exitCode?: unknown }} */ (error ?? {});
  if (typeof explain === "function" && (exitCode === 1 || exitCode === 2 || exitCode === 3)) {
    console.error(/** @type {{ explain: () => string }} */ (error).explain());
    return exitCode;
  }
  const fault = hostFault(error) ?? (phase === "loading" ? loadingFault(error) : undefined);
  if (fault !== undefined) {
    console.error(shown(fault));
    return 3;
  }
  console.error("this is a bug in hardway-e2e; please report it with what follows");
  console.error(error);
  return 4;
}

/** @returns {Fault | undefined} */
function loadingFault(/** @type {unknown} */ error) {
  const {
    code,
    message,
    stack = "",
  } = /** @type {NodeJS.ErrnoException} */ (error instanceof Error ? error : new Error(String(error)));
  if (code === "ERR_MODULE_NOT_FOUND") {
    return { message: `the checkout is not whole: ${message}`, details: [], hint: "git status" };
  }
  const isPackages =
    stack.includes("/node_modules/") || /^The requested module '(?!node:)[^./]/.test(message);
  return isPackages ? damagedPackages(message) : undefined;
}

/** The last thing a process does: waits until what it has said is read, then ends. */
export async function end(/** @type {number} */ code) {
  process.exitCode = code;
  await Promise.all([process.stdout, process.stderr].map(drained));
  if (isTerminalGone) letGoOfTerminal();
  process.exit(code);
}

let isTerminalGone = false;

/** Node crashes where it cannot give back a terminal that is gone (node, src/node.cc, ResetStdio): it has none then. */
function letGoOfTerminal() {
  for (const fd of [0, 1, 2]) {
    try {
      closeSync(fd);
    } catch {
      // It was none to begin with.
    }
  }
}

/** @returns {Promise<void>} when a stream has passed on all it was given, or never will */
const drained = (/** @type {NodeJS.WriteStream} */ stream) =>
  new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else {
      stream.once("close", resolve);
      stream.once("error", () => resolve());
      stream.write("", () => resolve());
    }
  });

/**
 * From here on nothing that goes wrong ends the process with 1, which says that the cluster is broken; and nobody
 * listening any more to what is said, a closed pipe, a terminal that is gone or a full disk, ends nothing at all.
 */
export function answerForEverything() {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      if ("code" in error && error.code === "EIO") isTerminalGone = true;
    });
  }
  const last = (/** @type {unknown} */ error) => void end(tell(error));
  process.on("uncaughtException", last);
  process.on("unhandledRejection", last);
}
