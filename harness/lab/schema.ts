import { fileURLToPath } from "node:url";
import { z } from "zod";
import { portsSchema } from "./ports.ts";

const dnsLabel = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "expected a DNS label: lower-case letters, digits and dashes, a letter first",
  );
const ipv4 = z.ipv4("expected an IPv4 address such as 10.146.47.100");
const cidr = z.cidrv4("expected an IPv4 network such as 10.146.47.0/24");
const fingerprint = z
  .string("expected a full OpenPGP fingerprint: 40 hexadecimal digits")
  .transform((text) => text.replaceAll(" ", "").toUpperCase())
  .pipe(z.string().regex(/^[0-9A-F]{40}$/, "expected a full OpenPGP fingerprint: 40 hexadecimal digits"));
const sum = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 sum: 64 lower-case hexadecimal digits");
const port = z.int().min(1).max(65535);

/**
 * A URL, or `prepared:PATH`: a path in the folder that the lab's prepare hook publishes. The harness reads it as
 * a file; machines read it over HTTP from the lab's package server.
 */
const source = z
  .string()
  .regex(/^(https?:\/\/[^/]|file:\/\/\/|prepared:)[^\s"'`\\<>^{|}]*$/, {
    error:
      "expected an http(s) URL, a file URL with three slashes, or prepared:PATH, without blanks or quotes",
    abort: true,
  })
  .refine(isUsableSource, {
    error:
      "expected a URL that can be read: its host, port and percent signs, and no ? or # behind prepared:",
    abort: true,
  });

/** Whether whoever fetches what is there can make sense of it. */
function isUsableSource(text: string): boolean {
  if (text.startsWith("prepared:")) return !/[?#\0]/.test(text) && text.length > "prepared:".length;
  try {
    const url = new URL(text);
    return url.protocol !== "file:" || !fileURLToPath(url).includes("\0");
  } catch {
    return false;
  }
}

/** An archive of images is read on the host. */
const archive = source.regex(
  /^(file|prepared):/,
  "expected a file URL or prepared:PATH: the host loads it into workers",
);

/** Free text that is printed: on one line, as it is. */
const sentence = z.string().regex(/^\P{Cc}*$/u, "expected a text on one line, without control characters");

/** A path that leads nowhere else. */
const direct = (path: string): boolean => !/(^|\/)\.{1,2}(\/|$)/.test(path);

const machine = z.strictObject({
  name: dnsLabel,
  role: z.enum(["master", "worker"]),
  address: ipv4,
  memory: z.int().min(512).max(1_048_576).describe("MiB"),
  cpus: z.int().min(1).max(255).default(1),
});

const box = z.strictObject({
  name: z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)?$/, "expected a box name such as centos/7"),
  url: source,
  checksums: source.describe("a clear-signed list of SHA-256 sums beside the box"),
  key: z.string().describe("the id of the key that signs the checksums"),
  guest: z
    .enum(["redhat", "debian"])
    .describe("the guest Vagrant is told to expect, so that it need not probe"),
  addressing: z
    .enum(["vagrant", "kernel"])
    .describe(
      "who sets host name and lab address: Vagrant over SSH, or the kernel command line of a directly booted box",
    ),
  kernelArguments: z
    .array(
      z
        .string()
        .regex(/^[\w.,:=/-]+$/, "expected an argument such as console=ttyS0, without blanks or quotes"),
    )
    .default([]),
});

const key = z.strictObject({
  id: dnsLabel,
  fingerprint: z
    .union([z.literal("prepared"), fingerprint])
    .describe("`prepared` where the prepare hook makes the key"),
  path: z
    .string()
    .regex(/^(\/[\w.+-]+)+$/, {
      error: "expected a path with a leading slash, such as /etc/pki/rpm-gpg/KEY",
      abort: true,
    })
    .refine(direct, "expected a path without . and ..")
    .describe("where the machines keep the key"),
  url: source.describe("where the host gets the key, to verify the box; checked against the fingerprint"),
});

