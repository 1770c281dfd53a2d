extension Reference {
    /// A dense layer applied to each pixel, equivalent to a 1×1 convolution.
    ///
    /// `weight` is `[outputs, inputs]`, `bias` `[outputs]`.
    static func dense(_ x: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
        convolution(
            x, Convolution(outputs: weight.dims[0], kernel: 1),
            weight: weight.reshaped(to: weight.dims + [1, 1]), bias: bias)
    }
}
