/// Operations that rearrange channels.
extension Reference {
    /// A contiguous range of channels.
    static func slice(_ x: Tensor, _ range: Range<Int>) -> Tensor {
        rearranged([x], range.map { ChannelSource(input: 0, channel: $0) })
    }

    /// Concatenation along the channels.
    static func concatenation(_ inputs: [Tensor]) -> Tensor {
        let sources = inputs.indices.flatMap { input in
            (0..<inputs[input].shape.channels).map { ChannelSource(input: input, channel: $0) }
        }
        return rearranged(inputs, sources)
    }

    /// ShuffleNet's channel shuffle: channel c·g + k takes channel k·(C/g) + c.
    static func shuffle(_ x: Tensor, groups: Int) -> Tensor {
        let perGroup = x.shape.channels / groups
        let sources = (0..<x.shape.channels).map { channel in
            ChannelSource(input: 0, channel: channel % groups * perGroup + channel / groups)
        }
        return rearranged([x], sources)
    }

    /// The input channel of an output channel.
    private struct ChannelSource {
        let input: Int
        let channel: Int
    }

    private static func rearranged(_ inputs: [Tensor], _ sources: [ChannelSource]) -> Tensor {
        let plane = inputs[0].shape
        var result = Tensor(
            Shape(channels: sources.count, height: plane.height, width: plane.width))
        result.withMutableSpan { output in
            for (channel, source) in sources.enumerated() {
                inputs[source.input].withSpan { input in
                    for place in 0..<plane.area {
                        output[channel * plane.area + place] =
                            input[source.channel * plane.area + place]
                    }
                }
            }
        }
        return result
    }
}
