import { z } from "zod";
import { fact } from "./fact.ts";
import type { EtcdKey } from "./etcd.ts";

/** A worker's claim to a subnet, as flanneld keeps it in etcd (facts/centos7.md §7). */
export interface Lease {
  /** "10.241.15.0/24" */
  subnet: string;
  publicIp: string;
  backend: string;
  vtepMac: string;
  /** Seconds left; undefined where it never ends. */
  ttl: number | undefined;
}

const lease = z.object({
  PublicIP: z.string(),
  BackendType: z.string().default(""),
  BackendData: z.object({ VtepMAC: z.string().default("") }).default({ VtepMAC: "" }),
});

/** The leases among flannel's keys in etcd; a key that is none is left out. */
export const leasesIn = (keys: readonly EtcdKey[], prefix: string): Lease[] =>
  keys
    .filter(({ key }) => key.startsWith(`${prefix}/subnets/`))
    .map(({ key, value, ttl }) => {
      const { PublicIP, BackendType, BackendData } = lease.parse(JSON.parse(value));
      return {
        subnet: key.slice(`${prefix}/subnets/`.length).replace("-", "/"),
        publicIp: PublicIP,
        backend: BackendType,
        vtepMac: BackendData.VtepMAC.toLowerCase(),
        ttl,
      };
    });

/** A variable of an environment file, quotes taken off; undefined where the file or the variable is not there. */
const variable = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1]?.replace(/^"(.*)"$/, "$1");

/** What flanneld tells others about its lease. */
export const subnetEnv = fact("subnet.env", "cat /run/flannel/subnet.env", (text) => ({
  network: variable(text, "FLANNEL_NETWORK"),
  subnet: variable(text, "FLANNEL_SUBNET"),
  mtu: variable(text, "FLANNEL_MTU"),
  /** Whether flanneld itself masquerades what leaves its network: "true" or "false". */
  ipMasq: variable(text, "FLANNEL_IPMASQ"),
}));

/** The options that flannel leaves for docker: " --bip=10.241.15.1/24 --ip-masq=true --mtu=1450". */
export const dockerOptions = fact("docker options", "cat /run/flannel/docker", (text) =>
  variable(text, "DOCKER_NETWORK_OPTIONS"),
);
