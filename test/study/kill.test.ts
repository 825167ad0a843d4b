/** A study whose process is killed outright: what was finished stays, and the bytes are those of an undisturbed run. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { built, start } from "../cli/support.js";

describe.skipIf(!built || process.platform === "win32")("a study that is killed", () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "bettina-kill-"));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const options =
    "--dataset annuli --widths 2,3,4 --seeds 1,2 --layers 1 --steps 200 --per-class 40 --subsamples 2 --ndjson";
  const study = (folder: string, onStdout?: (text: string, kill: (signal: NodeJS.Signals) => void) => void) =>
    start(
      ["study", ...options.split(" "), "--threads", "1", "--out", join(root, folder)],
      onStdout ? { onStdout } : {},
    );
  const events = (text: string): { type: string; job?: string; finished?: number }[] =>
    text
      .split("\n")
      .filter((line) => line.endsWith("}"))
      .map((line) => JSON.parse(line));
  const jobs = (text: string, type: string) => events(text).flatMap((event) => (event.type === type ? event.job! : []));

  it("goes on where it was and ends in the same bytes", async () => {
    const whole = await study("whole");
    expect(whole.code).toBe(0);

    // The third job that begins is under way when the process dies.
    let begun = 0;
    const killed = await study("killed", (text, kill) => {
      begun += text.split('"job-start"').length - 1;
      if (begun >= 3) kill("SIGKILL");
    });
    expect(killed.code).not.toBe(0);
    const finished = (await readdir(join(root, "killed", "jobs"))).filter((name) => name.endsWith(".json"));
    expect(finished.length).toBeGreaterThanOrEqual(2);
    expect(await readdir(join(root, "killed"))).not.toContain("study.json");

    const resumed = await study("killed");
    expect(resumed.code).toBe(0);
    expect(events(resumed.stdout).find(({ type }) => type === "study-start")).toMatchObject({
      finished: finished.length,
    });
    const again = jobs(resumed.stdout, "job-start").map((job) => `${job}.json`);
    expect(again.filter((name) => finished.includes(name))).toEqual([]);
    expect([...again, ...finished].sort()).toEqual(
      jobs(whole.stdout, "job-end")
        .map((job) => `${job}.json`)
        .sort(),
    );

    const names = ["study.json", "betti.csv", "config.json", ...finished.map((name) => `diagrams/${name}`)];
    for (const name of names)
      expect(await readFile(join(root, "killed", name), "utf8"), name).toBe(
        await readFile(join(root, "whole", name), "utf8"),
      );
    // Times of jobs that the killed run finished are known from its log.
    const environment = JSON.parse(await readFile(join(root, "killed", "environment.json"), "utf8"));
    expect(environment.jobs.length).toBeGreaterThanOrEqual(again.length);
    const { runs } = environment;
    expect(runs).toHaveLength(2);
    expect(runs[1]).toMatchObject({ jobs: again.length, threads: environment.threads });
    expect(runs[0].jobs + runs[1].jobs).toBe(environment.jobs.length);
    expect(runs[0].seconds).toBeGreaterThan(0);
    const network = environment.jobs.find(({ job }: { job: string }) => job.startsWith("relu"));
    expect(network.trainingSeconds).toBeGreaterThan(0);
    expect(network.seconds).toBeGreaterThan(network.trainingSeconds);
    for (const { job, trainingSeconds } of environment.jobs) if (job === "input") expect(trainingSeconds).toBeNull();
  });
});
