import tseslint from "typescript-eslint";

const fileSystems = ["node:fs", "node:fs/promises", "fs", "fs/promises"];

const writers = [
  ...["appendFile", "chmod", "chown", "copyFile", "cp", "link", "mkdir", "mkdtemp", "rename", "rm", "rmdir"],
  ...["symlink", "truncate", "unlink", "utimes", "writeFile", "write", "writev"],
];

const restricted = (name) => ({
  name,
  importNames: [
    "default",
    "promises",
    "createWriteStream",
    "open",
    "openSync",
    ...writers,
    ...writers.map((one) => `${one}Sync`),
  ],
  message: "harness/files.ts writes and removes, after it has looked at the path.",
});

export default tseslint.config(
  { ignores: ["node_modules", "reports"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "*.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    // harness/files.ts alone writes and removes: it looks at each path first. Tests have scratch folders of their own,
    // and the stand-ins run on the lab's machines.
    files: ["harness/**/*.ts", "testbed/**/*.ts", "specs/**/*.ts"],
    ignores: ["harness/files.ts", "testbed/standins/**"],
    rules: { "no-restricted-imports": ["error", { paths: fileSystems.map(restricted) }] },
  },
  { files: ["**/*.js", "**/*.mjs", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
  // What any Node can read, has no other way to name another file.
  { files: ["harness/start.mjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
