import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  test: {
    // `npm run soak`: a million instances, and the long runs in test/soak.
    env: mode === "soak" ? { BETTINA_SOAK: "1" } : {},
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
  },
}));
