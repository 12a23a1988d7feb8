import { execa } from "execa";
import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { budget } from "../budgets.ts";
import { openThere } from "../files.ts";
import { typedPath } from "../paths.ts";
import { kindOf, sawInstead, Unreadable } from "../read.ts";
import { nearest } from "./nearest.ts";
import { quotedName } from "./problem.ts";
import type { Problem } from "./problem.ts";

/** How a program says its version, and which one these packages are of; undefined where it has no way to say it. */
interface Saying {
  ask: string[];
  version: string;
}

const saying = (version: string, ask = ["--version"]): Saying => ({ ask, version });

/** The programs a folder of real daemons may hold; what is missing stays a stand-in or Debian's. */
const programs: Record<string, Saying | undefined> = {
  "kube-apiserver": saying("1.5.2"),
  "kube-controller-manager": saying("1.5.2"),
  "kube-scheduler": saying("1.5.2"),
  kubelet: saying("1.5.2"),
  "kube-proxy": saying("1.5.2"),
  kubectl: saying("1.5.2", ["version", "--client"]),
  flanneld: saying("0.7.1"),
  etcd: saying("3.3.11"),
  etcdctl: saying("3.3.11"),
  dockerd: saying("1.13.1"),
  docker: saying("1.13.1"),
  "docker-containerd": saying("0.2.3"),
  "docker-containerd-shim": undefined,
  "docker-runc": saying("1.0.0-rc2"),
  "docker-proxy": undefined,
  "docker-init": saying("0.13.0"),
};

export const daemonNames = Object.keys(programs);

/** Programs of one release that know no other release's: a folder has all of them or none. */
const together = [daemonNames.filter((name) => name.startsWith("docker")), ["etcd", "etcdctl"]];

/** What `daemons` can say beside a folder. */
const words = ["upstream", "stand-ins"];

/** Whether `daemons` says a folder. */
export const isFolder = (asked: string): boolean => !words.includes(asked);

export type DaemonsTrouble = Pick<Problem, "expected" | "saw" | "hint">;

/** Why a lab cannot have such daemons; undefined where it can, as far as a look at the files tells. */
export async function daemonsTrouble(asked: string): Promise<DaemonsTrouble | undefined> {
  if (!isFolder(asked)) return undefined;
  const folder = typedPath(asked);
  const expected = `${words.map((word) => `\`${word}\``).join(", ")} or a folder of real daemons`;
  let files: string[];
  try {
    files = await readdir(folder);
  } catch (error) {
    const meant = nearest(asked, words);
    const isFile = (error as NodeJS.ErrnoException).code === "ENOTDIR";
    return {
      expected,
      saw: `${quotedName(asked)}, ${isFile ? "which is in no folder, but a file" : sawInstead(error)}`,
      hint:
        meant === undefined
          ? `the folder holds ${daemonNames.join(", ")}, or some of them`
          : `did you mean \`${meant}\`?`,
    };
  }
  const present = daemonNames.filter((name) => files.includes(name));
  if (present.length === 0) {
    const near = files.find((file) => nearest(file, daemonNames) !== undefined);
    const meant = near === undefined ? undefined : nearest(near, daemonNames);
    return {
      expected,
      saw: `${quotedName(asked)}, a folder without any of them`,
      hint:
        near === undefined || meant === undefined
          ? `name the files ${daemonNames.join(", ")}`
          : `is ${quotedName(near)} meant to be ${meant}?`,
    };
  }
  for (const name of present) {
    const saw = await noProgram(join(folder, name));
    if (saw !== undefined)
      return {
        expected: `${name} to be a program for these machines`,
        saw: `${join(folder, name)}, ${saw}`,
        hint: "an executable for Linux on x86-64, or a script",
      };
  }
  for (const all of together) {
    const missing = all.filter((name) => !present.includes(name));
    if (missing.length === 0 || missing.length === all.length) continue;
    return {
      expected: `${all.join(", ")} of one release`,
      saw: `${folder} without ${missing.join(", ")}`,
      hint: "put them beside the others, or leave all of them out: Debian's are used then",
    };
  }
  return undefined;
}

