import type { LabFile, MachineFile } from "./schema.ts";

/**
 * A lab as the rest of the harness sees it: the lab file, validated, with every `prepared` value filled in.
 * Machine-facing URLs in `repositories` are what machines use; `box.url`, `box.checksums`, `keys[].url` and image
 * archives are what the host uses.
 */
export interface Lab extends LabFile {
  /** The lab file's path, as the user gave it. */
  readonly file: string;
  readonly master: MachineFile;
  readonly workers: MachineFile[];
  /** With every count filled in. */
  readonly guestbook: { redisSlaves: number; frontends: number };
  /** The host's address on the lab network: the first one (facts/centos7.md §8). */
  readonly hostAddress: string;
}
