import { isDeepStrictEqual } from "node:util";

/** Whether two values say the same once written as JSON: an undefined member says nothing. */
export function same(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

const plain = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
