/** What may follow a product or a convolution, in this order: + bias, ReLU, zero where the mask isn't positive. */
export interface Epilogue {
  readonly bias: boolean;
  readonly relu: boolean;
  readonly mask: boolean;
}
