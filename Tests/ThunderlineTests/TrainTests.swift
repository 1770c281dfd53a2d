import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// `thunderline train` on drawn scenes.
    struct TrainTests {
        /// A `thunderline-train` with libtorch; nil, with a printed skip, where none is built.
        static let trainer: String? = {
            let environment = ProcessInfo.processInfo.environment["THUNDERLINE_TRAIN"]
            let built = Shared.root.appendingPathComponent(
                ".build-training/release/thunderline-train")
            let found = [environment, built.path].compactMap { $0 }.first {
                FileManager.default.isExecutableFile(atPath: $0)
            }
            if found == nil { print("SKIPPED: no thunderline-train with libtorch is built") }
            return found
        }()

        /// Eight scenes of 320×192, each with a red and a blue rectangle, as a COCO set.
        func scenes(_ scratch: Scratch) throws -> String {
            var images: [String] = []
            var annotations: [String] = []
            for index in 0..<8 {
                let boxes = [
                    (category: 1, x: 10 + 14 * index, y: 20 + 8 * index, width: 56, height: 40),
                    (category: 2, x: 250 - 16 * index, y: 120 - 9 * index, width: 48, height: 64),
                ]
                let filters = boxes.map {
                    "drawbox=x=\($0.x):y=\($0.y):w=\($0.width):h=\($0.height):t=fill"
                        + ":color=\($0.category == 1 ? "red" : "blue")"
                }
                let name = "scene-\(index).png"
                let made = try Media.make(
                    "train-\(name)",
                    "-f lavfi -i color=gray:size=320x192:duration=0.04 -vf \(filters.joined(separator: ",")) -frames:v 1"
                )
                try scratch.write("images/\(name)", Data(contentsOf: URL(fileURLWithPath: made)))
                images.append(#"{"id":\#(index),"file_name":"images/\#(name)"}"#)
                annotations += boxes.map {
                    #"{"image_id":\#(index),"category_id":\#($0.category),"bbox":[\#($0.x),\#($0.y),\#($0.width),\#($0.height)]}"#
                }
            }
            return try scratch.write(
                "set.json",
                #"{"images":[\#(images.joined(separator: ","))],"annotations":[\#(annotations.joined(separator: ","))],"categories":[{"id":1,"name":"red"},{"id":2,"name":"blue"}]}"#
            )
        }

        func recipe(_ scratch: Scratch, _ set: String) throws -> String {
            try scratch.write(
                "recipe.yaml",
                """
                command: train
                sets: \(set)
                held-out: \(set)
                model:
                  name: rectangles
                  backbone: snet49
                  input: 320x192
                  anchor-scales: [32, 64, 96]
                run:
                  output: \(scratch.path("run"))
                  epochs: 150
                  batch: 8
                  evaluate-every: 75
                  threads: 2
                network: {statistics: live}
                augment: {crop: 0, expand: 0, mosaic: 0, color: 0, gray: 0}
                sampling: {rare-share: 0}
                optimizer: {rule: adamw, rate: 0.002, warm-up: 20, decay: 0.01, average: 0.95}
                """)
        }

        @Test func eightScenesBecomeAModelThatDetectsThem() throws {
            guard let trainer = Self.trainer else { return }
            let scratch = try Scratch()
            let recipe = try recipe(scratch, try scenes(scratch))
            var command = try Program.command()
            command.environment = ["THUNDERLINE_TRAIN": trainer]
            command.patience = 400
            let ended = try command.run(["train", recipe])
            try #require(ended.status == 0, "\(ended.standardError)")
            let model = scratch.path("run/best.safetensors")
            let measured = try Program.run([
                "eval", scratch.path("set.json"), "--model", model, "--json",
            ])
            let figures = try JSONSerialization.jsonObject(with: measured.data) as? [String: Any]
            let precision = try #require(figures?["AP50"] as? Double, "\(measured.output)")
            #expect(precision > 0.9)
            let card = try Program.run(["models", "describe", model]).output
            #expect(card.contains("rectangles") && card.contains("AP50"), "\(card)")
            let page = try String(contentsOf: scratch.file("run/report.html"), encoding: .utf8)
            for words in ["Losses by epoch", "Precision by recall", "<polyline", "8 held-out"] {
                #expect(page.contains(words))
            }
            let sheet = try Data(contentsOf: scratch.file("run/first-inputs.png"))
            #expect(sheet.starts(with: Data([0x89, 0x50, 0x4E, 0x47])) && sheet.count > 10_000)
            // A finished run is not started over by accident.
            let again = try command.run(["train", recipe])
            #expect(again.status == 73)
            #expect(again.standardError.contains("--resume"))
        }

        @Test func aSignalSavesTheRunAndItContinues() throws {
            guard let trainer = Self.trainer else { return }
            let scratch = try Scratch()
            let recipe = try recipe(scratch, try scenes(scratch))
            var command = try Program.command()
            command.environment = ["THUNDERLINE_TRAIN": trainer]
            command.patience = 200
            let stopped = try command.run(["train", recipe]) { process in
                try wait(for: scratch.file("run/train.csv"))
                Thread.sleep(forTimeInterval: 1)
                kill(process.processIdentifier, SIGTERM)
            }
            #expect(stopped.status == 0, "\(stopped.standardError)")
            #expect(stopped.standardError.contains("stopped after"))
            let resumed = try command.run(
                ["train", recipe, "--resume", "--set", "run.checkpoint=1s"]
            ) { process in
                Thread.sleep(forTimeInterval: 3)
                kill(process.processIdentifier, SIGTERM)
            }
            #expect(resumed.status == 0)
            #expect(resumed.standardError.contains("resumes after"), "\(resumed.standardError)")
        }

        @Test func aMissingTrainerIsReportedWithTheWayToBuildIt() throws {
            let scratch = try Scratch()
            let recipe = try recipe(scratch, try scenes(scratch))
            var command = try Program.command()
            command.environment = ["THUNDERLINE_TRAIN": "/nowhere/thunderline-train"]
            let ended = try command.run(["train", recipe])
            #expect(ended.status == 66)
            #expect(ended.standardError.contains("Samples/train/libtorch.sh"))
        }

        @Test(arguments: [
            ("model.backbone=snet50", 64, "none of"), ("model.start=nothing", 76, "nothing"),
            ("model.input=320x190", 64, "multiples of 32"), ("sets=/nowhere.json", 66, "nowhere"),
            ("augment.paste-classes=green", 64, "no class \"green\""),
        ])
        func aWrongRecipeIsRefusedBeforeAnyWork(override: String, status: Int32, words: String)
            throws
        {
            let scratch = try Scratch()
            let recipe = try recipe(scratch, try scenes(scratch))
            var command = try Program.command()
            command.environment = ["THUNDERLINE_TRAIN": "/bin/true"]
            let ended = try command.run(["train", recipe, "--set", override])
            #expect(ended.status == status, "\(ended.standardError)")
            #expect(ended.standardError.contains(words), "\(ended.standardError)")
        }
    }
}

/// Waits until a file exists.
private func wait(for file: URL) throws {
    let end = Date().addingTimeInterval(60)
    while !FileManager.default.fileExists(atPath: file.path) {
        try #require(Date() < end, "\(file.path) did not appear")
        Thread.sleep(forTimeInterval: 0.05)
    }
}
