import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { takeDown } from "../../harness/machines/down.ts";
import { newRun, networksOf, type Run } from "../../harness/machines/label.ts";
import { makeNetworks } from "../../harness/machines/networks.ts";
import { ownedByUs, type Owner } from "../../harness/machines/owner.ts";
import { makeOwnPool, ownPool, poolState, readyPool } from "../../harness/machines/pool.ts";
import { reapLibvirt } from "../../harness/machines/reaper.ts";
import { names, type Libvirt, virsh } from "../../harness/machines/virsh.ts";
import { removeWorld } from "../../harness/world/remove.ts";
import { createWorld } from "../../harness/world/world.ts";

const lab = {
  network: "10.146.47.0/24",
  management: "192.168.147.0/24",
  hostAddress: "10.146.47.1",
  isolation: "namespace",
} as const;

/** A machine without a disk: it starts, and waits in its firmware. */
const machine = (name: string) =>
  `<domain type="qemu"><name>${name}</name><memory unit="MiB">16</memory><os><type>hvm</type></os></domain>`;

describe("a libvirt that others use too", function () {
  this.timeout(90_000);
  const world = newRun("test");
  let folder: string;
  let libvirt: Libvirt;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hwv-"));
    const { libvirtUri, enter } = await createWorld(world.label, join(folder, "home"));
    libvirt = { uri: libvirtUri, enter };
    await writeFile(join(folder, "box.img"), "an image");
    await pool("base.img");
  });
  after(async () => {
    await removeWorld(world.label, join(folder, "home"));
    await rm(folder, { recursive: true, force: true });
  });

  const pool = (volume: string) =>
    makeOwnPool(libvirt, {
      folder: join(folder, "pool"),
      volume,
      image: join(folder, "box.img"),
      xmlFolder: folder,
    });

  const define = async (name: string, start: boolean) => {
    const file = join(folder, "domain.xml");
    await writeFile(file, machine(name));
    await virsh(libvirt, ["define", file]);
    if (start) await virsh(libvirt, ["start", name]);
    await virsh(libvirt, ["vol-create-as", ownPool, `${name}.img`, "1M"]);
  };
  const furnish = async (run: Run, owner: Owner) => {
    await define(`${run.label}_master`, true);
    await define(`${run.label}_worker1`, false);
    const runFolder = join(folder, run.id);
    await mkdir(runFolder);
    await makeNetworks(libvirt, { run, lab, owner, folder: runFolder });
  };
  const everything = async () => [
    ...(await names(libvirt, ["list", "--all", "--name"])),
    ...(await names(libvirt, ["net-list", "--all", "--name"])),
    ...(await names(libvirt, ["vol-list", ownPool])).flatMap((line) => line.split(" ")[0] ?? []),
  ];

  it("has the box's image in the pool at once, by a link, and no other box's", async () => {
    const [image, linked] = await Promise.all([
      stat(join(folder, "box.img")),
      stat(join(folder, "pool", "base.img")),
    ]);
    expect(linked.ino).to.equal(image.ino);
    await writeFile(join(folder, "pool", "other_vagrant_box_image_0.1_box.img"), "");
    await virsh(libvirt, ["pool-destroy", ownPool]);
    await pool("base.img");
    expect(existsSync(join(folder, "pool", "other_vagrant_box_image_0.1_box.img"))).to.equal(false);
    expect(await everything()).to.deep.equal(["base.img"]);
  });

  it("loses a run's machines, disks and networks to take-down, and nothing else", async () => {
    await define("other", true);
    const run = newRun("test");
    await furnish(run, ownedByUs(folder));
    const names = [`${run.label}_master`, `${run.label}_worker1`];
    expect(await takeDown(run.label, libvirt)).to.have.members([
      ...names.map((name) => `machine ${name}`),
      ...names.map((name) => `volume ${name}.img`),
      ...Object.values(networksOf(run.label)).map((name) => `network ${name}`),
    ]);
    expect(await everything()).to.have.members(["other", "base.img", "other.img"]);
    expect(await takeDown(run.label, libvirt)).to.deep.equal([]);
    expect(await virsh(libvirt, ["domstate", "other"])).to.equal("running\n".trim());
  });

  it("loses to the reaper what a dead run has left, and keeps a living run's", async () => {
    const [dead, living] = [newRun("test"), newRun("test")];
    await furnish(dead, { home: join(folder, "gone"), process: { pid: process.pid, start: "1" } });
    expect(await reapLibvirt(libvirt)).to.deep.equal([`${dead.label}: 6 machines, volumes and networks`]);
    await furnish(living, ownedByUs(join(folder, "gone")));
    expect(await reapLibvirt(libvirt)).to.deep.equal([]);
    expect(await everything())
      .to.include(`${living.label}_master`)
      .and.include("other");
  });

  it("loses a base image that is a part of the box's only, and keeps a whole one", async () => {
    const image = join(folder, "box.img");
    const ready = () => readyPool(libvirt, { pool: ownPool, volume: "part.img", image });
    expect(await ready()).to.deep.equal([]);
    await writeFile(join(folder, "pool", "part.img"), "an image");
    await virsh(libvirt, ["pool-refresh", ownPool]);
    expect(await ready()).to.deep.equal([]);
    await truncate(join(folder, "pool", "part.img"), 3);
    expect((await ready()).join()).to.match(/^removed part.img from the pool/);
    expect(existsSync(join(folder, "pool", "part.img"))).to.equal(false);
    expect(await everything()).to.include("base.img");
  });

  it("need not have a pool yet, and has one started that is not active, as after the host's restart", async () => {
    const image = join(folder, "box.img");
    const ready = () => readyPool(libvirt, { pool: "default", volume: "part.img", image });
    expect(await poolState(libvirt, "default")).to.equal("none");
    expect(await ready()).to.deep.equal([]);
    await mkdir(join(folder, "default"));
    await virsh(libvirt, ["pool-define-as", "default", "dir", "--target", join(folder, "default")]);
    await writeFile(join(folder, "default", "part.img"), "an");
    expect(await poolState(libvirt, "default")).to.equal("inactive");
    const done = await ready();
    expect(done[0]).to.equal("started the pool default, which was defined but not active");
    expect(done[1]).to.match(/^removed part.img from the pool default/);
    expect(await poolState(libvirt, "default")).to.equal("active");
    expect(await ready()).to.deep.equal([]);
    await virsh(libvirt, ["pool-destroy", "default"]);
    await virsh(libvirt, ["pool-undefine", "default"]);
  });

  it("gives machines a name server where its networks lead out, and none in a namespace", async () => {
    // Beside the networks of a living run.
    const other = { network: "10.146.48.0/24", hostAddress: "10.146.48.1", management: "192.168.148.0/24" };
    for (const [isolation, answer] of [
      ["host", /^answered$/],
      ["namespace", /^silent$/],
    ] as const) {
      const run = newRun("test");
      const runFolder = join(folder, run.id);
      await mkdir(runFolder);
      await makeNetworks(libvirt, {
        run,
        lab: { ...other, isolation },
        owner: ownedByUs(folder),
        folder: runFolder,
      });
      const [command = "", ...args] = libvirt.enter?.([process.execPath, "-e", askForNames]) ?? [];
      expect((await execa(command, args)).stdout, isolation).to.match(answer);
      const labNetwork = await readFile(join(runFolder, "network-lab.xml"), "utf8");
      expect(labNetwork, "nobody asks names of the lab's own network").to.include('<dns enable="no"/>');
      await takeDown(run.label, libvirt);
    }
  });
});

/** Asks the management network's own address for a name: any answer of a name server is one. */
const askForNames = `
const resolver = new (require("node:dns").promises.Resolver)({ timeout: 2000, tries: 1 });
resolver.setServers(["192.168.148.1"]);
resolver.resolve4("hardway.invalid").then(
  () => console.log("answered"),
  ({ code }) => console.log(["ENOTFOUND", "EREFUSED", "ESERVFAIL"].includes(code) ? "answered" : "silent"),
);`;
