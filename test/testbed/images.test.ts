import { expect } from "chai";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { home } from "../../harness/paths.ts";
import { BadConfiguration } from "../../harness/errors.ts";
import type { LabFile } from "../../harness/lab/schema.ts";
import { loadLab } from "../../harness/lab/load.ts";
import { makeLayer, writeArchive } from "../../testbed/images/archive.ts";
import { publishImages } from "../../testbed/images/images.ts";
import { tool } from "../../testbed/tool.ts";
import { guestbookSays } from "./guestbook.ts";

interface Entry {
  Config: string;
  RepoTags: string[];
  Layers: string[];
}
interface Configuration {
  architecture: string;
  os: string;
  config: { Labels: Record<string, string> };
  rootfs: { diff_ids: string[] };
}

const { signal } = new AbortController();
const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, "utf8"));

/** Each image in an archive of its own, where the lab has them come together. */
const apart = ({ pause, redisMaster, redisSlave, frontend }: LabFile["images"]): LabFile["images"] => ({
  pause: { name: pause.name, archive: "prepared:images/pause.tar.gz" },
  redisMaster: { name: redisMaster.name, archive: "prepared:images/redis-master.tar.gz" },
  redisSlave: { name: redisSlave.name, archive: "prepared:images/redis-slave.tar.gz" },
  frontend: { name: frontend.name, archive: "prepared:images/gb-frontend.tar.gz" },
});

