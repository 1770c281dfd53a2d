internal import Configuration
internal import Pipeline
internal import Video

/// What the thread of a camera's second address does: hands packets to the recorder, and decodes nothing.
struct MainStreamReader: ~Copyable {
    private let recorder: Recorder
    private let console: Console
    private let stop: @Sendable () -> Bool
    private var reader: CameraReader
    private var complaint: String?

    init(
        _ recorder: Recorder, address: String, console: Console,
        stop: @escaping @Sendable () -> Bool
    ) {
        self.recorder = recorder
        self.console = console
        self.stop = stop
        var options = ReaderOptions(recorder.camera.connection)
        options.pictures = .copied
        options.packetKinds = recorder.record.audio ? [.audio] : []
        reader = CameraReader(address, options: options, stop: stop)
    }

    /// Runs until it is asked to stop.
    mutating func run() {
        while !stop() {
            do throws(VideoError) {
                switch try reader.next() {
                case .connected(let source, _): connected(source)
                case .lost(let loss): lost(loss)
                case .item(.packet(let packet)): recorder.take(packet)
                case .item(.frame): break
                }
            } catch {
                // The one error that a camera's reader throws is that it was asked to stop.
                return
            }
        }
    }

    private mutating func connected(_ source: SourceDescription) {
        recorder.begin(source)
        let (picture, codec) = (source.picture, source.streams[source.videoStream].codec)
        console.info(
            "\(recorder.camera.name): main address connected, \(codec) "
                + "\(picture.width)x\(picture.height)")
        complaint = nil
    }

    private mutating func lost(_ loss: CameraReader.Loss) {
        let reason = redacted(loss.error.message)
        recorder.lose(reason)
        guard complaint != reason else { return }
        complaint = reason
        console.info("\(recorder.camera.name): main address lost; \(reason)")
    }
}