const repository = z.strictObject({
  id: dnsLabel,
  origin: z.string().optional().describe("who serves it, as told to people: the CentOS vault"),
  baseurl: z.array(source).min(1).describe("mirrors, asked in this order"),
  key: z.string().describe("the id of the key that signs its packages"),
  signedMetadata: z.boolean().describe("whether repomd.xml.asc is there, so that repo_gpgcheck can be on"),
});

const image = z.union([
  z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][\w.:/-]*$/, "expected an image reference such as hardway/pause:3.0")
      .describe("the reference pods use; with a digest where there is no `archive` beside it"),
    archive: archive.describe("a docker archive, loaded into each worker"),
  }),
  z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][\w.:/-]*@sha256:[0-9a-f]{64}$/, "expected a reference with a digest: name@sha256:…"),
  }),
]);

const listener = z.strictObject({
  protocol: z.enum(["tcp", "udp"]),
  port: port.optional().describe("left out where the port is chosen at run time"),
  process: sentence.optional(),
  why: sentence,
});

/** The shape of a lab file; `harness/lab/load.ts` adds the rules that concern more than one value. */
export const labSchema = z.strictObject({
  name: dnsLabel,
  summary: sentence,
  isolation: z
    .enum(["namespace", "host"])
    .describe(
      "namespace: libvirt and all traffic in a network namespace of the run; host: the host's libvirt",
    ),
  network: cidr.describe("the isolated network between the machines; the host has its first address"),
  management: cidr.describe("the network Vagrant reaches the machines by"),
  machines: z.array(machine).min(1),
  box,
  keys: z.array(key).min(1),
  repositories: z.array(repository).min(1),
  control: z.strictObject({
    package: z
      .string()
      .regex(/^[A-Za-z0-9][\w.+-]*$/, "expected a package name such as tree")
      .describe("a small signed package nothing needs: the negative controls tamper with a copy"),
  }),
  flannel: z.strictObject({
    network: cidr,
    subnetLen: z.int().min(1).max(28).describe("with room for docker's bridge and the pods of a worker"),
    backend: z.enum(["vxlan"]),
    vni: z.int().min(1).max(16777215),
    prefix: z
      .string()
      .regex(/^(\/[\w.-]+)+$/, {
        error: "expected an etcd path with a leading slash, such as /atomic.io/network",
        abort: true,
      })
      .refine(direct, "expected an etcd path without . and .."),
    interface: z
      .string()
      .regex(/^[a-z][\w.-]{0,14}$/, "expected an interface name such as eth1")
      .describe("the machines' interface in the lab's network; a directly booted box gives it that name"),
    removeStaleLeases: z.boolean().default(false),
  }),
  services: cidr.describe("the service cluster IP range"),
  ports: portsSchema.describe(
    "where the cluster's daemons listen; what is left out is where they do by default",
  ),
  guestbook: z
    .strictObject({
      redisSlaves: z.int().min(1).default(2),
      frontends: z
        .int()
        .min(1)
        .optional()
        .describe("one for each worker, and at least three, where it is left out"),
    })
    .prefault({})
    .describe("how many pods the guestbook's deployments keep; there is one redis-master"),
  images: z.strictObject({ pause: image, redisMaster: image, redisSlave: image, frontend: image }),
  listeners: z.array(listener).default([]).describe("what the box itself brings, beyond loopback"),
  daemons: z
    .string()
    .min(1)
    .optional()
    .describe(
      "embedded: `upstream` (as released), `stand-ins`, or a folder of real daemons; left out, what can be had",
    ),
  daemonSums: z
    .strictObject({ kubernetes: sum.optional(), flannel: sum.optional(), etcd: sum.optional() })
    .optional()
    .describe("embedded: the SHA-256 sums that the archives behind `daemons: upstream` must have"),
  hooks: z
    .strictObject({
      prepare: z.string().min(1),
      clean: z.string().min(1),
      packages: z.string().min(1).optional().describe("a list of the Debian packages that `prepare` needs"),
    })
    .optional()
    .describe("modules of the project, relative to it, that make and remove what `prepared` refers to"),
});

export type LabFile = z.output<typeof labSchema>;
/** A lab file as it is written: what has a default may be missing. */
export type LabInput = z.input<typeof labSchema>;
export type MachineFile = LabFile["machines"][number];
export type Role = MachineFile["role"];
