import type { FactResult, Results } from "../results/schema.ts";
import type { SpecResult } from "../results/spec.ts";
import { html, type Html } from "./markup.ts";

/** A spec with the name it is linked by. */
export interface Placed {
  spec: SpecResult;
  anchor: string;
}

const keyOf = (title: readonly string[]): string => JSON.stringify(title);

/** Where everything is in a report: what refers to a spec, a fact or a cause becomes a link to it. */
export class Anchors {
  readonly specs: readonly Placed[];
  readonly #byTitle: ReadonlyMap<string, Placed>;
  readonly #facts: readonly FactResult[];
  readonly #causes: ReadonlyMap<string, number>;

  constructor({ specs, facts, causes }: Results) {
    this.specs = specs.map((spec, index) => ({ spec, anchor: `spec-${index}` }));
    this.#byTitle = new Map(this.specs.map((placed) => [keyOf(placed.spec.title), placed]));
    this.#facts = facts;
    this.#causes = new Map(causes.map(({ link }, index) => [link, index]));
  }

  /** The spec of a title, where the results have it. */
  find(title: readonly string[]): SpecResult | undefined {
    return this.#byTitle.get(keyOf(title))?.spec;
  }

  /** A spec's whole title, linked where the results have the spec. */
  toSpec(title: readonly string[]): Html {
    const anchor = this.#byTitle.get(keyOf(title))?.anchor;
    const text = title.join(" › ");
    return anchor === undefined ? html`${text}` : html`<a href="#${anchor}">${text}</a>`;
  }

  /** A fact by its index, linked to the one place that shows it; undefined where the results have no such fact. */
  toFact(index: number): Html | undefined {
    const fact = this.#facts[index];
    return fact && html`<a href="#fact-${index}">${fact.machine} ${fact.fact}</a>`;
  }

  /** The words, linked to the cause of a broken link where it is one. */
  toCause(link: string, words: string): Html {
    const index = this.#causes.get(link);
    return index === undefined ? html`${words}` : html`<a href="#cause-${index}">${words}</a>`;
  }
}
