import { join } from "node:path";
import { writeFile } from "../../harness/files.ts";
import { debs, hostAptOptions, pointedAt, sources } from "../debian.ts";
import type { SigningKey } from "../keys/key.ts";
import { tool } from "../tool.ts";
import { boxPackages } from "./packages.ts";

// Documentation and translations nobody reads here.
const leftOut = [
  "/usr/share/man/*",
  "/usr/share/doc/*",
  "/usr/share/info/*",
  "/usr/share/locale/*",
  "/usr/share/lintian/*",
];

export interface RootOptions {
  cache: string;
  /** A folder for what is in the making. */
  folder: string;
  key: SigningKey;
  /** Where the lab's machines keep the key of its packages. */
  keyPath: string;
  signal: AbortSignal;
}

/**
 * Installs the box's Debian 12 into `folder`/root, verified by Debian's archive keys, and answers that path.
 * @throws LabNotBuilt when the archive cannot be reached or a package fails
 */
export async function makeRoot({ cache, folder, key, keyPath, signal }: RootOptions): Promise<string> {
  const root = join(folder, "root");
  const list = join(folder, "sources.list");
  await writeFile(list, sources);
  const [kernel = ""] = await debs(
    [await pointedAt("linux-image-cloud-amd64", cache, signal)],
    cache,
    signal,
  );
  const packages = Object.values(boxPackages).flat();
  const args = [
    "--quiet",
    "--mode=root",
    "--variant=essential",
    "--format=directory",
    "--architectures=amd64",
    `--include=${packages.join(",")}`,
    ...leftOut.map((path) => `--dpkgopt=path-exclude=${path}`),
    ...(await hostAptOptions(signal)).map((option) => `--aptopt=${option}`),
    `--customize-hook=${join(import.meta.dirname, "furnish.sh")}`,
    "bookworm",
    root,
    list,
  ];
  const env = { KERNEL: kernel, PUBLIC_KEY: key.publicKey, KEY_PATH: keyPath, TMPDIR: folder };
  await tool("mmdebstrap", args, { env, signal, contained: true });
  return root;
}
