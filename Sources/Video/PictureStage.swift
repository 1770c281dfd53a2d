internal import CFFmpeg
internal import Pixels

/// Packets in, finished pictures out: decoded, stamped, upright, in a format that can be drawn on.
struct PictureStage: ~Copyable {
    /// The finished picture, after ``next(report:)`` said that there is one.
    let buffer: FrameBuffer
    let timeBase: Ratio
    private(set) var orientation: Orientation
    private(set) var repair: StampRepair
    private let decoder: Decoder
    private let deinterlace: Bool
    private var filter: FrameFilter?
    /// Size that every picture is delivered in.
    private var target: Size?
    /// Look of the first picture that was decoded, and format of the first that was delivered.
    private var firstInput: FrameFilter.Input?
    private var firstFormat: Int32?
    private var isFilterEnding = false
    /// Where something was lost on which pictures lean until the next key frame.
    private var brokenSince: Int64?
    private var errorsInARow = 0

    struct Size: Hashable {
        var width: Int
        var height: Int
    }

    init(
        decoder: consuming Decoder, timeBase: Ratio, nominalRate: Ratio, orientation: Orientation,
        target: Size?, deinterlace: Bool
    ) throws(VideoError) {
        let buffer = try FrameBuffer()
        self.buffer = buffer
        self.timeBase = timeBase
        self.orientation = orientation
        repair = StampRepair(timeBase: timeBase, nominalRate: nominalRate)
        self.decoder = decoder
        self.deinterlace = deinterlace
        filter = nil
        self.target = target
    }

    /// Gives a packet, or nil at the end.
    mutating func send(_ packet: UnsafeMutablePointer<AVPacket>?, report: inout ReadReport) {
        guard unsafe !decoder.send(packet) else { return }
        report.decodeErrors += 1
        noteLoss(at: unsafe packet?.pointee.pts ?? tl_no_timestamp)
    }

    /// Remembers that something was lost, so that the pictures that lean on it are called damaged.
    mutating func noteLoss(at stamp: Int64) {
        brokenSince = min(brokenSince ?? .max, stamp == tl_no_timestamp ? .min : stamp)
    }

    /// What became of a wish for a picture.
    enum Outcome {
        case picture, needsPacket, ended
    }

    /// Finishes the next picture, if the packets so far hold one.
    mutating func next(report: inout ReadReport) throws(VideoError) -> Outcome {
        while true {
            if try pullFiltered() { return .picture }
            let code = unsafe decoder.receive(into: buffer.pointer)
            if code == tl_error_again { return .needsPacket }
            if code == tl_error_end {
                if try drainFilter() { continue }
                return .ended
            }
            guard code >= 0 else {
                if noteDecodeError(&report) { continue }
                return .ended
            }
            errorsInARow = 0
            prepare(&report)
            if try !route(&report) { return .picture }
        }
    }

    /// A decoder that fails for ever would keep us for ever: after many errors in a row it is over.
    private mutating func noteDecodeError(_ report: inout ReadReport) -> Bool {
        report.decodeErrors += 1
        errorsInARow += 1
        noteLoss(at: tl_no_timestamp)
        return errorsInARow < 1000
    }

    private func pullFiltered() throws(VideoError) -> Bool {
        guard filter != nil else { return false }
        return try unsafe filter?.pull(into: buffer.pointer) ?? false
    }

    /// Lets the filters give what they hold back; false when there is nothing to wait for.
    private mutating func drainFilter() throws(VideoError) -> Bool {
        guard filter != nil, !isFilterEnding else { return false }
        isFilterEnding = true
        try unsafe filter?.push(nil)
        return true
    }

    /// Repairs the stamp and collects the flags of a picture that was just decoded.
    private mutating func prepare(_ report: inout ReadReport) {
        let frame = unsafe buffer.pointer
        let stamp = unsafe frame.pointee.best_effort_timestamp
        if let broken = brokenSince, unsafe frame.pointee.key_frame == 1,
            stamp == tl_no_timestamp || stamp > broken
        {
            brokenSince = nil
        }
        let leans = brokenSince.map { stamp == tl_no_timestamp || stamp >= $0 } ?? false
        if unsafe leans || frame.pointee.decode_error_flags != 0 {
            unsafe frame.pointee.flags |= AV_FRAME_FLAG_CORRUPT
        }
        if unsafe frame.pointee.interlaced_frame != 0 { report.interlacedFrames += 1 }
        unsafe frame.pointee.pts = repair.next(stamp == tl_no_timestamp ? nil : stamp)
        report.missingStamps = repair.missing
        report.repairedStamps = repair.repaired
    }

    /// Sends the picture through filters where it needs them; false when it is finished as it is.
    private mutating func route(_ report: inout ReadReport) throws(VideoError) -> Bool {
        let input = unsafe FrameFilter.Input(buffer.pointer)
        if firstInput == nil { try begin(input, &report) }
        let isRefitted = input.isUnlike(firstInput)
        if isRefitted { report.refittedFrames += 1 }
        if filter == nil || filter?.input != input {
            let steps = steps(for: input, isRefitted: isRefitted)
            // Pictures that the old chain holds back (one, when deinterlacing) are let go with it.
            filter =
                steps.isEmpty
                ? nil
                : try FrameFilter(
                    steps.joined(separator: ","), input: input, timeBase: timeBase)
        }
        guard filter != nil else {
            unsafe firstFormat = firstFormat ?? buffer.pointer.pointee.format
            return false
        }
        try unsafe filter?.push(buffer.pointer)
        return true
    }

    private mutating func begin(
        _ input: FrameFilter.Input, _ report: inout ReadReport
    ) throws(VideoError) {
        firstInput = input
        if let told = unsafe Orientation(of: buffer.pointer), orientation == Orientation() {
            orientation = told
        }
        let size = Size(width: Int(input.width), height: Int(input.height))
        target =
            target
            ?? (orientation.swapsSides ? Size(width: size.height, height: size.width) : size)
        let format = AVPixelFormat(input.format)
        if PixelFormat.hasAlpha(format) {
            report.notices.append("The pictures are partly transparent; that was given up.")
        }
    }

    private func steps(for input: FrameFilter.Input, isRefitted: Bool) -> [String] {
        var steps: [String] = []
        if deinterlace { steps.append("bwdif=mode=send_frame:parity=auto:deint=interlaced") }
        if PixelFormat(AVPixelFormat(input.format)) == nil {
            let nearest = PixelFormat.nearest(to: AVPixelFormat(input.format))
            steps.append("scale=out_range=auto,format=pix_fmts=\(nearest.rawValue)")
        }
        steps += orientation.steps
        let size =
            orientation.swapsSides ? (input.height, input.width) : (input.width, input.height)
        if let target, (Int(size.0), Int(size.1)) != (target.width, target.height) {
            steps.append(
                "scale=\(target.width):\(target.height):flags=bilinear+accurate_rnd+bitexact")
        }
        if isRefitted, let firstFormat { steps.append("format=pix_fmts=\(firstFormat)") }
        return steps
    }
}

extension FrameFilter.Input {
    /// Whether size or format differ.
    fileprivate func isUnlike(_ other: FrameFilter.Input?) -> Bool {
        guard let other else { return false }
        return width != other.width || height != other.height || format != other.format
    }
}
