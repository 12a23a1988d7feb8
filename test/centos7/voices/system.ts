import { voice } from "./voice.ts";

/** /etc/os-release of centos-release-7-9.2009. */
const release = `NAME="CentOS Linux"
VERSION="7 (Core)"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="7"
PRETTY_NAME="CentOS Linux 7 (Core)"
ANSI_COLOR="0;31"
CPE_NAME="cpe:/o:centos:centos:7"
HOME_URL="https://www.centos.org/"
BUG_REPORT_URL="https://bugs.centos.org/"

CENTOS_MANTISBT_PROJECT="CentOS-7"
CENTOS_MANTISBT_PROJECT_VERSION="7"
REDHAT_SUPPORT_PRODUCT="centos"
REDHAT_SUPPORT_PRODUCT_VERSION="7"

`;

/** Another system, on the box's kernel. */
export const system = voice<{ kernel: string }>({
  origin: "the box's kernel, and os-release of centos-release as many transcripts have it",
  heard: () => ({ kernel: "3.10.0-1127.el7.x86_64" }),
  read: (sample) => ({ kernel: sample.split("\n")[0] ?? "" }),
  print: ({ kernel }) => `${kernel}\n${release}`,
});
