import type { LabFile } from "./schema.ts";

/** What a prepare hook is given. */
export interface Preparation {
  lab: LabFile;
  /** A folder kept between runs; the hook may fill it as it likes. */
  cache: string;
  /** Says what is being made, and why it takes time; shown as progress. */
  say: (line: string) => void;
  signal: AbortSignal;
}

/** A program that runs in the lab, and whether it is the real thing; read again from the machines for the report. */
export interface Part {
  name: string;
  kind: "real" | "stand-in";
  version: string;
  /**
   * How it was had: "released: dl.k8s.io/…", "built from the 1.5.2 source with Go 1.19.8; --daemons FOLDER",
   * "Debian's package etcd-server 3.4.23-4", "testbed/standins".
   */
  origin: string;
  sha256?: string;
}

/** What a prepare hook answers. */
export interface Prepared {
  /** The folder behind `prepared:` in the lab file. */
  folder: string;
  /** The fingerprint of each key the lab file leaves to the hook, by key id. */
  fingerprints: Record<string, string>;
}

/** Makes what the lab file's `prepared` values refer to: idempotent, fast when nothing changed. */
export type PrepareHook = (preparation: Preparation) => Promise<Prepared>;

/** What a lab takes where nobody says which daemons it is to have, and why. */
export interface DaemonsChoice {
  /** As a lab file's `daemons` says it. */
  daemons: string;
  why: string;
}

/** Chooses a lab's daemons: what a prepare hook's module may export as `chooseDaemons`. Makes nothing. */
export type DaemonsHook = (options: {
  lab: LabFile;
  cache: string;
  signal: AbortSignal;
}) => Promise<DaemonsChoice>;

/** Removes what prepare keeps in the cache folder. */
export type CleanHook = (preparation: Preparation) => Promise<void>;
