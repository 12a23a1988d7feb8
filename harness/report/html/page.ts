import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Results } from "../results/schema.ts";
import { about } from "./about.ts";
import { Anchors } from "./anchors.ts";
import { causes } from "./cause.ts";
import { contents } from "./contents.ts";
import { evidence } from "./evidence.ts";
import { shapesOnce } from "./icon.ts";
import { Html, html, type Content } from "./markup.ts";
import { masthead } from "./masthead.ts";
import { origin } from "./origin.ts";
import { picture } from "./picture.ts";
import { provision } from "./provision.ts";
import { screenshots } from "./screenshots.ts";
import { specs } from "./specs.ts";
import { headline } from "./meaning.ts";
import { times } from "./times.ts";
import { failures, trouble } from "./trouble.ts";
import { unexplained } from "./unexplained.ts";
import { verdict } from "./verdict.ts";
import { warnings } from "./warnings.ts";

const part = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");

/**
 * A run's report for people: one file that needs no network and no other file. What the page may do is bounded by
 * itself: it loads nothing, and runs no script but its own, which has no data in it.
 */
export function htmlReport(results: Results): string {
  const script = part("page.js");
  const style = ["page.css", "picture.css", "specs.css"].map(part).join("");
  const sum = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${sum}'; base-uri 'none'; form-action 'none'`;
  const title = `${headline(results)}: ${results.lab.name}, ${results.run.startedAt.slice(0, 10)}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        ${shapesOnce} ${masthead(results)}
        <main>${sections(results)}</main>
        ${new Html(`<script>${script}</script>`)}
      </body>
    </html> `.toString();
}

function sections(results: Results): Content {
  const anchors = new Anchors(results);
  const { causes: all, trouble: stopped, provision: provisioned, facts, specs: judged } = results;
  const failed = provisioned?.failures ?? [];
  const [drawn, shots, changes] = [picture(results), screenshots(results), provision(results)];
  return [
    html`<div class="top">
      ${verdict(results)} ${warnings(results)} ${origin(results)}
      ${all.length > 0 && causes(all, anchors, results)} ${stopped && trouble(stopped)}
      ${failed.length > 0 && failures(failed)} ${unexplained(results, anchors)}
    </div>`,
    contents([
      ["verdict", "Verdict"],
      ...(drawn ? [["picture", "The lab"] as const] : []),
      ["times", "Times"],
      ["specs", `Specs (${judged.length})`],
      ...(shots ? [["screenshots", "In a browser"] as const] : []),
      ...(changes ? [["provision", "Provisioning"] as const] : []),
      ["evidence", `Evidence (${facts.length})`],
      ["about", "This run"],
    ]),
    html`<div class="rest">
      ${drawn} ${times(results)} ${specs(results, anchors)} ${shots} ${changes} ${evidence(results)}
      ${about(results)}
    </div>`,
  ];
}
