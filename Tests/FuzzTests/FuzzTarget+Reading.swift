import Foundation
import Scene
import TestSupport

@testable import Configuration
@testable import Datasets
@testable import Live
@testable import Tensors
@testable import ThunderNet
@testable import Video

extension Model {
    init(decoding bytes: [UInt8], name: String) throws {
        try self.init(ModelFile(decoding: bytes, name: name))
    }
}

/// What each target does with an input, and what must hold then.
extension FuzzTarget {
    static func coco(_ bytes: [UInt8], _ scratch: Scratch) throws -> String {
        try set(scratch.write("set.json", Data(bytes)).path)
    }

    static func voc(_ bytes: [UInt8], _ scratch: Scratch) throws -> String {
        try scratch.write("voc/Annotations/a.xml", Data(bytes))
        return try set(scratch.path("voc"))
    }

    static func yolo(_ bytes: [UInt8], _ scratch: Scratch) throws -> String {
        // Three lines are read as labels, the others as the list of classes.
        let parts = bytes.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
        try scratch.write("yolo/images/a.jpg", Data())
        try scratch.write("yolo/labels/a.txt", Data(parts.prefix(3).joined(separator: [0x0A])))
        try scratch.write("yolo/data.yaml", Data(parts.count > 3 ? parts[3] : [][...]))
        return try set(scratch.path("yolo/data.yaml"))
    }

    private static func set(_ path: String) throws -> String {
        let set = try AnnotatedSet(path: path)
        for picture in set.pictures.prefix(64) {
            precondition(
                !picture.path.contains("://") && picture.path != "-", "no file: \(picture.path)")
            for annotation in picture.validAnnotations(width: 64, height: 48) {
                let box = annotation.box
                precondition(box.width > 0 && box.height > 0, "a box without area")
                precondition(box.right.isFinite && box.bottom.isFinite, "a box without an end")
                precondition(annotation.classIndex.map { set.classes.indices ~= $0 } ?? true)
            }
        }
        return "\(set.pictures.count) \(set.classes.count)"
    }

    static func yaml(_ text: String) throws -> String {
        let content = try PipelineFile(text, name: "fuzz.yaml").content
        // What was read is printed so that it reads back as equal.
        let again = try PipelineFile(PipelineText.yaml(content), name: "again.yaml").content
        precondition(again == content, "the printed file reads back otherwise")
        return content.command
    }

    static func setting(_ text: String) -> String {
        var taken = 0
        for setting in DetectSettingTable.all {
            var description = DetectDescription()
            if (try? setting.apply([text], &description)) != nil { taken += 1 }
        }
        for setting in LiveSettingTable.all {
            var description = LiveDescription()
            if (try? setting.apply([text], &description)) != nil { taken += 1 }
        }
        return "\(taken)"
    }

    static func playlist(_ bytes: [UInt8], _ scratch: Scratch) throws -> String {
        let path = scratch.path("x.m3u8")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        var options = ReaderOptions()
        (options.deadlines.open, options.deadlines.firstFrame) = (0.5, 0.5)
        var reader = try VideoReader(path, options: options)
        var frames = 0
        while frames < 3, try reader.next() != nil { frames += 1 }
        return "\(frames)"
    }

    static func address(_ text: String) -> String {
        let source = SourceAddress(text)
        precondition(redacted(redacted(text)).count <= 4 * text.count + 16)
        precondition(
            visible(text).unicodeScalars.allSatisfy { $0.value > 0x1F }, "a control character")
        let network = NetworkGuard(source, .standard) { NetworkClass(numeric: $0) }
        let isAllowed = network?.allows(text) ?? true
        precondition(isAllowed || network?.isRefused == true)
        return
            "\(source.isLive) \(source.isNetwork) \(isAllowed) \(redactedCredentials(text) == text)"
    }

    static func name(_ text: String) -> String {
        let recording = RecordingName(file: text, camera: "gate")
        if let recording {
            precondition(
                !text.contains("/") && text.hasPrefix(recording.stem), "a name that leads elsewhere"
            )
            _ = recording.time
        }
        let snapshot = EventRecord.timestamp(ofSnapshot: text)
        let range = StoredFile.range(text, of: 1000)
        precondition(
            range.map { $0.lowerBound >= 0 && $0.upperBound <= 1000 && !$0.isEmpty } ?? true)
        return
            "\(recording == nil) \(recording?.isClip ?? false) \(snapshot == nil) \(range == nil)"
    }

    static func movie(_ bytes: [UInt8], _ scratch: Scratch) throws -> String {
        let path = scratch.path("x.mp4")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        var copy = bytes
        EditList.insert(leads: [0, 4096], into: &copy)
        return
            "\(MovieBoxes.isUnfinished(path)) \(MovieBoxes.lacksEndOfIndex(path)) \(copy.count == bytes.count)"
    }
}

extension PipelineFile.Content {
    fileprivate var command: String {
        switch self {
        case .detect: "detect"
        case .bench: "bench"
        case .live: "live"
        case .train: "train"
        }
    }
}
