import { join } from "node:path";
import { cp, mkdir, symlink } from "../../harness/files.ts";
import { makeLayer, type Layer } from "./archive.ts";
import { install, unpack } from "./debian.ts";

export interface Making {
  cache: string;
  scratch: string;
  signal: AbortSignal;
}

/** What every image is made of: one layer, since docker starts itself again for each one it unpacks. */
export interface Layers {
  everything: Layer;
  /** The Debian packages in it, as "name version". */
  parts: { busybox: string; redis: string };
}

const redisPackages = ["redis-server", "redis-tools"];
const redisLibraries = [
  "libc6",
  "libssl3",
  "libatomic1",
  "libjemalloc2",
  "liblzf1",
  "libsystemd0",
  "libcap2",
  "libgcrypt20",
  "libgpg-error0",
  "liblz4-1",
  "liblzma5",
  "libzstd1",
  "libgcc-s1",
  "libstdc++6",
];
// What the scripts of the images call, besides the shell's own.
const applets = ["sh", "httpd", "sed", "tr", "timeout", "sleep", "cat", "ls", "ip", "ping", "wget", "nc"];

/** Makes the images' common layer: busybox with the pause script, redis, and the frontend's page and script. */
export async function makeLayers({ cache, scratch, signal }: Making): Promise<Layers> {
  const tree = join(scratch, "tree");
  for (const name of ["base", "redis", "frontend"]) {
    await cp(join(import.meta.dirname, name), tree, { recursive: true });
  }
  const busybox = await unpack(["busybox-static"], join(scratch, "busybox-package"), cache, signal);
  for (const folder of ["bin", "tmp", "dev", "proc", "sys"]) await mkdir(join(tree, folder));
  await cp(join(busybox.folder, "bin/busybox"), join(tree, "bin/busybox"));
  for (const name of applets) await symlink("busybox", join(tree, "bin", name));

  const redis = await unpack(
    [...redisPackages, ...redisLibraries],
    join(scratch, "redis-packages"),
    cache,
    signal,
  );
  await install(["usr/bin/redis-server", "usr/bin/redis-cli"], redis, tree, signal);

  const what = "busybox, redis with its libraries, and the guestbook's page";
  return {
    everything: await makeLayer(tree, join(scratch, "tree.tar"), what, signal),
    parts: {
      busybox: busybox.parts.join(", "),
      redis: redis.parts.slice(0, redisPackages.length).join(", "),
    },
  };
}
