import { access } from "node:fs/promises";
import { join } from "node:path";
import { build, formatMessages, stop, type BuildFailure } from "esbuild";
import { LabNotBuilt } from "../../harness/errors.ts";
import { project } from "../../harness/paths.ts";

const folder = join(project, "testbed", "standins");

/**
 * The named stand-ins, each as one CommonJS program for Debian 12's node 18, by name.
 * @throws LabNotBuilt where a stand-in is missing or does not compile
 */
export async function bundleStandIns(names: string[]): Promise<Map<string, Uint8Array>> {
  if (names.length === 0) return new Map();
  const mains = names.map((name) => join(folder, name, "main.ts"));
  for (const main of mains) {
    await access(main).catch((cause: unknown) => {
      throw new LabNotBuilt({ message: `expected a stand-in's program at ${main}, saw none`, cause });
    });
  }
  try {
    const result = await build({
      entryPoints: mains.map((main, at) => ({ in: main, out: names[at] ?? main })),
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node18",
      charset: "utf8",
      banner: { js: "#!/usr/bin/node" },
      legalComments: "none",
      outdir: "/",
      write: false,
      logLevel: "silent",
    });
    return new Map(result.outputFiles.map(({ path, contents }) => [path.slice(1, -".js".length), contents]));
  } catch (cause) {
    if (!isBuildFailure(cause)) throw cause;
    throw new LabNotBuilt({
      message: "expected the stand-ins to compile",
      details: await formatMessages(cause.errors, { kind: "error" }),
      cause,
    });
  } finally {
    await stop();
  }
}

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && "errors" in error;
