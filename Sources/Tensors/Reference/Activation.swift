#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

extension Reference {
    /// max(x, 0); NaN stays NaN, so that faults are visible.
    static func relu(_ x: Tensor) -> Tensor {
        elementwise(x) { $0 < 0 ? 0 : $0 }
    }

    /// 1 / (1 + e^−x), accurate to float32 at both ends.
    static func sigmoid(_ x: Tensor) -> Tensor {
        elementwise(x) { Float(1 / (1 + exp(-Double($0)))) }
    }

    private static func elementwise(_ x: Tensor, _ function: (Float) -> Float) -> Tensor {
        x.mapped(to: x.shape) { input, output in
            for place in input.indices { output[place] = function(input[place]) }
        }
    }
}
