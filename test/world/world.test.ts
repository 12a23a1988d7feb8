import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { LabNotBuilt } from "../../harness/errors.ts";
import { ask, demand } from "../../harness/machines/command.ts";
import { networksOf, newRun, type Run } from "../../harness/machines/label.ts";
import { makeNetworks } from "../../harness/machines/networks.ts";
import { ownedByUs, readOwner } from "../../harness/machines/owner.ts";
import { isAlive, processId } from "../../harness/machines/process.ts";
import { membersOf } from "../../harness/world/mark.ts";
import { removeWorld } from "../../harness/world/remove.ts";
import { createWorld, openWorld, type World } from "../../harness/world/world.ts";

const within = 30_000;

describe("a run's world", function () {
  this.timeout(90_000);
  let home: string;
  let run: Run;
  let world: World;
  let virsh: (...args: string[]) => Promise<string>;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), "hww-"));
    run = newRun("test");
    world = await createWorld(run.label, home);
    virsh = (...args) =>
      demand(world.enter(["virsh", "--quiet", "-c", world.libvirtUri, ...args]), { within });
  });
  after(async () => {
    await removeWorld(run.label, home);
    await rm(home, { recursive: true, force: true });
  });

  const inside = (script: string) => demand(world.enter(["sh", "-c", script]), { within });

  it("has a network of its own, with loopback up and nothing else", async () => {
    expect(await inside("ls /sys/class/net; ip -br address show up")).to.match(
      /^lo\nlo +UNKNOWN +127\.0\.0\.1\/8/,
    );
  });

  it("keeps the working folder of who enters", async () => {
    expect(await inside("pwd")).to.equal(process.cwd());
  });

  it("has a libvirtd that runs emulated machines, reached by a socket that is not there outside", async () => {
    expect(await virsh("domcapabilities", "--virttype", "qemu")).to.include("<domain>qemu</domain>");
    expect(existsSync(/socket=(.*)$/.exec(world.libvirtUri)?.[1] ?? "")).to.equal(false);
    expect(await virsh("list", "--all", "--name")).to.equal("");
  });

  it("is found again by what is written down", async () => {
    const again = await openWorld(world.file);
    expect(again).to.include({ label: run.label, holderPid: world.holderPid, libvirtUri: world.libvirtUri });
    expect(await demand(again.enter(["echo", "here"]), { within })).to.equal("here");
  });

  it("is told apart from one that is gone", async () => {
    const file = join(home, "gone.json");
    const gone = { label: newRun("test").label, holderPid: process.pid, libvirtUri: "qemu:///gone" };
    for (const written of [undefined, JSON.stringify(gone)]) {
      if (written !== undefined) await writeFile(file, written);
      const error: unknown = await openWorld(file).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(LabNotBuilt);
    }
  });

  it("has the lab's networks: bridges without spanning tree, and DHCP that gives a default route", async () => {
    const folder = join(home, "run");
    await mkdir(folder);
    const lab = {
      network: "10.146.47.0/24",
      management: "192.168.147.0/24",
      hostAddress: "10.146.47.1",
      isolation: "namespace",
    } as const;
    // Metadata survives what a path may hold.
    const owner = ownedByUs(`/somewhere <odd> & "quoted" 'home'`);
    const uri = world.libvirtUri.replace("socket=", `socket=/proc/${world.holderPid}/root`); // seen from outside
    await makeNetworks({ uri }, { run, lab, owner, folder });
    expect(readOwner(await virsh("net-dumpxml", networksOf(run.label).lab))).to.deep.equal(owner);
    expect(await inside("ip -br -4 address show")).to.match(
      /hw\w{6}l .*10\.146\.47\.1\/24[^]*hw\w{6}m .*192\.168\.147\.1\/24/,
    );
    expect(await inside("cat /sys/class/net/hw*/bridge/stp_state")).to.equal("0\n0");
    const dhcp = await inside(`cat /var/lib/libvirt/dnsmasq/${networksOf(run.label).management}.conf`);
    expect(dhcp)
      .to.include("dhcp-range=192.168.147.2,192.168.147.254")
      .and.not.match(/^dhcp-option=3$/m);
  });

  it("leaves nothing when it is removed: no process, mount, name, volume or folder", async () => {
    const other = join(home, "pool", "hardway-test-ffffff_master.img");
    await mkdir(join(home, "pool"));
    await writeFile(join(home, "pool", `${run.label}_master.img`), "");
    await writeFile(other, "");
    const pids = membersOf(run.label).map(({ pid }) => processId(pid));
    expect(pids).to.have.length.greaterThan(2); // holder, libvirtd, dnsmasq
    const removed = await removeWorld(run.label, home);
    expect(removed.join(", ")).to.match(/^\d processes, its namespace, 1 volume$/);
    expect(pids.filter((id) => id !== undefined && isAlive(id))).to.deep.equal([]);
    expect(await readdir(join(home, "worlds"))).to.deep.equal([]);
    expect(existsSync(other)).to.equal(true);
    expect((await ask(["ip", "netns", "list"], { within })).stdout).not.to.include(run.label);
    expect(await readFile("/proc/mounts", "utf8")).not.to.include(run.label);
    expect(await removeWorld(run.label, home)).to.deep.equal([]);
  });
});
