import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Configuration
@testable import Live

/// All faults of cameras, over both transports, side by side in one run.
struct FaultMatrix {
    enum Fault: String, CaseIterable, Sendable {
        case clean
        case loss
        case frozenShort = "frozen-2s"
        case frozenLong = "frozen-10s"
        case killed
        case refused
        case wrongPassword = "wrong-password"
        case end
        case change
        case jump
        case betweenKeys = "between-key-frames"
    }

    enum Maker: String, Sendable { case pretended, gstreamer }

    /// Cell of the matrix.
    struct Cell: Hashable, Sendable, CustomTestStringConvertible {
        let maker: Maker
        let fault: Fault
        let transport: ConnectionDescription.Transport

        var name: String { "\(maker.rawValue)-\(fault.rawValue)-\(transport.rawValue)" }
        var testDescription: String { name }
    }

    /// Status of a camera at a time.
    struct Sample: Sendable {
        let at: Double
        let status: CameraStatus
    }

    /// Samples of one camera.
    struct History: Sendable {
        var samples: [Sample] = []
        /// Time at which the fault was ended; nil where it was not.
        var backAt: Double?
        var last: CameraStatus?
    }

    /// Deadlines of the run, in seconds.
    static let silence = 3.0
    static let keyDistance = 1.0
    /// Number of frames after which scripted faults begin.
    private static let early = 75

    static let cells: [Cell] = {
        var cells: [Cell] = []
        for transport in [ConnectionDescription.Transport.tcp, .udp] {
            cells += Fault.allCases.map { Cell(maker: .pretended, fault: $0, transport: transport) }
            guard GStreamerCamera.isThere else { continue }
            cells += [.clean, .frozenShort, .frozenLong, .killed, .end]
                .map { Cell(maker: .gstreamer, fault: $0, transport: transport) }
        }
        return cells
    }()

    /// Histories of all cells, and disagreements with the page; one run for all tests.
    static let outcome = Result {
        var matrix = try FaultMatrix()
        return try matrix.watch()
    }

    struct Outcome: Sendable {
        var histories: [Cell: History] = [:]
        var contradictions: [String] = []
    }

    private let live: RunningLive
    private let cameras: [Cell: any BreakableCamera]
    private var outcome = Outcome()

    private init() throws {
        var cameras: [Cell: any BreakableCamera] = [:]
        var description = LiveDescription()
        description.model.inputSize = PictureSize(width: 320, height: 192)
        description.tracking.detectRate = 1
        description.connection.open = 3
        description.connection.firstFrame = 3
        description.connection.silence = Self.silence
        for cell in Self.cells {
            // One GStreamer server serves both transports.
            let twin = cameras.first { $0.key.fault == cell.fault && $0.key.maker == .gstreamer }
            let camera =
                cell.maker == .gstreamer
                ? try twin?.value ?? Self.camera(for: cell) : try Self.camera(for: cell)
            if cell.fault == .refused { camera.stop() }
            cameras[cell] = camera
            var described = description.newCamera(number: 1)
            (described.name, described.source) = (cell.name, camera.source)
            described.connection.transport = cell.transport
            description.cameras.append(described)
        }
        self.cameras = cameras
        live = try RunningLive(description)
    }

    private static func camera(for cell: Cell) throws -> any BreakableCamera {
        if cell.maker == .gstreamer {
            return try GStreamerCamera(
                cell.fault == .end ? Media.cameraMovie() : Media.longCameraMovie())
        }
        let view = try Media.cameraView()
        let larger = try Media.largerCameraView()
        return try CameraServer { session in
            var script = CameraScript(view)
            switch cell.fault {
            case .loss: script.faults = [.lose(every: 23)]
            case .wrongPassword: script.login = ("anna", "secret")
            case .end: script.faults = session == 0 ? [.disconnect(frame: early)] : []
            case .change:
                script.changed = larger
                script.faults = [.change(frame: early)]
            case .jump: script.faults = [.jump(seconds: 3600, frame: early)]
            case .betweenKeys:
                script.firstFrame = 13
                script.description = .withoutParameterSets
            default: break
            }
            return script
        }
    }

    private func pause(_ seconds: Double) { usleep(UInt32(seconds * 1e6)) }

