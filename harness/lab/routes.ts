import { BadConfiguration } from "../errors.ts";
import { overlaps } from "./addresses.ts";
import { networksOf } from "./network-rules.ts";
import { pathText } from "./problem.ts";
import type { LabFile } from "./schema.ts";

/** A route of the host to somewhere in particular. */
interface Route {
  /** As a network; one host is a /32. */
  destination: string;
  /** Its devices; none where packets are dropped. */
  devices: string[];
  /** As `ip` writes it. */
  text: string;
  /** Whether it is one that the kernel keeps for an address of the host itself. */
  local: boolean;
}

const types = /^(unicast|local|broadcast|multicast|anycast|throw|unreachable|prohibit|blackhole|nat) /;

/** Everywhere, in one piece or, as VPNs write it, in two: a default route, which any narrower one goes before. */
const everywhere = new Set(["default", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"]);

/** Reads what `ip -4 route show table all` prints; routes to everywhere are left out. */
export function parseRoutes(text: string): Route[] {
  // A route with several next hops goes on in indented lines.
  const lines = text.replace(/\n\s+/g, " ").split("\n");
  return lines.flatMap((line) => {
    const route = line.trim();
    const destination = route.replace(types, "").split(" ")[0] ?? "";
    if (destination === "" || everywhere.has(destination)) return [];
    const devices = Array.from(route.matchAll(/ dev (\S+)/g), ([, device = ""]) => device);
    const network = destination.includes("/") ? destination : `${destination}/32`;
    return [{ destination: network, devices, text: route, local: / table local\b/.test(route) }];
  });
}

/** Where a lab's networks overlap the host's routes that `counts` lets count, a sentence each. */
export function routeClashes(
  lab: LabFile,
  shown: string,
  counts: (devices: string[]) => boolean,
  where: (path: PropertyKey[]) => string = pathText,
): string[] {
  const routes = parseRoutes(shown).filter(({ devices }) => counts(devices));
  return networksOf(lab).flatMap(({ cidr, path }) => {
    const met = routes.filter(({ destination }) => overlaps(cidr, destination));
    // An interface's own addresses say nothing beside its network.
    const told = met.some(({ local }) => !local) ? met.filter(({ local }) => !local) : met;
    return told.map(({ text }) => `${where(path)} ${cidr} clashes with the host's route: ${text}`);
  });
}

/**
 * Refuses a lab whose networks the host would have to reach in two ways: through the lab and by a route it has already.
 * A lab with `isolation: namespace` has routes of its own and never clashes.
 * @param shown what `ip -4 route show table all` prints on the host
 * @param own the devices of bridges that carry our label: routes through them are an earlier run's, not the host's
 * @param where says where in the lab's file a network stands
 * @throws BadConfiguration naming each network with the route it clashes with
 */
export function refuseRouteClash(
  lab: LabFile & { file: string },
  shown: string,
  own: string[],
  where?: (path: PropertyKey[]) => string,
): void {
  if (lab.isolation === "namespace") return;
  const details = routeClashes(
    lab,
    shown,
    (devices) => !devices.some((device) => own.includes(device)),
    where,
  );
  if (details.length === 0) return;
  throw new BadConfiguration({
    message: `${lab.file}: expected networks that the host has no route to, saw ${details.length} with one`,
    details,
    hint: "change the lab's network, take the route away, or use a lab with `isolation: namespace`",
  });
}
