import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { makeLayer, type Layer } from "./archive.ts";
import { install, unpack } from "./debian.ts";

export interface Making {
  cache: string;
  scratch: string;
  signal: AbortSignal;
}

export interface Layers {
  base: Layer;
  redis: Layer;
  frontend: Layer;
  /** The Debian packages in each, as "name version". */
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

/**
 * The images' layers, shared between them: busybox with the pause script, then redis, then the frontend's page and
 * script.
 */
export async function makeLayers({ cache, scratch, signal }: Making): Promise<Layers> {
  const tree = (name: string) =>
    cp(join(import.meta.dirname, name), join(scratch, name), { recursive: true });
  const layer = (name: string, what: string) =>
    makeLayer(join(scratch, name), join(scratch, `${name}.tar`), what, signal);

  await tree("base");
  const busybox = await unpack(["busybox-static"], join(scratch, "busybox-package"), cache, signal);
  for (const folder of ["bin", "tmp", "dev", "proc", "sys"]) await mkdir(join(scratch, "base", folder));
  await cp(join(busybox.folder, "bin/busybox"), join(scratch, "base/bin/busybox"));
  for (const name of applets) await symlink("busybox", join(scratch, "base/bin", name));

  await tree("redis");
  const redis = await unpack(
    [...redisPackages, ...redisLibraries],
    join(scratch, "redis-packages"),
    cache,
    signal,
  );
  await install(["usr/bin/redis-server", "usr/bin/redis-cli"], redis, join(scratch, "redis"), signal);

  await tree("frontend");
  return {
    base: await layer("base", "busybox, and a process that waits"),
    redis: await layer("redis", "redis with its libraries"),
    frontend: await layer("frontend", "the guestbook's page and its script"),
    parts: {
      busybox: busybox.parts.join(", "),
      redis: redis.parts.slice(0, redisPackages.length).join(", "),
    },
  };
}
