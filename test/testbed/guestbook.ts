import { tool } from "../../testbed/tool.ts";

interface Roots {
  pause: string;
  master: string;
  slave: string;
  frontend: string;
}

interface Said {
  /** The body of each answer; empty where the status was not 200. */
  answers: string[];
  page: string;
  /** What each process ended with, having been told to end. */
  ends: Record<keyof Roots, string>;
}

// Every wait ends with its condition; the test's own time bounds them all.
const script = String.raw`
set -u
pause=$1 master=$2 slave=$3 frontend=$4
shift 4
ip link set lo up
export GET_HOSTS_FROM=env REDIS_MASTER_SERVICE_HOST=127.0.0.2 REDIS_SLAVE_SERVICE_HOST=127.0.0.3
chroot "$pause" /pause & pausing=$!
chroot "$master" redis-master --bind 127.0.0.2 >&2 & mastering=$!
chroot "$slave" redis-slave --bind 127.0.0.3 >&2 & slaving=$!
chroot "$frontend" frontend & serving=$!
at() { chroot "$frontend" "$@"; }
offset() { at redis-cli -h "$1" info replication | tr -d '\r' | sed -n s/^master_repl_offset://p; }
until at redis-cli -h 127.0.0.3 info replication 2>&1 | grep -q master_link_status:up; do :; done
until at wget -q -O - http://127.0.0.1/ >&2; do :; done
for query; do
  at wget -q -O - "http://127.0.0.1/guestbook.php?$query" 2>/dev/null
  echo
  until [ "$(offset 127.0.0.2)" = "$(offset 127.0.0.3)" ]; do :; done
done
for process in $pausing $mastering $slaving $serving; do kill -TERM "$process"; wait "$process"; echo $?; done
cat "$frontend/www/index.html"
`;

/** Runs the images' processes in a network of their own, and asks the frontend what a browser would. */
export async function guestbookSays(roots: Roots, queries: Record<string, string>[]): Promise<Said> {
  const asked = queries.map((query) => new URLSearchParams(query).toString());
  const apart = ["--map-root-user", "--net", "--pid", "--fork", "--kill-child"];
  const { pause, master, slave, frontend } = roots;
  const shell = ["sh", "-c", script, "sh", pause, master, slave, frontend, ...asked];
  const lines = (await tool("unshare", [...apart, ...shell])).split("\n");
  const [ended1 = "", ended2 = "", ended3 = "", ended4 = ""] = lines.slice(asked.length);
  return {
    answers: lines.slice(0, asked.length),
    page: lines.slice(asked.length + 4).join("\n"),
    ends: { pause: ended1, master: ended2, slave: ended3, frontend: ended4 },
  };
}
