/** BG/NBD parameters; `r` and `alpha` of the purchase rate (alpha in the time unit of the data), `a` and `b` of dropout. */
export interface BgNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}
