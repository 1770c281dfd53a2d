public import Configuration
public import Video

// Settings mapped to the options of `Video`.

extension ConnectionDescription.Transport {
    /// RTSP transports in the order in which they are tried.
    public var candidates: [ReaderOptions.Transport] {
        switch self {
        case .automatic: [.tcp, .udp]
        case .tcp: [.tcp]
        case .udp: [.udp]
        }
    }
}

extension OutputDescription.AudioChoice {
    /// Permitted ways of writing audio.
    var handling: WriterOptions.AudioHandling {
        switch self {
        case .auto: [.copy, .reencode]
        case .copy: [.copy]
        case .none: []
        }
    }
}

extension OutputDescription.PixelFormatChoice {
    /// True if the output keeps the source's bit depth and chroma subsampling.
    var keepsSource: Bool {
        switch self {
        case .standard: false
        case .source: true
        }
    }
}
