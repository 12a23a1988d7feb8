/** Where and under which names a lab's machines are made: what a Vagrantfile needs beyond the lab itself. */
export interface Placement {
  /** `hardway-LAB-RUNID`; domains are named `LABEL_MACHINE`. */
  label: string;
  /** kvm where the host can, else qemu: emulation. */
  driver: "kvm" | "qemu";
  /** The libvirt to make them in. */
  uri: string;
  /** The libvirt networks, made beforehand. */
  network: string;
  managementNetwork: string;
  /** The box as Vagrant knows it once it was added. */
  box: { name: string; version: string };
  /** The storage pool of the machines' disks. */
  pool: string;
  /** The folder that gets each machine's serial console as `MACHINE.log`: what a machine that never answered said. */
  consoleFolder: string;
}