describe("the testbed's images", function () {
  this.timeout("5m");
  let folder: string;
  let lab: LabFile;
  before(async () => {
    const embedded = await loadLab("embedded");
    lab = { ...embedded, images: apart(embedded.images) };
    folder = await mkdtemp(join(tmpdir(), "images-"));
    // Debian's packages come from where runs keep them.
    await mkdir(join(home, "testbed", "debs"), { recursive: true });
    await symlink(join(home, "testbed", "debs"), join(folder, "debs"));
    await publishImages({
      lab,
      cache: folder,
      folder: join(folder, "published"),
      say: () => undefined,
      signal,
    });
  });
  after(() => rm(folder, { recursive: true }));

  /** Unpacks a published archive, and answers its folder and its only image. */
  async function open(name: string): Promise<{ at: string; entry: Entry; configuration: Configuration }> {
    const at = join(folder, `open-${name}`);
    await mkdir(at, { recursive: true });
    await tool("tar", ["-xzf", join(folder, "published", `${name}.tar.gz`), "-C", at]);
    const [entry, ...others] = (await json(join(at, "manifest.json"))) as [Entry, ...Entry[]];
    expect(others).to.deep.equal([]);
    return { at, entry, configuration: (await json(join(at, entry.Config))) as Configuration };
  }

  /** Unpacks an image's layers on top of each other. */
  async function root(name: string): Promise<string> {
    const { at, entry } = await open(name);
    const tree = join(folder, `root-${name}`);
    await mkdir(tree, { recursive: true });
    for (const layer of entry.Layers) await tool("tar", ["-xf", join(at, layer), "-C", tree]);
    // Enough of a device for a shell's background processes.
    await writeFile(join(tree, "dev", "null"), "");
    return tree;
  }

  for (const name of ["pause", "redis-master", "redis-slave", "gb-frontend"]) {
    it(`${name} is an archive that docker 1.13 takes: each layer is the one its configuration names`, async () => {
      const { at, entry, configuration } = await open(name);
      const contents = await Promise.all(entry.Layers.map((layer) => readFile(join(at, layer))));
      expect(configuration.rootfs.diff_ids).to.deep.equal(contents.map((tar) => `sha256:${sha256(tar)}`));
      expect(entry.Config).to.equal(`${sha256(await readFile(join(at, entry.Config)))}.json`);
      expect(configuration).to.include({ architecture: "amd64", os: "linux" });
    });

    it(`${name} says that it is a stand-in, and what is in it`, async () => {
      const { entry, configuration } = await open(name);
      expect(entry.RepoTags[0]).to.match(/^hardway\//);
      expect(configuration.config.Labels["hardway.stand-in"]).to.match(/^gcr\.io\//);
      expect(configuration.config.Labels["hardway.parts"]).to.match(/busybox-static \S*\d/);
    });
  }

  it("are loaded under the references the lab file gives them", async () => {
    const names = await Promise.all(
      (await readdir(join(folder, "published"))).map((file) => open(file.slice(0, -7))),
    );
    const references = Object.values(lab.images).map(({ name }) => name);
    expect(names.flatMap(({ entry }) => entry.RepoTags)).to.have.members(references);
  });

  it("come together where the lab file names one archive for several, the layer they share once", async () => {
    const archive = "prepared:images/all.tar.gz";
    const images = Object.fromEntries(
      Object.entries(lab.images).map(([kind, { name }]) => [kind, { name, archive }]),
    ) as LabFile["images"];
    const published = join(folder, "together");
    await publishImages({
      lab: { ...lab, images },
      cache: folder,
      folder: published,
      say: () => undefined,
      signal,
    });
    expect(await readdir(published)).to.deep.equal(["all.tar.gz"]);
    const listing = (await tool("tar", ["-tzf", join(published, "all.tar.gz")])).split("\n");
    expect(listing.filter((path) => path.endsWith("/layer.tar"))).to.have.length(1);
    expect(listing.filter((path) => path.endsWith(".json"))).to.have.length(5);
  });

  it("are refused where the lab file wants them outside images/", async () => {
    const pause = { name: "hardway/pause:3.0", archive: "prepared:keys/pause.tar.gz" };
    const asked = { ...lab, images: { ...lab.images, pause } };
    const options = { cache: folder, folder: join(folder, "refused"), say: () => undefined, signal };
    const refusal = await publishImages({ lab: asked, ...options }).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(BadConfiguration);
    expect((refusal as BadConfiguration).message).to.include("saw prepared:keys/pause.tar.gz");
  });

  it("are the same bytes for the same files, whenever they were written", async () => {
    const archives = await Promise.all(
      ["one", "other"].map(async (name, index) => {
        const tree = join(folder, name);
        const names = index === 0 ? ["a", "b"] : ["b", "a"];
        await mkdir(tree);
        for (const file of names)
          await writeFile(join(tree, file), file, { mode: index === 0 ? 0o640 : 0o644 });
        await utimes(join(tree, "a"), index * 1000, index * 1000);
        const layers = [await makeLayer(tree, join(folder, `${name}.tar`), "a test", signal)];
        const image = { name: "test:1", command: ["a"], labels: {}, layers };
        await mkdir(join(folder, `scratch-${name}`));
        await writeArchive([image], join(folder, `${name}.gz`), join(folder, `scratch-${name}`), signal);
        return readFile(join(folder, `${name}.gz`));
      }),
    );
    expect(archives[0]?.equals(archives[1] ?? Buffer.of())).to.equal(true);
  });

  it("make a guestbook: what is set through the master is got from the slave, whatever it contains", async () => {
    const hostile = `"q'\\ b;$(id)\`id\`|&\nnext\ttab %&=+# é€😀,--x`;
    const roots = {
      pause: await root("pause"),
      master: await root("redis-master"),
      slave: await root("redis-slave"),
      frontend: await root("gb-frontend"),
    };
    const said = await guestbookSays(roots, [
      { cmd: "get", key: "messages" },
      { cmd: "set", key: "messages", value: "hello world" },
      { cmd: "get", key: "messages" },
      { cmd: "set", key: "messages", value: hostile },
      { cmd: "get", key: "messages" },
      { cmd: "set", key: "-h *", value: "-x *" },
      { cmd: "get", key: "-h *" },
      { cmd: "other" },
    ]);
    expect(
      said.answers.map((answer) => (answer === "" ? "refused" : (JSON.parse(answer) as unknown))),
    ).to.deep.equal([
      { data: "" },
      { message: "Updated" },
      { data: "hello world" },
      { message: "Updated" },
      { data: hostile },
      { message: "Updated" },
      { data: "-x *" },
      "refused",
    ]);
    expect(said.page)
      .to.match(/^<!doctype html>/)
      .and.not.match(/https?:\/\//);
    expect(said.ends).to.deep.equal({ pause: "0", master: "0", slave: "0", frontend: "0" });
  });

  it("end a redis slave that has no master to find, saying so", async () => {
    const slave = join(folder, "lonely");
    await cp(await root("redis-slave"), slave, { recursive: true, verbatimSymlinks: true });
    const failure = await tool("unshare", ["--map-root-user", "chroot", slave, "redis-slave"], {
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", GET_HOSTS_FROM: "env" },
    }).catch((error: unknown) => error);
    expect(failure)
      .to.have.property("details")
      .that.matches(/redis-master service has to be there/);
  });
});
