import Foundation
import TestSupport
import Testing

extension ProgramTests.TrainTests {
    /// Sixteen images of two colors in folders, and a recipe of a classifier.
    private func colors(_ scratch: Scratch) throws -> String {
        for index in 0..<16 {
            let color = index % 2 == 0 ? "red" : "blue"
            let made = try Media.make(
                "train-color-\(index).png",
                "-f lavfi -i color=\(color):size=64x64:duration=0.04 -vf noise=alls=40:all_seed=\(index) -frames:v 1"
            )
            try scratch.write(
                "set/\(color)/\(index).png", Data(contentsOf: URL(fileURLWithPath: made)))
        }
        return try scratch.write(
            "colors.yaml",
            """
            command: train
            task: classification
            sets: \(scratch.path("set"))
            held-out: \(scratch.path("set"))
            model: {name: colors, backbone: snet49, input: 32x32}
            classification: {stem-stride: 2, recalibration: 4}
            run: {output: \(scratch.path("colors")), epochs: 12, batch: 8, evaluate-every: 6, threads: 2}
            augment: {color: 0, gray: 0}
            optimizer: {rule: adamw, rate: 0.002, warm-up: 4, average: 0.8}
            """)
    }

    @Test func aBackboneIsTrainedFromFoldersAndADetectorStartsFromIt() throws {
        guard let trainer = Self.trainer else { return }
        let scratch = try Scratch()
        var command = try Program.command()
        command.environment = ["THUNDERLINE_TRAIN": trainer]
        command.patience = 200
        let ended = try command.run(["train", try colors(scratch)])
        try #require(ended.status == 0, "\(ended.standardError)")
        #expect(ended.standardError.contains("top1 1.0000"), "\(ended.standardError)")
        let page = try String(contentsOf: scratch.file("colors/report.html"), encoding: .utf8)
        for words in ["Accuracy by epoch", "<polyline", "16 held-out", "<td>blue"] {
            #expect(page.contains(words), "\(words)")
        }
        // The backbone's name, units and normalization come from the file.
        let detector = try command.run([
            "train", try recipe(scratch, try scenes(scratch)), "--epochs", "1", "--set",
            "model.start=\(scratch.path("colors/best.safetensors"))", "--set",
            "model.start-part=backbone",
        ])
        #expect(detector.status == 0)
        #expect(
            detector.standardError.contains("tensors from"), "\(detector.standardError)")
    }

    @Test(arguments: [
        ("model.backbone=snet50", 64, "none of"), ("model.classes=red,green", 64, "green"),
        ("sets=/nowhere", 66, "nowhere"), ("model.input=60x60", 64, "multiples of 32"),
    ])
    func aWrongClassifierIsRefusedBeforeAnyWork(override: String, status: Int32, words: String)
        throws
    {
        let scratch = try Scratch()
        var command = try Program.command()
        command.environment = ["THUNDERLINE_TRAIN": "/bin/true"]
        let ended = try command.run(["train", try colors(scratch), "--set", override])
        #expect(ended.status == status, "\(ended.standardError)")
        #expect(ended.standardError.contains(words), "\(ended.standardError)")
    }
}
