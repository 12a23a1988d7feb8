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

/** `NAME=value` lines of an environment file, quotes taken off; none where the file is not there. */
const environment = (text: string): Partial<Record<string, string>> =>
  Object.fromEntries(
    text
      .split("\n")
      .map((line) => /^([A-Z_]+)=(.*)$/.exec(line))
      .filter((match) => match !== null)
      .map(([, name = "", value = ""]) => [name, value.replace(/^"(.*)"$/, "$1")]),
  );

/** What flanneld tells others about its lease: FLANNEL_NETWORK, FLANNEL_SUBNET, FLANNEL_MTU, FLANNEL_IPMASQ. */
export const subnetEnv = fact("subnet.env", "cat /run/flannel/subnet.env", environment);

/** What docker is told by flannel: DOCKER_OPT_BIP, DOCKER_OPT_MTU, DOCKER_NETWORK_OPTIONS. */
export const dockerOptions = fact("docker options", "cat /run/flannel/docker", environment);
