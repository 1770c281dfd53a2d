internal import CFFmpeg
internal import Pixels

/// Stage of a reader that decodes packets into finished frames: timestamps repaired, upright, in a drawable format.
struct FrameStage: ~Copyable, Sendable {
    /// Finished frame, valid after ``next(report:)`` returned `.frame`.
    let buffer: FrameBuffer
    let timeBase: Ratio
    private(set) var orientation: Orientation
    private(set) var repair: TimestampRepair
    private let decoder: Decoder
    private let deinterlace: Bool
    private var filter: FrameFilter?
    /// Size and format of all delivered frames, as far as known.
    private(set) var outputFormat: OutputFormat?
    /// Properties of the first decoded frame.
    private var firstInput: FrameFilter.Input?
    /// Frame that waits until the filter graph for the frames before it is drained.
    private let held: FrameBuffer
    private var isHolding = false
    private var isFilterEnding = false
    /// Timestamp of the earliest loss since the last key frame; later frames may depend on it.
    private var brokenSince: Int64?
    private var errorsInARow = 0
    private var origins = PacketOrigins()
    private var images: JPEGDamage?
    /// True for live sources, whose arrival times are meaningful.
    private let isLive: Bool
    private var gate = SkipGate()
    /// Leading frames at the start; nil for live sources and after a seek.
    private var leading: LeadingFrames?
    /// Bit-exact conversion makes results independent of the processor.
    private static let conversion = "scale=flags=bilinear+accurate_rnd+bitexact"

    init(
        decoder: consuming Decoder, timeBase: Ratio, nominalRate: Ratio, orientation: Orientation,
        outputFormat: OutputFormat?, deinterlace: Bool, isLive: Bool = false,
        images: JPEGDamage? = nil
    ) throws(VideoError) {
        let buffer = try FrameBuffer()
        let held = try FrameBuffer()
        self.buffer = buffer
        self.held = held
        self.timeBase = timeBase
        self.orientation = orientation
        repair = TimestampRepair(timeBase: timeBase, nominalRate: nominalRate)
        self.decoder = decoder
        self.isLive = isLive
        self.images = images
        self.deinterlace = deinterlace
        filter = nil
        self.outputFormat = outputFormat
        leading = isLive ? nil : LeadingFrames()
    }

    /// Ignores leading frames, because reading starts in the middle.
    mutating func startElsewhere() { leading = nil }

    /// Forgets all packets, to begin at another place.
    mutating func restart(nominalRate: Ratio) {
        decoder.flush()
        repair = TimestampRepair(timeBase: timeBase, nominalRate: nominalRate)
        filter = nil
        (isFilterEnding, isHolding) = (false, false)
        brokenSince = nil
    }

    /// Sends a packet with its origin, or nil at the end.
    mutating func send(
        _ packet: PacketView?, from origin: PacketOrigin = PacketOrigin(),
        report: inout ReadReport
    ) {
        var number: Int64 = 0
        if let packet {
            number = origins.note(origin)
            images?.sent(packet, number)
            leading?.sent(number, timestamp: packet.pts, isKey: packet.isKey)
            if gate.pass(isKey: packet.isKey) {
                decoder.skip(gate.present)
            }
            report.skippedFrames = gate.skipped
        }
        guard unsafe !decoder.send(packet?.pointer, number: number) else { return }
        report.decodeErrors += 1
        noteLoss(at: packet?.pts)
    }

    /// Frames to skip.
    var decoderSkip: DecoderSkip {
        get { gate.wanted }
        set { gate.wanted = newValue }
    }

    /// Origin of the finished frame.
    var origin: PacketOrigin {
        unsafe origins[tl_packet_number(buffer.pointer)] ?? PacketOrigin()
    }

    /// Records a loss; frames that depend on it are flagged as corrupt.
    mutating func noteLoss(at timestamp: Int64?) {
        brokenSince = min(brokenSince ?? .max, timestamp ?? .min)
    }

    /// Result of ``next(report:)``.
    enum Outcome {
        case frame, needsPacket, ended
    }

    /// Finishes the next frame, if the packets so far contain one.
    mutating func next(report: inout ReadReport) throws(VideoError) -> Outcome {
        while true {
            if try pullFiltered() { return .frame }
            if isHolding {
                isHolding = false
                unsafe av_frame_unref(buffer.pointer)
                unsafe av_frame_move_ref(buffer.pointer, held.pointer)
                if try !route(&report) { return .frame }
                continue
            }
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
            if try !route(&report) { return .frame }
        }
    }

    /// Counts a decoder error; false after 1000 errors in a row, so that reading ends.
    private mutating func noteDecodeError(_ report: inout ReadReport) -> Bool {
        report.decodeErrors += 1
        errorsInARow += 1
        noteLoss(at: nil)
        return errorsInARow < 1000
    }

    private mutating func pullFiltered() throws(VideoError) -> Bool {
        guard try unsafe filter?.pull(into: buffer.pointer) ?? false else { return false }
        let frame = unsafe buffer.pointer
        noteFormat()
        if let input = filter?.input, PixelFormat.isRGB(AVPixelFormat(input.format)) {
            // The filters converted RGB to YUV, but kept its colour tags.
            unsafe frame.pointee.colorspace = AVCOL_SPC_SMPTE170M
            unsafe frame.pointee.color_range = AVCOL_RANGE_MPEG
        }
        return true
    }

