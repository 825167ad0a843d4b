import { expect, it } from "vitest";
import { holm, signTest } from "../../src/selection/sign-test.js";

it("the sign test is the binomial tail, twice: 9 of 10 gives 22/1024, 22 of 23 against one 48/2^23", () => {
  const of = (more: number, fewer: number, equal = 0) =>
    signTest([
      ...new Array<number>(more).fill(2),
      ...new Array<number>(fewer).fill(-0.5),
      ...new Array<number>(equal).fill(0),
    ]);
  expect(of(9, 1)).toEqual({ more: 9, equal: 0, fewer: 1, pValue: expect.closeTo(22 / 1024, 14) });
  expect(of(1, 22, 7)).toMatchObject({ more: 1, equal: 7, fewer: 22, pValue: expect.closeTo(48 / 2 ** 23, 14) });
  expect(of(5, 5).pValue).toBe(1);
  expect(of(0, 0, 3)).toEqual({ more: 0, equal: 3, fewer: 0, pValue: 1 });
  expect(of(1, 0).pValue).toBe(1);
});

it("Holm multiplies the smallest of m by m, the next by m - 1, and never falls below", () => {
  expect(holm([0.03, 0.01, 0.04])).toEqual([0.06, 0.03, 0.06]);
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
