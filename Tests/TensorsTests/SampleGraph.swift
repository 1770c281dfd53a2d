import Tensors

/// A small network with every operation except RoI pooling, odd sizes and several outputs.
func sampleGraph() -> Graph {
    var net = Graph()
    let image = net.input(Shape(channels: 3, height: 23, width: 17), name: "image")
    let stem = net.scoped("stem") { net in
        net.relu(net.normalize(net.conv(image, 8, kernel: 3, stride: 2)))
    }
    let pool = net.maxPool(stem, kernel: 3, stride: 2, padding: 1)
    let left = net.slice(pool, 0..<4, name: "left")
    let right = net.scoped("right") { net in
        let half = net.slice(pool, 4..<8, name: "half")
        let narrow = net.relu(net.normalize(net.conv(half, 6, kernel: 1)))
        return net.normalize(
            net.depthwise(narrow, kernel: 5, name: "depthwise"), name: "depthwiseNorm")
    }
    let joined = net.shuffle(net.concatenate(left, right), groups: 2)
    let small = net.averagePool(joined, kernel: 3, stride: 2, padding: 1, name: "smaller")
    let grouped = net.conv(small, 10, kernel: 1, groups: 2, bias: true, name: "grouped")
    let context = net.add(
        joined, net.upsample(grouped, like: joined),
        net.conv(net.globalAverage(small), 10, kernel: 1, bias: true, name: "global"))
    let gate = net.scoped("gate") { net in
        net.sigmoid(net.normalize(net.conv(context, 10, kernel: 1)))
    }
    let product = net.multiply(context, gate)
    // A normalisation after something that is no convolution, and one after a convolution read
    // twice.
    let alone = net.normalize(product, name: "alone")
    let twice = net.conv(product, 10, kernel: 3, name: "twice")
    let mixed = net.add(net.normalize(twice, name: "twiceNorm"), twice, name: "mixed")
    net.output(alone, name: "attended")
    net.output(mixed, name: "mixed")
    net.output(net.dense(net.relu(mixed, name: "last"), 5, name: "logits"), name: "logits")
    return net
}