    /// Drains the filter graph; false if there is nothing to drain.
    private mutating func drainFilter() throws(VideoError) -> Bool {
        guard filter != nil, !isFilterEnding else { return false }
        isFilterEnding = true
        try unsafe filter?.push(nil)
        return true
    }

    /// Repairs the timestamp and collects the flags of a decoded frame.
    private mutating func prepare(_ report: inout ReadReport) {
        let frame = unsafe buffer.pointer
        gate.received()
        let timestamp = unsafe frame.pointee.best_effort_timestamp
        if let broken = brokenSince, unsafe tl_frame_is_key(frame),
            timestamp == tl_no_timestamp || timestamp > broken
        {
            brokenSince = nil
        }
        let isAffected =
            brokenSince.map { timestamp == tl_no_timestamp || timestamp >= $0 } ?? false
        let isHalf = unsafe images?.isDamaged(tl_packet_number(frame)) ?? false
        if unsafe isAffected || isHalf || frame.pointee.decode_error_flags != 0 {
            unsafe frame.pointee.flags |= AV_FRAME_FLAG_CORRUPT
        }
        if unsafe tl_frame_is_interlaced(frame) { report.interlacedFrames += 1 }
        unsafe leading?.received(tl_packet_number(frame), timestamp: timestamp)
        report.leadingFrames = leading?.lost ?? 0
        unsafe frame.pointee.pts = repair.next(
            timestamp == tl_no_timestamp ? nil : timestamp, arrival: isLive ? arrivalTicks : nil)
        report.missingTimestamps = repair.missing
        report.repairedTimestamps = repair.repaired
    }

    /// Arrival of the frame's packet in ticks of the stream's time base.
    private var arrivalTicks: Int64? {
        guard timeBase.value > 0, origin.arrival > 0 else { return nil }
        return Int64(nearest: Double(origin.arrival) / 1e9 / timeBase.value)
    }

    /// Sends the frame through the filter graph; false if it needs none.
    private mutating func route(_ report: inout ReadReport) throws(VideoError) -> Bool {
        let input = unsafe FrameFilter.Input(buffer.pointer)
        if firstInput == nil { begin(input, &report) }
        if filter?.input != input {
            if try drainFilter() {
                unsafe av_frame_move_ref(held.pointer, buffer.pointer)
                isHolding = true
                return true
            }
            let steps = steps(for: input)
            filter =
                steps.isEmpty
                ? nil
                : try FrameFilter(steps.joined(separator: ","), input: input, timeBase: timeBase)
            isFilterEnding = false
        }
        if input.isUnlike(firstInput) { report.refittedFrames += 1 }
        guard filter != nil else {
            noteFormat()
            return false
        }
        try unsafe filter?.push(buffer.pointer)
        return true
    }

    /// Fixes the output format to that of the first finished frame.
    private mutating func noteFormat() {
        guard outputFormat?.format == nil else { return }
        outputFormat?.format = unsafe buffer.pointer.pointee.format
    }

    private mutating func begin(_ input: FrameFilter.Input, _ report: inout ReadReport) {
        firstInput = input
        if let told = unsafe Orientation(of: buffer.pointer), orientation == Orientation() {
            orientation = told
        }
        outputFormat = outputFormat ?? upright(input)
        let format = AVPixelFormat(input.format)
        if PixelFormat.hasAlpha(format) {
            report.diagnostics.append("The video has transparency, which was dropped.")
        }
    }

    private func upright(_ input: FrameFilter.Input) -> OutputFormat {
        let (width, height) = (Int(input.width), Int(input.height))
        return orientation.swapsSides
            ? OutputFormat(width: height, height: width)
            : OutputFormat(width: width, height: height)
    }

    private func steps(for input: FrameFilter.Input) -> [String] {
        var steps: [String] = []
        let format = AVPixelFormat(input.format)
        let isKnown = PixelFormat(format) != nil
        let natural = isKnown ? format : PixelFormat.nearest(to: format)
        if deinterlace { steps.append("bwdif=mode=send_frame:parity=auto:deint=interlaced") }
        if !isKnown {
            let colors =
                PixelFormat.isRGB(format) ? ":out_color_matrix=bt601:out_range=limited" : ""
            steps.append(Self.conversion + colors)
            steps.append("format=\(PixelFormat.name(natural))")
        }
        steps += orientation.steps
        guard let outputFormat else { return steps }
        let size = upright(input)
        if (size.width, size.height) != (outputFormat.width, outputFormat.height) {
            steps.append("\(Self.conversion):w=\(outputFormat.width):h=\(outputFormat.height)")
        }
        let wanted = outputFormat.format.map(AVPixelFormat.init(rawValue:)) ?? natural
        if wanted != natural || input.isUnlike(firstInput) {
            steps.append("format=\(PixelFormat.name(wanted))")
        }
        return steps
    }
}

extension FrameFilter.Input {
    /// True if size or format differ.
    fileprivate func isUnlike(_ other: FrameFilter.Input?) -> Bool {
        guard let other else { return false }
        return width != other.width || height != other.height || format != other.format
    }
}
