import type { Requirement } from "../harness/host/requirements.ts";

/** What the tests need on the host beyond what the lab does. */
export const testRequirements: Requirement[] = [
  { name: "shellcheck", why: "checks every provisioning step" },
  { name: "openssh-server", why: "a real sshd on loopback for the SSH tests" },
  { name: "etcd-server", why: "a real etcd on loopback for the stand-ins' tests" },
  { name: "systemd", why: "systemd-analyze reads the units" },
  { name: "libxml2-utils", why: "xmllint reads the JUnit report, and holds it against its schema" },
  { name: "cmark-gfm", why: "GitHub's Markdown, to read the summary as it is shown there" },
  { name: "dnf", why: "a real yum, which must refuse what the negative controls offer" },
  { name: "chromium", why: "a real browser reads the report, and uses the guestbook's page" },
  { name: "fonts-dejavu-core", why: "letters for that browser, the same on every host" },
];
