import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";

/** The interface of the first IPv4 default route, as the kernel lists them. */
export function defaultRouteInterface(): string | undefined {
  const routes = readFileSync("/proc/net/route", "utf8").split("\n").slice(1);
  return routes
    .map((line) => line.split("\t"))
    .find(([, to, , , , , , mask]) => to === "00000000" && mask === to)?.[0];
}

/** The interface's first IPv4 address, a link-local one only where it has no other. */
export function firstAddress(name: string): string | undefined {
  const addresses = (networkInterfaces()[name] ?? []).filter(({ family }) => family === "IPv4");
  return (addresses.find(({ address }) => !address.startsWith("169.254.")) ?? addresses[0])?.address;
}
