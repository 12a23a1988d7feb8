import { sh } from "../render/quote.ts";
import { factOf, linesOf } from "./fact.ts";
import { NoAnswer } from "./http.ts";

interface KeyFile {
  /** "640" */
  mode: string;
  owner: string;
  group: string;
}

/** Who may read a file; undefined where it is not there. The file itself is not read. */
export const keyFile = factOf<KeyFile | undefined, [path: string]>(
  "key file",
  (path) => `stat -c '%a %U %G' ${sh(path)}`,
  (stdout, { code }) => {
    if (code !== 0) return undefined;
    const [mode = "", owner = "", group = ""] = stdout.trim().split(" ");
    return { mode, owner, group };
  },
);

interface TokenVerdict {
  /** The token's signature algorithm: "RS256". */
  algorithm: string;
  /** "system:serviceaccount:default:default" */
  subject: string;
  /** verified, or why not: "no token", "signature does not match", "no key". */
  verdict: string;
  /** The HTTP status the API server's TLS port gives the token's bearer: 401 where it does not know the key. */
  status: number;
}

/**
 * Whether the default service account's token is signed by a private key: judged on the machine, so that neither the
 * key nor the token gets into an observation. A token is three base64url texts with dots between: header, claims,
 * signature.
 */
export const defaultToken = factOf<TokenVerdict, [api: string, tls: string, key: string]>(
  "default service account's token",
  (api, tls, key) => `tls=${sh(`${tls}/api/v1/namespaces/default`)}
api=${sh(`${api}/api/v1/namespaces/default`)} key=${sh(key)}
get() { curl -sS --noproxy '*' -A hardway-e2e --max-time 10 "$api/$1" | tr -d ' \\n'; }
account=$(get serviceaccounts/default)
[ -n "$account" ] || exit 7
secret=$(printf %s "$account" | sed -n 's/.*"secrets":\\[{"name":"\\([^"]*\\)".*/\\1/p')
[ -n "$secret" ] || { echo 'verdict no secret'; exit 0; }
token=$(get "secrets/$secret" | sed -n 's/.*"token":"\\([^"]*\\)".*/\\1/p' | base64 -d)
[ -n "$token" ] || { echo 'verdict no token'; exit 0; }
printf 'header = "Authorization: Bearer %s"\\n' "$token" |
  curl -sS -k --noproxy '*' --max-time 10 -K - -o /dev/null -w 'status %{http_code}\\n' "$tls"
[ -r "$key" ] || { echo 'verdict no key'; exit 0; }
plain() {
  text=$(printf %s "$1" | tr '_-' '/+')
  case $((\${#text} % 4)) in 2) text=$text== ;; 3) text=$text= ;; esac
  printf %s "$text" | base64 -d
}
signed=\${token%.*}
plain "\${token%%.*}" | sed -n 's/.*"alg":"\\([^"]*\\)".*/algorithm \\1\\n/p'
plain "\${signed#*.}" | sed -n 's/.*"sub":"\\([^"]*\\)".*/subject \\1\\n/p'
umask 077
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
openssl rsa -in "$key" -pubout -out "$folder/public" 2>/dev/null || { echo 'verdict no key'; exit 0; }
plain "\${token##*.}" >"$folder/signature"
if printf %s "$signed" | openssl dgst -sha256 -verify "$folder/public" -signature "$folder/signature" >/dev/null 2>&1
then echo 'verdict verified'
else echo 'verdict signature does not match'
fi`,
  (stdout, { machine, args, code, stderr }) => {
    const values = new Map(
      linesOf(stdout).map((line) => {
        const at = line.indexOf(" ");
        return [line.slice(0, at), line.slice(at + 1)] as const;
      }),
    );
    const verdict = values.get("verdict");
    if (code === 7) throw new NoAnswer(machine, args[0] ?? "", stderr.trim() || "nothing");
    if (verdict === undefined) throw new Error("expected a verdict");
    return {
      algorithm: values.get("algorithm") ?? "",
      subject: values.get("subject") ?? "",
      verdict,
      status: Number(values.get("status") ?? 0),
    };
  },
);
