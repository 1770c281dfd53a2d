import Foundation
import Tensors
import ThunderNet

// Times the bare network (seeded weights) and prints one line of JSON; `compare_engines.py` drives it.
//
//     network-bench BACKBONE WIDTHxHEIGHT [--rounds N] [--threads N] [--profile] [--check] [--export FOLDER] [--serve]
//
// --export writes the ONNX model, its input and our outputs. With --serve it runs one round for each line on standard input and answers with its milliseconds.

let arguments = CommandLine.arguments
let backboneName = arguments.count > 1 ? arguments[1] : "snet49"
let size = (arguments.count > 2 ? arguments[2] : "320x320").split(separator: "x").compactMap {
    Int($0)
}
guard let backbone = BackboneCatalog.backbone(backboneName), size.count == 2 else {
    print(
        "usage: network-bench BACKBONE WIDTHxHEIGHT [--rounds N] [--threads N] [--profile] [--check] [--serve]"
    )
    exit(64)
}
let rounds = arguments.firstIndex(of: "--rounds").flatMap { Int(arguments[$0 + 1]) } ?? 200
let threads = arguments.firstIndex(of: "--threads").flatMap { Int(arguments[$0 + 1]) } ?? 1
let set = try InstructionSet.limited(by: ProcessInfo.processInfo.environment["THUNDERLINE_CPU"])
let detector = DetectorGraph(
    ThunderNetDesign(backbone: backbone, classes: 80), width: size[0], height: size[1])
let weights = Weights.random(for: detector.body)
let network = FoldedNetwork(detector.body, weights)
let clock = ContinuousClock()
let start = clock.now
let precision = arguments.firstIndex(of: "--precision").flatMap { Precision(rawValue: arguments[$0 + 1]) } ?? .float32
let precisions = switch precision {
case .float32: PrecisionMap.float32
case .bfloat16: PrecisionMap.bfloat16
case .int8: PrecisionMap(usual: .int8(-4...4))
}
var plan = try Plan(network, instructionSet: set, threads: threads, precisions: precisions)
let building = clock.now - start

var source = NormalSource(seed: 1)
var image = Tensor(detector.body.nodes[0].shape)
image.withMutableSpan { span in
    for index in span.indices { span[index] = source.next() }
}
plan.write(image, to: "input")
for _ in 0..<10 { plan.run() }

func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.attoseconds) * 1e-15 + Double(duration.components.seconds) * 1e3
}

if arguments.contains("--check") {
    let expected = Interpreter(network.graph, network.weights).run(["input": image])
    for output in detector.body.outputs {
        guard let reference = expected[output.name] else { continue }
        let result = plan.tensor(output.name)
        var worst: Float = 0
        var scale: Float = 0
        for index in 0..<result.count {
            worst = max(worst, abs(result[index] - reference[index]))
            scale = max(scale, abs(reference[index]))
        }
        print("\(output.name): differs by \(worst), largest \(scale)")
    }
}
if let folder = arguments.firstIndex(of: "--export").map({ URL(fileURLWithPath: arguments[$0 + 1]) }
) {
    func write(_ tensor: Tensor, _ name: String) throws {
        let numbers = tensor.values
        let bytes = numbers.flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
        }
        try Data(bytes).write(to: folder.appending(path: name))
    }
    let model = try network.graph.onnx(network.weights, name: backboneName)
    try Data(model).write(to: folder.appending(path: "network.onnx"))
    try write(image, "input.f32")
    for output in detector.body.outputs {
        try write(plan.tensor(output.name), "\(output.name).f32")
    }
}
if arguments.contains("--serve") {
    while readLine() != nil {
        let time = milliseconds(clock.measure { plan.run() })
        FileHandle.standardOutput.write(Data("\(time)\n".utf8))
    }
    exit(0)
}
if arguments.contains("--profile") {
    for layer in plan.profile(rounds: rounds) {
        let gigaflops = 2 * Double(layer.multiplyAdds) / Double(layer.nanoseconds)
        print(
            String(
                format: "%8.1f µs %8.3f M %6.1f GFLOP/s  ", layer.nanoseconds / 1e3,
                Double(layer.multiplyAdds) / 1e6, gigaflops) + layer.name)
    }
}
var times: [Double] = []
for _ in 0..<rounds { times.append(milliseconds(clock.measure { plan.run() })) }
times.sort()
let cost = Cost(detector.body).multiplyAdds()
let median = times[times.count / 2]
print(
    String(
        format:
            "{\"set\":\"%@\",\"median_ms\":%.4f,\"min_ms\":%.4f,\"gflops\":%.1f,\"limit_gflops\":%.1f,\"arena_bytes\":%d,\"constant_bytes\":%d,\"build_ms\":%.1f}",
        set.rawValue as NSString, median, times[0], 2e-6 * Double(cost) / median,
        set.multiplyAddLimit(), plan.arenaBytes, plan.constantBytes, milliseconds(building)))
