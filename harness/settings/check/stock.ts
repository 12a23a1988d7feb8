import type { ClusterSettings } from "../cluster.ts";
import type { Setting, SettingProblem } from "../setting.ts";
import { daemonsOn } from "./plan.ts";

/** Variables that a package's own file sets and the file in its place does not: a line that was dropped or commented out. */
export function checkStock(
  machines: ReadonlyMap<string, readonly Setting[]>,
  cluster: ClusterSettings,
): SettingProblem[] {
  return [...machines.values()].flatMap((settings) => {
    const read = new Set(
      daemonsOn([...settings], cluster).flatMap(({ environmentFiles }) => environmentFiles),
    );
    return [...cluster.stock].flatMap(([path, variables]) => {
      const own = settings.filter((setting) => setting.path === path && setting.kind === "environment");
      const [first] = own;
      if (first === undefined || !read.has(path)) return [];
      return [...variables].flatMap(([key, value]): SettingProblem[] => {
        if (own.some((setting) => setting.key === key && setting.state === "set")) return [];
        const commented = own.find((setting) => setting.key === key);
        const at = commented?.source ?? { ...first.source, line: 1, text: "" };
        return [
          {
            severity: "warning",
            message: `expected ${key} to be set, as the package's own ${path} does (${value === "" ? "to nothing" : value}), saw no line that sets it`,
            hint: "without it the daemon goes by its own default",
            source: at,
            settings: commented === undefined ? [] : [commented],
          },
        ];
      });
    });
  });
}
