import Bench
import Configuration
import Foundation
import Pipeline
import ThunderNet

/// What the comparison with other engines asks of the bare network.
enum NetworkPeer {
    /// Writes graph, input and outputs for other engines, checks the outputs against the reference, and
    /// runs one round for each line on standard input, answering with its milliseconds.
    static func run(
        _ choice: ModelChoice, pictures: String?, export: String?, check: Bool, serve: Bool
    ) throws {
        do throws(RunError) {
            var network = try BareNetwork(choice, pictures: pictures)
            if let export { try network.export(for: export) }
            if check {
                for (output, error) in network.check() {
                    print("\(output): differs from the reference by \(error) of its largest number")
                }
            }
            guard serve else { return }
            answer(
                "{\"limit_gflops\":\(network.limitGigaflops),\"multiply_adds\":\(network.multiplyAdds)}"
            )
            while readLine() != nil { answer("\(network.run())") }
        } catch {
            throw failure(error.reason, error.message)
        }
    }

    /// A line that is on its way at once, since somebody waits for it.
    private static func answer(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
