internal import CFFmpeg
internal import Pixels

/// Packets in, finished pictures out: decoded, stamped, upright, in a format that can be drawn on.
struct PictureStage: ~Copyable, Sendable {
    /// The finished picture, after ``next(report:)`` said that there is one.
    let buffer: FrameBuffer
    let timeBase: Ratio
    private(set) var orientation: Orientation
    private(set) var repair: StampRepair
    private let decoder: Decoder
    private let deinterlace: Bool
    private var filter: FrameFilter?
    /// What every picture is delivered as, as far as it is known.
    private(set) var look: PictureLook?
    /// The first picture that was decoded.
    private var firstInput: FrameFilter.Input?
    /// A picture that waits until the filters for the pictures before it are empty.
    private let held: FrameBuffer
    private var isHolding = false
    private var isFilterEnding = false
    /// Where something was lost on which pictures lean until the next key frame.
    private var brokenSince: Int64?
    private var errorsInARow = 0
    private var origins = PacketOrigins()
    /// Whether pictures come as they happen, so that the time of their coming says something.
    private let isLive: Bool
    private var gate = LeniencyGate()
    /// Nil where the start is of no account: in a stream that was running, and before a wanted part.
    private var leading: LeadingPictures?
    /// Bit-exact, so that results do not depend on the processor.
    private static let conversion = "scale=flags=bilinear+accurate_rnd+bitexact"

    init(
        decoder: consuming Decoder, timeBase: Ratio, nominalRate: Ratio, orientation: Orientation,
        look: PictureLook?, deinterlace: Bool, isLive: Bool = false
    ) throws(VideoError) {
        let buffer = try FrameBuffer()
        let held = try FrameBuffer()
        self.buffer = buffer
        self.held = held
        self.timeBase = timeBase
        self.orientation = orientation
        repair = StampRepair(timeBase: timeBase, nominalRate: nominalRate)
        self.decoder = decoder
        self.isLive = isLive
        self.deinterlace = deinterlace
        filter = nil
        self.look = look
        leading = isLive ? nil : LeadingPictures()
    }

    /// Forgets about a start that is not to be delivered.
    mutating func startElsewhere() { leading = nil }

    /// Gives a packet and where it comes from, or nil at the end.
    mutating func send(
        _ packet: UnsafeMutablePointer<AVPacket>?, from origin: PacketOrigin = PacketOrigin(),
        report: inout ReadReport
    ) {
        var number: Int64 = 0
        if let packet = unsafe packet {
            let isKey = unsafe packet.pointee.flags & AV_PKT_FLAG_KEY != 0
            number = origins.note(origin)
            unsafe leading?.sent(number, stamp: packet.pointee.pts, isKey: isKey)
            if gate.pass(isKey: isKey) {
                decoder.leaveOut(gate.present)
            }
            report.skippedFrames = gate.skipped
        }
        guard unsafe !decoder.send(packet, number: number) else { return }
        report.decodeErrors += 1
        noteLoss(at: unsafe packet?.pointee.pts ?? tl_no_timestamp)
    }

    /// Which pictures are left out.
    var leniency: Leniency {
        get { gate.wanted }
        set { gate.wanted = newValue }
    }

    /// Where the finished picture comes from in time.
    var origin: PacketOrigin {
        unsafe origins[tl_packet_number(buffer.pointer)] ?? PacketOrigin()
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
            if isHolding {
                isHolding = false
                unsafe av_frame_unref(buffer.pointer)
                unsafe av_frame_move_ref(buffer.pointer, held.pointer)
                if try !route(&report) { return .picture }
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

    private mutating func pullFiltered() throws(VideoError) -> Bool {
        guard try unsafe filter?.pull(into: buffer.pointer) ?? false else { return false }
        let frame = unsafe buffer.pointer
        noteFormat()
        if let input = filter?.input, PixelFormat.isRGB(AVPixelFormat(input.format)) {
            // The filters converted it, but left the tags of RGB on it.
            unsafe frame.pointee.colorspace = AVCOL_SPC_SMPTE170M
            unsafe frame.pointee.color_range = AVCOL_RANGE_MPEG
        }
        return true
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
        gate.received()
        let stamp = unsafe frame.pointee.best_effort_timestamp
        if let broken = brokenSince, unsafe tl_frame_is_key(frame),
            stamp == tl_no_timestamp || stamp > broken
        {
            brokenSince = nil
        }
        let leans = brokenSince.map { stamp == tl_no_timestamp || stamp >= $0 } ?? false
        if unsafe leans || frame.pointee.decode_error_flags != 0 {
            unsafe frame.pointee.flags |= AV_FRAME_FLAG_CORRUPT
        }
        if unsafe tl_frame_is_interlaced(frame) { report.interlacedFrames += 1 }
        unsafe leading?.received(tl_packet_number(frame), stamp: stamp)
        report.leadingFrames = leading?.lost ?? 0
        unsafe frame.pointee.pts = repair.next(
            stamp == tl_no_timestamp ? nil : stamp, arrival: isLive ? arrivalTicks : nil)
        report.clockJumps = repair.jumps
        report.missingStamps = repair.missing
        report.repairedStamps = repair.repaired
    }

    /// When the picture's packet came, in ticks of the source's length.
    private var arrivalTicks: Int64? {
        guard timeBase.value > 0, origin.arrival > 0 else { return nil }
        return Int64(nearest: Double(origin.arrival) / 1e9 / timeBase.value)
    }

    /// Sends the picture through filters where it needs them; false when it is finished as it is.
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

    /// Keeps the format of the first finished picture for all that follow.
    private mutating func noteFormat() {
        guard look?.format == nil else { return }
        look?.format = unsafe buffer.pointer.pointee.format
    }

    private mutating func begin(_ input: FrameFilter.Input, _ report: inout ReadReport) {
        firstInput = input
        if let told = unsafe Orientation(of: buffer.pointer), orientation == Orientation() {
            orientation = told
        }
        look = look ?? upright(input)
        let format = AVPixelFormat(input.format)
        if PixelFormat.hasAlpha(format) {
            report.notices.append("The pictures are partly transparent; that was given up.")
        }
    }

    private func upright(_ input: FrameFilter.Input) -> PictureLook {
        let (width, height) = (Int(input.width), Int(input.height))
        return orientation.swapsSides
            ? PictureLook(width: height, height: width) : PictureLook(width: width, height: height)
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
        guard let look else { return steps }
        let size = upright(input)
        if (size.width, size.height) != (look.width, look.height) {
            steps.append("\(Self.conversion):w=\(look.width):h=\(look.height)")
        }
        let wanted = look.format.map(AVPixelFormat.init(rawValue:)) ?? natural
        if wanted != natural || input.isUnlike(firstInput) {
            steps.append("format=\(PixelFormat.name(wanted))")
        }
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