/**
 * Why a folder's programs are not those that the lab's packages are named after: each that can say its version is asked
 * for it. Only for a folder in which `daemonsTrouble` found nothing.
 */
export async function versionTrouble(asked: string): Promise<DaemonsTrouble | undefined> {
  const folder = typedPath(asked);
  const present = new Set(await readdir(folder));
  const looks = Object.entries(programs).map(async ([name, said]): Promise<DaemonsTrouble | undefined> => {
    if (said === undefined || !present.has(name)) return undefined;
    const file = join(folder, name);
    const { output, version } = await askVersion(name, file, new AbortController().signal);
    if (version !== undefined && isVersion(version, said.version)) return undefined;
    const [first = "nothing"] = output.split("\n").filter((line) => line.trim() !== "");
    return {
      expected: `${name} ${said.version}`,
      saw: `${file}, which answers ${said.ask.join(" ")} with ${quotedName(version ?? first)}`,
      hint: "the lab's packages and what is known of them are of that version",
    };
  });
  return (await Promise.all(looks)).find((trouble) => trouble !== undefined);
}

/** Whether a version is the wanted one, whatever a builder put behind it: v1.5.2-47+g43a9be4 is 1.5.2. */
const isVersion = (version: string, wanted: string): boolean => {
  const plain = version.replace(/^v/, "");
  return plain.startsWith(wanted) && !/^[\d.]/.test(plain.slice(wanted.length));
};

/**
 * What a program says of its version: "v1.5.2"; undefined where it says none or cannot be run on this host.
 * @throws the signal's reason
 */
export async function askVersion(
  name: string,
  file: string,
  signal: AbortSignal,
): Promise<{ output: string; version: string | undefined }> {
  const said = programs[name];
  if (said === undefined) return { output: "", version: undefined };
  const program = execa(file, said.ask, { reject: false, stdin: "ignore", detached: true });
  // What it may have started goes with it: it would hold what it says open for ever.
  const end = () => {
    endGroup(program.pid);
  };
  program.once("exit", end);
  const timer = setTimeout(end, budget.command);
  signal.addEventListener("abort", end, { once: true });
  const result = await program.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  });
  signal.throwIfAborted();
  const output = `${result.stdout}\n${result.stderr}`;
  return { output, version: /\bv?\d+\.\d+\.\d+[\w.+-]*/.exec(output)?.[0] };
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // nobody is left in it
  }
}

/** Of an ELF file's header: that it is one, 64 bits wide, little-endian; for x86-64; and where its last table ends. */
const elf = { magic: Buffer.from("\x7fELF\x02\x01", "latin1"), machine: 18, x86: 62, table: 40, entry: 58 };

/** What a file is that no machine could run; undefined for a program. */
async function noProgram(path: string): Promise<string | undefined> {
  try {
    const kind = kindOf(await stat(path));
    if (kind !== undefined) return kind;
    // Root may read and write anything, but run only what somebody may run.
    await access(path, constants.X_OK).catch((cause: unknown) => {
      throw new Unreadable("a file that may not be executed", { cause });
    });
    await using file = await openThere(path);
    const { size } = await file.stat();
    const head = Buffer.alloc(64);
    const { bytesRead } = await file.read(head, 0, 64, 0);
    if (size === 0) return "an empty file";
    if (head.subarray(0, 2).toString("latin1") === "#!") return undefined;
    if (head.subarray(0, 4).toString("latin1") !== "\x7fELF") return "a file that is no program";
    if (
      bytesRead < 64 ||
      !head.subarray(0, 6).equals(elf.magic) ||
      head.readUInt16LE(elf.machine) !== elf.x86
    )
      return "a program for another processor";
    const end =
      Number(head.readBigUInt64LE(elf.table)) +
      head.readUInt16LE(elf.entry) * head.readUInt16LE(elf.entry + 2);
    return end > size ? "a program that is cut off" : undefined;
  } catch (error) {
    return sawInstead(error);
  }
}
