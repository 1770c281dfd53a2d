internal import Configuration
internal import Pipeline
internal import Video

/// Body of the thread of a camera's second address: hands packets to the recorder undecoded.
struct MainStreamReader: ~Copyable {
    private let recorder: Recorder
    private let console: Console
    private let stop: @Sendable () -> Bool
    private var reader: CameraReader
    private var lastError: String?

    init(
        _ recorder: Recorder, address: String, console: Console,
        stop: @escaping @Sendable () -> Bool
    ) {
        self.recorder = recorder
        self.console = console
        self.stop = stop
        var options = ReaderOptions(recorder.camera.connection)
        options.videoOutput = .packets
        options.packetKinds = recorder.record.audio ? [.audio] : []
        reader = CameraReader(address, options: options, stop: stop)
    }

    /// Reads until a stop is requested.
    mutating func run() {
        while !stop() {
            do throws(VideoError) {
                switch try reader.next() {
                case .connected(let source, _): connected(source)
                case .lost(let loss): lost(loss)
                case .item(.packet(let packet)): recorder.receive(packet)
                case .item(.frame): break
                }
            } catch {
                // A camera's reader throws only when a stop was requested.
                return
            }
        }
    }

    private mutating func connected(_ source: SourceDescription) {
        recorder.connected(source)
        let (video, codec) = (source.video, source.streams[source.videoStream].codec)
        console.info(
            "\(recorder.camera.name): main address connected, \(codec) "
                + "\(video.width)x\(video.height)")
        lastError = nil
    }

    private mutating func lost(_ loss: CameraReader.Loss) {
        let reason = redacted(loss.error.message)
        recorder.disconnected(reason)
        guard lastError != reason else { return }
        lastError = reason
        console.info("\(recorder.camera.name): main address lost; \(reason)")
    }
}
