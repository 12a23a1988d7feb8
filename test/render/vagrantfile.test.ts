import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { BadConfiguration } from "../../harness/errors.ts";
import { renderVagrantfile } from "../../harness/render/vagrantfile.ts";
import { fixedLab, fixedPlacement, labNames } from "./labs.ts";
import type { LabName } from "./labs.ts";

/** What a Vagrantfile sets: the setting, its value or values, and its options. */
type Setting = [path: string, values: unknown[], options: Record<string, unknown>];

const rendered = async (name: LabName): Promise<string> => {
  const lab = await fixedLab(name);
  return renderVagrantfile(lab, fixedPlacement(lab));
};

describe("the Vagrantfile", () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "hardway-vagrantfile-"));
    file = join(folder, "Vagrantfile");
  });
  after(() => rm(folder, { recursive: true }));

  async function settings(text: string): Promise<Setting[]> {
    await writeFile(file, text);
    const { stdout } = await execa("ruby", [join(import.meta.dirname, "recorder.rb"), file], { cwd: folder });
    return JSON.parse(stdout) as Setting[];
  }
  const values = (all: Setting[], path: string): unknown[] =>
    all.filter(([setting]) => setting === `config.${path}`).flatMap(([, given]) => given);

  for (const name of labNames) {
    it(`is one that Vagrant and its libvirt plug-in accept for ${name}`, async () => {
      await writeFile(file, await rendered(name));
      const env = {
        VAGRANT_HOME: join(folder, "home"),
        VAGRANT_CHECKPOINT_DISABLE: "1",
        VAGRANT_DEFAULT_PROVIDER: "libvirt",
      };
      const { stdout } = await execa("vagrant", ["validate"], { cwd: folder, env });
      expect(stdout).to.equal("Vagrantfile validated successfully.");
    });

    it(`makes each machine of ${name} once, on both networks, with its console in a file`, async () => {
      const [lab, all] = [await fixedLab(name), await settings(await rendered(name))];
      expect(values(all, "vm.define")).to.deep.equal(lab.machines.map((machine) => machine.name));
      const networks = all.filter(([path]) => path === "config.vm.define.vm.network");
      expect(networks.map(([, kind]) => kind)).to.deep.equal(lab.machines.map(() => ["private_network"]));
      for (const [index, [, , options]] of networks.entries()) {
        expect(options).to.include({
          ip: lab.machines[index]?.address,
          netmask: "255.255.255.0",
          libvirt__network_name: `hardway-${name}-0a1b2c-lab`,
          libvirt__forward_mode: "none",
          libvirt__dhcp_enabled: false,
          libvirt__always_destroy: false,
        });
      }
      const consoles = all.filter(([path]) => path === "config.vm.define.vm.provider.serial");
      expect(consoles.map(([, , options]) => options)).to.deep.equal(
        lab.machines.map((machine) => ({
          type: "file",
          source: { path: `/runs/0a1b2c/consoles/${machine.name}.log` },
        })),
      );
      expect(values(all, "vm.define.vm.provider.memory=")).to.deep.equal(
        lab.machines.map(({ memory }) => memory),
      );
    });

    it(`shares no folder with ${name}, and makes no key or network of its own`, async () => {
      const all = await settings(await rendered(name));
      const folders = all.filter(([path]) => path === "config.vm.synced_folder");
      expect(folders.map(([, given, options]) => [given[1], options])).to.deep.equal([
        ["/vagrant", { disabled: true }],
        ["/home/vagrant/sync", { disabled: true }],
      ]);
      expect(values(all, "ssh.insert_key=")).to.deep.equal([false]);
      expect(values(all, "vm.provider.management_network_keep=")).to.deep.equal([true]);
      expect(values(all, "vm.provider.default_prefix=")).to.deep.equal([`hardway-${name}-0a1b2c_`]);
    });
  }

  it("lets the kernel command line name a directly booted machine and give it its address", async () => {
    const [lab, all] = [await fixedLab("embedded"), await settings(await rendered("embedded"))];
    const lines = values(all, "vm.define.vm.provider.cmd_line=");
    expect(lines).to.have.length(lab.machines.length);
    expect(lines[1]).to.equal(
      [
        ...lab.box.kernelArguments,
        "systemd.hostname=worker1",
        "ip=10.146.47.110:::255.255.255.0::eth1:off",
      ].join(" "),
    );
    expect(values(all, "vm.define.vm.hostname=")).to.deep.equal([]);
    const other = await renderVagrantfile(
      { ...lab, flannel: { ...lab.flannel, interface: "lab0" } },
      fixedPlacement(lab),
    );
    expect(other).to.include("ip=10.146.47.110:::255.255.255.0::lab0:off");
    const networks = all.filter(([path]) => path === "config.vm.define.vm.network");
    for (const [, , options] of networks) expect(options).to.include({ auto_config: false });
    expect(values(all, "vm.provider.management_network_mode=")).to.deep.equal(["none"]);
  });

  it("lets Vagrant name a machine whose box boots by itself, by its lab address", async () => {
    const [lab, all] = [await fixedLab("centos7"), await settings(await rendered("centos7"))];
    expect(values(all, "vm.define.vm.hostname=")).to.deep.equal(lab.machines.map((machine) => machine.name));
    expect(values(all, "vm.define.vm.provider.cmd_line=")).to.deep.equal([]);
    const networks = all.filter(([path]) => path === "config.vm.define.vm.network");
    for (const [, , options] of networks) expect(options).to.include({ hostname: true });
    expect(values(all, "vm.provider.management_network_mode=")).to.deep.equal(["nat"]);
    expect(values(all, "vm.guest=")).to.deep.equal(["redhat"]);
  });

  it("names a processor model only where it is emulated", async () => {
    const lab = await fixedLab("centos7");
    const models = async (driver: "kvm" | "qemu"): Promise<unknown[]> => {
      const all = await settings(await renderVagrantfile(lab, { ...fixedPlacement(lab), driver }));
      return [...values(all, "vm.provider.cpu_mode="), ...values(all, "vm.provider.cpu_model=")];
    };
    expect(await models("kvm")).to.deep.equal(["host-passthrough"]);
    expect(await models("qemu")).to.deep.equal(["custom", "qemu64"]);
  });

  it("takes hostile values for values", async () => {
    const lab = await fixedLab("embedded");
    const hostile = (what: string): string =>
      `${what}'"\\ #{File.write("canary", "x")} $(touch canary) \`touch canary\`\n__END__\nend; File.write("canary", "y") #`;
    const machines = lab.machines.map((machine) => ({ ...machine, name: hostile(machine.name) }));
    const box = { ...lab.box, kernelArguments: [hostile("argument")] };
    const placement = {
      ...fixedPlacement(lab),
      label: hostile("label"),
      uri: hostile("uri"),
      network: hostile("network"),
      managementNetwork: hostile("management"),
      pool: hostile("pool"),
      box: { name: hostile("box"), version: hostile("version") },
    };
    const text = await renderVagrantfile({ ...lab, machines, box, summary: hostile("summary") }, placement);
    const all = await settings(text);
    const { stdout } = await execa("ruby", ["-wc", file]);
    expect(stdout).to.equal("Syntax OK");
    expect(values(all, "vm.define")).to.deep.equal(machines.map((machine) => machine.name));
    expect(values(all, "vm.box=")).to.deep.equal([hostile("box")]);
    expect(values(all, "vm.box_version=")).to.deep.equal([hostile("version")]);
    expect(values(all, "vm.provider.uri=")).to.deep.equal([hostile("uri")]);
    expect(values(all, "vm.provider.default_prefix=")).to.deep.equal([`${hostile("label")}_`]);
    expect(values(all, "vm.provider.management_network_name=")).to.deep.equal([hostile("management")]);
    expect(values(all, "vm.provider.storage_pool_name=")).to.deep.equal([hostile("pool")]);
    expect(values(all, "vm.define.vm.provider.cmd_line=")[0]).to.contain(hostile("argument"));
    expect(await readdir(folder)).not.to.include("canary");
  });

  it("refuses a folder for consoles that would become XML of its own", async () => {
    const lab = await fixedLab("embedded");
    try {
      await renderVagrantfile(lab, { ...fixedPlacement(lab), consoleFolder: "/it's/<here>" });
      expect.fail("rendered");
    } catch (error) {
      expect(error).to.be.instanceOf(BadConfiguration);
    }
  });
});
