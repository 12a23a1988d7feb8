import { open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { kindOf, sawInstead } from "../read.ts";
import { nearest } from "./nearest.ts";
import { quotedName } from "./problem.ts";
import type { Problem } from "./problem.ts";

/** The programs a folder of real daemons may hold; what is missing stays a stand-in or Debian's. */
export const daemonNames = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
  "flanneld",
];

/** What `daemons` can say beside a folder. */
const words = ["upstream"];

type Trouble = Pick<Problem, "expected" | "saw" | "hint">;

/** Why a lab cannot have such daemons; undefined where it can, as far as a look at the files tells. */
export async function daemonsTrouble(asked: string): Promise<Trouble | undefined> {
  if (words.includes(asked)) return undefined;
  const folder = resolve(asked);
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
  return undefined;
}

/** Of an ELF file's header: that it is one, 64 bits wide, little-endian; for x86-64; and where its last table ends. */
const elf = { magic: Buffer.from("\x7fELF\x02\x01", "latin1"), machine: 18, x86: 62, table: 40, entry: 58 };

/** What a file is that no machine could run; undefined for a program. */
async function noProgram(path: string): Promise<string | undefined> {
  try {
    const kind = kindOf(await stat(path));
    if (kind !== undefined) return kind;
    await using file = await open(path);
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
