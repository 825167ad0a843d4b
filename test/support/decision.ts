/** The rule that most tests of the selection compare by. */

/** Every class is to keep, by this readout, and no comparison may miss. */
export const everyClass = (readout: string) =>
  ({
    readout,
    rule: "every-class",
    tolerance: 0,
    probability: 0.5,
    alpha: 0.05,
    order: "narrowest",
    dataDegree: 2,
    dataInequalities: 0,
  }) as const;
