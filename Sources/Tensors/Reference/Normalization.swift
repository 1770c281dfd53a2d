/// The statistics of a batch normalisation, one value per channel each.
struct NormStatistics {
    let scale: Tensor
    let shift: Tensor
    let mean: Tensor
    let variance: Tensor
    let epsilon: Float

    /// Factor of a channel: scale / √(variance + ε).
    func factor(_ channel: Int) -> Double {
        Double(scale[channel]) / (Double(variance[channel]) + Double(epsilon)).squareRoot()
    }

    /// Offset of a channel, added after the factor: shift − mean · factor.
    func offset(_ channel: Int) -> Double {
        Double(shift[channel]) - Double(mean[channel]) * factor(channel)
    }
}

extension Reference {
    /// Batch normalisation with stored statistics (Ioffe and Szegedy 2015).
    static func normalization(_ x: Tensor, _ statistics: NormStatistics) -> Tensor {
        let shape = x.shape
        return x.mapped(to: shape) { input, output in
            for channel in 0..<shape.channels {
                let (factor, offset) = (statistics.factor(channel), statistics.offset(channel))
                for place in channel * shape.area..<(channel + 1) * shape.area {
                    output[place] = Float(Double(input[place]) * factor + offset)
                }
            }
        }
    }
}
