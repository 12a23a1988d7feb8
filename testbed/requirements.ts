/** A package of the host's Debian, and what it is needed for. */
export interface DebianPackage {
  name: string;
  why: string;
}

/** What the host needs from Debian to make the parts that lab files call `prepared`. */
export const debianPackages: DebianPackage[] = [
  {
    name: "debian-archive-keyring",
    why: "Debian's archive keys, which verify everything the box is made of",
  },
  { name: "mmdebstrap", why: "installs Debian 12 into a folder: the box's root" },
  { name: "e2fsprogs", why: "mke2fs makes the box's disk from that folder without mounting it" },
  { name: "qemu-utils", why: "qemu-img makes the box's qcow2 image" },
  { name: "cpio", why: "packs the box's initrd" },
  { name: "gnupg", why: "makes the throw-away key and signs with it" },
];
