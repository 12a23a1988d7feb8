import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { cp, mkdir, writeFile } from "../../harness/files.ts";
import { tool } from "../tool.ts";

/** A layer of an image: an uncompressed tar file and the hash docker knows it by. */
export interface Layer {
  file: string;
  /** SHA-256 of the tar file, 64 hexadecimal digits. */
  diffId: string;
  what: string;
}

export interface Image {
  /** The reference it is loaded as: "hardway/pause:3.0". */
  name: string;
  command: string[];
  port?: number;
  labels: Record<string, string>;
  layers: Layer[];
}

const epoch = "1970-01-01T00:00:00Z";

/** Packs a folder into a layer: the same bytes for the same files, whoever packs them and when. */
export async function makeLayer(
  tree: string,
  file: string,
  what: string,
  signal: AbortSignal,
): Promise<Layer> {
  await pack(tree, file, signal);
  const diffId = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  return { file, diffId, what };
}

/**
 * Writes a docker archive (v1.2, gzip), which `docker load` of 1.13 and of 20.10 takes: manifest.json names each
 * image's configuration, reference and layers' paths; there are as many layers as diff_ids, each the hash of its
 * uncompressed tar (facts/centos7.md §5.1). A layer that several images share is there once.
 */
export async function writeArchive(
  images: Image[],
  file: string,
  scratch: string,
  signal: AbortSignal,
): Promise<void> {
  const tree = join(scratch, basename(file));
  await mkdir(tree, { recursive: true });
  for (const { diffId, file: layer } of images.flatMap(({ layers }) => layers)) {
    await mkdir(join(tree, diffId), { recursive: true });
    await cp(layer, join(tree, diffId, "layer.tar"));
  }
  const manifest = [];
  for (const image of images) {
    const configuration = JSON.stringify(configurationOf(image));
    const id = createHash("sha256").update(configuration).digest("hex");
    await writeFile(join(tree, `${id}.json`), configuration);
    const layers = image.layers.map(({ diffId }) => `${diffId}/layer.tar`);
    manifest.push({ Config: `${id}.json`, RepoTags: [image.name], Layers: layers });
  }
  await writeFile(join(tree, "manifest.json"), JSON.stringify(manifest));
  await pack(tree, `${file}.tar`, signal);
  await tool("sh", ["-eu", "-c", 'gzip -n -6 < "$1.tar" > "$1"; rm "$1.tar"', "sh", file], { signal });
}

function configurationOf({ command, port, labels, layers }: Image) {
  return {
    architecture: "amd64",
    os: "linux",
    created: epoch,
    config: {
      Env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
      Cmd: command,
      WorkingDir: "/",
      Labels: labels,
      ...(port === undefined ? {} : { ExposedPorts: { [`${port}/tcp`]: {} } }),
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) },
    history: layers.map(({ what }) => ({ created: epoch, created_by: what })),
  };
}

async function pack(tree: string, file: string, signal: AbortSignal) {
  const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"];
  await tool("tar", ["-cf", file, ...same, "--mode=u+rwX,go+rX,go-w", "-C", tree, "."], { signal });
}
