import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { run } from "../common/run.ts";
import { showAddress, showNet, type Net4 } from "./ipv4.ts";
import type { ExternalInterface } from "./interface.ts";

/** The vxlan device of one network, `flannel.VNI`. */
export interface Device {
  name: string;
  mac: string;
}

interface LinkInfo {
  ifindex: number;
  linkinfo?: {
    info_kind?: string;
    info_data?: { id?: number; link?: string; local?: string; port?: number; l2miss?: boolean };
  };
}

interface Log {
  warning(text: string): void;
}

/**
 * The device, made where it is missing or made anew where it does not fit. Its attributes are those flannel 0.7.1
 * asks for (facts/kubernetes-1.5.2.md §b); `port` 0 means the kernel's 8472. Throws Error with the kernel's reason.
 */
export async function ensureDevice(
  { vni, port }: { vni: number; port: number },
  external: ExternalInterface,
  log: Log,
): Promise<Device> {
  const name = `flannel.${vni}`;
  const shown = await run("ip", ["-d", "-j", "link", "show", "dev", name]);
  const [existing] = shown.status === 0 ? (JSON.parse(shown.stdout) as LinkInfo[]) : [];
  const incompatible = existing && difference(existing, { vni, port }, external);
  if (existing !== undefined && incompatible !== undefined) {
    // Sic: flannel's spelling.
    const found = `"${name}" already exists with incompatable configuration: ${incompatible}`;
    log.warning(`${found}; recreating device`);
    await must(["link", "del", name], "failed to delete interface");
  }
  if (existing === undefined || incompatible !== undefined) {
    // A MAC of our own choice is one that udev leaves alone: flannel publishes it at once.
    const vxlan = ["type", "vxlan", "id", `${vni}`, "local", external.address, "dev", external.name];
    const settings = ["dstport", `${port === 0 ? 8472 : port}`, "nolearning"];
    await must(["link", "add", name, "address", randomMac(), ...vxlan, ...settings], "");
  }
  // The kernel asks user space for neighbours instead of broadcasting.
  writeFileSync(`/proc/sys/net/ipv4/neigh/${name}/app_solicit`, "3");
  return { name, mac: readFileSync(`/sys/class/net/${name}/address`, "utf8").trim() };
}

/** Gives the device the subnet's first address as a /32, sets it up and routes the whole network to it. */
export async function configure(device: Device, subnet: Net4, network: Net4): Promise<void> {
  const done = await run(
    "ip",
    ["-force", "-batch", "-"],
    [
      `address add ${showAddress(subnet.address)}/32 dev ${device.name}`,
      `link set dev ${device.name} up`,
      `route add ${showNet(network)} dev ${device.name} scope global\n`,
    ].join("\n"),
  );
  const [, why = "", line] =
    /^(?!.*File exists)(?:RTNETLINK answers: |Error: )?(.*)\nCommand failed -:([23])$/m.exec(done.stderr) ??
    [];
  if (line === "2") throw new Error(`failed to set interface ${device.name} to UP state: ${goText(why)}`);
  if (line === "3") {
    throw new Error(`failed to add route (${showNet(network)} -> ${device.name}): ${goText(why)}`);
  }
}

/** In bytes, as the kernel derived it from the external interface. */
export function mtuOf(device: Device): number {
  return Number(readFileSync(`/sys/class/net/${device.name}/mtu`, "utf8"));
}

/** The first difference that matters between the device there is and the one wanted, as flannel words it. */
function difference(
  { linkinfo }: LinkInfo,
  { vni, port }: { vni: number; port: number },
  external: ExternalInterface,
): string | undefined {
  const { info_kind: kind = "", info_data: data = {} } = linkinfo ?? {};
  if (kind !== "vxlan") return `link type: vxlan vs ${kind}`;
  if (data.id !== vni) return `vni: ${vni} vs ${data.id ?? 0}`;
  const { link } = data;
  const lower = link === undefined ? 0 : Number(readFileSync(`/sys/class/net/${link}/ifindex`, "utf8"));
  if (lower > 0 && lower !== external.index)
    return `vtep (external) interface: ${external.index} vs ${lower}`;
  if (data.local !== undefined && data.local !== external.address) {
    return `vtep (external) IP: ${external.address} vs ${data.local}`;
  }
  if (data.l2miss === true) return "l2miss: false vs true";
  if (port > 0 && data.port !== undefined && data.port !== port) return `port: ${port} vs ${data.port}`;
  return undefined;
}

async function must(args: string[], doing: string): Promise<void> {
  const done = await run("ip", args);
  if (done.status === 0) return;
  const reason = goText(done.stderr.trim().replace(/^(RTNETLINK answers|Error): /, ""));
  throw new Error(doing === "" ? reason : `${doing}: ${reason}`);
}

/** Go words the kernel's reasons in lower case. */
function goText(reason: string): string {
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}

/** Unicast and locally administered. */
function randomMac(): string {
  const bytes = [...randomBytes(6)];
  bytes[0] = ((bytes[0] ?? 0) & 0xfe) | 0x02;
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
