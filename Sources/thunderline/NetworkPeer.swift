import Bench
import Configuration
import Foundation
import Pipeline
import ThunderNet

/// The bare network as a peer in comparisons with other engines.
enum NetworkPeer {
    /// Writes graph, input and outputs for other engines, compares the outputs with the reference, and runs the
    /// network once for each line of standard input, answering with the milliseconds.
    static func run(
        _ choice: ModelChoice, pictures: String?, export: String?, check: Bool, serve: Bool
    ) throws {
        do throws(RunError) {
            var network = try BareNetwork(choice, images: pictures)
            if let export { try network.export(for: export) }
            if check {
                for (output, error) in network.check() {
                    say("\(output): differs from the reference by \(error) of its largest number")
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

    /// Prints a line without buffering, since another program waits for it.
    private static func answer(_ line: String) {
        StandardOutput.write(line + "\n")
    }
}
