import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { takeDown } from "../../harness/machines/down.ts";
import { newRun, networksOf, type Run } from "../../harness/machines/label.ts";
import { makeNetworks } from "../../harness/machines/networks.ts";
import { ownedByUs, setOwner, type Owner } from "../../harness/machines/owner.ts";
import { makeOwnPool, ownPool, poolState, readyPool } from "../../harness/machines/pool.ts";
import { findRuns } from "../../harness/machines/runs.ts";
import { names, type Libvirt, virsh } from "../../harness/machines/virsh.ts";
import { project } from "../../harness/paths.ts";
import { Program } from "../world/program.ts";
import { askForNames } from "./names.ts";
import { PlayedHost } from "./host.ts";

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
  let host: PlayedHost;
  let folder: string;
  let libvirt: Libvirt;

  before(async () => {
    host = await PlayedHost.start();
    ({ folder, libvirt } = host);
    await writeFile(join(folder, "box.img"), Buffer.alloc(2 ** 20, "an image"));
    await pool("base.img");
  });
  after(() => host[Symbol.asyncDispose]());

  /** Another harness, with a HARDWAY_HOME of its own, which first removes what the last one left. */
  const reap = async (): Promise<string[]> => {
    const module = `
      const { reap } = await import(${JSON.stringify(join(project, "harness", "machines", "reaper.ts"))});
      for (const line of await reap({ uri: ${JSON.stringify(libvirt.uri)} })) console.log(line);
      console.log("reaped");
    `;
    await using program = await Program.start(module, "reaped", { HARDWAY_HOME: join(folder, "another") });
    return program.lines.filter((line) => line.startsWith("hardway-shared-"));
  };

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
    const run = newRun("shared");
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

  const deadOwner = (): Owner => ({ home: join(folder, "gone"), process: { pid: process.pid, start: "1" } });

  it("loses to the reaper what a dead run has left, and keeps a living run's, of whatever HARDWAY_HOME", async () => {
    const [dead, living] = [newRun("shared"), newRun("shared")];
    await furnish(dead, deadOwner());
    expect(await reap()).to.deep.equal([`${dead.label}: 2 machines, 2 volumes, 2 networks`]);
    await furnish(living, ownedByUs(join(folder, "gone")));
    expect(await reap()).to.deep.equal([]);
    expect(await everything())
      .to.include(`${living.label}_master`)
      .and.include("other");
    await takeDown(living.label, libvirt);
  });

  it("loses a network that was defined only, and what is left without a network to say whose it was", async () => {
    const [defined, alone] = [newRun("shared"), newRun("shared")];
    const [networkFile, name] = [join(folder, "defined.xml"), networksOf(defined.label).lab];
    await writeFile(networkFile, `<network><name>${name}</name><bridge name="hwdefined"/></network>`);
    await virsh(libvirt, ["net-define", networkFile]);
    await define(`${alone.label}_worker1`, true);
    expect(await reap()).to.have.members([
      `${defined.label}: 1 network`,
      `${alone.label}: 1 machine, 1 volume`,
    ]);
    expect(await everything()).to.not.include(name);
  });

  it("keeps a lab that was left up, as long as it is written down where its owner says", async () => {
    const kept = newRun("shared");
    const home = join(folder, "kept", "labs", "shared");
    await furnish(kept, { ...deadOwner(), home });
    await mkdir(home, { recursive: true });
    const state = { label: kept.label, uri: "qemu:///system", folder, stage: "up" };
    await writeFile(join(home, "state.json"), JSON.stringify(state));
    expect(await reap()).to.deep.equal([]);

    // A restart of the host takes the networks, but not the machines, which say it too.
    await setOwner(libvirt, `${kept.label}_master`, { ...deadOwner(), home });
    for (const network of Object.values(networksOf(kept.label)))
      await virsh(libvirt, ["net-destroy", network]);
    await virsh(libvirt, ["destroy", `${kept.label}_master`]);
    expect(await reap()).to.deep.equal([]);

    // Who cannot read it cannot know.
    await writeFile(join(home, "state.json"), "{");
    expect(await reap()).to.deep.equal([]);
    await rm(join(home, "state.json"));
    expect(await reap()).to.deep.equal([`${kept.label}: 2 machines, 2 volumes`]);
  });

  it("is left alone where it is another host's, whose processes are not to be seen from here", async () => {
    const runs = await findRuns({ uri: "qemu+tcp://127.0.0.1:1/system" });
    expect(runs.filter(({ held }) => held !== undefined)).to.deep.equal([]);
  });

  it("has things whose names only resemble ours, and they are nobody's to remove", async () => {
    const alike = [
      "hardway",
      "hardway-shared-12345_x",
      "hardway-shared-12345g_x",
      "x-hardway-shared-123456_x",
    ];
    for (const name of alike) await define(name, false);
    const before = await everything();
    expect(await reap()).to.deep.equal([]);
    expect(await everything()).to.deep.equal(before);
    for (const name of alike) await virsh(libvirt, ["undefine", name]);
  });

  it("has the box's image in a pool of the host: whole, whatever a killed upload has left", async () => {
    const image = join(folder, "box.img");
    const volume = join(folder, "default", "part.img");
    const ready = () =>
      readyPool(libvirt, {
        pool: "default",
        volume: "part.img",
        image,
        xmlFolder: folder,
        folder: join(folder, "default"),
      });
    const isWhole = async () => (await readFile(volume)).equals(await readFile(image));
    expect(await poolState(libvirt, "default")).to.equal("none");
    expect((await ready()).join("; ")).to.match(/^made the pool default in .*; uploaded part.img/);
    expect(await isWhole()).to.equal(true);
    expect(await ready()).to.deep.equal([]);

    await truncate(volume, 3);
    expect((await ready())[0]).to.match(/^removed part.img from the pool default: a part/);
    expect(await isWhole()).to.equal(true);

    // As after the host's restart.
    await virsh(libvirt, ["pool-destroy", "default"]);
    expect(await poolState(libvirt, "default")).to.equal("inactive");
    expect(await ready()).to.deep.equal(["started the pool default, which was defined but not active"]);
    await virsh(libvirt, ["pool-destroy", "default"]);
    await virsh(libvirt, ["pool-undefine", "default"]);
  });

  it("gives machines a name server where its networks lead out, and none in a namespace", async () => {
    const other = { network: "10.146.48.0/24", hostAddress: "10.146.48.1", management: "192.168.148.0/24" };
    for (const [isolation, answer] of [
      ["host", /^answered$/],
      ["namespace", /^silent$/],
    ] as const) {
      const run = newRun("shared");
      const runFolder = join(folder, run.id);
      await mkdir(runFolder);
      await makeNetworks(libvirt, {
        run,
        lab: { ...other, isolation },
        owner: ownedByUs(folder),
        folder: runFolder,
      });
      const said = await host.run(process.execPath, "-e", askForNames("192.168.148.1"));
      expect(said, isolation).to.match(answer);
      const labNetwork = await readFile(join(runFolder, "network-lab.xml"), "utf8");
      expect(labNetwork, "nobody asks names of the lab's own network").to.include('<dns enable="no"/>');
      await takeDown(run.label, libvirt);
    }
  });
});
