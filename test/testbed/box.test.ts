import { expect } from "chai";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { makeInitrd } from "../../testbed/box/initrd.ts";
import { tool } from "../../testbed/tool.ts";

const box = resolve(import.meta.dirname, "../../testbed/box");
const { signal } = new AbortController();

describe("the embedded lab's box", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "box-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  describe("its initrd", () => {
    /** A root with what the initrd is made from. */
    async function root(dependencies: string[]): Promise<string> {
      const tree = join(folder, "tree");
      const modules = join(tree, "lib/modules/6.1");
      const files = dependencies.flatMap((line) => line.split(/:?\s+/).filter((path) => path !== ""));
      for (const file of files) {
        await mkdir(dirname(join(modules, file)), { recursive: true });
        await writeFile(join(modules, file), file);
      }
      await mkdir(join(tree, "usr/bin"), { recursive: true });
      await writeFile(join(tree, "usr/bin/busybox"), "busybox", { mode: 0o755 });
      await writeFile(join(modules, "modules.dep"), dependencies.join("\n"));
      return tree;
    }
    const dependencies = [
      "kernel/virtio.ko:",
      "kernel/ring.ko: kernel/virtio.ko",
      "kernel/virtio_pci.ko: kernel/ring.ko kernel/virtio.ko",
      "kernel/block/virtio_blk.ko: kernel/ring.ko kernel/virtio.ko",
      "kernel/failover.ko:",
      "kernel/net/virtio_net.ko: kernel/failover.ko",
      "kernel/char/virtio-rng.ko: kernel/ring.ko kernel/virtio.ko",
      "kernel/net/unwanted.ko: kernel/virtio.ko",
    ];

    it("loads the modules it needs and no other, each after those it depends on", async () => {
      const image = join(folder, "initrd.img");
      await makeInitrd(await root(dependencies), image, folder, signal);
      const order = await tool("sh", ["-c", `cpio --quiet -i --to-stdout modules/order < "$1"`, "sh", image]);
      expect(order.split("\n")).to.deep.equal([
        "virtio.ko",
        "ring.ko",
        "virtio_pci.ko",
        "virtio_blk.ko",
        "failover.ko",
        "virtio_net.ko",
        "virtio-rng.ko",
      ]);
    });

    it("has an executable init and busybox, owned by root", async () => {
      const image = join(folder, "initrd.img");
      await makeInitrd(await root(dependencies), image, folder, signal);
      const listing = await tool("sh", ["-c", `cpio --quiet -itvn < "$1"`, "sh", image]);
      expect(listing).to.match(/^-rwxr-xr-x +1 0 +0 .* init$/m);
      expect(listing).to.match(/^-rwxr-xr-x +1 0 +0 .* bin\/busybox$/m);
    });

    it("is refused for a kernel without a module it needs", async () => {
      const lacking = await root(dependencies.filter((line) => !line.includes("virtio_net")));
      const refusal = makeInitrd(lacking, join(folder, "initrd.img"), folder, signal);
      expect(await refusal.catch(String)).to.include("kernel 6.1 to have the module virtio_net, saw none");
    });
  });

  describe("its management network", () => {
    /** Tells the lease script of a lease in a network of its own, and answers eth0's addresses and the routes. */
    const lease = (environment: string) =>
      tool("unshare", [
        ...["--map-root-user", "--net", "sh", "-euc"],
        `ip link add eth0 type bridge
         interface=eth0 "$1" deconfig
         interface=eth0 ip=192.168.147.5 mask=24 serverid=192.168.147.1 ${environment} "$1" bound
         ip -4 -o address show eth0
         ip route`,
        ...["sh", join(box, "files/usr/libexec/management-lease")],
      ]);

    it("gives the machine its address, and a default route by the server where the lease names no router", async () => {
      const said = await lease("");
      expect(said).to.match(/eth0 +inet 192\.168\.147\.5\/24 /);
      expect(said).to.include("default via 192.168.147.1 dev eth0");
    });

    it("takes the router that the lease names", async () => {
      expect(await lease("router='192.168.147.254'")).to.include("default via 192.168.147.254 dev eth0");
    });
  });
});
