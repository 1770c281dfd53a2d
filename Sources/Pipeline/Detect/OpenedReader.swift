internal import Flow
internal import Video

/// Source that was opened before the pipeline starts, to find out if it is live.
struct OpenedReader: Sendable {
    private enum Content: ~Copyable, Sendable {
        case reader(VideoReader)
        case failure(VideoError)
    }

    /// True for a live source; false for a recording and for one that could not be opened.
    let isLive: Bool
    private let box: TransferBox<Content>

    /// Opens a source.
    init(
        _ source: String, options: ReaderOptions, stop: @escaping @Sendable () -> Bool
    ) {
        do throws(VideoError) {
            let reader = try VideoReader(source, options: options, stop: stop)
            isLive = reader.description.isLive
            box = TransferBox(.reader(reader))
        } catch {
            isLive = false
            box = TransferBox(.failure(error))
        }
    }

    /// Takes the reader, once; throws the error of opening.
    func take() throws(VideoError) -> VideoReader {
        switch box.take() {
        case .reader(let reader): return reader
        case .failure(let error): throw error
        }
    }
}

/// Limit of the time for which live sources are watched.
struct LiveLimit: Sendable {
    /// Time at which it began, in nanoseconds of the monotonic clock.
    let begun = MonotonicClock.system.now
    private let end: UInt64?

    /// Begins the time of `seconds`, nil for no limit.
    init(_ seconds: Double?) {
        let begun = begun
        end = seconds.map { begun + UInt64($0 * 1e9) }
    }

    /// Test for a stop, or for the end of an address's time; files are read to their end.
    func stopTest(_ source: String, _ stop: StopSignal) -> @Sendable () -> Bool {
        let end = SourceList.isAddress(source) ? end : nil
        return { stop.isRequested || end.map { MonotonicClock.system.now >= $0 } == true }
    }
}
