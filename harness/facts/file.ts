import { sh } from "../render/quote.ts";
import { factOf } from "./fact.ts";

/** A file of a machine, without what is in it. */
export interface FileOnMachine {
  /** 64 lower-case hexadecimal digits. */
  sha256: string;
  /** "644" */
  mode: string;
  owner: string;
  group: string;
}

/** What a file is, by its sum; undefined where it is not there or is no file. */
export const file = factOf<FileOnMachine | undefined, [path: string]>(
  "file",
  (path) => `stat -L -c '%a %U %G' ${sh(path)} && sha256sum <${sh(path)}`,
  (stdout, { code }) => {
    if (code !== 0) return undefined;
    const [, mode = "", owner = "", group = "", sha256 = ""] =
      /^(\d+) (\S+) (\S+)\n([0-9a-f]{64})/.exec(stdout) ?? [];
    if (sha256 === "") throw new Error("expected a mode, owner, group and sum");
    return { sha256, mode, owner, group };
  },
);
