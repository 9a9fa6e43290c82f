/** Days for which each kind of state is kept (design, section 8). */
export type Retention = {
  /** Since an alert was last seen, and what channels got of it. */
  alerts: number;
  audit: number;
  /** Daily counts of findings, and what was fixed. */
  counts: number;
  /** Since the last change of a run. */
  simulations: number;
};
