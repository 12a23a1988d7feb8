import { quote } from "./rules.ts";

/** What tells that an object is a secret: its kind, its list's kind, or its type. */
const kind = new RegExp(
  `kind${quote}?\\s*:\\s*${quote}?Secret(?:List)?\\b|kubernetes\\.io/(?:service-account-token|dockercfg|dockerconfigjson|basic-auth|tls)\\b`,
);
/** How far from its data an object tells its kind; a token and a certificate are some 2 KB each. */
const reach = 4000;

const jsonData = new RegExp(`(${quote}(data|stringData)${quote}\\s*:\\s*\\{)([^{}]*)(?=\\})`, "g");
const jsonValue = new RegExp(`(${quote}\\s*:\\s*${quote})(?!\\[redacted)([^"'\\\\&]*)`, "g");
const yamlData =
  /((?:^|\n|\\n)([ \t]*)(data|stringData):[ \t]*)((?:(?:\n|\\n)\2[ \t]+(?:[^\n\\]|\\(?!n))+)+)/g;
const yamlValue = /((?:\n|\\n)[ \t]+[\w.-]+:[ \t]+["']?)(?!\[redacted)([^\s"'\\]+)/g;

/**
 * A text without what kubernetes secrets hold: in the API's JSON, in etcd's values, in kubectl's YAML. What is not
 * base64 is a config map's that stands beside.
 */
export function withoutSecretsData(text: string): string {
  if (!text.includes("Secret") && !text.includes("kubernetes.io/")) return text;
  if (!kind.test(text)) return text;
  const near = (at: number, length: number) =>
    kind.test(text.slice(Math.max(0, at - reach), at + length + reach));
  return text
    .replace(jsonData, (whole, before: string, key: string, entries: string, at: number) =>
      near(at, whole.length) ? before + entries.replace(jsonValue, hide(key)) : whole,
    )
    .replace(yamlData, (whole, before: string, _: string, key: string, entries: string, at: number) =>
      near(at, whole.length) ? before + entries.replace(yamlValue, hide(key)) : whole,
    );
}

const hide = (key: string) => (whole: string, before: string, value: string) =>
  key === "stringData" || isBase64(value) ? `${before}[redacted: secret]` : whole;

const isBase64 = (text: string): boolean =>
  text.length >= 4 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
