import { execa } from "execa";
import { loadLab } from "../lab/load.ts";
import { hostDriver } from "../machines/kvm.ts";
import { hostUri } from "../machines/virsh.ts";
import { patience } from "./finding.ts";
import { askMirrors } from "./mirrors.ts";

/** Whether a URL answers within five seconds; why not otherwise. */
export async function reachable(url: string): Promise<{ ok: boolean; why: string }> {
  try {
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(patience) });
    return { ok: answer.ok, why: `${url} answered ${answer.status}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
    return { ok: false, why: `${url} cannot be reached (${cause.message})` };
  }
}

/** Whether the host's own libvirt answers. */
export async function systemLibvirt(): Promise<{ ok: boolean; why: string }> {
  const uri = hostUri();
  const virsh = await execa("virsh", ["-c", uri, "uri"], { reject: false, timeout: patience });
  if (virsh.exitCode === 0) return { ok: true, why: `libvirt answers at ${uri}` };
  return { ok: false, why: `libvirt does not answer at ${uri}` };
}

/** The lab this host can run when none is named, and the reason, for the first line printed. */
export async function chooseLab(): Promise<{ name: string; why: string }> {
  const kvm = await hostDriver();
  if (kvm.driver !== "kvm") return { name: "embedded", why: kvm.why };
  const libvirt = await systemLibvirt();
  if (!libvirt.ok) return { name: "embedded", why: libvirt.why };
  const { repositories } = await loadLab("centos7");
  const mirrors = await Promise.all(repositories.map(askMirrors));
  const missing = mirrors.find((asked) => !asked.some(({ ok }) => ok));
  if (missing !== undefined) return { name: "embedded", why: missing.map(({ why }) => why).join("; ") };
  return { name: "centos7", why: `${kvm.why}, ${libvirt.why}, its packages can be had` };
}
