import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { BadConfiguration, LabNotBuilt } from "../errors.ts";
import { mkdir, rm, writeFile } from "../files.ts";
import type { Lab } from "../lab/lab.ts";
import { home } from "../paths.ts";
import { verifiedChecksums } from "./checksums.ts";
import { download, fetchBytes, localPath, sha256 } from "./source.ts";

export interface VerifiedBox {
  /** The box file on this host. */
  file: string;
  /** Its SHA-256 sum, as the signed list has it. */
  sha256: string;
  /** What Vagrant is told: follows from the sum, so that another box is another version. */
  version: string;
}

interface BoxOptions {
  say: (line: string) => void;
  signal: AbortSignal;
  /** Where verified boxes are kept. */
  folder?: string;
}

/**
 * The lab's box, after its sum was found in the list beside it that the lab's key has signed. A box behind a file
 * URL is used where it is; another is downloaded once. A box that was verified is not hashed again while size,
 * time and inode stay the same; the signed list is fetched and verified every time.
 * @throws LabNotBuilt when something cannot be had or does not match; then nothing of it is kept
 */
export async function verifiedBox(
  lab: Pick<Lab, "box" | "keys">,
  { say, signal, folder = join(home, "boxes") }: BoxOptions,
): Promise<VerifiedBox> {
  const sum = await expectedSum(lab, signal);
  const { url } = lab.box;
  const file = localPath(url) ?? join(folder, `${sum}.box`);
  const box = { file, sha256: sum, version: versionOf(sum) };
  const record = join(folder, `${sum}.verified.json`);
  if (await isRecorded(record, file)) return box;

  const downloaded = localPath(url) === undefined && (await stat(file).catch(() => undefined)) === undefined;
  say(downloaded ? `downloading the box from ${url}` : `verifying the box ${file}`);
  const seen = downloaded ? await download(url, file, progress(say), signal) : await sha256(file, signal);
  if (seen !== sum) {
    if (localPath(url) === undefined) await rm(file, { force: true });
    throw new LabNotBuilt({
      message: `the box ${url} is not the one whose sum is signed`,
      details: [`expected sha256 ${sum}`, `saw      sha256 ${seen}`, `signed in ${lab.box.checksums}`],
      hint: "it was damaged or replaced on its way; nothing of it was used",
    });
  }
  await mkdir(folder, { recursive: true });
  await writeFile(record, JSON.stringify(await identity(file)));
  return box;
}

/** Vagrant takes versions that RubyGems takes: digits first. */
const versionOf = (sum: string): string => `0.${sum.slice(0, 12)}`;

async function expectedSum({ box, keys }: Pick<Lab, "box" | "keys">, signal: AbortSignal): Promise<string> {
  const key = keys.find(({ id }) => id === box.key);
  if (key === undefined) throw new BadConfiguration(`the lab has no key ${box.key}, which signs its box`);
  const sums = await verifiedChecksums({
    text: await fetchBytes(box.checksums, "the box's signed checksums", signal),
    key: await fetchBytes(key.url, `the key ${key.id}`, signal),
    fingerprint: key.fingerprint,
    source: box.checksums,
    keySource: key.url,
    signal,
  });
  const name = basename(new URL(box.url).pathname);
  const sum = sums.get(decodeURIComponent(name));
  if (sum !== undefined) return sum;
  throw new LabNotBuilt({
    message: `expected a sum for ${name} in ${box.checksums}, saw ${sums.size} sums of other files`,
    details: [...sums.keys()].slice(0, 5),
  });
}

const identity = async (file: string) => {
  const { size, mtimeMs, ino } = await stat(file);
  return { file, size, mtimeMs, ino };
};

const recorded = z.object({ file: z.string(), size: z.number(), mtimeMs: z.number(), ino: z.number() });

async function isRecorded(record: string, file: string): Promise<boolean> {
  try {
    const [written, now] = [recorded.parse(JSON.parse(await readFile(record, "utf8"))), await identity(file)];
    return JSON.stringify(written) === JSON.stringify(now);
  } catch {
    return false; // never verified, or the record is not one: verify
  }
}

/** Says every tenth of a download. */
function progress(say: (line: string) => void) {
  let said = 0;
  return (bytes: number, total: number | undefined) => {
    if (bytes - said < (total ?? 2 ** 30) / 10) return;
    said = bytes;
    const of = total === undefined ? "" : ` of ${megabytes(total)}`;
    say(`downloading the box: ${megabytes(bytes)}${of} MB`);
  };
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