    /// Runs all faults.
    private mutating func watch() throws -> Outcome {
        let absent: Set<Fault> = [.refused, .wrongPassword]
        live.wait(20) {
            zip(Self.cells, live.run.statuses).allSatisfy {
                absent.contains($0.fault) || $1.counts.decoded > 0
            }
        }
        let witness = try Witness(live.run)
        pause(2)
        act { fault, camera in
            if [.frozenShort, .frozenLong].contains(fault) { camera.freeze(true) }
            if fault == .killed { camera.stop() }
        }
        pause(2)
        bringBack(.frozenShort) { $0.freeze(false) }
        pause(1)
        try bringBack(.killed) { try $0.start() }
        try bringBack(.refused) { try $0.start() }
        pause(5)
        compareWithPage()
        pause(2)
        bringBack(.frozenLong) { $0.freeze(false) }
        pause(8)
        compareWithPage()
        let samples = witness.end()
        for (number, (cell, camera)) in zip(Self.cells, live.end().cameras).enumerated() {
            outcome.histories[cell, default: History()].last = camera
            outcome.histories[cell, default: History()].samples = samples.map {
                Sample(at: $0.at, status: $0.statuses[number])
            }
        }
        for camera in cameras.values { camera.stop() }
        return outcome
    }

    private func act(_ what: (Fault, any BreakableCamera) -> Void) {
        for (cell, camera) in cameras { what(cell.fault, camera) }
    }

    private mutating func bringBack(
        _ fault: Fault, _ how: (any BreakableCamera) throws -> Void
    ) rethrows {
        for (cell, camera) in cameras where cell.fault == fault {
            try how(camera)
            outcome.histories[cell, default: History()].backAt =
                ProcessInfo.processInfo.systemUptime
        }
    }

    /// Compares the page with the status before or after the request.
    private mutating func compareWithPage() {
        guard let page = live.page else { return outcome.contradictions.append("there is no page") }
        let before = live.run.statuses
        let cameras = WebPage.get(page + "/api/cameras").body
        let metrics = String(decoding: WebPage.get(page + "/metrics").body, as: UTF8.self)
        let after = live.run.statuses
        let told = (try? JSONSerialization.jsonObject(with: cameras)) as? [[String: Any]] ?? []
        if told.count != before.count {
            outcome.contradictions.append("\(told.count) cameras told")
        }
        for (number, reply) in told.enumerated() {
            let facts = [before[number], after[number]]
            let isSame = facts.contains {
                reply["state"] as? String == $0.state.rawValue
                    && reply["reason"] as? String == $0.reason
            }
            let isCounted =
                (facts[0].counts.decoded...facts[1].counts.decoded)
                .contains(reply["decoded"] as? Int ?? -1)
            let isUp = facts.contains {
                let up = $0.state == .watching ? "1.0" : "0.0"
                return metrics.contains("thunderline_camera_up{camera=\"\($0.name)\"} \(up)\n")
            }
            if !isSame || !isCounted || !isUp {
                outcome.contradictions.append("\(reply) of \(facts)")
            }
        }
    }
}

/// Samples a run twenty times a second.
private final class Witness: Sendable {
    private let over = StopSignal()
    private let worker: Worker<[(at: Double, statuses: [CameraStatus])], Never>

    init(_ run: LiveRun) throws {
        let over = over
        worker = try Worker(name: "witness") {
            var seen: [(at: Double, statuses: [CameraStatus])] = []
            while !over.isRequested {
                seen.append((ProcessInfo.processInfo.systemUptime, run.statuses))
                usleep(50_000)
            }
            return seen
        }
    }

    func end() -> [(at: Double, statuses: [CameraStatus])] {
        over.ask()
        return worker.join()
    }
}

/// Camera that can be broken and repaired.
protocol BreakableCamera: AnyObject {
    /// Address of the camera.
    var source: String { get }
    /// Stops sending without closing anything, or resumes.
    func freeze(_ isFrozen: Bool)
    /// Stops the camera.
    func stop()
    /// Starts it again at the same address.
    func start() throws
}

extension CameraServer: BreakableCamera {
    var source: String { address("anna:guess") }
}

extension GStreamerCamera: BreakableCamera {
    var source: String { address }
}
